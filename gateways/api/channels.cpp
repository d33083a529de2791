// /v1/channels/{code}: how a channel sells. Every PUT that changes something is a new version.
#include "gateways/api/desk.hpp"
#include "gateways/api/idempotency.hpp"

namespace entrepot::api {
namespace {

constexpr std::size_t name_bytes = 200, short_bytes = 64, rows = 200;
constexpr std::int64_t most_seconds_for_money = 3LL * 24 * 3600;
constexpr std::int64_t most_seconds = 10LL * 366 * 24 * 3600; ///< of a promise or lead time: ten years

/// A location that is referred to has to be there; none is the empty one.
LocationCode known_location(const JsonObject& object, const char* key, const order::Definitions& definitions) {
  auto code = object.optional_code<LocationCode>(key);
  if (code && !definitions.locations.contains(code))
    object.refuse(key, "location-unknown", "There is no location " + code.text() + ".");
  return code;
}

channel::DeliveryOption read_option(const JsonObject& row, const order::Definitions& definitions) {
  channel::DeliveryOption option;
  option.code = row.text("code", short_bytes);
  option.name = row.text("name", name_bytes);
  option.charge = row.money("charge");
  if (auto seconds = row.optional_integer("promise_seconds", 0, most_seconds))
    option.promise = std::chrono::seconds{*seconds};
  option.lead = std::chrono::seconds{row.optional_integer("lead_seconds", 0, most_seconds).value_or(0)};
  option.terms = row.optional_text("terms", short_bytes);
  option.carrier = row.optional_text("carrier", short_bytes);
  if (row.has("other_carriers"))
    option.other_carriers = row.texts("other_carriers", 0, channel::max_carriers);
  option.ship_from = known_location(row, "ship_from", definitions);
  return option;
}

payment::Share read_share(const JsonObject& row) {
  payment::Share share;
  share.moment = static_cast<payment::Moment>(row.one_of("moment", {"on_order", "on_issue", "on_invoice"}));
  share.method = static_cast<payment::Method>(row.one_of("method", {"card", "account", "collected", "till"}));
  share.percent = static_cast<std::int32_t>(row.integer("percent", 1, 100));
  share.round_up_to = row.optional_integer("round_up_to", 0, http::limits::unit_price - 1).value_or(0);
  return share;
}

channel::PaymentRule read_rule(const JsonObject& row) {
  channel::PaymentRule rule;
  rule.level = row.optional_text("level", short_bytes);
  rule.category = row.optional_text("category", short_bytes);
  rule.from = row.optional_time("from");
  rule.to = row.optional_time("to");
  for (const auto& share : row.objects("shares", 1, 10))
    rule.shares.push_back(read_share(share));
  return rule;
}

sourcing::Rule read_sourcing_rule(const JsonObject& row) {
  sourcing::Rule rule;
  rule.name = row.text("name", short_bytes);
  if (row.has("groups"))
    rule.groups = row.texts("groups", 0, stock::max_groups);
  if (auto km = row.optional_integer("within_km", 1, 20'100))
    rule.within_km = static_cast<std::int32_t>(*km);
  rule.open_now = row.has("open_now") && row.truth("open_now");
  rule.own_stock = row.has("own_stock") && row.truth("own_stock");
  rule.keep_back = static_cast<std::int32_t>(row.optional_integer("keep_back", 0, stock::max_safety_stock).value_or(0));
  if (row.has("sort"))
    for (const auto& word : row.texts("sort", 0, 5)) {
      auto sort = sourcing::sort_from(word);
      if (!sort)
        row.refuse("sort", "value-unknown", "Places are sorted by cost, distance, promise, balance and ageing_stock.");
      rule.sort.push_back(sort.value_or(sourcing::Sort::distance));
    }
  rule.first_come = row.has("first_come") && row.truth("first_come");
  rule.least_part = row.optional_integer("least_part", 0, http::limits::unit_price - 1).value_or(0);
  rule.most_parts = static_cast<std::int32_t>(row.optional_integer("most_parts", 1, sourcing::max_parts).value_or(rule.most_parts));
  rule.otherwise = static_cast<sourcing::After>(row.one_of("otherwise", {"next_rule", "split", "wait", "back_order", "cancel"}, 0));
  rule.patience = std::chrono::seconds{row.optional_integer("patience_seconds", 0, most_seconds).value_or(0)};
  return rule;
}

std::vector<sourcing::TransferSource> read_transfer_sources(const JsonObject& root, const order::Definitions& definitions) {
  std::vector<sourcing::TransferSource> sources;
  for (const auto& row : root.objects("transfer_from", 1, sourcing::max_transfer_sources)) {
    sourcing::TransferSource source;
    if (row.has("location"))
      source.location = row.code<LocationCode>("location");
    if (source.location && !definitions.locations.contains(source.location))
      row.refuse("location", "location-unknown", "There is no location " + source.location.text() + ".");
    source.group = row.optional_text("group", stock::max_group_bytes);
    source.transit = std::chrono::seconds{row.integer("transit_seconds", 0, std::chrono::seconds{sourcing::max_transit}.count())};
    sources.push_back(std::move(source));
  }
  return sources;
}

sourcing::Routing read_sourcing(const JsonObject& object) {
  sourcing::Routing routing;
  for (const auto& row : object.objects("rules", 1, sourcing::max_rules))
    routing.rules.push_back(read_sourcing_rule(row));
  routing.most_attempts = static_cast<std::int32_t>(object.optional_integer("most_attempts", 1, sourcing::max_attempts).value_or(routing.most_attempts));
  return routing;
}

bool truth_or_no(const JsonObject& object, const char* key) { return object.has(key) && object.truth(key); }

channel::Terms read_terms(const JsonObject& object) {
  channel::Terms terms;
  terms.external_number_required = truth_or_no(object, "external_number_required");
  terms.masked_emails = truth_or_no(object, "masked_emails");
  terms.customer_required = truth_or_no(object, "customer_required");
  terms.pay_later = truth_or_no(object, "pay_later");
  terms.pay_within = std::chrono::seconds{object.optional_integer("pay_within_seconds", 1, most_seconds_for_money).value_or(0)};
  terms.price_exception_percent = static_cast<std::int32_t>(object.optional_integer("price_exception_percent", 0, 100).value_or(0));
  terms.larger_exceptions_wait = truth_or_no(object, "larger_exceptions_wait");
  terms.pickup_days_ahead = static_cast<std::int32_t>(object.optional_integer("pickup_days_ahead", 0, channel::most_pickup_days).value_or(0));
  terms.pickup_time_required = truth_or_no(object, "pickup_time_required");
  terms.warns_of_repeats = truth_or_no(object, "warns_of_repeats");
  return terms;
}

Result<channel::Definition> read_channel(JsonDocument& body, ChannelCode code, const Principal& principal, const order::Definitions& definitions) {
  JsonReader reader(body);
  auto root = reader.root();
  channel::Definition channel;
  channel.code = std::move(code);
  channel.name = root.text("name", name_bytes);
  channel.organisation = root.code<EntityCode>("organisation");
  if (channel.organisation && !principal.may_entity(channel.organisation.text()))
    root.refuse("organisation", "out-of-scope", "This key may not define channels of " + channel.organisation.text() + ".");
  channel.currency = root.currency("currency");
  channel.price_list = root.text("price_list", short_bytes);
  channel.workflows = root.texts("workflows", 1, 20);
  for (const auto& row : root.objects("delivery", 0, rows))
    channel.delivery.push_back(read_option(row, definitions));
  for (const auto& row : root.objects("payment", 1, rows))
    channel.payment.push_back(read_rule(row));
  channel.pickup_stores = root.codes<LocationCode>("pickup_stores", rows);
  for (std::size_t i = 0; i < channel.pickup_stores.size(); ++i)
    if (!definitions.locations.contains(channel.pickup_stores[i]))
      root.refuse("pickup_stores", "location-unknown", "There is no location " + channel.pickup_stores[i].text() + ".");
  channel.tax_class_of_services = root.optional_text("tax_class_of_services", short_bytes);
  channel.prices_as_told = root.one_of("prices", {"list", "told"}, 0) == 1;
  channel.country = root.optional_text("country", 2);
  if (root.has("transfer_from"))
    channel.transfer_from = read_transfer_sources(root, definitions);
  if (auto sourcing = root.optional_object("sourcing"))
    channel.sourcing = read_sourcing(*sourcing);
  if (auto terms = root.optional_object("terms"))
    channel.terms = read_terms(*terms);
  if (auto wrong = reader.faults())
    return std::move(*wrong);
  return channel;
}

void put_channel(const Shared& inside, const Call& call) {
  auto code = path_code<ChannelCode>(call.request, "code", "channel-unknown", "No channel can have such a code.");
  if (!code)
    return call.refuse(code.error());
  if (!call.principal.may_channel(code->text()))
    return call.refuse(reject("out-of-scope", "This key may not define the channel " + code->text() + "."));
  auto id = request_command(call.request, call.principal.key_id, inside->options.random);
  if (!id)
    return call.refuse(id.error());
  auto body = json_body(call.request);
  if (!body)
    return call.refuse(body.error());
  auto channel = read_channel(*body, *code, call.principal, *inside->ports.definitions());
  if (!channel)
    return call.refuse(channel.error());
  inside->ports.command(stream_of(*code), AnyCommand{channel::Command{channel::Activate{std::move(*channel)}}}, *id, call.origin(), {},
                        answer_version(call, [code = *code](std::int64_t version) { return code_and_version("code", code.text(), version); }));
}

} // namespace

void add_channels(Desk& desk) {
  auto inside = desk.inside();
  desk.add(http::Method::put, "/v1/channels/{code}", {http::Role::admin}, [inside](const Call& call) { put_channel(inside, call); });
}

} // namespace entrepot::api
