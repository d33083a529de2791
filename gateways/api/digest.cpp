#include "gateways/api/digest.hpp"

#include <memory>

#include <openssl/evp.h>

#include "domain/check.hpp"

namespace entrepot::api {

Digest sha256(std::initializer_list<std::string_view> parts) {
  // Looking the algorithm up by name costs more than a short digest: once for the program, and one context a thread.
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  auto good = algorithm && EVP_DigestInit_ex2(context.get(), algorithm, nullptr) == 1;
  for (const auto& part : parts) {
    if (&part != parts.begin())
      good = good && EVP_DigestUpdate(context.get(), "", 1) == 1;
    good = good && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
  }
  Digest digest{};
  good = good && EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1;
  check(good, "OpenSSL has SHA-256");
  return digest;
}

} // namespace entrepot::api
