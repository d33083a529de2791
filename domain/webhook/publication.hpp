// An event as it is told outside: which one, of which order, as the how many-th of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "domain/order/family.hpp"

namespace entrepot::webhook {

struct Publication {
  std::string id;          ///< "evt_<generation>_<shard>_<position>_<number>" of the event: the same however often it is told
  std::string_view type;   ///< "order.confirmed.v1"
  std::int32_t sequence = 0; ///< from 1, dense: of what is published of the order
  StreamId member;         ///< of the family: whose event it is
  const AnyEvent& event;
  const Family& family;    ///< the order after the event
  Timestamp occurred;
  CommandId command;       ///< what caused it
};

} // namespace entrepot::webhook
