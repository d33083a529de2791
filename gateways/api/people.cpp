#include "gateways/api/people.hpp"

#include <algorithm>
#include <memory>

#include <openssl/evp.h>

namespace entrepot::api {
namespace {

constexpr std::uint8_t form = 1; ///< of the sealed bytes; another algorithm would be 2
constexpr std::size_t nonce_bytes = 12, tag_bytes = 16, head_bytes = 1 + nonce_bytes;

EVP_CIPHER_CTX* context() {
  thread_local const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> kept(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  return kept.get();
}

const EVP_CIPHER* algorithm() {
  static EVP_CIPHER* const fetched = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr); // looking it up costs more than using it
  return fetched;
}

std::string to_base64(std::span<const std::uint8_t> bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0'); // OpenSSL adds a NUL
  auto size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::vector<std::uint8_t> from_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0)
    return {};
  std::vector<std::uint8_t> bytes(text.size() / 4 * 3);
  auto size = EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (size < 0)
    return {};
  auto padding = text.ends_with("==") ? 2U : text.ends_with('=') ? 1U : 0U; // OpenSSL counts padding as bytes
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

int length(std::size_t size) { return static_cast<int>(size); }

/// Encrypts under the key that the context has, and puts form, nonce and tag around it.
std::vector<std::uint8_t> encrypted(std::string_view text, const std::uint8_t* nonce) {
  std::vector<std::uint8_t> bytes(head_bytes + text.size() + tag_bytes);
  bytes[0] = form;
  std::copy_n(nonce, nonce_bytes, bytes.begin() + 1);
  auto* in = reinterpret_cast<const unsigned char*>(text.data());
  auto* out = bytes.data() + head_bytes;
  int written = 0, rest = 0;
  auto good = EVP_EncryptInit_ex2(context(), nullptr, nullptr, nonce, nullptr) == 1 &&
              EVP_EncryptUpdate(context(), out, &written, in, length(text.size())) == 1 &&
              EVP_EncryptFinal_ex(context(), out + written, &rest) == 1 &&
              EVP_CIPHER_CTX_ctrl(context(), EVP_CTRL_AEAD_GET_TAG, length(tag_bytes), out + text.size()) == 1;
  check(good && written + rest == length(text.size()), "OpenSSL can seal a text");
  return bytes;
}

} // namespace

gateway::PersonKey new_person_key(const RandomBytes& random) {
  gateway::PersonKey key{};
  random(key);
  return key;
}

Sealed seal(std::string_view text, const gateway::PersonKey& key, const RandomBytes& random) {
  return std::move(seal_all({text}, key, random).front());
}

std::vector<Sealed> seal_all(std::initializer_list<std::string_view> texts, const gateway::PersonKey& key, const RandomBytes& random) {
  std::vector<std::uint8_t> nonces(texts.size() * nonce_bytes);
  random(nonces);
  check(EVP_EncryptInit_ex2(context(), algorithm(), key.data(), nullptr, nullptr) == 1, "OpenSSL takes a key of 32 bytes");
  std::vector<Sealed> sealed;
  sealed.reserve(texts.size());
  auto* nonce = nonces.data();
  for (auto text : texts) {
    sealed.push_back(text.empty() ? Sealed{} : Sealed{to_base64(encrypted(text, nonce))});
    nonce += nonce_bytes;
  }
  return sealed;
}

std::optional<std::string> open(const Sealed& sealed, const gateway::PersonKey& key) {
  if (sealed.text.empty())
    return std::string();
  auto bytes = from_base64(sealed.text);
  if (bytes.size() < head_bytes + tag_bytes || bytes[0] != form)
    return {};
  std::string text(bytes.size() - head_bytes - tag_bytes, '\0');
  auto* out = reinterpret_cast<unsigned char*>(text.data());
  int written = 0, rest = 0;
  auto good = EVP_DecryptInit_ex2(context(), algorithm(), key.data(), bytes.data() + 1, nullptr) == 1 &&
              EVP_DecryptUpdate(context(), out, &written, bytes.data() + head_bytes, length(text.size())) == 1 &&
              EVP_CIPHER_CTX_ctrl(context(), EVP_CTRL_AEAD_SET_TAG, length(tag_bytes), bytes.data() + bytes.size() - tag_bytes) == 1 &&
              EVP_DecryptFinal_ex(context(), out + written, &rest) == 1;
  if (!good)
    return {};
  return text;
}

} // namespace entrepot::api
