// An order as it was when it first settled: what a repeated request is answered, however far the order has come since.
#pragma once

#include <algorithm>

#include "actors/envelope.hpp"

namespace entrepot::actors {

/// The customer can be told something: confirmed, rejected, on hold, that the payment is to be confirmed at the bank or is to be made, or that the card was declined and another one may be tried. While money is taken at the counter, nothing yet.
inline bool is_settled(const Family& family) {
  if (std::ranges::any_of(family.pickups, [](auto& entry) { return entry.second.status == pickup::Status::paying; }))
    return false;
  auto is_customers_turn = [](const payment::Tender& tender) { return tender.status == payment::Status::declined || tender.status == payment::Status::requires_action || tender.status == payment::Status::awaited; };
  return family.order.status > order::Status::submitted || order::on_hold(family.order) || std::ranges::any_of(family.payment.tenders, is_customers_turn);
}

/// Whether what somebody waits for has come: the order settled, some place has it on its list, or it has ended. What waits for a person has come as far as it can.
inline bool has_come(const Family& family, Until until) {
  auto is_stuck = order::is_terminal(family.order.status) || family.diary.parked.has_value();
  switch (until) {
  case Until::stored:
    return true;
  case Until::settled:
    return is_settled(family);
  case Until::at_work:
    return is_stuck || !family.fulfilments.empty() || !family.pickups.empty();
  default:
    return is_stuck;
  }
}

struct SettledFamily {
  Family family;
  std::int64_t version = 0; ///< number of events until then
};

/// Folds the events of `history` up to the one that settled the order, and what other members had recorded by then; all of them if it has not settled yet.
/// Throws what the codec and the rules throw.
SettledFamily as_first_settled(StreamId family, const journal::History& history);

} // namespace entrepot::actors
