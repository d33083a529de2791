#include "tests/persistence/stored_shop.hpp"

namespace entrepot::tests {
namespace {

const Currency gbp = *Currency::from("GBP");
const EntityCode uk = *EntityCode::from("uk");

order::Agreement agreement(int number, const LocationCode& place, const Sku& sku) {
  order::Agreement all;
  all.channel = *ChannelCode::from("web");
  all.channel_version = 1;
  all.organisation = uk;
  all.workflow = "bodah";
  all.external_number = "W-" + std::to_string(number);
  all.lines = {{.number = 1, .sku = sku, .name = "Mug", .quantity = Quantity{2}, .unit_price = {900, gbp}, .total = {1800, gbp}, .category = "home", .tax_class = "standard"},
               {.number = 2, .sku = *Sku::from("std"), .name = "Transport", .quantity = Quantity{1}, .unit_price = {495, gbp}, .total = {495, gbp}, .category = {}, .tax_class = "standard",
                .service = true}};
  all.delivery = {.option = "std", .address = {}, .terms = "DDP", .carrier = "swift", .ship_from = place, .issue_at = instant("2026-03-10T16:00:00Z"), .promise = {}};
  all.instalments = {{.number = 1, .moment = payment::Moment::on_invoice, .method = payment::Method::account, .amount = {2295, gbp}}};
  all.total = {2295, gbp};
  return all;
}

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (char c : text)
    out += c == '\'' ? "''" : std::string(1, c);
  return out + "'";
}

} // namespace

StoredShop::StoredShop() {
  define_everything();
  for (auto family : {confirmed, submitted, refused, taken_back, taking_back, parked})
    submit(family, static_cast<int>(slice_of(family)));
  for (auto family : {confirmed, submitted, taken_back, taking_back, parked})
    hold(family);

  tell(confirmed, child::order, order::Event{order::Confirmed{}});
  at_location(stock::Allocated{{confirmed}, 0});
  tell(confirmed, child::first_fulfilment, fulfilment::Event{fulfilment::Accepted{dc, {{1, mug, Quantity{2}}}, instant("2026-03-10T16:00:00Z")}});
  tell(refused, child::order, order::Event{order::Rejected{"stock-short", "None left.", {}}});
  for (auto family : {taken_back, taking_back}) {
    tell(family, child::order, order::Event{order::Rejected{"no-answer", "The place did not answer.", {}}});
    tell(family, child::process, process::Event{process::CompensationBegun{{0}}});
  }
  at_location(stock::Released{{taken_back}, 0});
  at_location(stock::HoldBarred{{taken_back}, 0, instant("2026-03-10T09:02:00Z")});
  tell(taken_back, child::process, process::Event{process::CompensationEnded{}});
  tell(parked, child::order, order::Event{order::Confirmed{}});
  tell(parked, child::process, process::Event{process::Parked{"the units are allocated to the order", "hold-unknown", "there is no such hold"}});
  tell(at_once, child::order, order::Event{order::Rejected{"product-unknown", "There is no such product.", {}}});

  store_events();
  store_what_stands_beside();
  project();
}

void StoredShop::define_everything() {
  channel::Definition web;
  web.code = *ChannelCode::from("web");
  web.name = "Web";
  web.organisation = uk;
  web.currency = gbp;
  happened.event(stream_of(web.code), channel::Event{channel::Activated{1, web}});
  product::Definition product{.sku = mug, .name = "Mug", .category = "home", .tax_class = "standard", .weight_grams = 350, .prices = {{"retail", {900, gbp}}}};
  happened.event(stream_of(mug), product::Event{product::Defined{product}});
  product.prices["retail"] = {950, gbp};
  happened.event(stream_of(mug), product::Event{product::Defined{product}});
  happened.event(stream_of(*CustomerNumber::from("C-1")), customer::Event{customer::Registered{*CustomerNumber::from("C-1"), {}, "gold", *ChannelCode::from("web")}});
  at_location(stock::Defined{{.code = dc, .name = "DC", .type = stock::Type::warehouse, .owner = uk}});
  at_location(stock::Received{"ASN-1", {{{uk, mug}, 100}}});
}

void StoredShop::submit(StreamId family, int number) { tell(family, child::order, order::Event{order::Submitted{agreement(number, dc, mug)}}); }

void StoredShop::hold(StreamId family) { at_location(stock::Held{{family}, 0, uk, {{1, mug, Quantity{2}}}}); }

void StoredShop::store_events() {
  std::string rows;
  for (std::size_t shard = 0; shard < shard_count; ++shard)
    for (const auto& record : happened.memory.store().shards[shard])
      rows += (rows.empty() ? "(" : ", (") + std::to_string(shard) + ", " + std::to_string(record.pos) + ", " + std::to_string(record.stream.value) + ", " + std::to_string(record.seq) + ", " +
              quoted(record.type) + ", " + std::to_string(record.version) + ", " + quoted(to_rfc3339(record.at)) + ", '00000000-0000-0000-0000-000000000001', " + quoted(record.data) + ")";
  database.connect().script("insert into event (shard, pos, stream, seq, type, version, at, command, data) values " + rows);
}

void StoredShop::store_what_stands_beside() {
  auto row_of = [](StreamId family) { return std::to_string(shard_of(family)) + ", " + std::to_string(family.value); };
  for (auto family : {confirmed, submitted, taking_back})
    database.connect().script("insert into wakeup (shard, stream, due) values (" + row_of(family) + ", '2026-03-10T09:01:00Z')");
  for (auto family : {confirmed, submitted, refused, taken_back, taking_back, parked, at_once})
    database.connect().script("insert into submission (shard, family, pair, body, at, for_ever) values (" + row_of(family) + ", gen_random_uuid(), gen_random_uuid(), '2026-03-10T09:00:00Z', true)");
}

void StoredShop::project() {
  read_models::Projector projector({.conninfo = database.conninfo(), .shards = {}, .pace = std::chrono::milliseconds{0}}, happened.memory);
  projector.start();
  for (int shard = 0; shard < shard_count; ++shard)
    if (!projector.wait_for(shard, static_cast<std::int64_t>(happened.memory.store().shards[static_cast<std::size_t>(shard)].size()), std::chrono::seconds{10}))
      throw std::runtime_error("the projector did not come along");
}

} // namespace entrepot::tests
