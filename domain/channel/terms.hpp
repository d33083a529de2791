// What tells one door from another: who may order there, and on which terms. The same workflows stand behind all of them. Without any term it is a web shop.
#pragma once

#include <cstdint>

#include "domain/time.hpp"

namespace entrepot::channel {

inline constexpr std::int32_t most_pickup_days = 60; ///< that a pickup may lie ahead

struct Terms {
  bool customer_required = false;            ///< nobody orders as a guest: an agent has the caller on the line, a till sends to an address
  bool external_number_required = false;     ///< the channel's own number, by which it speaks of its orders: a marketplace's
  bool masked_emails = false;                ///< e-mails are a marketplace's aliases: they lead to no customer
  bool pay_later = false;                    ///< the customer may pay after ordering: by a link that was sent, or with a slip at a till
  Duration pay_within = {};                  ///< how long the units wait for a card: by link, and for another one after a decline; zero: as long as in the web shop
  std::int32_t price_exception_percent = 0;  ///< so far below its list price staff may sell a line, with a reason; 0: not at all
  bool larger_exceptions_wait = false;       ///< for who may release them; else they are refused
  std::int32_t pickup_days_ahead = 0;        ///< a pickup may be wanted for a later day; 0: always as soon as it can be. The units are held at once
  bool pickup_time_required = false;         ///< and is asked for
  bool warns_of_repeats = false;             ///< who places an order is told that the customer has ordered the same lines a moment ago
  bool operator==(const Terms&) const = default;
};

} // namespace entrepot::channel
