// One message to one endpoint: what is sent, what may be answered, and what is kept of one that was not taken at once.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/ids.hpp"
#include "domain/webhook/endpoint.hpp"

namespace entrepot::webhook {

// How long somebody who does not answer is tried.
inline constexpr std::chrono::milliseconds first_pause{5'000};        ///< after a first failure; doubles with every further one. A half of each is chance
inline constexpr std::chrono::milliseconds longest_pause{3'600'000};
inline constexpr auto give_up_after = std::chrono::days{3};           ///< since the first try: then a delivery is a dead letter
inline constexpr std::chrono::seconds shortest_retry_after{1}, longest_retry_after{3'600}; ///< between these an endpoint's Retry-After is obeyed

/// Where an event stands, which names its delivery: (shard, pos).
struct Place {
  std::int32_t shard = 0;
  std::int64_t pos = 0;
  auto operator<=>(const Place&) const = default;
};

/// A message as it is handed to the sender. `id` is the same on every try.
struct Message {
  std::string endpoint;        ///< id, for logs
  std::string url;
  std::string id;              ///< webhook-id, and the CloudEvent's id
  std::string body;
  std::vector<Secret> secrets; ///< it is signed with each
  Timestamp at;                ///< of this try: webhook-timestamp
};

struct Answer {
  int status = 0; ///< of HTTP; 0: none
  std::optional<std::chrono::seconds> retry_after = {};
};
inline bool is_acknowledged(const Answer& answer) { return answer.status >= 200 && answer.status < 300; }
/// Whether the endpoint says that nobody is there any more.
inline bool is_gone(const Answer& answer) { return answer.status == 410; }

/// Sends; `reply` is called exactly once, on any thread, within the adapter's time-out. Never throws, never blocks.
using Sender = std::function<void(Message message, std::function<void(Answer)> reply)>;

enum class Fate : std::uint8_t { waiting, dead };
std::string_view name_of(Fate fate);
std::optional<Fate> fate_from(std::string_view name);

/// A delivery that was not taken at once, or follows one of the same order that was not.
struct Delivery {
  Place place;
  std::string id;       ///< "evt_..."
  StreamId family;
  std::string type;     ///< published name
  Timestamp at;         ///< when the event was recorded
  Fate fate = Fate::waiting;
  std::int32_t tries = 0;
  std::optional<Timestamp> first_try = {};
  Timestamp due = {};   ///< of the next try
  std::int32_t last_status = 0; ///< that the last try was answered; 0: none
  std::string body = {}; ///< left out where it is not asked for
  bool operator==(const Delivery&) const = default;
};

/// Returns how long to wait after the `tries`-th failure; `chance` is 0 to 1.
std::chrono::milliseconds pause_after(std::int32_t tries, double chance);

} // namespace entrepot::webhook
