// What follows from an event for an aggregate that does not know of it.
#pragma once

#include <string_view>
#include <vector>

#include "domain/events.hpp"

namespace entrepot::workflow {

/// Returns the commands that follow from an event of `stream`; the n-th is always the same. Pure.
std::vector<Consequence> consequences_of(StreamId stream, const AnyEvent& event);

/// Whether anything may follow from an event of that stored type; by its name, so that nothing else need be read.
bool has_consequences(StreamId stream, std::string_view type);
/// The same of an event.
bool may_have_consequences(const AnyEvent& event);

} // namespace entrepot::workflow
