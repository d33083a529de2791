// Every event of every aggregate, and every command: what journal, actors and codecs carry.
#pragma once

#include <string_view>
#include <variant>

#include "domain/catalogue/product.hpp"
#include "domain/channel/channel.hpp"
#include "domain/customer/customer.hpp"
#include "domain/customer/identity_key.hpp"
#include "domain/fulfilment/fulfilment.hpp"
#include "domain/fulfilment/pickup.hpp"
#include "domain/order/order.hpp"
#include "domain/payment/plan.hpp"
#include "domain/process/diary.hpp"
#include "domain/stock/location.hpp"
#include "domain/transfer/transfer.hpp"

namespace entrepot {

using AnyEvent = std::variant<order::Event, payment::Event, process::Event, fulfilment::Event, pickup::Event, stock::Event, product::Event, channel::Event, customer::Event,
                              identity::Event, transfer::Event>;
using AnyCommand = std::variant<order::Command, payment::Command, process::Command, fulfilment::Command, pickup::Command, stock::Command, product::Command, channel::Command,
                                customer::Command, identity::Command, transfer::Command>;

/// What follows from an event for another aggregate, which does not know of it: a command to it, to be given until it is acknowledged.
struct Consequence { StreamId to; AnyCommand command; };

/// An event with its place in an order's family.
struct FamilyEvent {
  int child = 0;
  AnyEvent event;
  bool operator==(const FamilyEvent&) const = default;
};

} // namespace entrepot
