// What partners tell without being asked, in messages signed as Standard Webhooks says: what taking them needs, and what has become of them.
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
enum class EventOutcome : std::uint8_t {
  taken,       ///< it is news, and stored
  repeated,    ///< it was known already
  ignored,     ///< of a kind that changes nothing
  closed,      ///< what it is about was given up meanwhile: for people to look at
  too_early,   ///< what it rests on is not known here yet: it will be told again
  unknown,     ///< it is about nothing of ours
  malformed,
  not_signed,  ///< with the secret, or not in time
  failed,      ///< could not be taken now
};
inline constexpr std::size_t event_outcome_count = 9;
std::string_view name_of(EventOutcome outcome);

/// Thread-safe.
class EventCounts {
public:
  void add(EventOutcome outcome) { ++counts_[static_cast<std::size_t>(outcome)]; }
  std::uint64_t of(EventOutcome outcome) const { return counts_[static_cast<std::size_t>(outcome)]; }

private:
  std::array<std::atomic<std::uint64_t>, event_outcome_count> counts_{};
};

/// One partner's.
struct PartnerEvents {
  std::vector<unsigned char> secret = {};                                                       ///< that its messages are signed with; none: none are taken
  std::shared_ptr<EventCounts> counts = std::make_shared<EventCounts>();
  std::function<void(const std::string&)> log = [](const std::string&) {};                     ///< told what people should look at: ids and codes alone
};

} // namespace entrepot::api
