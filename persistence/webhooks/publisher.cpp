#include "persistence/webhooks/publisher.hpp"

#include <algorithm>
#include <utility>

#include "domain/order/history.hpp"
#include "persistence/codec.hpp"
#include "persistence/consequences/look_up.hpp"
#include "persistence/metadata.hpp"

namespace entrepot::webhook {
namespace {

bool is_submission(const AnyEvent& event) {
  const auto* of_order = std::get_if<order::Event>(&event);
  return of_order && std::holds_alternative<order::Submitted>(*of_order);
}

std::optional<Timestamp> told_time(const std::string& metadata) { return metadata.empty() ? std::nullopt : journal::decode_metadata(metadata).occurred_at; }

} // namespace

std::string delivery_id(std::int32_t generation, Place place) {
  return "evt_" + std::to_string(generation) + "_" + std::to_string(place.shard) + "_" + std::to_string(place.pos) + "_0";
}

void Publisher::apply(Followed& followed, StreamId stream, const AnyEvent& event, Timestamp at, const std::string& metadata) {
  evolve(followed.family, child_of(stream), event, at);
  if (is_submission(event)) {
    auto occurred = told_time(metadata);
    followed.is_past = occurred && order::is_history(*occurred, at);
  }
  if (!wording_.name(event).empty())
    ++followed.published;
}

Publisher::Followed& Publisher::remember(StreamId family, Followed followed) {
  if (in_order_.size() >= max_followed_orders) {
    followed_.erase(in_order_.front());
    in_order_.pop_front();
  }
  in_order_.push_back(family);
  return followed_.insert_or_assign(family, std::move(followed)).first->second;
}

/// Returns the order after the event; null: it is not followed, and need not be.
Publisher::Followed* Publisher::follow(const consequences::Occurrence& occurrence, bool is_wanted) {
  auto family = family_of(occurrence.stream);
  if (auto known = followed_.find(family); known != followed_.end()) {
    apply(known->second, occurrence.stream, *occurrence.event, occurrence.at, occurrence.metadata);
    return &known->second;
  }
  Followed followed;
  followed.family.id = family;
  if (is_submission(*occurrence.event)) {
    apply(followed, occurrence.stream, *occurrence.event, occurrence.at, occurrence.metadata);
    return &remember(family, std::move(followed));
  }
  if (!is_wanted)
    return nullptr;
  auto history = consequences::look_up(journal_, {family, member(family, 0xff)}, SIZE_MAX, ending_);
  std::ranges::sort(history.records, {}, &journal::Record::pos);
  for (const auto& record : history.records) {
    if (record.pos > occurrence.pos)
      break;
    apply(followed, record.stream, record.event ? *record.event : codec::decode(record.type, record.version, record.data), record.at, record.metadata);
  }
  return &remember(family, std::move(followed));
}

std::optional<Delivery> Publisher::publish(const consequences::Occurrence& occurrence, std::int32_t generation, const Endpoint& endpoint) {
  auto type = wording_.name(*occurrence.event);
  auto is_wanted = !type.empty() && wants_type(endpoint, type);
  auto* followed = follow(occurrence, is_wanted);
  if (!is_wanted || !followed || !wants_channel(endpoint, followed->family.order.agreement.channel.text()))
    return {};
  auto occurred = told_time(occurrence.metadata).value_or(occurrence.at);
  if (followed->is_past || order::is_history(occurred, occurrence.at)) {
    ++past_;
    return {};
  }
  Place place{shard_of(occurrence.stream), occurrence.pos};
  Delivery delivery{.place = place, .id = delivery_id(generation, place), .family = family_of(occurrence.stream), .type = std::string(type), .at = occurrence.at};
  delivery.body = wording_.body({delivery.id, type, followed->published, occurrence.stream, *occurrence.event, followed->family, occurred, occurrence.command});
  return delivery;
}

} // namespace entrepot::webhook
