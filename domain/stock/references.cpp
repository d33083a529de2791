#include "domain/stock/references.hpp"

#include <algorithm>

namespace entrepot::stock {

const Booking* References::find(std::int64_t reference) const {
  auto found = slot_of_.find(reference);
  return found == slot_of_.end() ? nullptr : &slots_[found->second];
}

std::size_t References::slot_for(std::int64_t reference) const {
  auto found = slot_of_.find(reference);
  return found == slot_of_.end() ? static_cast<std::size_t>(count_) % remembered_references : found->second;
}

void References::remember(std::int64_t reference, std::int64_t contents) {
  auto slot = slot_for(reference);
  if (!slot_of_.try_emplace(reference, slot).second) {
    slots_[slot].contents = contents;
    return;
  }
  Booking booking{count_++, reference, contents};
  if (slot == slots_.size()) {
    slots_.push_back(booking);
    return;
  }
  slot_of_.erase(slots_[slot].reference);
  slots_[slot] = booking;
}

std::optional<References> References::from(std::vector<Booking> bookings) {
  References all;
  if (bookings.empty())
    return all;
  std::ranges::sort(bookings, {}, &Booking::number);
  const auto first = bookings.front().number, last = bookings.back().number;
  const auto count = static_cast<std::int64_t>(bookings.size());
  const bool is_full = bookings.size() == remembered_references;
  if (bookings.size() > remembered_references || last - first != count - 1 || first < 0 || (first > 0 && !is_full))
    return {};
  all.slots_.resize(bookings.size());
  for (const auto& booking : bookings) {
    all.slots_[slot_of(booking)] = booking;
    if (!all.slot_of_.emplace(booking.reference, slot_of(booking)).second)
      return {};
  }
  all.count_ = last + 1;
  return all;
}

} // namespace entrepot::stock
