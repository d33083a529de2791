// What the carrier tells of its parcels: what taking its messages needs, and what has become of them.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace entrepot::api {

/// What became of one message.
enum class CarrierOutcome : std::uint8_t {
  delivered,   ///< the parcel is delivered by it
  repeated,    ///< it was already
  ignored,     ///< of a kind that changes nothing
  closed,      ///< the work was cancelled or rejected meanwhile: for people to look at
  too_early,   ///< the parcel has not been shipped here yet: it will be told again
  unknown,     ///< no such fulfilment, or not under this tracking number
  malformed,
  not_signed,  ///< by the secret, or not in time
  failed,      ///< could not be taken now
};
inline constexpr std::size_t carrier_outcome_count = 9;
std::string_view name_of(CarrierOutcome outcome);

/// Thread-safe.
class CarrierEventCounts {
public:
  void add(CarrierOutcome outcome) { ++counts_[static_cast<std::size_t>(outcome)]; }
  std::uint64_t of(CarrierOutcome outcome) const { return counts_[static_cast<std::size_t>(outcome)]; }

private:
  std::array<std::atomic<std::uint64_t>, carrier_outcome_count> counts_{};
};

struct CarrierEvents {
  std::vector<unsigned char> secret = {};                                                       ///< that its messages are signed with; none: none are taken
  std::shared_ptr<CarrierEventCounts> counts = std::make_shared<CarrierEventCounts>();
  std::function<void(const std::string&)> log = [](const std::string&) {};                     ///< told what people should look at: ids and codes alone
};

} // namespace entrepot::api
