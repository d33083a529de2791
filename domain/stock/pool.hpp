// The pool of one SKU: how the units that lie at all places are fenced off for the channels that sell them.
//
// Percentages of the sum, rounded down after summing; what is left over by that joins the buffer. A place alone never says no for a fence, and a pool never promises a unit that
// lies somewhere: it is asked first, then the place. It is asked only where a fence is configured.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "domain/quantity.hpp"
#include "domain/result.hpp"
#include "domain/stock/location.hpp"

namespace entrepot::pool {

/// Beyond its own units a channel behind a hard fence gets none; behind a soft one it borrows from the channel that has sold least, never from the buffer.
enum class Fence : std::uint8_t { hard, soft };
std::string_view name_of(Fence fence);
std::optional<Fence> fence_from(std::string_view name);

struct Share { ChannelCode channel; std::int32_t percent = 0; bool operator==(const Share&) const = default; };

inline constexpr std::size_t max_shares = 100; ///< channels of one pool
struct Rule {
  std::vector<Share> shares;
  std::int32_t buffer_percent = 0; ///< for nobody
  Fence fence = Fence::hard;
  bool operator==(const Rule&) const = default;
};

/// How many units each channel has, in the order of the rule.
struct Buckets {
  std::vector<std::int64_t> channels;
  std::int64_t buffer = 0;
  std::int64_t residue = 0; ///< left over by rounding; joins the buffer
  bool operator==(const Buckets&) const = default;
};
/// Returns how a sum of units is shared; less than nothing is nothing.
Buckets share_out(const Rule& rule, std::int64_t units);

/// Units that a channel takes of another's.
struct Loan { ChannelCode from; Quantity quantity; bool operator==(const Loan&) const = default; };

using Key = stock::ClaimKey;

struct Configure { Rule rule; };
struct Restock { std::int64_t units = 0; };                                              ///< the sum of what lies at all places, promised units too
struct Take { OrderId order; std::int32_t round = 0; ChannelCode channel; Quantity quantity; };
struct GiveBack { OrderId order; std::int32_t round = 0; };                              ///< the order does not get them
struct Settle { OrderId order; std::int32_t round = 0; };                                ///< they have left
using Command = std::variant<Configure, Restock, Take, GiveBack, Settle>;

struct Configured { Rule rule; bool operator==(const Configured&) const = default; };
struct Restocked { std::int64_t units = 0; bool operator==(const Restocked&) const = default; };
struct Taken { OrderId order; std::int32_t round = 0; ChannelCode channel; Quantity quantity; bool operator==(const Taken&) const = default; };
/// The same, with units of other channels among them.
struct ChannelBorrowed {
  OrderId order;
  std::int32_t round = 0;
  ChannelCode channel;
  Quantity quantity;
  std::vector<Loan> loans;
  bool operator==(const ChannelBorrowed&) const = default;
};
struct GivenBack { OrderId order; std::int32_t round = 0; bool operator==(const GivenBack&) const = default; };
struct Settled { OrderId order; std::int32_t round = 0; bool operator==(const Settled&) const = default; };
using Event = std::variant<Configured, Restocked, Taken, ChannelBorrowed, GivenBack, Settled>;

/// What an order has taken and not yet got.
struct Taking { ChannelCode channel; Quantity quantity; std::vector<Loan> loans; bool operator==(const Taking&) const = default; };

struct State {
  Rule rule;
  std::int64_t units = 0;                    ///< the sum, as last told
  std::map<ChannelCode, std::int64_t> used;  ///< of each channel's own units, since then
  std::map<ChannelCode, std::int64_t> sold;  ///< by each channel, since then
  std::unordered_map<Key, Taking, stock::ClaimKeyHash> open;
  bool operator==(const State&) const = default;
};

/// Returns how many of its own units a channel has left; 0 for a channel without a share.
std::int64_t left_of(const State& pool, const ChannelCode& channel);

/// Refuses `reserve-invalid` (percentages below 0 or above 100 together, a channel twice, too many) and `channel-exhausted` (with what the channel could still take).
/// Taking again under the same order and round changes nothing; what is not open was given back or has left before.
Decision<Event> decide(const State& pool, const Command& command);
/// Checks that no channel uses more than it has while the sum stands. When the sum is told anew, only what is still open counts as used.
State evolve(State pool, const Event& event);

} // namespace entrepot::pool
