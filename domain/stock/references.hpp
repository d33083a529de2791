// Under which references units came to a location, so that a delivery note that is sent again is not booked again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace entrepot::stock {

/// How many references a location remembers, receipts and returns together; then the oldest is forgotten.
inline constexpr std::size_t remembered_references = 100'000;

/// One reference, and a hash of what came under it: enough to tell a repeat from a mistake.
struct Booking {
  std::int64_t number = 0; ///< how many came before it
  std::int64_t reference = 0;
  std::int64_t contents = 0;
  bool operator==(const Booking&) const = default;
};

/// The newest references in the order of their arrival: a ring, in which the newest takes the slot of the oldest.
class References {
public:
  /// Returns what came under the reference; null if nothing did, or it is forgotten.
  const Booking* find(std::int64_t reference) const;
  /// Remembers it as the newest. A reference that is known keeps its slot and what came last (histories from before references counted hold some).
  void remember(std::int64_t reference, std::int64_t contents);

  /// Returns the slot, 0 to remembered_references - 1, that remember() would write.
  std::size_t slot_for(std::int64_t reference) const;
  static std::size_t slot_of(const Booking& booking) { return static_cast<std::size_t>(booking.number) % remembered_references; }
  const std::vector<Booking>& slots() const { return slots_; }

  /// Returns the ring that consists of these, in any order; nothing unless they are the newest of some ring.
  static std::optional<References> from(std::vector<Booking> bookings);

  bool operator==(const References&) const = default;

private:
  std::vector<Booking> slots_; ///< of the ring, as far as it was ever filled
  std::unordered_map<std::int64_t, std::size_t> slot_of_;
  std::int64_t count_ = 0; ///< of all that ever came
};

} // namespace entrepot::stock
