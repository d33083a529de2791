// What a read model sees of an event.
#pragma once

#include <memory>
#include <optional>

#include "domain/events.hpp"
#include "persistence/journal.hpp"

namespace entrepot::read_models {

struct Fact {
  StreamId stream;
  std::int32_t seq = 0;
  std::int64_t pos = 0;
  Timestamp at;
  std::shared_ptr<const AnyEvent> event;
};

/// Returns whether any read model looks at this event.
bool matters(const AnyEvent& event);

/// Returns whether the event replaces a channel's, product's or location's definition.
bool is_definition(const AnyEvent& event);

/// Returns whether an event of the type replaces a definition; needs no decoding.
bool is_definition(std::string_view type);

/// Returns what a read model may see of the record, decoding it if need be; nothing if no read model looks at it. Throws codec::Undecodable.
std::optional<Fact> fact_of(const journal::Record& record);

} // namespace entrepot::read_models
