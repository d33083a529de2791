#include "gateways/partners/cloud_event.hpp"

#include <algorithm>
#include <array>

#include "domain/order/places.hpp"
#include "gateways/http/json_writer.hpp"

namespace entrepot::partners {
namespace {

using http::JsonWriter;
using webhook::Publication;

constexpr std::size_t sequence_digits = 10; ///< the extension wants an order of text: with zeros in front

std::string sequence_text(std::int32_t number) {
  auto digits = std::to_string(number);
  return std::string(sequence_digits - std::min(sequence_digits, digits.size()), '0') + digits;
}

std::string uuid_text(CommandId id) {
  constexpr char hex[] = "0123456789abcdef";
  std::string text;
  for (auto half : {id.high, id.low})
    for (int shift = 60; shift >= 0; shift -= 4) {
      if (text.size() == 8 || text.size() == 13 || text.size() == 18 || text.size() == 23)
        text += '-';
      text += hex[(half >> shift) & 15];
    }
  return text;
}

template <class... Told, class Event>
bool is_any_of(const Event& event) {
  return (std::holds_alternative<Told>(event) || ...);
}

/// Writes what an event says beside its order. A field that is here stays: another meaning takes another name of the event.
class DataWriter {
public:
  DataWriter(JsonWriter& json, const Publication& published) : json_(json), published_(published), family_(published.family), agreed_(published.family.order.agreement) {}

  void write() {
    json_.open().field("order", to_text(OrderId{family_.id})).field("channel", agreed_.channel.text()).field_or_null("external_number", agreed_.external_number);
    json_.field_or_null("customer", agreed_.customer.text());
    std::visit(Overload{[&](const order::Event& event) { std::visit([&](const auto& e) { say(e); }, event); },
                        [&](const payment::Event& event) { std::visit([&](const auto& e) { say(e); }, event); },
                        [&](const fulfilment::Event& event) { parcel(event); }, [&](const pickup::Event& event) { bag(event); }, [](const auto&) {}},
               published_.event);
    json_.close();
  }

private:
  void money(std::string_view name, Money amount) { json_.key(name).open().field("amount", amount.amount).field("currency", amount.currency.code()).close(); }

  /// Writes `lines` as `one` does; those that are too many are counted.
  template <class Lines, class One>
  void lines(const Lines& all, One one) {
    json_.key("lines").open('[');
    for (std::size_t i = 0; i < std::min(all.size(), published_lines); ++i)
      one(all[i]);
    json_.close(']').field("lines_left_out", static_cast<std::int64_t>(all.size() - std::min(all.size(), published_lines)));
  }
  void units(const std::vector<order::LineUnits>& of) {
    lines(of, [&](const order::LineUnits& line) {
      auto agreed = std::ranges::find(agreed_.lines, line.line, &order::Line::number);
      json_.open().field("line", line.line).field_or_null("sku", agreed == agreed_.lines.end() ? "" : agreed->sku.text()).field("units", line.units.units()).close();
    });
  }
  void promise() {
    if (agreed_.collection.store)
      json_.key("delivery").null().key("pickup").open().field("store", agreed_.collection.store.text()).field("ready_by", to_rfc3339(ready_by(family_))).close();
    else
      json_.key("delivery")
          .open()
          .field("option", agreed_.delivery.option)
          .field("carrier", agreed_.delivery.carrier)
          .field("ship_from", agreed_.delivery.ship_from.text())
          .field_or_null("promise", agreed_.delivery.promise ? to_rfc3339(*agreed_.delivery.promise) : std::string())
          .close()
          .key("pickup")
          .null();
  }

  void say(const order::Submitted&) {
    if (agreed_.assisted_by)
      json_.field("assisted_by", agreed_.assisted_by.text());
    if (agreed_.origin)
      json_.field("origin", agreed_.origin.text());
    json_.field("workflow", agreed_.workflow).field("ordered_at", to_rfc3339(order::ordered_at(family_.order)));
    money("total", agreed_.total);
    lines(agreed_.lines, [&](const order::Line& line) {
      json_.open().field("line", line.number).field("sku", line.sku.text()).field("quantity", line.quantity.units());
      money("unit_price", line.unit_price);
      money("total", line.total);
      json_.flag("service", line.service).close();
    });
    json_.key("instalments").open('[');
    for (const auto& instalment : agreed_.instalments) {
      json_.open().field("instalment", instalment.number).field("moment", name_of(instalment.moment)).field("method", name_of(instalment.method));
      money("amount", instalment.amount);
      json_.close();
    }
    json_.close(']');
    promise();
  }
  void say(const order::Confirmed&) {
    money("total", agreed_.total);
    promise();
  }
  void say(const order::Rejected& event) { json_.field("code", event.code); }
  void say(const order::CancellationBegun& event) { json_.field("code", event.code); }
  void say(const order::UnitsCancelled& event) {
    json_.field("code", event.code);
    units(event.lines);
  }
  void say(const order::UnitsLost& event) {
    json_.field("code", event.code).flag("sent_again", event.again);
    units(event.lines);
  }
  void say(const order::UnitsReturned& event) {
    json_.field("reference", event.reference);
    units(event.lines);
  }
  void say(const order::CustomerChose& event) {
    const auto& choice = event.choice;
    json_.field("choice", name_of(choice.way)).field_or_null("store", choice.collection.store.text());
    json_.field_or_null("ready_by", choice.collection.store ? to_rfc3339(choice.collection.ready_by) : std::string());
    json_.field_or_null("option", choice.delivery.option).field_or_null("promise", choice.delivery.promise ? to_rfc3339(*choice.delivery.promise) : std::string());
    units(event.lines);
  }
  template <class Plain>
  void say(const Plain&) {} // its name says it all

  template <class OfInstalment>
  void instalment(const OfInstalment& event) {
    json_.field("instalment", event.instalment);
    auto tender = std::ranges::find(family_.payment.tenders, event.instalment, [](const payment::Tender& one) { return one.agreed.number; });
    json_.field_or_null("method", tender == family_.payment.tenders.end() ? "" : name_of(tender->agreed.method));
  }
  template <class WithAmount>
  void sum(const WithAmount& event, const std::string& reference) {
    instalment(event);
    money("amount", event.amount);
    json_.field_or_null("reference", reference);
  }
  void say(const payment::Captured& event) { sum(event, event.reference); }
  void say(const payment::Billed& event) { sum(event, {}); }
  void say(const payment::Reduced& event) { sum(event, {}); }
  void say(const payment::Refunded& event) { sum(event, event.reference); }
  void say(const payment::Credited& event) { sum(event, event.reference); }
  void say(const payment::Voided& event) { instalment(event); }
  void say(const payment::Declined& event) {
    instalment(event);
    json_.field("code", event.code);
  }
  void say(const payment::ActionRequired& event) { instalment(event); } // where it is confirmed is between the customer and the bank
  void say(const payment::ChargedBack& event) { sum(event, event.reference); }
  void say(const payment::Collected& event) { sum(event, event.reference); }
  void say(const payment::PaymentAwaited& event) {
    instalment(event);
    json_.field("until", to_rfc3339(event.until));
  }
  /// `reference`: under which it was taken.
  void say(const payment::RefundDelegated& event) {
    auto tender = std::ranges::find(family_.payment.tenders, event.instalment, [](const payment::Tender& one) { return one.agreed.number; });
    sum(event, tender == family_.payment.tenders.end() ? std::string() : tender->reference);
  }
  void say(const order::PlacedOnHold& event) { json_.field("code", event.code); }
  void say(const order::ReleasedFromHold& event) { json_.field("code", event.code); }
  void say(const payment::RefundFailed& event) {
    instalment(event);
    json_.field("code", event.code);
  }

  void work(std::string_view name, std::string_view prefix, const fulfilment::Work& work) {
    json_.field(name, to_text(prefix, published_.member)).field("location", work.location.text());
    // What went on from here; of work that was dropped, what was asked for.
    auto going = fulfilment::lines_going(work);
    lines(going.empty() ? work.lines : going,
          [&](const fulfilment::Line& line) { json_.open().field("line", line.line).field("sku", line.sku.text()).field("units", line.quantity.units()).close(); });
  }
  void parcel(const fulfilment::Event& event) {
    auto found = family_.fulfilments.find(child_of(published_.member));
    if (found == family_.fulfilments.end())
      return;
    const auto& state = found->second;
    work("fulfilment", "ful_", state);
    if (const auto* rejected = std::get_if<fulfilment::Rejected>(&event))
      json_.field("reason", name_of(rejected->reason));
    if (is_any_of<fulfilment::Shipped, fulfilment::Delivered, fulfilment::Failed, fulfilment::ReturnedToOrigin, fulfilment::Tracked>(event))
      json_.field_or_null("carrier", state.label.tracking.empty() ? order::delivery_of(family_.order).carrier : state.label.carrier).field_or_null("tracking", state.tracking);
    if (const auto* failed = std::get_if<fulfilment::Failed>(&event))
      json_.field("reason", name_of(failed->why));
    if (const auto* tracked = std::get_if<fulfilment::Tracked>(&event))
      json_.field("carrier_says", name_of(tracked->says));
  }
  /// Of a hand-over what left in it; of a bag that came to nothing what lay in it in the end.
  void bag(std::string_view name, const pickup::State& state, const pickup::Event& event) {
    auto in_bag = static_cast<fulfilment::Work>(state);
    const auto came_to_nothing = std::holds_alternative<pickup::NotCollected>(event) || std::holds_alternative<pickup::RefusedByCustomer>(event) || std::holds_alternative<pickup::Cancelled>(event);
    auto keep = [&](auto units_of) {
      for (std::size_t i = 0; i < in_bag.lines.size(); ++i)
        in_bag.dropped[i] = in_bag.lines[i].quantity - units_of(i);
    };
    auto only = [&](const std::vector<pickup::Taken>& taken) {
      keep([&](std::size_t i) {
        auto line = std::ranges::find(taken, in_bag.lines[i].line, &pickup::Taken::line);
        return line == taken.end() ? Quantity{} : line->units;
      });
    };
    if (const auto* whole = std::get_if<pickup::HandedOver>(&event); whole && !whole->taken.empty())
      only(whole->taken);
    else if (const auto* part = std::get_if<pickup::PartHandedOver>(&event))
      only(part->taken);
    else if (came_to_nothing && !state.handed.empty()) // the customer has a part of it
      keep([&](std::size_t i) { return in_bag.lines[i].quantity - handed(state, i); });
    work(name, "pck_", in_bag);
  }
  void bag(const pickup::Event& event) {
    auto found = family_.pickups.find(child_of(published_.member));
    if (found == family_.pickups.end())
      return;
    bag("pickup", found->second, event);
    if (const auto* rejected = std::get_if<pickup::Rejected>(&event))
      json_.field("reason", name_of(rejected->reason));
    if (std::holds_alternative<pickup::Staged>(event) || std::holds_alternative<pickup::CollectionExtended>(event))
      json_.field("collect_until", to_rfc3339(found->second.collect_until));
  }

  JsonWriter& json_;
  const Publication& published_;
  const Family& family_;
  const order::Agreement& agreed_;
};

} // namespace

std::string cloud_event(const Publication& event, std::string_view source) {
  std::string text;
  JsonWriter json(text);
  auto order = to_text(OrderId{event.family.id});
  json.open().field("specversion", "1.0").field("id", event.id).field("source", source).field("type", event.type).field("subject", order);
  json.field("time", to_rfc3339(event.occurred)).field("datacontenttype", "application/json").field("sequence", sequence_text(event.sequence));
  json.field("correlationid", order).field("causationid", uuid_text(event.command)).key("data");
  DataWriter(json, event).write();
  json.close();
  return text;
}

} // namespace entrepot::partners
