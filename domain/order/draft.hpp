// From what a customer asked for to what will be agreed: prices, transport, dates and instalments are decided here and nowhere else.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "domain/catalogue/product.hpp"
#include "domain/channel/channel.hpp"
#include "domain/order/order.hpp"
#include "domain/stock/location.hpp"

namespace entrepot::order {

/// The definitions a decision looks at. Shared, immutable parts: a new version shares what did not change.
struct Definitions {
  struct Channel { std::int32_t version = 0; channel::Definition definition; };
  std::unordered_map<ChannelCode, std::shared_ptr<const Channel>> channels;
  std::unordered_map<Sku, std::shared_ptr<const product::Definition>> products;
  std::unordered_map<LocationCode, std::shared_ptr<const stock::Profile>> locations;
};

inline constexpr std::string_view deliver_at_home = "bodah", pick_up_in_store = "bopis"; ///< workflows that begin with a basket
inline constexpr auto pickup_preparation = std::chrono::hours{2}; ///< of opening hours, until a pickup is ready
inline constexpr auto offer_patience = std::chrono::minutes{30};  ///< of opening hours, until a store has answered

struct BasketLine {
  Sku sku;
  Quantity quantity;                 ///< 1 to 1,000,000
  std::optional<Money> shown_price;  ///< what the channel showed; another price is `price-changed`
  std::optional<Money> told_total = {}; ///< of a channel whose prices are told: what the whole line cost; none: as the price shown
  bool service = false;              ///< told as such, e.g. postage: no product and no stock
  std::string name = {};             ///< of a service
  ReasonCode price_reason = {};      ///< why the price shown is below the list's; empty: it is to be the list's
};

/// Money that somebody else has taken for an order before it came.
struct TakenElsewhere {
  std::string by;                    ///< the till; empty: the channel itself
  std::string reference;             ///< its receipt, or a marketplace's number; empty: nothing was taken, or a marketplace took it under the order's external number
  std::optional<Money> amount = {};  ///< none: what is due
};

/// What a customer asks for, parsed but not yet judged.
struct Basket {
  ChannelCode channel;
  std::string external_number;
  std::optional<Timestamp> occurred_at = {}; ///< none: now
  CustomerNumber customer;           ///< empty: a guest
  std::string customer_level;        ///< of the registered customer
  bool credit_limited = false;       ///< the registered customer may owe so much and no more
  customer::Contact contact;
  std::vector<BasketLine> lines;     ///< 1 to 2,000
  std::string workflow = std::string(deliver_at_home);
  std::string delivery_option;       ///< of an order that is delivered at home
  Sealed address;
  std::optional<stock::Point> near = {}; ///< where the address is; kept to a tenth of a degree
  LocationCode pickup_store = {};    ///< of one that is picked up in a store
  std::optional<payment::Method> payment_method; ///< what the customer chose, if the channel left a choice
  std::string payment_token;
  TakenElsewhere taken = {};
  bool pay_later = false;            ///< the customer pays after ordering
  EmployeeNumber assisted_by = {};
  LocationCode origin = {};          ///< the store that it is ordered in
  TillSale taken_now = {};
  std::optional<Timestamp> wanted_at = {}; ///< when a pickup is wanted
  std::vector<HoldAtEntry> holds = {};     ///< by whoever takes the order, e.g. a suspicion
};

inline constexpr std::size_t max_lines = 2'000;                        ///< of goods, in one order
inline constexpr std::int64_t max_total = 9'007'199'254'740'991;       ///< minor units; 2^53 - 1, what every reader of JSON holds exactly

/// Returns the agreement, by the rules of the moment at which the order occurred and with deadlines from `now`, or every fault found: `channel-unknown`, `workflow-not-offered`, `lines-invalid` (none,
/// or more than max_lines, or services only), `service-not-offered` (told in a channel that has prices of its own), `product-unknown`, `quantity-invalid`, `product-not-in-assortment` (not in the channel's price list), `price-changed`
/// (with the new price in the text), `price-missing` (where prices are told), `currency-mismatch`, `delivery-option-unavailable` (not in the channel's table, or its goods issue would lie
/// before the order), `pickup-store-unavailable` (not one of the channel's, or not defined), `total-too-large`, `payment-rule-missing`, `payment-method-unavailable`,
/// `customer-required`, `price-exception-unavailable` and `price-exception-too-large` (below the list by more than staff may give), `pickup-time-required`, `pickup-time-unavailable`,
/// `pay-later-unavailable`, `origin-missing` (a slip is paid in a store), `location-unknown`, `external-number-required`, `receipt-missing` (of a till that says it has taken the money), `paid-amount-differs` (it took another sum than is due). The first fault gives the code, all stand in the details
/// with their field, e.g. "/lines/0/sku".
///
/// The payment rule: of those that fit, one for the customer's level comes before one for any level, then one for the category of all goods lines
/// before one for any, then one with dates before one without; of equals the first in the table that offers the method named, else the first. The method a customer names must be that of every
/// share due on order or, where nothing is due on order, of every share of the first moment at which something is.
Result<Agreement> draft(const Basket& basket, const Definitions& definitions, Timestamp now);

/// Returns about where a point lies: to a tenth of a degree, about eleven kilometres.
std::optional<stock::Point> roughly(std::optional<stock::Point> point);

} // namespace entrepot::order
