#include "persistence/array_text.hpp"
#include "persistence/codecs/transfer_state.hpp"
#include "persistence/read_models/work_list.hpp"

namespace entrepot::read_models {
namespace {

struct Row {
  transfer::State state;
  Timestamp placed_at, updated_at;
  bool known = false, changed = false;
};
using Rows = std::map<StreamId, Row>;

bool begins(const transfer::Event& event) { return std::holds_alternative<transfer::Requested>(event) || std::holds_alternative<transfer::Planned>(event); }

/// Returns the rows that the facts concern: those that begin here, and those read from the table.
Rows rows_of(pqxx::transaction_base& work, std::span<const Fact> facts) {
  Rows rows;
  sql::ArrayText families, children;
  bool any = false;
  for (const auto& fact : facts) {
    const auto* event = std::get_if<transfer::Event>(fact.event.get());
    if (!event || !rows.try_emplace(fact.stream).second || begins(*event))
      continue;
    any = true;
    families.add(family_of(fact.stream).value);
    children.add(child_of(fact.stream));
  }
  if (!any)
    return rows;
  for (const auto& row : sql::run_prepared(work, "read_transfers", families.text(), children.text())) {
    auto& known = rows[member({row[0].template as<std::int64_t>()}, row[1].template as<int>())];
    known.state = codec::Json<transfer::State>::read(nlohmann::json::parse(row[2].c_str()));
    known.placed_at = Timestamp{Duration{row[3].template as<std::int64_t>()}};
    known.known = true;
  }
  return rows;
}

void write_rows(pqxx::transaction_base& work, const Rows& rows) {
  sql::ArrayText family, child, placed_at, updated_at, is_open, source, destination, data;
  bool any = false;
  for (const auto& [stream, row] : rows) {
    if (!row.changed)
      continue;
    any = true;
    family.add(family_of(stream).value);
    child.add(child_of(stream));
    placed_at.add_time(row.placed_at);
    updated_at.add_time(row.updated_at);
    is_open.add_text(transfer::is_terminal(row.state.status) ? "f" : "t");
    source.add_text(row.state.from.text());
    destination.add_text(row.state.to.text());
    std::string json;
    codec::Json<transfer::State>::write(json, row.state);
    data.add_text(json);
  }
  if (any)
    sql::run_prepared(work, "write_transfers", family.text(), child.text(), placed_at.text(), updated_at.text(), is_open.text(), source.text(), destination.text(), data.text());
}

} // namespace

void prepare_transfer_tables(pqxx::connection& connection, const std::string& suffix) {
  connection.prepare("read_transfers", "select t.family, t.child, t.data, (extract(epoch from t.placed_at) * 1000)::bigint from unnest($1::bigint[], $2::smallint[]) as n (family, child) "
                                       "join transfer_item" + suffix + " t on t.family = n.family and t.child = n.child");
  connection.prepare("write_transfers", "insert into transfer_item" + suffix +
                                            " (family, child, placed_at, updated_at, is_open, source, destination, data) "
                                            "select * from unnest($1::bigint[], $2::smallint[], $3::timestamptz[], $4::timestamptz[], $5::boolean[], $6::text[], $7::text[], $8::json[]) "
                                            "on conflict (family, child) do update set updated_at = excluded.updated_at, is_open = excluded.is_open, data = excluded.data");
}

void write_transfers(pqxx::transaction_base& work, std::span<const Fact> facts) {
  auto rows = rows_of(work, facts);
  for (const auto& fact : facts) {
    const auto* event = std::get_if<transfer::Event>(fact.event.get());
    if (!event)
      continue;
    auto& row = rows.at(fact.stream);
    if (begins(*event)) {
      row = Row{.state = {}, .placed_at = fact.at, .updated_at = fact.at, .known = true}; // also fed again, after the checkpoint was set back
    } else if (!row.known) {
      continue; // from before this table was made: a rebuild brings it in
    }
    transfer::evolve(row.state, *event, fact.at);
    row.updated_at = fact.at;
    row.changed = true;
  }
  write_rows(work, rows);
}

} // namespace entrepot::read_models
