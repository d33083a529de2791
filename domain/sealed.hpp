// Personal data inside events: encrypted before it gets here, opaque to every rule.
#pragma once

#include <string>

namespace entrepot {

/// A name, address, phone or e-mail, encrypted under the key row of its person (base64). Empty: not given.
/// Nothing in the domain looks inside; erasing the key makes it unreadable for ever and leaves the history valid.
struct Sealed {
  std::string text;
  bool operator==(const Sealed&) const = default;
};

} // namespace entrepot
