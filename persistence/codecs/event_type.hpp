// A kind of event as the journal knows it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "domain/events.hpp"

namespace entrepot::codec {

/// Turns the data of one version into that of the next.
using Upcaster = void (*)(nlohmann::json& data);

struct EventType {
  std::string_view name;                                ///< lives for ever
  std::int16_t version = 1;                             ///< today's
  std::span<const Upcaster> upcasters;                  ///< the first turns version 1 into 2
  void (*encode)(const AnyEvent& event, std::string& out);
  AnyEvent (*decode)(const nlohmann::json& data);       ///< of today's version
};

/// All types by name.
class Ledger {
public:
  /// Check: no name twice, no version below 1, exactly one upcaster from each version to the next.
  explicit Ledger(std::vector<EventType> types);

  /// Throws Undecodable.
  AnyEvent decode(std::string_view type, std::int16_t version, std::string_view data) const;

  std::span<const EventType> types() const { return types_; }

private:
  std::vector<EventType> types_;
  std::unordered_map<std::string_view, const EventType*> by_name_;
};

/// The ledger of everything ever released.
const Ledger& ledger();

} // namespace entrepot::codec
