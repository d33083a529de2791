#include "domain/stock/selling.hpp"

#include <algorithm>

namespace entrepot::stock {
namespace {

using Events = std::vector<Event>;

std::int64_t contents_of(const std::vector<SoldLine>& lines) {
  std::uint64_t sum = 0;
  for (const auto& line : lines)
    sum += stable_hash(line.item.owner.text() + '\n' + line.item.sku.text() + '\n' + std::to_string(line.quantity.units()) + '\n' + std::to_string(line.price.amount) +
                       std::string(line.price.currency.code()));
  return static_cast<std::int64_t>(sum);
}

/// Units on the shelf that no order is promised.
std::int64_t unpromised(const Row& row) { return std::int64_t{row.on_hand} - row.held - row.allocated; }

/// Returns why a till that can ask may not sell the line.
std::optional<RejectionDetail> fault_in(const State& location, const SaleLine& line, std::size_t number) {
  const auto row = row_of(location, line.item);
  if (unpromised(row) > 0)
    return {};
  auto pointer = "/lines/" + std::to_string(number) + "/quantity";
  if (row.on_hand == 0)
    return RejectionDetail{std::move(pointer), "stock-short", "no " + line.item.sku.text() + " lies at " + location.profile.code.text()};
  return RejectionDetail{std::move(pointer), "stock-reserved", "all " + std::to_string(row.on_hand) + " of " + line.item.sku.text() + " are promised to orders"};
}

std::vector<RejectionDetail> faults_in(const State& location, const std::vector<SaleLine>& lines) {
  std::vector<RejectionDetail> faults;
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (auto fault = fault_in(location, lines[i], i))
      faults.push_back(std::move(*fault));
  return faults;
}

/// Whether a count taken later has seen the shelf without what was sold.
bool is_in_count(const State& location, const Item& item, Timestamp occurred_at) {
  const auto* moves = find_moves(location, item);
  return moves && occurred_at <= moves->counted_at;
}

} // namespace

std::int64_t reference_key(const Sold& event) { return static_cast<std::int64_t>(stable_hash("sold\n" + event.till + '\n' + event.receipt)); }

Decision<Event> sell(const State& location, const Sell& command) {
  check(!command.till.empty() && !command.receipt.empty(), "a receipt is named by its till and its number");
  auto lines = command.lines;
  for (auto& line : lines)
    line.item.owner = owner_or_own(location, line.item.owner);
  Sold sold{command.till, command.receipt, command.occurred_at, {}, command.offline};
  UnitsByItem left;
  for (const auto& [item, quantity, price] : lines) {
    auto& lying = left.try_emplace(item, row_of(location, item).on_hand - in_hand(location, item)).first->second;
    const bool in_count = is_in_count(location, item, command.occurred_at);
    const auto taken = in_count ? 0 : std::min<std::int64_t>(lying, quantity.units());
    lying -= taken;
    sold.lines.push_back({item, quantity, price, in_count ? 0 : static_cast<std::int32_t>(quantity.units() - taken), in_count});
  }
  if (auto known = known_as(location, reference_key(sold), contents_of(sold.lines)); known == Known::same)
    return Events{};
  else if (known == Known::other)
    return reject("receipt-reused", "the till " + command.till + " has sold something else as " + command.receipt);
  if (lines.empty() || std::ranges::any_of(lines, [](const SaleLine& line) { return !line.quantity; }))
    return reject("quantity-invalid", "a receipt has at least one line, each with units");
  if (!command.offline)
    if (auto faults = faults_in(location, lines); !faults.empty())
      return reject(faults.front().code, faults.front().text, faults);
  for (auto& [item, lying] : left)
    lying += in_hand(location, item);
  Events events;
  if (auto cuts = cuts_for(location, left); !cuts.empty())
    events.push_back(ClaimsCut{CutCause::sale, command.till + "/" + command.receipt, std::move(cuts)});
  events.push_back(std::move(sold));
  return events;
}

void apply(State& location, const Sold& event, Timestamp at) {
  for (const auto& line : event.lines) {
    if (line.in_count)
      continue;
    set_on_hand(location, line.item, std::int64_t{row_of(location, line.item).on_hand} - line.quantity.units() + line.oversold);
    note_move(location, line.item, -line.quantity.units(), event.occurred_at, at); // also what we did not know of has left
  }
  location.references.remember(reference_key(event), contents_of(event.lines));
}

} // namespace entrepot::stock
