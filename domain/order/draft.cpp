#include "domain/order/draft.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace entrepot::order {
namespace {

/// A draft under way: what it is made from, and what is wrong with it so far.
struct Desk {
  const Basket& basket;
  const Definitions& definitions;
  const channel::Definition& channel;
  Timestamp now, occurred; ///< deadlines begin now; what was agreed is judged as of then
  std::vector<RejectionDetail> faults = {};
  bool needs_approval = false; ///< a price is lower than staff may give by themselves

  void fault(std::string pointer, std::string code, std::string text) { faults.push_back({std::move(pointer), std::move(code), std::move(text)}); }
};

const product::Definition* product_of(const Definitions& definitions, const Sku& sku) {
  auto at = definitions.products.find(sku);
  return at == definitions.products.end() ? nullptr : at->second.get();
}

const channel::DeliveryOption* option_of(const channel::Definition& channel, const std::string& code) {
  auto at = std::ranges::find(channel.delivery, code, &channel::DeliveryOption::code);
  return at == channel.delivery.end() ? nullptr : &*at;
}

/// Returns what a unit costs, where whoever brings the order says that; of a total told for the whole line, a part.
std::optional<Money> price_told(Desk& desk, const BasketLine& wanted, const std::string& at) {
  if (!wanted.shown_price && !wanted.told_total) {
    desk.fault(at + "/unit_price", "price-missing", "the channel " + desk.channel.code.text() + " has no prices of its own");
    return {};
  }
  auto told = wanted.told_total ? *wanted.told_total : *wanted.shown_price;
  if (told.currency != desk.channel.currency) {
    desk.fault(at + (wanted.told_total ? "/total" : "/unit_price"), "currency-mismatch", "the channel sells in " + std::string(desk.channel.currency.code()));
    return {};
  }
  return wanted.told_total ? share(told, 1, std::max(wanted.quantity.units(), 1)) : told;
}

/// Returns whether staff may sell a unit for less than the list says: by themselves, or when somebody has approved it. Notes the fault if not.
bool may_be_cheaper(Desk& desk, Money listed, Money asked, const std::string& at) {
  const auto& terms = desk.channel.terms;
  if (terms.price_exception_percent == 0 || less(listed, asked)) {
    desk.fault(at + "/price_reason", "price-exception-unavailable", "the list price is " + to_text(listed));
    return false;
  }
  if (static_cast<__int128>(listed.amount - asked.amount) * 100 <= static_cast<__int128>(listed.amount) * terms.price_exception_percent)
    return true;
  if (!terms.larger_exceptions_wait) {
    desk.fault(at + "/unit_price", "price-exception-too-large", "staff may go " + std::to_string(terms.price_exception_percent) + " percent below " + to_text(listed));
    return false;
  }
  desk.needs_approval = true;
  return true;
}

/// Returns what a unit costs in this channel's list; nothing, with the fault noted, if it is not sold there or not at the price shown.
std::optional<Money> price_listed(Desk& desk, const product::Definition& product, const BasketLine& wanted, const std::string& at) {
  auto price = product.prices.find(desk.channel.price_list);
  if (price == product.prices.end()) {
    desk.fault(at + "/sku", "product-not-in-assortment", product.sku.text() + " is not sold in the channel " + desk.channel.code.text());
    return {};
  }
  if (price->second.currency != desk.channel.currency) {
    desk.fault(at + "/sku", "currency-mismatch",
               product.sku.text() + " is listed at " + to_text(price->second) + ", the channel sells in another currency");
    return {};
  }
  if (wanted.shown_price && wanted.shown_price->currency != desk.channel.currency) {
    desk.fault(at + "/unit_price", "currency-mismatch", "the channel sells in " + std::string(desk.channel.currency.code()));
    return {};
  }
  if (wanted.shown_price && *wanted.shown_price != price->second && wanted.price_reason)
    return may_be_cheaper(desk, price->second, *wanted.shown_price, at) ? wanted.shown_price : std::nullopt;
  if (wanted.shown_price && *wanted.shown_price != price->second) {
    desk.fault(at + "/unit_price", "price-changed", product.sku.text() + " now costs " + to_text(price->second));
    return {};
  }
  return price->second;
}

/// Returns a service that was told, such as the postage of an order of the past, without its total; nothing, with the fault noted, if the channel has services of its own.
std::optional<Line> service_line(Desk& desk, const BasketLine& wanted, const std::string& at) {
  if (!desk.channel.prices_as_told) {
    desk.fault(at + "/service", "service-not-offered", "the services of the channel " + desk.channel.code.text() + " are its own");
    return {};
  }
  auto price = price_told(desk, wanted, at);
  if (!price)
    return {};
  return Line{.number = 0,
              .sku = wanted.sku,
              .name = wanted.name.empty() ? wanted.sku.text() : wanted.name,
              .quantity = wanted.quantity,
              .unit_price = *price,
              .total = {},
              .category = {},
              .tax_class = desk.channel.tax_class_of_services,
              .service = true};
}

/// Returns one line of goods, without its total; nothing, with every fault noted, if it cannot be sold so.
std::optional<Line> goods_line(Desk& desk, const BasketLine& wanted, const std::string& at) {
  const auto* product = product_of(desk.definitions, wanted.sku);
  if (!product) {
    desk.fault(at + "/sku", "product-unknown", "there is no product " + wanted.sku.text());
    return {};
  }
  auto price = desk.channel.prices_as_told ? price_told(desk, wanted, at) : price_listed(desk, *product, wanted, at);
  if (!price)
    return {};
  Line line{.number = 0,
            .sku = product->sku,
            .name = product->name,
            .quantity = wanted.quantity,
            .unit_price = *price,
            .total = {},
            .category = product->category,
            .tax_class = product->tax_class};
  if (!desk.channel.prices_as_told && *price != product->prices.at(desk.channel.price_list)) {
    line.list_price = product->prices.at(desk.channel.price_list);
    line.price_reason = wanted.price_reason;
  }
  return line;
}

/// Returns one line as agreed; nothing, with every fault noted.
std::optional<Line> line_of(Desk& desk, std::size_t index) {
  const auto& wanted = desk.basket.lines[index];
  auto at = "/lines/" + std::to_string(index);
  auto right_quantity = wanted.quantity.units() >= 1 && wanted.quantity.units() <= max_line_quantity;
  if (!right_quantity)
    desk.fault(at + "/quantity", "quantity-invalid", "a quantity is 1 to " + std::to_string(max_line_quantity));
  auto line = wanted.service ? service_line(desk, wanted, at) : goods_line(desk, wanted, at);
  if (!line || !right_quantity)
    return {};
  line->number = static_cast<std::int32_t>(index) + 1;
  // A total that was told stands: a line of fractions of a penny was rounded once, by whoever sold it. Else whole units of whole minor units: nothing to round.
  line->total = desk.channel.prices_as_told && wanted.told_total ? *wanted.told_total : line->unit_price * wanted.quantity.units();
  return line;
}

std::vector<Line> lines_of(Desk& desk) {
  std::vector<Line> lines;
  if (std::ranges::all_of(desk.basket.lines, &BasketLine::service) || desk.basket.lines.size() > max_lines) {
    desk.fault("/lines", "lines-invalid", "an order has 1 to " + std::to_string(max_lines) + " lines, of which one is goods");
    return lines;
  }
  for (std::size_t i = 0; i < desk.basket.lines.size(); ++i)
    if (auto line = line_of(desk, i))
      lines.push_back(std::move(*line));
  return lines;
}

/// Returns how the goods travel. The scheduled goods issue is the promise less the carrier's lead time; without a promise it is at once.
Delivery delivery_by(Desk& desk, const channel::DeliveryOption& option) {
  auto promise = option.promise ? std::optional(desk.occurred + *option.promise) : std::nullopt;
  auto issue_at = promise ? *promise - option.lead : desk.occurred;
  if (issue_at < desk.occurred)
    desk.fault("/delivery/option", "delivery-option-unavailable",
               option.name + " can no longer be kept: the goods would have had to leave at " + to_rfc3339(issue_at));
  return {option.code, desk.basket.address, option.terms, option.carrier, option.ship_from, issue_at, promise, roughly(desk.basket.near), option.other_carriers};
}

Line transport_line(const Desk& desk, const channel::DeliveryOption& option, std::int32_t number) {
  auto sku = Sku::from(option.code);
  check(sku.has_value(), "a delivery option that was activated has a code");
  return {.number = number,
          .sku = *sku,
          .name = option.name,
          .quantity = Quantity{1},
          .unit_price = option.charge,
          .total = option.charge,
          .category = {},
          .tax_class = desk.channel.tax_class_of_services,
          .service = true};
}

/// Returns the sum of the lines; nothing, with the fault noted, beyond max_total.
std::optional<Money> total_of(Desk& desk, const std::vector<Line>& lines) {
  auto total = Money{0, desk.channel.currency};
  for (const auto& line : lines) {
    if (line.total.amount > max_total - total.amount) {
      desk.fault("/lines", "total-too-large", "an order costs at most " + to_text(Money{max_total, desk.channel.currency}));
      return {};
    }
    total += line.total;
  }
  return total;
}

/// Whether every goods line is of this category.
bool all_of_category(const Desk& desk, const std::string& category) {
  return std::ranges::all_of(desk.basket.lines, [&](const BasketLine& line) {
    if (line.service)
      return true;
    const auto* product = product_of(desk.definitions, line.sku);
    return product && product->category == category;
  });
}

bool fits(const Desk& desk, const channel::PaymentRule& rule) {
  return (rule.level.empty() || rule.level == desk.basket.customer_level) && (!rule.from || *rule.from <= desk.occurred) &&
         (!rule.to || desk.occurred < *rule.to) && (rule.category.empty() || all_of_category(desk, rule.category));
}

/// Whether the method the customer chose is that of what is due first.
bool offers(const channel::PaymentRule& rule, payment::Method method) {
  return std::ranges::all_of(rule.shares,
                             [&](const payment::Share& share) { return share.moment != rule.shares.front().moment || share.method == method; });
}

/// Level comes before category, category before dates; of equally specific rules the first in the table that is paid as the customer chose.
const channel::PaymentRule* payment_rule(const Desk& desk) {
  auto method = desk.basket.payment_method;
  auto specificity = [&](const channel::PaymentRule& rule) {
    return std::tuple(!rule.level.empty(), !rule.category.empty(), rule.from || rule.to, method && !rule.shares.empty() && offers(rule, *method));
  };
  const channel::PaymentRule* best = nullptr;
  for (const auto& rule : desk.channel.payment)
    if (fits(desk, rule) && (!best || specificity(rule) > specificity(*best)))
      best = &rule;
  return best;
}

/// Returns the rule the order is paid by; nullptr with the fault noted, or while an unknown product leaves open which rule it is.
const channel::PaymentRule* payment_agreed(Desk& desk) {
  if (!std::ranges::all_of(desk.basket.lines, [&](const BasketLine& line) { return line.service || product_of(desk.definitions, line.sku) != nullptr; }))
    return nullptr;
  const auto* rule = payment_rule(desk);
  if (!rule || rule->shares.empty()) {
    desk.fault("/payment", "payment-rule-missing", "the channel has no payment rule for this order");
    return nullptr;
  }
  if (desk.basket.payment_method && !offers(*rule, *desk.basket.payment_method))
    desk.fault("/payment/method", "payment-method-unavailable", "this order is not paid by " + std::string(name_of(*desk.basket.payment_method)));
  return rule;
}

const stock::Profile* place_called(const Definitions& definitions, const LocationCode& code) {
  auto at = definitions.locations.find(code);
  return at == definitions.locations.end() ? nullptr : at->second.get();
}

/// When the doors close next; of a place that is always open, at midnight.
Timestamp closing_of(const stock::Profile& place, Timestamp now) {
  auto closes = std::chrono::floor<std::chrono::days>(now) + std::chrono::minutes{place.closes == 0 ? 24 * 60 : place.closes};
  return now < closes ? Timestamp{closes} : Timestamp{closes + std::chrono::days{1}};
}

/// The customer pays after ordering: with a card as long as the channel waits, at a till before the store closes.
void pay_later(Desk& desk, Agreement& agreement, const std::vector<payment::Instalment>& plan) {
  auto later = [](const payment::Instalment& one) { return one.moment == payment::Moment::on_order && one.method != payment::Method::account && one.method != payment::Method::collected; };
  if (!desk.channel.terms.pay_later || std::ranges::none_of(plan, later))
    return desk.fault("/payment/later", "pay-later-unavailable", "this order is not paid later");
  agreement.pay_later = true;
  if (std::ranges::none_of(plan, [](const payment::Instalment& one) { return one.method == payment::Method::till; }))
    return;
  const auto* place = place_called(desk.definitions, desk.basket.origin ? desk.basket.origin : desk.basket.pickup_store);
  if (!place)
    return desk.fault("/origin", "origin-missing", "a slip is paid in a store, before it closes");
  agreement.pay_by = closing_of(*place, desk.now);
}

/// Notes under which reference somebody else has taken an instalment already.
void note_taken(Desk& desk, payment::Instalment& instalment) {
  const auto& taken = desk.basket.taken;
  auto by_channel = instalment.method == payment::Method::collected;
  auto reference = taken.reference.empty() && by_channel ? desk.basket.external_number : taken.reference;
  if (reference.empty() && desk.basket.pay_later && !by_channel)
    return; // a slip
  if (reference.empty())
    return desk.fault(by_channel ? "/external_number" : "/payment/reference", by_channel ? "external-number-required" : "receipt-missing",
                      by_channel ? "the channel takes the money under its own number" : "what a till takes has the till's receipt");
  if (taken.amount && *taken.amount != instalment.amount)
    return desk.fault("/payment/amount", "paid-amount-differs", to_text(instalment.amount) + " is due, and " + to_text(*taken.amount) + " was taken");
  instalment.taken_by = taken.by;
  instalment.reference = std::move(reference);
}

/// Returns what is due when, with what others have taken of it.
std::vector<payment::Instalment> instalments_of(Desk& desk, Money total, const channel::PaymentRule& rule) {
  auto plan = payment::instalments(total, rule.shares);
  auto any_elsewhere = false;
  for (auto& instalment : plan)
    if (payment::is_taken_elsewhere(instalment.method)) {
      any_elsewhere = true;
      note_taken(desk, instalment);
    }
  if (!any_elsewhere && !desk.basket.taken.reference.empty())
    desk.fault("/payment/reference", "payment-method-unavailable", "this order is not paid elsewhere");
  return plan;
}

/// A store answers whether it takes the work; a warehouse is told.
std::optional<Timestamp> answer_by(const Desk& desk, const LocationCode& code) {
  const auto* place = place_called(desk.definitions, code);
  if (!place || place->type != stock::Type::store)
    return {};
  return stock::done_in_opening_hours(*place, desk.now, offer_patience);
}

/// How the goods get to the customer, with the line it adds.
void deliver(Desk& desk, Agreement& agreement) {
  const auto* option = option_of(desk.channel, desk.basket.delivery_option);
  if (!option)
    return desk.fault("/delivery/option", "delivery-option-unavailable", "the channel does not offer this delivery");
  agreement.delivery = delivery_by(desk, *option);
  agreement.answer_by = answer_by(desk, option->ship_from);
  if (option->charge.amount > 0)
    agreement.lines.push_back(transport_line(desk, *option, static_cast<std::int32_t>(desk.basket.lines.size()) + 1));
}

/// Whether the channel asks when a pickup is wanted, and how far ahead that may be.
void judge_wanted_time(Desk& desk) {
  const auto& terms = desk.channel.terms;
  const auto& wanted = desk.basket.wanted_at;
  if (!wanted && terms.pickup_time_required)
    return desk.fault("/pickup/wanted_at", "pickup-time-required", "the channel asks when the customer wants to come");
  if (wanted && (terms.pickup_days_ahead == 0 || *wanted < desk.occurred || *wanted > desk.now + std::chrono::days{terms.pickup_days_ahead}))
    return desk.fault("/pickup/wanted_at", "pickup-time-unavailable",
                      terms.pickup_days_ahead == 0 ? "pickups are ready as soon as they can be" : "a pickup lies " + std::to_string(terms.pickup_days_ahead) + " days ahead at most");
}

/// What the door asks for beside the goods.
void judge_door(Desk& desk) {
  const auto& basket = desk.basket;
  if (desk.channel.terms.customer_required && !basket.customer)
    desk.fault("/customer", "customer-required", "nobody orders anonymously in the channel " + desk.channel.code.text());
  if (desk.channel.terms.external_number_required && basket.external_number.empty())
    desk.fault("/external_number", "external-number-required", "an order of this channel has the channel's own number");
  if (basket.origin && !place_called(desk.definitions, basket.origin))
    desk.fault("/origin", "location-unknown", "there is no location " + basket.origin.text());
  if (!basket.taken_now.receipt.empty() && !place_called(desk.definitions, basket.taken_now.location))
    desk.fault("/taken_now/location", "location-unknown", "there is no location " + basket.taken_now.location.text());
}

void collect(Desk& desk, Agreement& agreement) {
  const auto& store = desk.basket.pickup_store;
  const auto* place = place_called(desk.definitions, store);
  if (!place || std::ranges::find(desk.channel.pickup_stores, store) == desk.channel.pickup_stores.end())
    return desk.fault("/pickup/store", "pickup-store-unavailable", "orders of this channel cannot be picked up there");
  auto ready_by = stock::done_in_opening_hours(*place, desk.occurred, pickup_preparation);
  if (const auto& wanted = desk.basket.wanted_at)
    ready_by = std::max(ready_by, stock::done_in_opening_hours(*place, *wanted, Duration::zero()));
  judge_wanted_time(desk);
  agreement.collection = {store, ready_by, desk.basket.wanted_at, !desk.channel.transfer_from.empty()};
  agreement.answer_by = stock::done_in_opening_hours(*place, desk.now, offer_patience);
}

/// Puts the parts together; nothing if a fault was found.
std::optional<Agreement> agree(Desk& desk, std::int32_t channel_version) {
  const auto& basket = desk.basket;
  auto is_known = basket.workflow == deliver_at_home || basket.workflow == pick_up_in_store;
  if (!is_known || std::ranges::find(desk.channel.workflows, basket.workflow) == desk.channel.workflows.end())
    desk.fault("/workflow", "workflow-not-offered", "the channel does not offer this way to the customer");
  Agreement agreement;
  agreement.channel = basket.channel;
  agreement.channel_version = channel_version;
  agreement.organisation = desk.channel.organisation;
  agreement.workflow = basket.workflow;
  agreement.external_number = basket.external_number;
  agreement.occurred_at = basket.occurred_at;
  agreement.customer = basket.customer;
  agreement.customer_level = basket.customer_level;
  agreement.credit_limited = basket.credit_limited;
  agreement.contact = basket.contact;
  agreement.payment_token = basket.payment_token;
  agreement.lines = lines_of(desk);
  judge_door(desk);
  if (basket.workflow == pick_up_in_store)
    collect(desk, agreement);
  else
    deliver(desk, agreement);
  auto total = total_of(desk, agreement.lines);
  const auto* rule = payment_agreed(desk);
  if (!desk.faults.empty())
    return {};
  agreement.instalments = instalments_of(desk, *total, *rule);
  if (basket.pay_later)
    pay_later(desk, agreement, agreement.instalments);
  if (!desk.faults.empty())
    return {};
  agreement.total = *total;
  agreement.pay_within = desk.channel.terms.pay_within;
  agreement.assisted_by = basket.assisted_by;
  agreement.origin = basket.origin;
  agreement.taken_now = basket.taken_now;
  agreement.holds = basket.holds;
  if (desk.needs_approval)
    agreement.holds.push_back({std::string(price_exception_hold), "a price is lower than staff may give by themselves"});
  return agreement;
}

} // namespace

std::optional<stock::Point> roughly(std::optional<stock::Point> point) {
  constexpr double tenth = 100'000;
  auto rounded = [](std::int32_t millionths) { return static_cast<std::int32_t>(std::lround(millionths / tenth) * 100'000); };
  if (!point)
    return {};
  return stock::Point{rounded(point->latitude), rounded(point->longitude)};
}

Result<Agreement> draft(const Basket& basket, const Definitions& definitions, Timestamp now) {
  auto at = definitions.channels.find(basket.channel);
  if (at == definitions.channels.end()) {
    auto text = "there is no channel " + basket.channel.text();
    return reject("channel-unknown", text, {{"/channel", "channel-unknown", text}});
  }
  Desk desk{basket, definitions, at->second->definition, now, basket.occurred_at.value_or(now)};
  if (auto agreement = agree(desk, at->second->version))
    return std::move(*agreement);
  auto first = desk.faults.front();
  return reject(first.code, first.text, std::move(desk.faults));
}

} // namespace entrepot::order
