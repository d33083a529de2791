#include "persistence/read_models/tables.hpp"

#include <algorithm>
#include <map>

#include "persistence/array_text.hpp"
#include "persistence/codec.hpp"
#include "persistence/read_models/order_list.hpp"
#include "persistence/read_models/work_list.hpp"

namespace entrepot::read_models {
namespace {

std::string insert_orders(const std::string& suffix) { // a row that is there already is one fed again after its checkpoint was set back
  return "insert into order_list" + suffix +
         " (family, submitted_at, updated_at, total, pos, shard, currency, status, id, channel, external_number, customer) "
         "select * from unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[], $4::bigint[], $5::bigint[], $6::smallint[], $7::text[], $8::text[], $9::text[], $10::text[], "
         "$11::text[], $12::text[]) on conflict (family) do update set updated_at = excluded.updated_at, pos = excluded.pos, status = excluded.status";
}

std::string update_orders(const std::string& suffix) {
  return "update order_list" + suffix +
         " as o set status = case when n.only_confirmed and o.status <> 'confirmed' then o.status else n.status end, updated_at = n.at, pos = n.pos "
         "from unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::bigint[], $5::boolean[]) as n (family, status, at, pos, only_confirmed) where o.family = n.family";
}

std::string upsert_definitions(const std::string& table) {
  return "insert into " + table +
         " as t (code, stream, seq, at, type, type_version, data) "
         "select * from unnest($1::text[], $2::bigint[], $3::integer[], $4::timestamptz[], $5::text[], $6::smallint[], $7::json[]) "
         "on conflict (code) do update set stream = excluded.stream, seq = excluded.seq, at = excluded.at, type = excluded.type, type_version = excluded.type_version, "
         "data = excluded.data where t.seq < excluded.seq";
}

} // namespace

pqxx::connection& pin_plans(pqxx::connection& connection) {
  pqxx::nontransaction work(connection);
  sql::script(work, "set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set enable_bitmapscan = off; "
                    "set plan_cache_mode = force_generic_plan; set jit = off; set synchronous_commit = off");
  return connection;
}

std::vector<std::string> tables_of(Model model) {
  if (model == Model::order_list)
    return {"order_list"};
  if (model == Model::work)
    return {"work_item", "parked_process", "transfer_item"};
  return {"channel", "product", "location"};
}

Tables::Tables(pqxx::connection& connection, std::vector<Model> models, std::string suffix) : models_(std::move(models)) {
  if (has(Model::order_list)) {
    connection.prepare("insert_orders", insert_orders(suffix));
    connection.prepare("update_orders", update_orders(suffix));
  }
  if (has(Model::work)) {
    prepare_work_tables(connection, suffix);
    prepare_transfer_tables(connection, suffix);
  }
  if (has(Model::definitions))
    for (const auto& table : tables_of(Model::definitions))
      connection.prepare("define_" + table, upsert_definitions(table + suffix));
}

bool Tables::has(Model model) const { return std::ranges::find(models_, model) != models_.end(); }

void Tables::write(pqxx::transaction_base& work, std::span<const Fact> facts) {
  if (has(Model::order_list))
    write_orders(work, facts);
  if (has(Model::definitions))
    write_definitions(work, facts);
  if (has(Model::work)) {
    write_work(work, facts);
    write_transfers(work, facts);
  }
}

void Tables::write_orders(pqxx::transaction_base& work, std::span<const Fact> facts) {
  OrderListChanges changes;
  for (const auto& fact : facts)
    changes.add(fact);
  sql::ArrayText family, submitted_at, updated_at, total, pos, shard, currency, status, id, channel, external_number, customer;
  sql::ArrayText old_family, old_status, old_at, old_pos, only_confirmed;
  std::size_t inserts = 0, updates = 0;
  for (const auto& [stream, change] : changes.by_family()) {
    const auto* agreement = change.submitted.agreement;
    if (!agreement) {
      ++updates;
      old_family.add(stream.value);
      old_status.add_text(order::name_of(change.status));
      old_at.add_time(change.at);
      old_pos.add(change.pos);
      only_confirmed.add_text(change.only_confirmed ? "t" : "f");
      continue;
    }
    ++inserts;
    family.add(stream.value);
    submitted_at.add_time(change.submitted.at);
    updated_at.add_time(change.at);
    total.add(agreement->total.amount);
    pos.add(change.pos);
    shard.add(shard_of(stream));
    currency.add_text(agreement->total.currency.code());
    status.add_text(order::name_of(change.status));
    id.add_text(to_text(OrderId{stream}));
    channel.add_text(agreement->channel.text());
    external_number.add_text_or_null(agreement->external_number);
    customer.add_text_or_null(agreement->customer.text());
  }
  if (inserts)
    sql::run_prepared(work, "insert_orders", family.text(), submitted_at.text(), updated_at.text(), total.text(), pos.text(), shard.text(), currency.text(), status.text(),
                      id.text(), channel.text(), external_number.text(), customer.text());
  if (updates)
    sql::run_prepared(work, "update_orders", old_family.text(), old_status.text(), old_at.text(), old_pos.text(), only_confirmed.text());
}

void Tables::write_definitions(pqxx::transaction_base& work, std::span<const Fact> facts) {
  std::map<std::string, std::map<std::string, const Fact*>> newest; // by table and code
  for (const auto& fact : facts) {
    if (auto* of_channel = std::get_if<channel::Event>(fact.event.get()))
      newest["channel"][std::get<channel::Activated>(*of_channel).definition.code.text()] = &fact;
    else if (auto* of_product = std::get_if<product::Event>(fact.event.get()))
      newest["product"][std::get<product::Defined>(*of_product).definition.sku.text()] = &fact;
    else if (auto* of_location = std::get_if<stock::Event>(fact.event.get()); of_location && is_definition(*fact.event))
      newest["location"][std::get<stock::Defined>(*of_location).profile.code.text()] = &fact;
  }
  for (const auto& [table, rows] : newest) {
    sql::ArrayText code, stream, seq, at, type, version, data;
    for (const auto& [name, fact] : rows) {
      auto encoded = codec::encode(*fact->event);
      code.add_text(name);
      stream.add(fact->stream.value);
      seq.add(fact->seq);
      at.add_time(fact->at);
      type.add_text(encoded.type);
      version.add(encoded.version);
      data.add_text(encoded.data);
    }
    sql::run_prepared(work, "define_" + table, code.text(), stream.text(), seq.text(), at.text(), type.text(), version.text(), data.text());
  }
}

} // namespace entrepot::read_models
