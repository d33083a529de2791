#include "domain/stock/location.hpp"

#include <algorithm>
#include <cstdint>

#include "domain/stock/counting.hpp"
#include "domain/stock/feeding.hpp"
#include "domain/stock/holding.hpp"
#include "domain/stock/reclaiming.hpp"
#include "domain/stock/selling.hpp"

namespace entrepot::stock {
namespace {

using Events = std::vector<Event>;

Decision<Event> unknown() { return reject("location-unknown", "there is no such location"); }

Decision<Event> define(const State& location, const Define& command) {
  const auto& wanted = command.profile;
  if (location.defined && location.profile.code != wanted.code)
    return reject("name-taken", "this number belongs to the location " + location.profile.code.text());
  auto faults = faults_of(wanted);
  if (!faults.empty())
    return reject("location-invalid", faults.front().text, faults);
  if (location.defined && location.profile == wanted)
    return Events{};
  return Events{Defined{wanted}};
}

/// Units come in: new ones, or ones that were sold.
template <class Arrival, class Asked>
Decision<Event> receive(const State& location, const Asked& command) {
  if (command.movements.empty())
    return reject("quantity-invalid", "a receipt has at least one line");
  Arrival received{command.reference, command.movements};
  for (auto& movement : received.movements)
    if (!movement.item.owner)
      movement.item.owner = location.profile.owner;
  if (const auto* before = command.reference.empty() ? nullptr : location.references.find(reference_key(received))) {
    if (before->contents == contents_of(received.movements))
      return Events{}; // sent again, under another key or after the command was forgotten
    return reject("reference-reused", "other units came here as " + command.reference);
  }
  std::unordered_map<Item, std::int64_t, ItemHash, ItemEqual> sums;
  std::vector<RejectionDetail> faults;
  for (std::size_t i = 0; i < received.movements.size(); ++i) {
    const auto& [item, units] = received.movements[i];
    auto& sum = sums.try_emplace(item, row_of(location, item).on_hand).first->second;
    sum += units;
    if (units < 1 || sum > INT32_MAX)
      faults.push_back(
          {"/lines/" + std::to_string(i) + "/quantity", "quantity-invalid", "what is received is a count of at least one that can be kept"});
  }
  if (!faults.empty())
    return reject("quantity-invalid", faults.front().text, faults);
  return Events{std::move(received)};
}

template <class Arrival>
void come_in(State& location, const Arrival& event, Timestamp at) {
  for (const auto& [item, units] : event.movements) {
    change(location, item.owner, item.sku, units, 0, 0);
    note_move(location, item, units, at, at);
  }
  if (!event.reference.empty())
    location.references.remember(reference_key(event), contents_of(event.movements));
}

} // namespace

std::int64_t reference_key(const Received& event) { return static_cast<std::int64_t>(stable_hash("received\n" + event.reference)); }
std::int64_t reference_key(const TakenBack& event) { return static_cast<std::int64_t>(stable_hash("taken back\n" + event.reference)); }

std::int64_t reference_key(const TransferredIn& event) { return static_cast<std::int64_t>(stable_hash("transferred in\n" + event.reference)); }

Row row_of(const State& location, const Item& item) {
  const auto* row = find_row(location, item);
  return row ? *row : Row{};
}

Decision<Event> decide(const State& location, const Command& command, Timestamp now) {
  return std::visit(Overload{[&](const Define& c) { return define(location, c); },
                             [&](const Receive& c) { return location.defined ? receive<Received>(location, c) : unknown(); },
                             [&](const Hold& c) { return location.defined ? hold(location, c, now) : unknown(); },
                             [&](const Allocate& c) { return location.defined ? allocate(location, c) : unknown(); },
                             [&](const Release& c) -> Decision<Event> { return release(location, c, now); },
                             [&](const Shrink& c) -> Decision<Event> { return shrink(location, c); },
                             [&](const Issue& c) -> Decision<Event> { return issue(location, c); },
                             [&](const TransferOut& c) -> Decision<Event> { return transfer_out(location, c); },
                             [&](const TransferIn& c) { return location.defined ? transfer_in(location, c) : unknown(); },
                             [&](const TakeBack& c) { return location.defined ? receive<TakenBack>(location, c) : unknown(); },
                             [&](const Adjust& c) { return location.defined ? adjust(location, c) : unknown(); },
                             [&](const Count& c) { return location.defined ? count(location, c, now) : unknown(); },
                             [&](const ApproveCount& c) { return location.defined ? approve(location, c, now) : unknown(); },
                             [&](const RejectCount& c) { return location.defined ? reject_count(location, c) : unknown(); },
                             [&](const Sell& c) { return location.defined ? sell(location, c) : unknown(); },
                             [&](const Feed& c) { return location.defined ? feed(location, c, now) : unknown(); },
                             [&](const Reclaim& c) -> Decision<Event> { return reclaim(location, c); }},
                    command);
}

void evolve(State& location, const Event& event, Timestamp at) {
  std::visit(Overload{[&](const Defined& e) {
                        location.defined = true;
                        location.profile = e.profile;
                      },
                      [&](const Received& e) { come_in(location, e, at); }, [&](const TakenBack& e) { come_in(location, e, at); },
                      [&](const ClaimsCut& e) { cut(location, e); },
                      [&](const auto& e) {
                        if constexpr (requires { apply(location, e, at); })
                          apply(location, e, at);
                        else
                          apply(location, e);
                      }},
             event);
}

void check_counters(const State& location) {
  std::unordered_map<Item, Row, ItemHash, ItemEqual> claimed;
  for (const auto& [key, claim] : location.claims)
    for (const auto& line : claim.lines) {
      auto& row = claimed[Item{claim.owner, line.sku}];
      (claim.allocated ? row.allocated : row.held) += line.quantity.units();
    }
  for (const auto& [item, row] : location.rows) {
    auto claims = claimed.find(item);
    auto sum = claims == claimed.end() ? Row{} : claims->second;
    check(row.on_hand >= 0 && row.available() >= 0, "no counter of a stock location is negative");
    check(row.held == sum.held && row.allocated == sum.allocated, "what is held and allocated is the sum of the claims");
  }
  for (const auto& [item, sum] : claimed)
    check(location.rows.contains(item), "every claim is on a row");
  const auto slots = std::ranges::count_if(location.claims, [&](const auto& entry) { return entry.second.takes_slot && day_of(entry.second.held_at) == location.slots.day; });
  check(slots <= location.slots.taken, "every order that is to be sent today has its slot");
  check(location.barred.size() == location.barred_by_time.size(), "every bar has its time");
  for (const auto& [key, claim] : location.claims)
    check(claim.in_hand == location.in_hand.contains(key), "what is in somebody's hand is known");
}

} // namespace entrepot::stock
