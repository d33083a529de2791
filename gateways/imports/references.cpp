#include "gateways/imports/references.hpp"

#include "gateways/api/digest.hpp"

namespace entrepot::imports {

std::string fingerprint(std::span<const Movement> movements, std::string_view location) {
  constexpr std::size_t bytes = 8;
  constexpr std::string_view hex = "0123456789abcdef";
  std::string whole(location);
  for (const auto& movement : movements)
    whole += "\n" + movement.sku + " " + std::to_string(movement.units);
  auto digest = api::sha256({whole});
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i) {
    text += hex[digest[i] >> 4];
    text += hex[digest[i] & 15];
  }
  return text;
}

} // namespace entrepot::imports
