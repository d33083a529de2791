#include "gateways/api/work_json.hpp"

#include <algorithm>

#include "gateways/http/json_writer.hpp"

namespace entrepot::api {
namespace {

using http::JsonWriter;

std::optional<StreamId> work_from(std::string_view prefix, std::string_view id) {
  auto stream = stream_from_text(prefix, id);
  if (!stream || is_named(*stream) || child_of(*stream) < child::first_fulfilment || child_of(*stream) > child::last_fulfilment)
    return {};
  return stream;
}

std::string instant(const std::optional<Timestamp>& at) { return at ? to_rfc3339(*at) : std::string(); }

Quantity handed_of(const fulfilment::State&, std::size_t) { return {}; }
Quantity handed_of(const pickup::State& state, std::size_t index) { return handed(state, index); }

template <class State>
void append_lines(JsonWriter& json, const State& work, const NameOf& name_of) {
  json.key("lines").open('[');
  for (std::size_t i = 0; i < work.lines.size(); ++i) {
    const auto& line = work.lines[i];
    json.open().field("line", line.line).field("sku", line.sku.text()).field("name", name_of(line.sku)).field("quantity", line.quantity.units());
    json.field("found", going(work, i).units()).field("handed_over", handed_of(work, i).units()).close();
  }
  json.close(']');
}

std::string_view name_of_status(const fulfilment::State& state) { return fulfilment::name_of(state.status); }
std::string_view name_of_status(const pickup::State& state) { return pickup::name_of(state.status); }

void append_work(JsonWriter& json, const fulfilment::Work& work) {
  json.field("location", work.location.text()).field("due", to_rfc3339(work.due)).field_or_null("offer_until", instant(work.offer_until));
  auto dropped = std::ranges::any_of(work.dropped, [](Quantity units) { return static_cast<bool>(units); });
  json.field_or_null("why_dropped", dropped ? fulfilment::name_of(work.why_dropped) : std::string_view());
  json.flag("put_back", work.put_back).field("escalated", work.escalated);
}

/// The carrier's label for the parcels as they are packed; null: none was asked for.
void append_label(JsonWriter& json, const fulfilment::Label& label) {
  json.key("label");
  if (label.key.empty()) {
    json.null();
    return;
  }
  auto status = fulfilment::is_awaited(label) ? "awaited" : label.tracking.empty() ? "failed" : "ready";
  json.open().field("status", status).field_or_null("carrier", label.carrier).field_or_null("tracking", label.tracking).field_or_null("document", label.document).field_or_null("code", label.code).close();
}

void append_state(JsonWriter& json, const fulfilment::State& state) {
  append_work(json, state);
  json.key("collect_until").null().key("bin").null().key("bay").null().key("car").null().key("arrived_at").null().key("staged_at").null().key("tries_left").null();
  json.flag("stop_asked", state.status == fulfilment::Status::packed && state.stop_until && !state.stop_refused).field_or_null("stop_until", instant(state.stop_until));
  json.key("parcels").open('[');
  for (const auto& parcel : state.parcels)
    json.open().field("weight_grams", parcel.weight_grams).close();
  json.close(']').field_or_null("tracking", state.tracking);
  append_label(json, state.label);
  json.field_or_null("carrier_says", state.carrier_says == fulfilment::Tracking::unknown ? std::string_view() : name_of(state.carrier_says));
  json.field_or_null("loss", state.loss ? name_of(*state.loss) : std::string_view()).field_or_null("wave", state.wave);
}

void append_state(JsonWriter& json, const pickup::State& state) {
  append_work(json, state);
  json.field_or_null("collect_until", state.was_staged ? to_rfc3339(state.collect_until) : std::string()).field_or_null("bin", state.bin).field_or_null("bay", state.bay);
  json.field_or_null("car", state.car).field_or_null("arrived_at", state.status == pickup::Status::arrived ? to_rfc3339(state.arrived_at) : std::string());
  json.field_or_null("staged_at", state.was_staged ? to_rfc3339(state.staged_at) : std::string());
  json.field("tries_left", std::max(pickup::max_wrong_codes - state.wrong_codes, 0)).flag("extended", state.extended);
  json.flag("stop_asked", false).key("stop_until").null().key("parcels").open('[').close(']').key("tracking").null().key("label").null();
  json.key("carrier_says").null().key("loss").null().key("wave").null();
}

/// The transfer that brings, or brought, the goods of a pickup; empty: they lay there.
std::string brought_by(StreamId, const fulfilment::State&) { return {}; }
std::string brought_by(StreamId stream, const pickup::State& state) { return state.from_elsewhere ? transfer_id(member(stream, child::transfer_of(child_of(stream)))) : std::string(); }

} // namespace

std::string id_of(const gateway::WorkItem& item) { return to_text(std::holds_alternative<pickup::State>(item.state) ? "pck_" : "ful_", item.stream); }
std::optional<StreamId> fulfilment_from(std::string_view id) { return work_from("ful_", id); }
std::optional<StreamId> pickup_from(std::string_view id) { return work_from("pck_", id); }

void append_work_item(std::string& out, const gateway::WorkItem& item, const NameOf& name_of, std::optional<AsOf> as_of) {
  JsonWriter json(out);
  json.open().field("id", id_of(item)).field("kind", std::holds_alternative<pickup::State>(item.state) ? "pickup" : "fulfilment");
  json.field("order", to_text(OrderId{family_of(item.stream)}));
  std::visit(
      [&](const auto& state) {
        json.field("status", name_of_status(state)).field("placed_at", to_rfc3339(item.placed_at));
        append_state(json, state);
        json.field_or_null("transfer", brought_by(item.stream, state));
        append_lines(json, state, name_of);
      },
      item.state);
  if (as_of)
    json.field(as_of->name, as_of->number);
  json.close();
}

std::optional<gateway::WorkItem> item_in(const Family& family, StreamId member) {
  auto placed_at = family.order.submitted_at;
  if (auto found = family.pickups.find(child_of(member)); found != family.pickups.end())
    return gateway::WorkItem{member, found->second, placed_at, 0};
  if (auto found = family.fulfilments.find(child_of(member)); found != family.fulfilments.end())
    return gateway::WorkItem{member, found->second, placed_at, 0};
  return {};
}

NameOf names_in(const Family& family) {
  return [&family](const Sku& sku) {
    auto line = std::ranges::find(family.order.agreement.lines, sku, &order::Line::sku);
    return line == family.order.agreement.lines.end() ? sku.text() : line->name;
  };
}

NameOf names_in(std::shared_ptr<const order::Definitions> definitions) {
  return [definitions = std::move(definitions)](const Sku& sku) {
    auto product = definitions->products.find(sku);
    return product == definitions->products.end() ? sku.text() : product->second->name;
  };
}

} // namespace entrepot::api
