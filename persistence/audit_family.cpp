#include "persistence/audit_family.hpp"

#include <algorithm>

#include "domain/order/places.hpp"
#include "persistence/codec.hpp"
#include "persistence/read_models/order_list.hpp"

namespace entrepot::audit {
namespace {

/// Returns whether the order's table of states lets this event follow; evolve itself applies whatever has happened.
bool may_follow(order::Status before, const order::Event& event) {
  static_assert(std::variant_size_v<order::Event> == std::variant_size_v<order::Command>); // each command has its event, in the same order
  const auto* row = machine::find(order::transitions(), before, static_cast<order::Verb>(event.index()));
  return row && row->answer == machine::Answer::event;
}

ListRow row_of(const Family& family, const EventRow& event) {
  const auto& agreement = family.order.agreement;
  return {.family = family.id,
          .total = agreement.total.amount,
          .pos = event.pos,
          .submitted_at = ordered_at(family.order),
          .updated_at = event.at,
          .shard = shard_of(family.id),
          .id = to_text(OrderId{family.id}),
          .status = std::string(order::name_of(family.order.status)),
          .currency = std::string(agreement.total.currency.code()),
          .channel = agreement.channel.text(),
          .external_number = agreement.external_number,
          .customer = agreement.customer.text()};
}

/// Whether a location may know more of the order's units than the order, since an answer is on its way: they are being taken back, freed or sent out.
bool is_in_motion(const Family& family) {
  if (std::ranges::any_of(family.transfers, [](const auto& entry) { return is_under_way(entry.second) && entry.second.status != transfer::Status::ready_to_ship; }))
    return true; // units on their way are nobody's stock
  if (!family.diary.to_undo.empty() || (family.order.status == order::Status::cancelling && !family.order.promised))
    return true;
  auto in_motion = [&](const auto& entry) {
    auto place = entry.first;
    return !units_unheard_of(family, place).empty() || !units_left_unheard_of(family, place).empty();
  };
  auto being_gathered = is_sourced(family) && family.order.status == order::Status::submitted; // one of its places may hold its part, and another not yet
  return being_gathered || any_pending(family) || std::ranges::any_of(family.fulfilments, in_motion) || std::ranges::any_of(family.pickups, in_motion);
}

/// The units of a line that a place still keeps for the order: what it was chosen for, less what it could not send and what has left.
Quantity kept(const Family& family, int place, const stock::HoldLine& line) {
  auto gone = units_heard(family, place, &order::Heard::stopped, line.line) + units_heard(family, place, &order::Heard::issued, line.line);
  return line.quantity - std::min(gone, line.quantity);
}

OrderDigest digest_of(const FoldedFamily& folded) {
  const auto& order = folded.family.order;
  OrderDigest digest{.family = folded.family.id, .places = {}, .status = order.status, .was_confirmed = order.promised, .in_motion = is_in_motion(folded.family),
                     .unreadable = folded.digest.unreadable};
  for (const auto& part : parts_of(folded.family)) {
    const auto* transfer = transfer_of(folded.family, part.place);
    const auto is_there = transfer && transfer->status == transfer::Status::received;
    digest.places.push_back(stream_of(is_there ? part.to : part.location));
    for (const auto& line : part.lines)
      if (auto units = kept(folded.family, part.place, line))
        digest.units += units_digest(digest.places.back(), line.line, line.sku, units);
  }
  if (!order.agreement.external_number.empty())
    digest.external = stable_hash(order.agreement.channel.text() + '\n' + order.agreement.external_number) | 1;
  return digest;
}

bool is_work(int child) { return child >= child::first_fulfilment && child <= child::last_fulfilment; }

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
  for (const auto& tender : family.payment.tenders)
    if (payment::is_open(tender.status))
      return true; // the provider owes an answer, and is asked until it comes, also beside a person's task
  if (!family.diary.contested.empty() && !family.diary.parked)
    return true; // a location is told which units somebody has in hand
  if (!family.diary.to_undo.empty())
    return true; // steps are being taken back, each asked until it is answered
  if (family.diary.parked)
    return false; // waits for a person
  if (std::ranges::any_of(family.payment.tenders, [](const auto& tender) { return tender.status == payment::Status::refund_failed; }))
    return true; // it is tried again
  if (std::ranges::any_of(family.transfers, [](const auto& entry) { return is_under_way(entry.second); }))
    return true; // goods are on their way, whatever became of the order
  return (family.order.status != order::Status::none && !order::is_terminal(family.order.status)) || any_awaits_restocking(family);
}

void judge_wake_up(const Family& family, std::optional<Timestamp> due, Timestamp now, Report& report) {
  constexpr auto overdue = std::chrono::minutes{5}; // one that has not been heard for so long is worth a look
  auto needed = needs_wake_up(family);
  auto status = std::string(order::name_of(family.order.status));
  if (needed && !due)
    report.contradict("wake-up-missing", name_of_member(family.id), "it is " + status + " and not at its end, and nothing will wake it");
  if (!needed && due)
    report.contradict("wake-up-of-terminal", name_of_member(family.id), "it is " + status + " and has nothing left to do, and will be woken at " + to_rfc3339(*due));
  if (needed && due && *due + overdue < now)
    report.find("overdue", name_of_member(family.id), "it should have been woken at " + to_rfc3339(*due));
}

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
      folded.any_order |= of_order != nullptr;
      if (event.pos > checkpoint)
        continue;
      if (read_models::changes_order_row(decoded) && (folded.listed || (of_order && std::holds_alternative<order::Submitted>(*of_order))))
        folded.listed = row_of(folded.family, event);
      if (is_work(child_of(event.stream)))
        read_models::fold(folded.work[event.stream], decoded, event.at);
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
