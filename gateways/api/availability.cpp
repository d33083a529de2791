// /v1/availability and /v1/products: what a channel can offer now, delivered and in each store.
#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <mutex>

#include "domain/sourcing/transfer_source.hpp"
#include "domain/stock/distance.hpp"
#include "gateways/api/desk.hpp"
#include "gateways/api/order_json.hpp"
#include "gateways/http/json_writer.hpp"

namespace entrepot::api {
namespace {

constexpr std::size_t max_basket = 100; ///< lines in one question
constexpr std::size_t max_places = 100; ///< stores and warehouses looked at for one question

struct Wanted { Sku sku; std::int32_t quantity = 1; };

/// One question, while the places are asked. The last answer sends it.
struct Asking {
  Shared inside;
  http::Responder responder;
  std::string instance;
  std::shared_ptr<const order::Definitions> definitions;
  std::shared_ptr<const order::Definitions::Channel> channel;
  std::vector<Wanted> wanted;
  std::optional<stock::Point> near;
  Timestamp now;
  std::mutex mutex;
  std::size_t open = 0;
  std::optional<gateway::Fault> fault;
  std::set<LocationCode> sends_nothing;                          ///< today's orders are full, or what lies there is not known
  std::map<LocationCode, std::map<Sku, std::int32_t>> available; ///< by place; of the place's own stock, above its safety stock
};
using AskingPtr = std::shared_ptr<Asking>;

std::vector<std::string_view> parts_of(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t from = 0; from <= text.size();) {
    auto to = std::min(text.find(separator, from), text.size());
    parts.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return parts;
}

/// Reads "MUG-1:2,BOWL-1"; a SKU alone is one unit.
std::optional<std::vector<Wanted>> wanted_from(std::string_view text) {
  std::vector<Wanted> wanted;
  for (auto part : parts_of(text, ',')) {
    auto colon = part.rfind(':');
    auto sku = Sku::from(part.substr(0, colon));
    std::int32_t quantity = 1;
    if (colon != std::string_view::npos) {
      auto digits = part.substr(colon + 1);
      auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), quantity);
      if (error != std::errc{} || end != digits.data() + digits.size())
        return {};
    }
    if (!sku || quantity < 1 || quantity > max_line_quantity || wanted.size() == max_basket)
      return {};
    wanted.push_back({*sku, quantity});
  }
  return wanted;
}

/// Reads "53.80,-1.55".
std::optional<stock::Point> point_from(const std::string& text) {
  auto parts = parts_of(text, ',');
  if (parts.size() != 2)
    return {};
  auto millionths = [](std::string_view part, double most) -> std::optional<std::int32_t> {
    double degrees = 0;
    auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), degrees);
    if (error != std::errc{} || end != part.data() + part.size() || !(degrees >= -most && degrees <= most))
      return {};
    return static_cast<std::int32_t>(degrees * 1e6);
  };
  auto latitude = millionths(parts[0], 90), longitude = millionths(parts[1], 180);
  if (!latitude || !longitude)
    return {};
  return stock::Point{*latitude, *longitude};
}

/// Returns the SKUs of which a place has too few.
std::vector<Sku> short_at(const Asking& asking, const LocationCode& place) {
  std::vector<Sku> missing;
  auto stock = asking.available.find(place);
  std::map<Sku, std::int64_t> sums;
  for (const auto& line : asking.wanted)
    sums[line.sku] += line.quantity;
  for (const auto& [sku, units] : sums) {
    auto row = stock == asking.available.end() ? std::map<Sku, std::int32_t>::const_iterator{} : stock->second.find(sku);
    if (stock == asking.available.end() || row == stock->second.end() || row->second < units)
      missing.push_back(sku);
  }
  return missing;
}

/// Returns the SKUs of which all places together have too few: where places are found by rules, an order may be split.
std::vector<Sku> short_everywhere(const Asking& asking) {
  std::map<Sku, std::int64_t> left;
  for (const auto& line : asking.wanted)
    left[line.sku] += line.quantity;
  for (const auto& [place, rows] : asking.available)
    if (!asking.sends_nothing.contains(place))
      for (auto& [sku, units] : left)
        if (auto row = rows.find(sku); row != rows.end())
          units -= row->second;
  std::vector<Sku> missing;
  for (const auto& [sku, units] : left)
    if (units > 0)
      missing.push_back(sku);
  return missing;
}

/// Returns the SKUs that a place cannot send: those of which it has too few, or all.
std::vector<Sku> short_to_send(const Asking& asking, const LocationCode& place) {
  if (!asking.sends_nothing.contains(place))
    return short_at(asking, place);
  std::set<Sku> all;
  for (const auto& line : asking.wanted)
    all.insert(line.sku);
  return {all.begin(), all.end()};
}

/// Returns how a store gets from elsewhere what it has not got, and from when on it is ready there; nothing: not at all. What an order would come to, as far as is known now.
std::optional<Timestamp> brought_by(const Asking& asking, const stock::Profile& store) {
  const auto& sources = asking.channel->definition.transfer_from;
  if (sources.empty() || asking.wanted.empty())
    return {};
  sourcing::Demand demand{.lines = {}, .since = asking.now, .to_store = store.code};
  for (const auto& line : asking.wanted)
    demand.lines.push_back({static_cast<std::int32_t>(demand.lines.size()) + 1, line.sku, Quantity{line.quantity}, {}, {}});
  std::vector<sourcing::Place> places;
  for (const auto& [code, profile] : asking.definitions->locations) {
    sourcing::Place place{.profile = profile, .available = {}};
    place.is_stale = asking.sends_nothing.contains(code);
    auto rows = asking.available.find(code);
    for (const auto& line : asking.wanted) {
      auto row = rows == asking.available.end() ? std::map<Sku, std::int32_t>::const_iterator{} : rows->second.find(line.sku);
      place.available.push_back(rows == asking.available.end() || row == rows->second.end() ? 0 : row->second);
    }
    places.push_back(std::move(place));
  }
  return sourcing::choose_transfer(demand, sources, places, asking.now).ready_by;
}

void append_short(http::JsonWriter& json, const std::vector<Sku>& missing) {
  json.flag("available", missing.empty()).key("short").open('[');
  for (const auto& sku : missing)
    json.text(sku.text());
  json.close(']');
}

void append_stores(http::JsonWriter& json, const Asking& asking) {
  std::vector<std::pair<std::int64_t, const stock::Profile*>> stores;
  for (const auto& code : asking.channel->definition.pickup_stores)
    if (auto at = asking.definitions->locations.find(code); at != asking.definitions->locations.end())
      stores.emplace_back(asking.near ? stock::metres_between(*asking.near, stock::point_of(*at->second)) : 0, at->second.get());
  std::ranges::stable_sort(stores, {}, [](const auto& store) { return store.first; });
  json.key("stores").open('[');
  for (const auto& [metres, store] : stores) {
    json.open().field("code", store->code.text()).field("name", store->name).key("distance_km");
    if (asking.near)
      json.raw(std::to_string(metres / 1000) + "." + std::to_string(metres % 1000 / 100));
    else
      json.null();
    const auto missing = short_at(asking, store->code);
    const auto brought = missing.empty() ? std::nullopt : brought_by(asking, *store);
    append_short(json, missing);
    json.field("ready_by", to_rfc3339(stock::done_in_opening_hours(*store, asking.now, order::pickup_preparation)));
    json.flag("by_transfer", brought.has_value()).field_or_null("ready_by_transfer", brought ? to_rfc3339(*brought) : std::string()).close();
  }
  json.close(']');
}

void append_delivery(http::JsonWriter& json, std::string& out, const Asking& asking) {
  json.key("delivery").open('[');
  for (const auto& option : asking.channel->definition.delivery) {
    if (option.promise && *option.promise < option.lead)
      continue; // the goods would have had to leave before now
    json.open().field("option", option.code).field("name", option.name).key("charge");
    append_money(out, option.charge);
    json.field_or_null("promise", option.promise ? to_rfc3339(asking.now + *option.promise) : std::string());
    append_short(json, option.ship_from ? short_to_send(asking, option.ship_from) : short_everywhere(asking));
    json.close();
  }
  json.close(']');
}

http::Response answered(const Asking& asking) {
  if (asking.fault)
    return to_response(*asking.fault, asking.instance);
  http::Response response;
  http::JsonWriter json(response.body);
  json.open();
  append_stores(json, asking);
  append_delivery(json, response.body, asking);
  json.close();
  return response;
}

void note(const AskingPtr& asking, const LocationCode& place, gateway::Outcome<gateway::LocationView> outcome) {
  std::lock_guard lock(asking->mutex);
  if (const auto* view = std::get_if<gateway::LocationView>(&outcome)) {
    if (capacity_left(view->profile, view->slots, asking->now) == 0 || is_stale(view->profile, view->sources, asking->now))
      asking->sends_nothing.insert(place);
    for (const auto& [item, row] : view->rows)
      if (auto product = asking->definitions->products.find(item.sku); item.owner == view->profile.owner) {
        auto category = product == asking->definitions->products.end() ? std::string_view{} : std::string_view{product->second->category};
        asking->available[place][item.sku] = available_to_sell(view->profile, item.sku, category, row);
      }
  } else if (const auto* fault = std::get_if<gateway::Fault>(&outcome)) {
    asking->fault = *fault;
  }
  if (--asking->open == 0)
    asking->responder.answer_by([asking] { return answered(*asking); });
}

/// Asks every place that the channel sells from, each once.
void ask(const AskingPtr& asking) {
  const auto& definition = asking->channel->definition;
  std::vector<LocationCode> places(definition.pickup_stores);
  for (const auto& option : definition.delivery)
    if (option.ship_from)
      places.push_back(option.ship_from);
  for (const auto& source : definition.transfer_from)
    if (source.location)
      places.push_back(source.location);
  for (const auto& [code, profile] : asking->definitions->locations)
    if (std::ranges::any_of(definition.transfer_from, [&](const auto& source) { return std::ranges::find(profile->groups, source.group) != profile->groups.end(); }))
      places.push_back(code);
  if (std::ranges::any_of(definition.delivery, [](const auto& option) { return !option.ship_from; }))
    for (const auto& [code, profile] : asking->definitions->locations)
      places.push_back(code);
  std::ranges::sort(places);
  places.erase(std::ranges::unique(places).begin(), places.end());
  places.resize(std::min(places.size(), max_places));
  std::vector<Sku> skus;
  for (const auto& line : asking->wanted)
    skus.push_back(line.sku);
  asking->open = places.size();
  if (places.empty())
    return asking->responder.answer(answered(*asking));
  for (const auto& place : places)
    asking->inside->ports.read_location(place, skus, [asking, place](gateway::Outcome<gateway::LocationView> outcome) { note(asking, place, std::move(outcome)); });
}

void get_availability(const Shared& inside, const Call& call) {
  auto query = query_of(call.request, {"channel", "lines", "near"});
  if (!query)
    return call.refuse(query.error());
  auto asking = std::make_shared<Asking>();
  asking->inside = inside;
  asking->instance = call.instance();
  asking->definitions = inside->ports.definitions();
  asking->now = inside->options.clock();
  for (const auto& [name, value] : *query) {
    if (name == "channel") {
      auto code = ChannelCode::from(value);
      auto at = code ? asking->definitions->channels.find(*code) : asking->definitions->channels.end();
      if (at == asking->definitions->channels.end())
        return call.refuse(parameter_invalid(name, "is no channel."));
      asking->channel = at->second;
    } else if (name == "lines") {
      auto wanted = wanted_from(value);
      if (!wanted)
        return call.refuse(parameter_invalid(name, "is to be SKU:QUANTITY,SKU:QUANTITY with at most " + std::to_string(max_basket) + " lines."));
      asking->wanted = std::move(*wanted);
    } else {
      asking->near = point_from(value);
      if (!asking->near)
        return call.refuse(parameter_invalid(name, "is to be LATITUDE,LONGITUDE in degrees."));
    }
  }
  if (!asking->channel)
    return call.refuse(parameter_invalid("channel", "is missing."));
  if (!call.principal.may_channel(asking->channel->definition.code.text()))
    return call.refuse(reject("out-of-scope", "This key may not ask for that channel."));
  asking->responder = call.responder;
  ask(asking);
}

// ----------------------------------------------------------------------------------------------------------- products

void get_products(const Shared& inside, const Call& call) {
  auto query = query_of(call.request, {"channel", "after"});
  if (!query)
    return call.refuse(query.error());
  auto definitions = inside->ports.definitions();
  const channel::Definition* channel = nullptr;
  std::string after;
  for (const auto& [name, value] : *query) {
    if (name == "after") {
      after = value;
      continue;
    }
    auto code = ChannelCode::from(value);
    auto at = code ? definitions->channels.find(*code) : definitions->channels.end();
    if (at == definitions->channels.end())
      return call.refuse(parameter_invalid(name, "is no channel."));
    channel = &at->second->definition;
  }
  if (!channel)
    return call.refuse(parameter_invalid("channel", "is missing."));
  if (!call.principal.may_channel(channel->code.text()))
    return call.refuse(reject("out-of-scope", "This key may not ask for that channel."));
  std::map<std::string, const product::Definition*> sold;
  for (const auto& [sku, product] : definitions->products)
    if (sku.text() > after && product->prices.contains(channel->price_list))
      sold.emplace(sku.text(), product.get());
  http::Response response;
  http::JsonWriter json(response.body);
  json.open().key("items").open('[');
  std::string last;
  std::size_t count = 0;
  for (const auto& [sku, product] : sold) {
    if (count++ == static_cast<std::size_t>(http::limits::page_items))
      break;
    json.open().field("sku", sku).field("name", product->name).field("category", product->category).key("price");
    append_money(response.body, product->prices.at(channel->price_list));
    json.close();
    last = sku;
  }
  json.close(']').field_or_null("next", count > static_cast<std::size_t>(http::limits::page_items) ? last : std::string()).close();
  call.responder.answer(std::move(response));
}

} // namespace

void add_availability(Desk& desk) {
  using enum http::Role;
  auto inside = desk.inside();
  desk.add(http::Method::get, "/v1/availability", {gateway, staff, admin}, [inside](const Call& call) { get_availability(inside, call); });
  desk.add(http::Method::get, "/v1/products", {gateway, staff, operator_, admin}, [inside](const Call& call) { get_products(inside, call); });
}

} // namespace entrepot::api
