// What is told to other systems when something happens to an order: the names of published events.
#pragma once

#include <string_view>
#include <vector>

#include "domain/events.hpp"

namespace entrepot::workflow {

/// Returns the name under which an event is published, e.g. "order.confirmed.v1"; empty: it is the platform's own affair. A name carries the version of what is said under
/// it: whoever says something else under it takes the next version.
std::string_view published_as(const AnyEvent& event);

/// Returns all names, in the order of the alphabet.
const std::vector<std::string_view>& published_names();

} // namespace entrepot::workflow
