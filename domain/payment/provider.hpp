// What we ask a payment provider, and what it may answer: the port. HTTP and the sandbox stand behind it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "domain/ids.hpp"
#include "domain/money.hpp"
#include "domain/time.hpp"

namespace entrepot::payment {

/// One question. `key` names the intent for ever: the provider does the same key once, however often it is asked, and a voided key never.
struct ProviderRequest {
  enum class Kind : std::uint8_t {
    capture, ///< take `amount` from the card `token`
    enquire, ///< what became of `key`?
    void_,   ///< `key` must not happen any more; what has happened of it is undone
    refund,  ///< give `amount` of the capture `of` back, under a `key` of its own
  } kind = Kind::capture;
  std::string key; ///< e.g. "ord_1cj37r03x0000/1/1": order, instalment, attempt
  std::string of;  ///< refund: the captured key
  Money amount;
  std::string token;
  Timestamp not_after; ///< a capture that arrives later is refused
};

struct ProviderAnswer {
  enum class Kind : std::uint8_t {
    captured,      ///< the money is ours; `amount` as the provider booked it
    declined,      ///< it is not, and this key never will be; `code` says why, e.g. "insufficient-funds"
    voided,        ///< the key is dead; if it had been captured the money has gone back
    refunded,
    refund_failed, ///< `code` says why, e.g. "card-closed"
    never_heard,   ///< the provider does not know the key: no result, it may still be on its way
    no_answer,     ///< silence, a broken connection, a 5xx: nothing is known
    action_required, ///< the customer must confirm it at `url` until `act_by`; then it is captured or declined
    charged_back,  ///< told, never answered: the customer's bank has taken `amount` of the captured key back; `reference` names it, `code` says why
  } kind = Kind::no_answer;
  std::string reference; ///< the provider's own number
  std::string code;
  Money amount;
  std::string url = {};
  Timestamp act_by = {};
};

/// Asks; `reply` is called exactly once, on any thread, within the adapter's time-out. Never throws, never blocks.
using Provider = std::function<void(ProviderRequest request, std::function<void(ProviderAnswer)> reply)>;

} // namespace entrepot::payment
