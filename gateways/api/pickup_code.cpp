#include "gateways/api/pickup_code.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

namespace entrepot::api {

std::string pickup_code(const std::vector<unsigned char>& secret, StreamId pickup, int issue) {
  auto text = to_text("pck_", pickup) + "/" + std::to_string(issue);
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  if (!HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), &size))
    throw std::runtime_error("a pickup code cannot be derived");
  auto at = static_cast<std::size_t>(mac[size - 1] & 15);
  auto number = (std::uint32_t{mac[at]} & 127) << 24 | std::uint32_t{mac[at + 1]} << 16 | std::uint32_t{mac[at + 2]} << 8 | std::uint32_t{mac[at + 3]};
  auto digits = std::to_string(number % 1'000'000);
  return std::string(6 - digits.size(), '0') + digits;
}

pickup::Codes pickup_codes(const std::vector<unsigned char>& secret, StreamId pickup) {
  pickup::Codes codes;
  for (std::size_t i = 0; i < codes.size(); ++i)
    codes[i] = pickup_code(secret, pickup, static_cast<int>(i) + 1);
  return codes;
}

std::string pickup_code_told(const std::vector<unsigned char>& secret, StreamId pickup, const AnyEvent& event, const Family& family) {
  const auto* of_pickup = std::get_if<pickup::Event>(&event);
  if (!of_pickup || (!std::holds_alternative<pickup::Staged>(*of_pickup) && !std::holds_alternative<pickup::CodeSentAgain>(*of_pickup)))
    return {};
  auto found = family.pickups.find(child_of(pickup));
  return " Your code is " + pickup_code(secret, pickup, found == family.pickups.end() ? 1 : found->second.issue) + ".";
}

} // namespace entrepot::api
