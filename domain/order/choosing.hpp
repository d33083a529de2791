// What a customer may choose when a store cannot give what was to be fetched there: another store, or a delivery, put together as an agreement is. Nothing is charged for it.
#pragma once

#include "domain/order/draft.hpp"

namespace entrepot::order {

/// Refuses `channel-unknown` and `pickup-store-unavailable` (the channel's orders cannot be picked up there).
Result<Choice> choose_store(const ChannelCode& channel, const LocationCode& store, const Definitions& definitions, Timestamp now);

/// The delivery option `code` of the channel; empty: the first that can still be kept. Refuses `channel-unknown` and `delivery-option-unavailable`.
Result<Choice> choose_delivery(const ChannelCode& channel, const std::string& code, Sealed address, std::optional<stock::Point> near, const Definitions& definitions, Timestamp now);

} // namespace entrepot::order
