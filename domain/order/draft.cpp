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
  return Line{.number = 0,
              .sku = product->sku,
              .name = product->name,
              .quantity = wanted.quantity,
              .unit_price = *price,
              .total = {},
              .category = product->category,
              .tax_class = product->tax_class};
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

/// Level comes before category, category before dates; of equally specific rules the first in the table.
const channel::PaymentRule* payment_rule(const Desk& desk) {
  auto specificity = [](const channel::PaymentRule& rule) { return std::tuple(!rule.level.empty(), !rule.category.empty(), rule.from || rule.to); };
  const channel::PaymentRule* best = nullptr;
  for (const auto& rule : desk.channel.payment)
    if (fits(desk, rule) && (!best || specificity(rule) > specificity(*best)))
      best = &rule;
  return best;
}

/// Whether the method the customer chose is that of what is due first.
bool offers(const channel::PaymentRule& rule, payment::Method method) {
  return std::ranges::all_of(rule.shares,
                             [&](const payment::Share& share) { return share.moment != rule.shares.front().moment || share.method == method; });
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

void collect(Desk& desk, Agreement& agreement) {
  const auto& store = desk.basket.pickup_store;
  const auto* place = place_called(desk.definitions, store);
  if (!place || std::ranges::find(desk.channel.pickup_stores, store) == desk.channel.pickup_stores.end())
    return desk.fault("/pickup/store", "pickup-store-unavailable", "orders of this channel cannot be picked up there");
  agreement.collection = {store, stock::done_in_opening_hours(*place, desk.occurred, pickup_preparation)};
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
  if (basket.workflow == pick_up_in_store)
    collect(desk, agreement);
  else
    deliver(desk, agreement);
  auto total = total_of(desk, agreement.lines);
  const auto* rule = payment_agreed(desk);
  if (!desk.faults.empty())
    return {};
  agreement.instalments = payment::instalments(*total, rule->shares);
  agreement.total = *total;
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
