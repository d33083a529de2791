// What an answer's body says that the load client wants to know, found without parsing the rest.
#pragma once

#include <string_view>

namespace entrepot::bench {

/// Views into the body; empty where it does not say so. Escapes in values are left as they stand: ids and codes have none.
struct Told {
  std::string_view id, status;  ///< of an order
  std::string_view code, order; ///< of a problem
};

/// Reads the string members of the outermost object, in whatever order they stand; those of inner objects (fulfilments have ids too) do not count.
/// Stops as soon as it has an id and a status. A body that is no JSON object tells nothing.
Told told(std::string_view body);

} // namespace entrepot::bench
