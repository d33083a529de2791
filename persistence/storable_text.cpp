#include "persistence/storable_text.hpp"

#include <cstdint>

namespace entrepot::journal {
namespace {

/// Returns the length of the character that begins with `lead`, 0 if none does, and the range of its second byte.
int character(unsigned char lead, unsigned char& low, unsigned char& high) {
  low = 0x80;
  high = 0xbf;
  if (lead < 0x80)
    return lead != 0;
  if (lead >= 0xc2 && lead <= 0xdf)
    return 2;
  if (lead >= 0xe0 && lead <= 0xef) {
    low = lead == 0xe0 ? 0xa0 : 0x80;  // else overlong
    high = lead == 0xed ? 0x9f : 0xbf; // else a surrogate
    return 3;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    low = lead == 0xf0 ? 0x90 : 0x80;
    high = lead == 0xf4 ? 0x8f : 0xbf; // else beyond U+10FFFF
    return 4;
  }
  return 0;
}

} // namespace

bool is_storable(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    unsigned char low, high;
    const auto length = static_cast<std::size_t>(character(static_cast<unsigned char>(text[at]), low, high));
    if (length == 0 || at + length > text.size())
      return false;
    for (std::size_t byte = 1; byte < length; ++byte) {
      const auto next = static_cast<unsigned char>(text[at + byte]);
      if (next < low || next > high)
        return false;
      low = 0x80;
      high = 0xbf;
    }
    at += length;
  }
  return true;
}

} // namespace entrepot::journal
