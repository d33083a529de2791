// The faults that the sandbox plays on request: which, how often, how long.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>

namespace entrepot::partners {

enum class Fault : std::uint8_t {
  slow,         ///< answers only after the delay
  silent,       ///< does nothing, and hangs up after the delay
  decline,      ///< captures: declined with code `scripted`
  duplicate,    ///< does it as if it had been sent twice
  lost_answer,  ///< does it, and hangs up instead of answering
  wrong_amount, ///< captures: books a minor unit more than asked
  late,         ///< hangs up, and does it after the delay
  refuse,       ///< notifications, labels: refused with code `scripted`
  confirm,      ///< captures: the customer must confirm them
};
inline constexpr std::size_t fault_count = 9;
std::optional<Fault> fault_from(std::string_view name);

inline constexpr std::chrono::milliseconds longest_fault_delay{60'000};

/// Whose calls a fault strikes.
enum class Partner : std::uint8_t { payments, notifications, carrier };
inline constexpr std::size_t partner_count = 3;
std::optional<Partner> partner_from(std::string_view name);

/// Every `every`-th call that the fault can strike; 0: none.
struct FaultScript {
  Fault fault = Fault::slow;
  std::uint32_t every = 0;
  std::chrono::milliseconds delay{1'000};
  Partner partner = Partner::payments;
};

/// Reads "slow:every=10,delay_ms=800" or "carrier.slow:every=10"; nothing if it is no such text. The delay may be left out.
std::optional<FaultScript> fault_script_from(std::string_view text);

enum class Call : std::uint8_t { capture, void_, refund, enquire, notify, label, enquire_label, report };
Partner partner_of(Call call);

/// What strikes one call: the delay of each fault that does.
class Struck {
public:
  bool by(Fault fault) const { return delays_[static_cast<std::size_t>(fault)].has_value(); }
  /// @pre by(fault)
  std::chrono::milliseconds delay(Fault fault) const { return delays_[static_cast<std::size_t>(fault)].value(); }
  void strike(Fault fault, std::chrono::milliseconds delay) { delays_[static_cast<std::size_t>(fault)] = delay; }

private:
  std::array<std::optional<std::chrono::milliseconds>, fault_count> delays_;
};

/// The scripts in force, one of each kind for each partner, each with a counter of its own. Thread-safe.
class Faults {
public:
  /// Replaces the script of that fault of that partner; its counter begins anew.
  void set(const FaultScript& script);
  /// Counts the call, and returns what strikes it. Enquiries are never declined, doubled, late or booked wrongly.
  Struck strike(Call call);

private:
  struct Running {
    FaultScript script;
    std::uint64_t calls = 0;
  };
  std::mutex mutex_;
  std::array<std::array<Running, fault_count>, partner_count> running_;
};

} // namespace entrepot::partners
