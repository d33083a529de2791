#include "domain/ids.hpp"

#include "domain/check.hpp"

namespace entrepot {
namespace {

constexpr auto epoch = std::chrono::sys_days{std::chrono::year{2020} / 1 / 1};
constexpr std::string_view digits = "0123456789abcdefghjkmnpqrstvwxyz"; // Crockford: no i, l, o, u

std::uint64_t mix(std::uint64_t x) { // the finaliser of MurmurHash3: every input bit reaches every output bit
  x ^= x >> 33;
  x *= 0xff51afd7ed558ccdULL;
  x ^= x >> 33;
  x *= 0xc4ceb9fe1a85ec53ULL;
  return x ^ (x >> 33);
}

int digit_value(char c) {
  if (c >= 'A' && c <= 'Z')
    c = static_cast<char>(c - 'A' + 'a');
  auto at = digits.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

CommandId command(CommandSource source, StreamId stream, std::uint64_t low) {
  // 63 bits of stream do not fit beside the byte of the source; a family's low byte is free, a named stream's kind is in it.
  auto bits = static_cast<std::uint64_t>(stream.value);
  return {(static_cast<std::uint64_t>(source) << 56) | (bits >> 8), (mix(bits & 0xff) << 48) ^ low};
}

} // namespace

StreamId family_number(int slice, Timestamp at, int counter) {
  auto seconds = std::chrono::floor<std::chrono::seconds>(at - epoch).count();
  check(slice >= 0 && slice < slice_count, "a slice is 0 to 4095");
  check(seconds >= 0 && seconds < (std::int64_t{1} << 31), "a family is minted between 2020 and 2088");
  check(counter >= 0 && counter < families_per_second, "a slice mints at most 2,048 families a second");
  return {(std::int64_t{slice} << 51) | (seconds << 19) | (std::int64_t{counter} << 8)};
}

Timestamp minted_at(StreamId family) {
  return Timestamp{epoch} + std::chrono::seconds{(family.value >> 19) & 0x7fffffff};
}

std::uint64_t stable_hash(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325ULL; // FNV-1a
  for (unsigned char c : bytes)
    hash = (hash ^ c) * 0x100000001b3ULL;
  return mix(hash);
}

int slice_for(std::string_view key) { return static_cast<int>(stable_hash(key) >> 52); }

StreamId named_stream(Kind kind, std::string_view name) {
  std::string key(1, static_cast<char>(kind));
  key += name;
  auto hash = stable_hash(key);
  auto slice = static_cast<std::int64_t>(hash >> 52);
  auto place = static_cast<std::int64_t>(hash & ((std::uint64_t{1} << 42) - 1));
  return {(slice << 51) | (std::int64_t{1} << 50) | (place << 8) | static_cast<std::int64_t>(kind)};
}

std::string to_text(std::string_view prefix, StreamId stream) {
  std::string text(prefix);
  for (int shift = 60; shift >= 0; shift -= 5)
    text += digits[static_cast<std::size_t>((stream.value >> shift) & 31)];
  return text;
}

std::optional<StreamId> stream_from_text(std::string_view prefix, std::string_view text) {
  if (!text.starts_with(prefix) || text.size() != prefix.size() + 13)
    return {};
  std::uint64_t value = 0;
  for (char c : text.substr(prefix.size())) {
    auto digit = digit_value(c);
    if (digit < 0)
      return {};
    value = (value << 5) | static_cast<std::uint64_t>(digit);
  }
  if (value >> 63) // 13 digits carry 65 bits; only 63 are ours
    return {};
  if (digit_value(text[prefix.size()]) >= 8)
    return {};
  return StreamId{static_cast<std::int64_t>(value)};
}

CommandId step_command(StreamId family, int step, int round) {
  return command(CommandSource::step, family, (static_cast<std::uint64_t>(step) << 32) | static_cast<std::uint32_t>(round));
}

CommandId consequence_command(int shard, std::int64_t pos, int number) {
  check(shard >= 0 && shard < shard_count && pos > 0 && number >= 0, "a consequence is one of an event that is stored");
  return {(static_cast<std::uint64_t>(CommandSource::consequence) << 56) | (static_cast<std::uint64_t>(shard) << 32) | static_cast<std::uint32_t>(number), static_cast<std::uint64_t>(pos)};
}

CommandId deadline_command(StreamId stream, Timestamp due) {
  return command(CommandSource::deadline, stream, static_cast<std::uint64_t>(due.time_since_epoch().count()));
}

} // namespace entrepot
