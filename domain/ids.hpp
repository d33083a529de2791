// Names of things: numbers of streams, and the short codes people give to channels, places and products.
//
// A stream is one actor's history. Its number is 63 bits:   slice 12 | named 1 | place 42 | child 8
//  * an order family is numbered by time: place = seconds since 2020 (31 bits), counter (11 bits). Its members differ in the child only, so
//    one range read finds the whole family, and they share slice, shard and lane.
//  * a named thing (location, product, customer key) is numbered by the hash of its name, so that its stream is found without a look-up; child
//    tells the kind. Two names with one hash are told apart by the name in the first event.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "domain/time.hpp"

namespace entrepot {

inline constexpr int slice_count = 4096; ///< for ever
inline constexpr int shard_count = 64;   ///< units of ownership: contiguous groups of slices

struct StreamId {
  std::int64_t value = 0;
  auto operator<=>(const StreamId&) const = default;
  explicit operator bool() const { return value != 0; }
};

inline constexpr int slice_of(StreamId stream) { return static_cast<int>(stream.value >> 51); }
inline constexpr int shard_of_slice(int slice) { return slice / (slice_count / shard_count); }
inline constexpr int shard_of(StreamId stream) { return shard_of_slice(slice_of(stream)); }
inline constexpr int child_of(StreamId stream) { return static_cast<int>(stream.value & 0xff); }
inline constexpr bool is_named(StreamId stream) { return (stream.value >> 50) & 1; }

/// Members of an order's family, by child.
namespace child {
inline constexpr int order = 0, payment = 1, process = 2;
inline constexpr int first_fulfilment = 16, last_fulfilment = 63; ///< fulfilments and pickups
inline constexpr int first_transfer = 192, last_transfer = 239;   ///< each beside the pickup whose goods it brings; the first, where no order asks for it
inline constexpr bool is_transfer(int child) { return child >= first_transfer && child <= last_transfer; }
/// Returns the transfer that brings the goods of a pickup.
inline constexpr int transfer_of(int pickup) { return pickup - first_fulfilment + first_transfer; }
/// Returns the pickup whose goods a transfer brings.
inline constexpr int pickup_of(int transfer) { return transfer - first_transfer + first_fulfilment; }
} // namespace child

/// Kinds of named streams. A number given is never given again.
enum class Kind : std::uint8_t { location = 1, product = 2, channel = 3, customer = 4, identity_key = 5 };

inline constexpr StreamId family_of(StreamId stream) { return {stream.value & ~std::int64_t{0xff}}; }
inline constexpr StreamId member(StreamId family, int child) { return {(family.value & ~std::int64_t{0xff}) | child}; }

/// Returns the number of the family minted in `slice` as the `counter`-th (0 to 2047) of the second of `at` (2020 to 2088).
StreamId family_number(int slice, Timestamp at, int counter);
/// Returns the second in which a family was minted.
Timestamp minted_at(StreamId family);
/// How many families a slice can mint in a second.
inline constexpr int families_per_second = 2048;

/// Returns the stream of the thing of `kind` that is called `name`.
StreamId named_stream(Kind kind, std::string_view name);
inline constexpr Kind kind_of(StreamId named) { return static_cast<Kind>(child_of(named)); }

/// A hash that never changes: ids and slices rest on it.
std::uint64_t stable_hash(std::string_view bytes);
/// Returns the slice for a key, 0 to 4095.
int slice_for(std::string_view key);

/// Returns a prefix and 13 digits of Crockford's base 32, e.g. "ord_0g4k9c2v1q080".
std::string to_text(std::string_view prefix, StreamId stream);
/// Reads what to_text wrote (letters of either case); nothing if the prefix or a digit is another.
std::optional<StreamId> stream_from_text(std::string_view prefix, std::string_view text);

/// What an order's number is outside: "ord_...".
struct OrderId {
  StreamId family;
  auto operator<=>(const OrderId&) const = default;
};
inline std::string to_text(OrderId order) { return to_text("ord_", order.family); }
inline std::optional<OrderId> order_id_from(std::string_view text) {
  auto stream = stream_from_text("ord_", text);
  if (!stream || is_named(*stream) || child_of(*stream) != 0)
    return {};
  return OrderId{*stream};
}

/// A short code that people give: 1 to 64 of letters, digits, '.', '_', '-'. Upper and lower case differ.
template <class Tag>
class Code {
public:
  Code() = default;
  static std::optional<Code> from(std::string_view text) {
    if (!is_code(text))
      return {};
    Code code;
    code.text_ = text;
    return code;
  }
  const std::string& text() const { return text_; }
  explicit operator bool() const { return !text_.empty(); }
  auto operator<=>(const Code&) const = default;

private:
  static bool is_code(std::string_view text) {
    if (text.empty() || text.size() > 64)
      return false;
    for (char c : text)
      if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'))
        return false;
    return true;
  }
  std::string text_;
};

using Sku = Code<struct SkuTag>;
using LocationCode = Code<struct LocationTag>;
using ChannelCode = Code<struct ChannelTag>;
using CustomerNumber = Code<struct CustomerTag>;
using EmployeeNumber = Code<struct EmployeeTag>; ///< one of the staff: a number, never a name
using ReasonCode = Code<struct ReasonTag>;       ///< why somebody did something, in one word
using EntityCode = Code<struct EntityTag>; ///< a legal entity, which owns stock and signs documents

inline StreamId stream_of(const LocationCode& code) { return named_stream(Kind::location, code.text()); }
inline StreamId stream_of(const Sku& code) { return named_stream(Kind::product, code.text()); }
inline StreamId stream_of(const ChannelCode& code) { return named_stream(Kind::channel, code.text()); }
inline StreamId stream_of(const CustomerNumber& code) { return named_stream(Kind::customer, code.text()); }

/// Identifies one command, so that it is done once however often it is sent. The first byte tells who made it.
struct CommandId {
  std::uint64_t high = 0, low = 0;
  auto operator<=>(const CommandId&) const = default;
  explicit operator bool() const { return high != 0 || low != 0; }
};
enum class CommandSource : std::uint8_t { request = 1, step = 2, deadline = 3, consequence = 4, partner = 5, import = 6 };
/// Returns the id of the `attempt`-th asking of a step by a process: the same question has the same id after a crash.
CommandId step_command(StreamId family, int step, int round);
/// Returns the id of the `number`-th consequence of the event at that position of a shard.
CommandId consequence_command(int shard, std::int64_t pos, int number);
/// Returns the id of the firing of a deadline.
CommandId deadline_command(StreamId stream, Timestamp due);
inline CommandSource source_of(CommandId id) { return static_cast<CommandSource>(id.high >> 56); }

} // namespace entrepot

template <>
struct std::hash<entrepot::StreamId> {
  std::size_t operator()(entrepot::StreamId id) const noexcept {
    return static_cast<std::size_t>(static_cast<std::uint64_t>(id.value) * 0x9e3779b97f4a7c15ULL);
  }
};
template <>
struct std::hash<entrepot::CommandId> {
  std::size_t operator()(const entrepot::CommandId& id) const noexcept {
    return static_cast<std::size_t>(id.high * 0x9e3779b97f4a7c15ULL ^ id.low);
  }
};
template <class Tag>
struct std::hash<entrepot::Code<Tag>> {
  std::size_t operator()(const entrepot::Code<Tag>& code) const noexcept { return std::hash<std::string>{}(code.text()); }
};
