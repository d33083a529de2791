#include "workflows/steps/transfer.hpp"

#include <algorithm>

#include "domain/order/places.hpp"

namespace entrepot::workflow {
namespace {

using enum transfer::Status;

constexpr auto overdue_again = std::chrono::hours{24}; // what is late is looked at again so often

const transfer::State& state_of(const Family& family, int child) { return family.transfers.at(child); }
std::int32_t round_at(int child) { return round_of(child::pickup_of(child)); }

std::vector<stock::HoldLine> units_of(const transfer::State& transfer, const std::vector<Quantity>& counts) {
  std::vector<stock::HoldLine> lines;
  for (std::size_t i = 0; i < transfer.lines.size(); ++i)
    if (counts[i])
      lines.push_back({transfer.lines[i].line, transfer.lines[i].sku, counts[i]});
  return lines;
}

bool has_left(const transfer::State& transfer) { return transfer.status >= in_transit && transfer.status != cancelled; }

/// What the source says about units that it has not sent.
stock::Effect effect_at_source(const transfer::State& transfer) {
  return fulfilment::effect_of(transfer.status == cancelled ? transfer.why_cancelled : fulfilment::Reason::not_in_stock);
}

} // namespace

transfer::Command as_family_sees_it(const Family& family, int child, transfer::Command command) {
  const auto found = family.transfers.find(child);
  const auto waiting = family.pickups.find(child::pickup_of(child));
  const auto claimed = found != family.transfers.end() && found->second.status != lost && waiting != family.pickups.end() && waiting->second.status == pickup::Status::awaiting_transfer;
  if (auto* whole = std::get_if<transfer::Receive>(&command))
    whole->claimed = claimed;
  if (auto* part = std::get_if<transfer::ReceivePart>(&command))
    part->claimed = claimed;
  return command;
}

Action book_out(const Family& family, int child, Timestamp) {
  const auto& transfer = state_of(family, child);
  if (!has_left(transfer) && transfer.status != cancelled)
    return Nothing{};
  const auto order = OrderId{family.id};
  const auto source = stream_of(transfer.from);
  auto left = units_of(transfer, transfer.shipped);
  AskAll asks;
  if (has_left(transfer))
    asks.questions.push_back({source, stock::Command{stock::TransferOut{order, round_at(child), transfer.to, left}}, 1});
  if (transfer.status == cancelled || left.size() != transfer.lines.size() || !std::ranges::equal(left, transfer.lines, {}, &stock::HoldLine::quantity, &fulfilment::Line::quantity))
    asks.questions.push_back({source, stock::Command{stock::Shrink{order, round_at(child), std::move(left), effect_at_source(transfer)}}, 2});
  return asks;
}
bool is_booked_out(const Family& family, int child) { return state_of(family, child).booked_out; }

Action tell_booked_out(const Family& family, int child, Timestamp) {
  const auto& transfer = state_of(family, child);
  if (transfer.booked_out || (!has_left(transfer) && transfer.status != cancelled))
    return Nothing{};
  return Tell{child, transfer::Command{transfer::BookOut{}}};
}

Action book_in(const Family& family, int child, Timestamp) {
  const auto& transfer = state_of(family, child);
  const auto next = static_cast<std::size_t>(transfer.booked_in);
  if (next >= transfer.receipts.size())
    return Nothing{};
  const auto& receipt = transfer.receipts[next];
  auto lines = units_of(transfer, receipt.come);
  if (lines.empty())
    return Nothing{}; // the rest never came: there is nothing to book
  const auto number = transfer.booked_in + 1;
  auto reference = to_text("trf_", member(family.id, child)) + "/" + std::to_string(number);
  return Ask{stream_of(transfer.to),
             stock::Command{stock::TransferIn{std::move(reference), {family.id}, round_at(child), transfer.from, transfer.owner, std::move(lines), units_of(transfer, receipt.missing), receipt.claimed}},
             number};
}
bool is_booked_in(const Family& family, int child) {
  const auto& transfer = state_of(family, child);
  return static_cast<std::size_t>(transfer.booked_in) == transfer.receipts.size();
}

Action tell_booked_in(const Family& family, int child, Timestamp) {
  if (is_booked_in(family, child))
    return Nothing{};
  return Tell{child, transfer::Command{transfer::BookIn{state_of(family, child).booked_in + 1}}};
}

Action await_transfer(const Family& family, int child, Timestamp now) {
  const auto& transfer = state_of(family, child);
  if (transfer::is_terminal(transfer.status) || transfer.status == none)
    return Nothing{};
  const auto by = has_left(transfer) ? transfer.expected : transfer.due;
  if (now < by)
    return Wait{by};
  if (transfer.escalated < 100)
    return Tell{child, transfer::Command{transfer::Escalate{100}}};
  if (!has_left(transfer))
    return Wait{now + overdue_again};
  if (const auto given_up = std::max(transfer.expected, transfer.shipped_at) + transfer_patience; now < given_up)
    return Wait{given_up};
  if (transfer.status == in_transit)
    return Tell{child, transfer::Command{transfer::Lose{}}};
  transfer::Receive nothing_more;
  for (const auto& line : transfer.lines)
    nothing_more.come.push_back({line.line, {}});
  return Tell{child, transfer::Command{std::move(nothing_more)}};
}

} // namespace entrepot::workflow
