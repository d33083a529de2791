#include "gateways/api/order_json.hpp"

#include "domain/order/places.hpp"
#include "gateways/api/work_json.hpp"
#include "gateways/http/json_writer.hpp"

namespace entrepot::api {
namespace {

using http::JsonWriter;

/// Writes one order. The writer's string is also appended to directly, for money.
class OrderWriter {
public:
  OrderWriter(std::string& out, const Family& family)
      : out_(out), json_(out), family_(family), order_(family.order), agreed_(family.order.agreement) {}

  void write(const ShownAddress& address, const std::string& pickup_code, const std::optional<OrderId>& same_before) {
    json_.open();
    json_.field("id", to_text(OrderId{family_.id})).field("status", order::name_of(order_.status));
    json_.field("channel", agreed_.channel.text()).field("channel_version", agreed_.channel_version);
    json_.field_or_null("external_number", agreed_.external_number).field_or_null("customer", agreed_.customer.text());
    json_.field("workflow", agreed_.workflow);
    door();
    lines();
    money("total", agreed_.total);
    instalments();
    delivery(address);
    pickup(pickup_code);
    choice();
    sourcing();
    json_.field("submitted_at", to_rfc3339(ordered_at(order_)));
    holds();
    refusal("rejection", order_.why_rejected);
    refusal("cancellation", order_.why_cancelled);
    work("fulfilments", family_.fulfilments);
    work("pickups", family_.pickups);
    if (same_before)
      warning(*same_before);
    json_.close();
  }

private:
  void money(std::string_view name, Money amount) {
    json_.key(name);
    append_money(out_, amount);
  }

  /// By whom and where it was sold, and what the customer took home at once.
  void door() {
    json_.field_or_null("assisted_by", agreed_.assisted_by.text()).field_or_null("origin", agreed_.origin.text()).key("taken_now");
    const auto& sale = agreed_.taken_now;
    if (sale.receipt.empty())
      json_.null();
    else
      json_.open().field("location", sale.location.text()).field("till", sale.till).field("receipt", sale.receipt).close();
  }

  void warning(OrderId same_before) {
    json_.key("warnings").open('[').open().field("code", "same-order-before").field("text", "The customer has ordered the same goods in the last ten minutes.");
    json_.field("order", to_text(same_before)).close().close(']');
  }

  void lines() {
    json_.key("lines").open('[');
    for (std::size_t i = 0; i < agreed_.lines.size(); ++i) {
      const auto& line = agreed_.lines[i];
      json_.open().field("number", line.number).field("sku", line.sku.text()).field("name", line.name).field("quantity", line.quantity.units());
      money("unit_price", line.unit_price);
      if (line.list_price) {
        money("list_price", *line.list_price);
        json_.field("price_reason", line.price_reason.text());
      }
      money("total", line.total);
      json_.field("category", line.category).field("tax_class", line.tax_class).flag("service", line.service);
      units(i < order_.units.size() ? order_.units[i] : order::Units{});
      json_.close();
    }
    json_.close(']');
  }

  void units(const order::Units& units) {
    json_.key("units").open();
    json_.field("ordered", units.ordered.units())
        .field("open", units.open.units())
        .field("held", units.held.units())
        .field("issued", units.issued.units());
    json_.field("delivered", units.delivered.units()).field("cancelled", units.cancelled.units());
    json_.field("return_pending", units.return_pending.units()).field("returned", units.returned.units());
    json_.close();
  }

  /// Why it waits for a person, now.
  void holds() {
    json_.key("on_hold").open('[');
    for (const auto& hold : order_.holds)
      if (!hold.released)
        json_.open().field("code", hold.code).field("text", hold.text).field("since", to_rfc3339(hold.since)).close();
    json_.close(']');
  }

  void instalments() {
    json_.key("instalments").open('[');
    for (const auto& tender : family_.payment.tenders) {
      const auto& instalment = tender.agreed;
      json_.open().field("number", instalment.number).field("moment", name_of(instalment.moment)).field("method", name_of(instalment.method));
      money("amount", instalment.amount);
      money("due", tender.due);
      money("captured", tender.captured);
      money("refunded", tender.refunded);
      money("charged_back", tender.charged_back);
      money("refund_delegated", tender.delegated);
      auto elsewhere = is_taken_elsewhere(instalment.method);
      json_.field_or_null("taken_by", elsewhere ? tender.taken_by : std::string()).field_or_null("reference", elsewhere ? tender.reference : std::string());
      json_.field("status", payment::name_of(tender.status)).field_or_null("decline_code", tender.decline_code);
      json_.field_or_null("pay_by", tender.status == payment::Status::awaited ? to_rfc3339(tender.awaited_until) : std::string());
      json_.key("action");
      if (tender.status == payment::Status::requires_action)
        json_.open().field("url", tender.action).field("until", to_rfc3339(tender.act_by)).close();
      else
        json_.null();
      json_.close();
    }
    json_.close(']');
  }

  void delivery(const ShownAddress& address) {
    const auto& delivery = order::delivery_of(order_);
    json_.key("delivery");
    if (agreed_.collection.store && !order_.sent_instead) {
      json_.null();
      return;
    }
    json_.open();
    json_.field("option", delivery.option)
        .field("terms", delivery.terms)
        .field("carrier", delivery.carrier)
        .field_or_null("ship_from", delivery.ship_from.text());
    json_.field("issue_at", to_rfc3339(delivery.issue_at)).field_or_null("promise", delivery.promise ? to_rfc3339(*delivery.promise) : std::string());
    if (address) {
      json_.key("address");
      if (address->empty())
        json_.null();
      else
        json_.raw(*address);
    }
    json_.close();
  }

  /// How the newest look for places ended; null where the order names its place.
  void sourcing() {
    json_.key("sourcing");
    const auto& look = family_.diary.look;
    if (!look) {
      json_.null();
      return;
    }
    json_.open().field("outcome", name_of(look->outcome)).field_or_null("until", look->until ? to_rfc3339(*look->until) : std::string());
    json_.key("missing").open('[');
    for (const auto& line : look->missing)
      json_.open().field("line", line.line).field("sku", line.sku.text()).field("quantity", line.quantity.units()).close();
    json_.close(']').key("places").open('[');
    for (const auto& place : family_.diary.places) {
      json_.open().field("location", place.part.location.text()).field_or_null("refused", place.refused.value_or(std::string())).key("lines").open('[');
      for (const auto& line : place.part.lines)
        json_.open().field("line", line.line).field("sku", line.sku.text()).field("quantity", line.quantity.units()).close();
      json_.close(']').close();
    }
    json_.close(']').close();
  }

  void pickup(const std::string& code) {
    auto chose_store = order_.choice && order_.choice->way == order::Way::another_store;
    const auto& collection = chose_store ? order_.choice->collection : agreed_.collection;
    json_.key("pickup");
    if (!collection.store) {
      json_.null();
      return;
    }
    json_.open().field("store", collection.store.text()).field("ready_by", to_rfc3339(ready_by(family_)));
    json_.field_or_null("wanted_at", collection.wanted_at ? to_rfc3339(*collection.wanted_at) : std::string()).field_or_null("code", code).close();
  }

  /// What the customer of a pickup may still decide on, until when, and what was chosen last; null where there is neither.
  void choice() {
    auto lines = order::is_terminal(order_.status) || order_.status == order::Status::cancelling ? std::vector<order::LineUnits>{} : units_to_choose_for(family_);
    json_.key("choice");
    if (lines.empty() && !order_.choice) {
      json_.null();
      return;
    }
    json_.open().field_or_null("made", order_.choice ? order::name_of(order_.choice->way) : std::string_view());
    json_.field_or_null("until", lines.empty() ? std::string() : to_rfc3339(order_.open_since + order::choice_patience)).key("lines").open('[');
    for (const auto& line : lines)
      json_.open().field("line", line.line).field("quantity", line.units.units()).close();
    json_.close(']').close();
  }

  void refusal(std::string_view name, const std::optional<Rejection>& why) {
    json_.key(name);
    if (!why) {
      json_.null();
      return;
    }
    json_.open().field("code", why->code).field("text", why->text);
    json_.key("details").open('[');
    for (const auto& detail : why->details)
      json_.open().field("pointer", detail.pointer).field("code", detail.code).field("text", detail.text).close();
    json_.close(']').close();
  }

  /// Each place's work, as boards show it.
  template <class States>
  void work(std::string_view name, const States& states) {
    json_.key(name).open('[');
    for (const auto& [child, state] : states) {
      std::string item;
      append_work_item(item, {member(family_.id, child), state, order_.submitted_at, 0}, names_in(family_));
      json_.raw(item);
    }
    json_.close(']');
  }

  std::string& out_;
  JsonWriter json_;
  const Family& family_;
  const order::State& order_;
  const order::Agreement& agreed_;
};

std::string minutes_after_decline(const order::Agreement& agreed) {
  auto minutes = std::chrono::floor<std::chrono::minutes>(agreed.pay_within).count();
  return minutes > 0 ? std::to_string(minutes) + (minutes == 1 ? " minute" : " minutes") : "a quarter of an hour";
}

constexpr std::size_t usual_bytes = 2048; ///< an order of two or three lines

} // namespace

void append_money(std::string& out, Money money) {
  out += "{\"amount\":";
  http::append_number(out, money.amount);
  out += ",\"currency\":\"";
  out += money.currency.code();
  out += "\"}";
}

std::string order_json(const Family& family, const ShownAddress& address, const std::string& pickup_code, const std::optional<OrderId>& same_before) {
  std::string out;
  out.reserve(usual_bytes);
  OrderWriter(out, family).write(address, pickup_code, same_before);
  return out;
}

std::optional<Rejection> decline_of(const Family& family) {
  if (family.order.status != order::Status::submitted)
    return {};
  for (const auto& tender : family.payment.tenders)
    if (tender.status == payment::Status::declined)
      return reject("payment-declined", "The card was declined (" + tender.decline_code + "). Another one may be given within " + minutes_after_decline(family.order.agreement) + ".",
                    {{"/payment/token", "payment-declined", tender.decline_code}});
  return {};
}

} // namespace entrepot::api
