// Stops asking a partner who does not answer, and finds out when he does again.
#pragma once

#include <chrono>
#include <optional>

namespace entrepot::partners {

/// Open after so many failures in a row; then one call, the probe, is let through each time the pause has passed, until one succeeds. Not thread-safe.
class CircuitBreaker {
public:
  using Instant = std::chrono::steady_clock::time_point;

  CircuitBreaker(int failures_to_open, std::chrono::milliseconds open_for) : failures_to_open_(failures_to_open), open_for_(open_for) {}

  /// Returns whether a call may be made. Whoever was let through reports how it went.
  bool lets_through(Instant now) {
    if (!open_until_)
      return true;
    if (now < *open_until_)
      return false;
    open_until_ = now + open_for_; // this call is the probe; one that is never heard of again does not keep it open for ever
    return true;
  }

  void succeeded() {
    failures_ = 0;
    open_until_.reset();
  }

  /// Returns whether that has opened it.
  bool failed(Instant now) {
    if (open_until_ || ++failures_ < failures_to_open_)
      return false;
    open_until_ = now + open_for_;
    return true;
  }

  bool is_open() const { return open_until_.has_value(); }

private:
  int failures_to_open_;
  std::chrono::milliseconds open_for_;
  int failures_ = 0; // in a row
  std::optional<Instant> open_until_;
};

} // namespace entrepot::partners
