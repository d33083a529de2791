#include "persistence/audit_family.hpp"

#include <algorithm>

#include "persistence/codec.hpp"

namespace entrepot::audit {
namespace {

/// Returns whether the order's table of states lets this event follow; evolve itself applies whatever has happened.
bool may_follow(order::Status before, const order::Event& event) {
  using enum order::Status;
  return std::visit(Overload{[&](const order::Submitted&) { return before == none; }, [&](const order::Confirmed&) { return before == submitted; },
                             [&](const order::Rejected&) { return before == none || before == submitted; }},
                    event);
}

ListRow row_of(const Family& family, const EventRow& event) {
  const auto& agreement = family.order.agreement;
  return {.family = family.id,
          .total = agreement.total.amount,
          .pos = event.pos,
          .submitted_at = family.order.submitted_at,
          .updated_at = event.at,
          .shard = shard_of(family.id),
          .id = to_text(OrderId{family.id}),
          .status = std::string(order::name_of(family.order.status)),
          .currency = std::string(agreement.total.currency.code()),
          .channel = agreement.channel.text(),
          .external_number = agreement.external_number,
          .customer = agreement.customer.text()};
}

OrderDigest digest_of(const FoldedFamily& folded) {
  const auto& order = folded.family.order;
  OrderDigest digest{.family = folded.family.id, .place = place_of(order.agreement), .status = order.status, .was_confirmed = folded.digest.was_confirmed,
                     .taking_back = !folded.family.diary.to_undo.empty(), .unreadable = folded.digest.unreadable};
  for (const auto& line : order.agreement.lines)
    if (!line.service)
      digest.units += units_digest(digest.place, line.number, line.sku, line.quantity);
  if (!order.agreement.external_number.empty())
    digest.external = stable_hash(order.agreement.channel.text() + '\n' + order.agreement.external_number) | 1;
  return digest;
}

/// Checks that each member's events are numbered from 1 without a gap; `events` in order of (stream, seq).
bool numbered(const std::vector<EventRow>& events, Report& report) {
  bool right = true;
  StreamId stream;
  std::int32_t expected = 0;
  for (const auto& event : events) {
    expected = event.stream == stream ? expected + 1 : 1;
    stream = event.stream;
    if (event.seq == expected)
      continue;
    report.contradict("seq-not-dense", name_of_member(stream), "event " + std::to_string(event.seq) + " stands where " + std::to_string(expected) + " should");
    expected = event.seq;
    right = false;
  }
  return right;
}

} // namespace

bool needs_wake_up(const Family& family) {
  using enum payment::Status;
  for (const auto& tender : family.payment.tenders)
    if (tender.status == capturing || tender.status == unknown || tender.status == voiding)
      return true; // the provider owes an answer, and is asked until it comes, also beside a person's task
  if (!family.diary.to_undo.empty())
    return true; // steps are being taken back, each asked until it is answered
  if (family.diary.parked)
    return false; // waits for a person
  return family.order.status != order::Status::none && !order::is_terminal(family.order.status);
}

StreamId place_of(const order::Agreement& agreement) { return stream_of(agreement.delivery.ship_from); }

std::uint64_t units_digest(StreamId place, std::int32_t line, const Sku& sku, Quantity quantity) {
  return stable_hash(std::to_string(place.value) + ' ' + std::to_string(line) + ' ' + sku.text() + ' ' + std::to_string(quantity.units()));
}

std::string name_of_member(StreamId stream) {
  auto name = to_text("ord_", family_of(stream));
  if (child_of(stream) != child::order)
    name += "/" + std::to_string(child_of(stream));
  return name;
}

FoldedFamily fold_family(StreamId family, std::vector<EventRow> events, std::int64_t checkpoint, Report& report) {
  FoldedFamily folded;
  folded.family.id = family;
  folded.digest.unreadable = !numbered(events, report);
  std::ranges::sort(events, {}, &EventRow::pos);
  folded.created = events.front().at;
  for (const auto& event : events) {
    try {
      auto decoded = codec::decode(event.type, event.version, event.data);
      const auto* of_order = std::get_if<order::Event>(&decoded);
      if (of_order && child_of(event.stream) == child::order && !may_follow(folded.family.order.status, *of_order)) {
        report.contradict("event-out-of-place", name_of_member(event.stream),
                          event.type + " cannot follow in status " + std::string(order::name_of(folded.family.order.status)));
        folded.digest.unreadable = true;
        break;
      }
      evolve(folded.family, child_of(event.stream), decoded, event.at);
      if (!of_order)
        continue;
      folded.any_order = true;
      folded.digest.was_confirmed |= std::holds_alternative<order::Confirmed>(*of_order);
      if (event.pos <= checkpoint && (folded.listed || std::holds_alternative<order::Submitted>(*of_order)))
        folded.listed = row_of(folded.family, event);
    } catch (const codec::Undecodable& why) {
      report.contradict("event-undecodable", name_of_member(event.stream), why.what());
      folded.digest.unreadable = true;
      break;
    } catch (const BrokenInvariant& why) {
      report.contradict("event-refused", name_of_member(event.stream), event.type + " " + std::to_string(event.seq) + ": " + why.what());
      folded.digest.unreadable = true;
      break;
    }
  }
  folded.external_number = folded.family.order.agreement.external_number;
  folded.digest = digest_of(folded);
  return folded;
}

} // namespace entrepot::audit
