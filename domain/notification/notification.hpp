// What we have the notification provider tell a customer, and what it may answer: the port. HTTP and the sandbox stand behind it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "domain/ids.hpp"

namespace entrepot::notification {

/// Where one person is reached. Opened from sealed data at the moment of sending, and kept nowhere.
struct Recipient {
  std::string email, phone; ///< empty: not given
};

/// One message. `key` names it for ever: the provider sends the same key once, however often it is asked.
struct Notification {
  std::string key;   ///< "ntf_<generation>_<shard>_<position>_<number>" of the event that caused it
  OrderId order;
  std::string kind;  ///< the type of that event, e.g. "OrderConfirmed": which template
  std::string text;  ///< the words, for who has no template
  Recipient recipient;
};

struct Answer {
  enum class Kind : std::uint8_t {
    accepted,  ///< the provider will send it, or has
    refused,   ///< it never will: `code` says why, e.g. "recipient-invalid"
    no_answer, ///< silence, a broken connection, a 5xx: nothing is known
  } kind = Kind::no_answer;
  std::string code; ///< kebab-case, or empty; never what the provider says in words
};

/// Asks; `reply` is called exactly once, on any thread, within the adapter's time-out. Never throws, never blocks.
using Provider = std::function<void(Notification notification, std::function<void(Answer)> reply)>;

} // namespace entrepot::notification
