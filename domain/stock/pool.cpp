#include "domain/stock/pool.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include "domain/words.hpp"

namespace entrepot::pool {
namespace {

constexpr Words<Fence, 2> fences{{"hard", "soft"}};

using Events = std::vector<Event>;

std::int64_t count_in(const std::map<ChannelCode, std::int64_t>& counts, const ChannelCode& channel) {
  auto at = counts.find(channel);
  return at == counts.end() ? 0 : at->second;
}

Decision<Event> configure(const State& pool, const Configure& command) {
  const auto& rule = command.rule;
  auto percent = std::int64_t{rule.buffer_percent};
  bool is_right = rule.buffer_percent >= 0 && rule.shares.size() <= max_shares;
  std::set<ChannelCode> seen;
  for (const auto& share : rule.shares) {
    is_right = is_right && share.percent >= 0 && seen.insert(share.channel).second;
    percent += share.percent;
  }
  if (!is_right || percent > 100)
    return reject("reserve-invalid", "a channel has one share, and all shares with the buffer are 100 percent at most",
                  {{"/shares", "reserve-invalid", std::to_string(percent) + " percent"}});
  if (pool.rule == rule)
    return Events{};
  return Events{Configured{rule}};
}

/// Returns the other channel that has sold least of those that have units left; none: null. Of equals the first in the rule.
const Share* lender_for(const State& pool, const ChannelCode& borrower, const std::map<ChannelCode, std::int64_t>& lent) {
  const Share* best = nullptr;
  for (const auto& share : pool.rule.shares) {
    const bool can_lend = share.channel != borrower && left_of(pool, share.channel) - count_in(lent, share.channel) > 0;
    if (can_lend && (!best || count_in(pool.sold, share.channel) < count_in(pool.sold, best->channel)))
      best = &share;
  }
  return best;
}

/// Returns from whom `units` are borrowed; fewer than that if all have none left.
std::vector<Loan> loans_for(const State& pool, const ChannelCode& borrower, std::int64_t units) {
  std::vector<Loan> loans;
  std::map<ChannelCode, std::int64_t> lent;
  while (units > 0) {
    const auto* lender = lender_for(pool, borrower, lent);
    if (!lender)
      break;
    const auto some = std::min(units, left_of(pool, lender->channel));
    lent[lender->channel] += some;
    loans.push_back({lender->channel, Quantity{static_cast<std::int32_t>(some)}});
    units -= some;
  }
  return loans;
}

std::int64_t sum_of(const std::vector<Loan>& loans) {
  return std::accumulate(loans.begin(), loans.end(), std::int64_t{0}, [](std::int64_t sum, const Loan& loan) { return sum + loan.quantity.units(); });
}

Decision<Event> take(const State& pool, const Take& command) {
  check(static_cast<bool>(command.quantity), "who takes takes units");
  if (pool.open.contains({command.order, command.round}))
    return Events{};
  const auto own = std::min<std::int64_t>(left_of(pool, command.channel), command.quantity.units());
  const auto missing = command.quantity.units() - own;
  if (missing == 0)
    return Events{Taken{command.order, command.round, command.channel, command.quantity}};
  auto loans = pool.rule.fence == Fence::soft ? loans_for(pool, command.channel, missing) : std::vector<Loan>{};
  if (const auto borrowed = sum_of(loans); borrowed < missing)
    return reject("channel-exhausted", std::to_string(own + borrowed) + " are left for " + command.channel.text());
  return Events{ChannelBorrowed{command.order, command.round, command.channel, command.quantity, std::move(loans)}};
}

void use(State& pool, const Taking& taking, std::int64_t sign) {
  const auto units = taking.quantity.units();
  pool.sold[taking.channel] += sign * units;
  pool.used[taking.channel] += sign * (units - sum_of(taking.loans));
  for (const auto& loan : taking.loans)
    pool.used[loan.from] += sign * loan.quantity.units();
}

void open(State& pool, Key key, Taking taking) {
  for (const auto& loan : taking.loans)
    check(loan.quantity.units() <= left_of(pool, loan.from), "no channel lends more than it has left");
  check(taking.quantity.units() - sum_of(taking.loans) <= left_of(pool, taking.channel), "no channel takes more of its own than it has left");
  use(pool, taking, 1);
  check(pool.open.emplace(key, std::move(taking)).second, "an order takes once");
}

/// Returns the taking that ends.
Taking close(State& pool, Key key) {
  auto at = pool.open.find(key);
  check(at != pool.open.end(), "only what is open ends");
  auto taking = std::move(at->second);
  pool.open.erase(at);
  return taking;
}

void count_anew(State& pool, std::int64_t units) {
  pool.units = units;
  pool.used.clear();
  pool.sold.clear();
  for (const auto& [key, taking] : pool.open)
    use(pool, taking, 1);
}

} // namespace

std::string_view name_of(Fence fence) { return fences.of(fence); }
std::optional<Fence> fence_from(std::string_view name) { return fences.from(name); }

Buckets share_out(const Rule& rule, std::int64_t units) {
  units = std::max(units, std::int64_t{0});
  auto part = [&](std::int32_t percent) { return units / 100 * percent + units % 100 * percent / 100; };
  Buckets buckets{{}, part(rule.buffer_percent), 0};
  auto shared = buckets.buffer;
  for (const auto& share : rule.shares)
    shared += buckets.channels.emplace_back(part(share.percent));
  buckets.residue = units - shared;
  return buckets;
}

std::int64_t left_of(const State& pool, const ChannelCode& channel) {
  auto share = std::ranges::find(pool.rule.shares, channel, &Share::channel);
  if (share == pool.rule.shares.end())
    return 0;
  const auto buckets = share_out(pool.rule, pool.units);
  const auto own = buckets.channels[static_cast<std::size_t>(share - pool.rule.shares.begin())];
  return std::max(own - count_in(pool.used, channel), std::int64_t{0}); // below 0 after a count that found fewer
}

Decision<Event> decide(const State& pool, const Command& command) {
  return std::visit(Overload{[&](const Configure& c) { return configure(pool, c); },
                             [&](const Restock& c) -> Decision<Event> { return Events{Restocked{c.units}}; },
                             [&](const Take& c) { return take(pool, c); },
                             [&](const GiveBack& c) -> Decision<Event> { return pool.open.contains({c.order, c.round}) ? Events{GivenBack{c.order, c.round}} : Events{}; },
                             [&](const Settle& c) -> Decision<Event> { return pool.open.contains({c.order, c.round}) ? Events{Settled{c.order, c.round}} : Events{}; }},
                    command);
}

State evolve(State pool, const Event& event) {
  std::visit(Overload{[&](const Configured& e) { pool.rule = e.rule; }, [&](const Restocked& e) { count_anew(pool, e.units); },
                      [&](const Taken& e) { open(pool, {e.order, e.round}, {e.channel, e.quantity, {}}); },
                      [&](const ChannelBorrowed& e) { open(pool, {e.order, e.round}, {e.channel, e.quantity, e.loans}); },
                      [&](const GivenBack& e) { use(pool, close(pool, {e.order, e.round}), -1); }, [&](const Settled& e) { close(pool, {e.order, e.round}); }},
             event);
  return pool;
}

} // namespace entrepot::pool
