#include "persistence/array_text.hpp"
#include "persistence/codecs/work_states.hpp"
#include "persistence/read_models/work_list.hpp"

namespace entrepot::read_models {
namespace {

struct Row {
  std::optional<WorkState> state;
  Timestamp placed_at, updated_at;
  bool changed = false;
};
using Rows = std::map<StreamId, Row>;

std::string_view kind_of(const WorkState& state) { return std::holds_alternative<pickup::State>(state) ? "pickup" : "fulfilment"; }
std::string_view status_of(const WorkState& state) {
  return std::visit([](const auto& one) { return name_of(one.status); }, state);
}

bool begins(const AnyEvent& event) {
  if (const auto* of_fulfilment = std::get_if<fulfilment::Event>(&event))
    return std::holds_alternative<fulfilment::Accepted>(*of_fulfilment) || std::holds_alternative<fulfilment::Offered>(*of_fulfilment);
  const auto* of_pickup = std::get_if<pickup::Event>(&event);
  return of_pickup && std::holds_alternative<pickup::Offered>(*of_pickup);
}

/// Returns the rows that the facts concern: those that begin here, and those read from the table.
Rows rows_of(pqxx::transaction_base& work, std::span<const Fact> facts) {
  Rows rows;
  sql::ArrayText families, children;
  bool any = false;
  for (const auto& fact : facts) {
    if (!std::holds_alternative<fulfilment::Event>(*fact.event) && !std::holds_alternative<pickup::Event>(*fact.event))
      continue;
    if (!rows.try_emplace(fact.stream).second || begins(*fact.event))
      continue;
    any = true;
    families.add(family_of(fact.stream).value);
    children.add(child_of(fact.stream));
  }
  if (!any)
    return rows;
  auto found = sql::run_prepared(work, "read_work", families.text(), children.text());
  for (const auto& row : found) {
    auto& known = rows[member({row[0].template as<std::int64_t>()}, row[1].template as<int>())];
    auto json = nlohmann::json::parse(row[3].c_str());
    if (std::string_view(row[2].c_str()) == "pickup")
      known.state = codec::Json<pickup::State>::read(json);
    else
      known.state = codec::Json<fulfilment::State>::read(json);
    known.placed_at = Timestamp{Duration{row[4].template as<std::int64_t>()}};
  }
  return rows;
}

void write_rows(pqxx::transaction_base& work, const Rows& rows) {
  sql::ArrayText family, child, placed_at, updated_at, is_open_, kind, location, status, data;
  bool any = false;
  for (const auto& [stream, row] : rows) {
    if (!row.changed)
      continue;
    any = true;
    family.add(family_of(stream).value);
    child.add(child_of(stream));
    placed_at.add_time(row.placed_at);
    updated_at.add_time(row.updated_at);
    is_open_.add_text(is_open(*row.state) ? "t" : "f");
    kind.add_text(kind_of(*row.state));
    location.add_text(place_of(*row.state).text());
    status.add_text(status_of(*row.state));
    data.add_text(to_json(*row.state));
  }
  if (any)
    sql::run_prepared(work, "write_work", family.text(), child.text(), placed_at.text(), updated_at.text(), is_open_.text(), kind.text(), location.text(), status.text(), data.text());
}

void write_parked(pqxx::transaction_base& work, std::span<const Fact> facts) {
  std::map<StreamId, const Fact*> newest;
  for (const auto& fact : facts)
    if (const auto* of_process = std::get_if<process::Event>(fact.event.get()))
      if (std::holds_alternative<process::Parked>(*of_process) || std::holds_alternative<process::Resumed>(*of_process))
        newest[family_of(fact.stream)] = &fact;
  sql::ArrayText family, since, step, code, text, gone;
  bool any_parked = false, any_gone = false;
  for (const auto& [stream, fact] : newest) {
    const auto* parked = std::get_if<process::Parked>(&std::get<process::Event>(*fact->event));
    if (!parked) {
      any_gone = true;
      gone.add(stream.value);
      continue;
    }
    any_parked = true;
    family.add(stream.value);
    since.add_time(fact->at);
    step.add_text(parked->step);
    code.add_text(parked->code);
    text.add_text(parked->text);
  }
  if (any_parked)
    sql::run_prepared(work, "park", family.text(), since.text(), step.text(), code.text(), text.text());
  if (any_gone)
    sql::run_prepared(work, "resume", gone.text());
}

} // namespace

void prepare_work_tables(pqxx::connection& connection, const std::string& suffix) {
  connection.prepare("read_work", "select w.family, w.child, w.kind, w.data, (extract(epoch from w.placed_at) * 1000)::bigint from unnest($1::bigint[], $2::smallint[]) as n (family, child) "
                                  "join work_item" + suffix + " w on w.family = n.family and w.child = n.child");
  connection.prepare("write_work", "insert into work_item" + suffix +
                                       " (family, child, placed_at, updated_at, is_open, kind, location, status, data, change) "
                                       "select n.*, nextval('work_change') from unnest($1::bigint[], $2::smallint[], $3::timestamptz[], $4::timestamptz[], $5::boolean[], $6::text[], $7::text[], "
                                       "$8::text[], $9::json[]) as n "
                                       "on conflict (family, child) do update set change = excluded.change, updated_at = excluded.updated_at, is_open = excluded.is_open, "
                                       "status = excluded.status, data = excluded.data");
  connection.prepare("park", "insert into parked_process" + suffix +
                                 " (family, since, step, code, text) select * from unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::text[], $5::text[]) "
                                 "on conflict (family) do update set since = excluded.since, step = excluded.step, code = excluded.code, text = excluded.text");
  connection.prepare("resume", "delete from parked_process" + suffix + " where family = any($1::bigint[])");
}

void write_work(pqxx::transaction_base& work, std::span<const Fact> facts) {
  auto rows = rows_of(work, facts);
  for (const auto& fact : facts) {
    auto row = rows.find(fact.stream);
    if (row == rows.end())
      continue;
    if (begins(*fact.event)) {
      row->second.state.reset(); // fed again after the checkpoint was set back
      row->second.placed_at = fact.at;
    } else if (!row->second.state) {
      continue; // from before these tables were made: a rebuild brings it in
    }
    fold(row->second.state, *fact.event, fact.at);
    row->second.updated_at = fact.at;
    row->second.changed = true;
  }
  write_rows(work, rows);
  write_parked(work, facts);
}

} // namespace entrepot::read_models
