#include "domain/order/choosing.hpp"

#include <algorithm>

namespace entrepot::order {
namespace {

Rejection refusal(const char* pointer, const char* code, const std::string& text) { return reject(code, text, {{pointer, code, text}}); }

const channel::Definition* channel_called(const Definitions& definitions, const ChannelCode& code) {
  auto found = definitions.channels.find(code);
  return found == definitions.channels.end() ? nullptr : &found->second->definition;
}
Rejection unknown(const ChannelCode& code) { return refusal("/channel", "channel-unknown", "there is no channel " + code.text()); }

const stock::Profile* place_called(const Definitions& definitions, const LocationCode& code) {
  auto found = definitions.locations.find(code);
  return found == definitions.locations.end() ? nullptr : found->second.get();
}

/// Whether goods that leave now arrive when the option says.
bool can_be_kept(const channel::DeliveryOption& option) { return !option.promise || *option.promise >= option.lead; }

} // namespace

Result<Choice> choose_store(const ChannelCode& channel, const LocationCode& store, const Definitions& definitions, Timestamp now) {
  const auto* definition = channel_called(definitions, channel);
  if (!definition)
    return unknown(channel);
  const auto* place = place_called(definitions, store);
  if (!place || std::ranges::find(definition->pickup_stores, store) == definition->pickup_stores.end())
    return refusal("/store", "pickup-store-unavailable", "orders of this channel cannot be picked up there");
  return Choice{.way = Way::another_store,
                .collection = {store, stock::done_in_opening_hours(*place, now, pickup_preparation), {}, false},
                .delivery = {},
                .answer_by = stock::done_in_opening_hours(*place, now, offer_patience)};
}

Result<Choice> choose_delivery(const ChannelCode& channel, const std::string& code, Sealed address, std::optional<stock::Point> near, const Definitions& definitions, Timestamp now) {
  const auto* definition = channel_called(definitions, channel);
  if (!definition)
    return unknown(channel);
  auto option = std::ranges::find_if(definition->delivery, [&](const channel::DeliveryOption& one) { return code.empty() ? can_be_kept(one) : one.code == code; });
  if (option == definition->delivery.end() || !can_be_kept(*option))
    return refusal("/option", "delivery-option-unavailable", "the channel does not offer this delivery");
  auto promise = option->promise ? std::optional(now + *option->promise) : std::nullopt;
  Choice choice{.way = Way::delivery, .collection = {}, .delivery = {}, .answer_by = {}};
  choice.delivery = {option->code, std::move(address), option->terms, option->carrier, option->ship_from, promise ? *promise - option->lead : now, promise, roughly(near), option->other_carriers};
  if (const auto* place = place_called(definitions, option->ship_from); place && place->type == stock::Type::store)
    choice.answer_by = stock::done_in_opening_hours(*place, now, offer_patience);
  return choice;
}

} // namespace entrepot::order
