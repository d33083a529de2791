#include "persistence/read_models/work_list.hpp"

#include "persistence/array_text.hpp"
#include "persistence/codecs/transfer_state.hpp"
#include "persistence/codecs/work_states.hpp"
#include "persistence/journal.hpp"
#include "persistence/read_models/tables.hpp"

namespace entrepot::read_models {
namespace {

template <class State>
WorkState state_from(const std::string& data) {
  return codec::Json<State>::read(nlohmann::json::parse(data));
}

template <class Row>
WorkItem item_from(const Row& row) {
  auto family = StreamId{row[0].template as<std::int64_t>()};
  auto data = std::string(row[3].c_str());
  auto state = std::string_view(row[2].c_str()) == "pickup" ? state_from<pickup::State>(data) : state_from<fulfilment::State>(data);
  auto instant = [](std::int64_t millis) { return Timestamp{Duration{millis}}; };
  return {member(family, row[1].template as<int>()), std::move(state), instant(row[4].template as<std::int64_t>()), instant(row[5].template as<std::int64_t>()),
          row[6].template as<std::int64_t>()};
}

const std::string columns = "select family, child, kind, data, (extract(epoch from placed_at) * 1000)::bigint, (extract(epoch from updated_at) * 1000)::bigint, change from work_item ";

} // namespace

bool is_open(const WorkState& state) {
  return std::visit([](const auto& one) { return !is_terminal(one.status) || one.put_back; }, state);
}

const LocationCode& place_of(const WorkState& state) {
  return std::visit([](const auto& one) -> const LocationCode& { return one.location; }, state);
}

void fold(std::optional<WorkState>& state, const AnyEvent& event, Timestamp at) {
  if (const auto* of_fulfilment = std::get_if<fulfilment::Event>(&event)) {
    if (!state)
      state = fulfilment::State{};
    fulfilment::evolve(std::get<fulfilment::State>(*state), *of_fulfilment, at);
  } else if (const auto* of_pickup = std::get_if<pickup::Event>(&event)) {
    if (!state)
      state = pickup::State{};
    pickup::evolve(std::get<pickup::State>(*state), *of_pickup, at);
  }
}

std::string to_json(const WorkState& state) {
  std::string out;
  std::visit([&](const auto& one) { codec::Json<std::decay_t<decltype(one)>>::write(out, one); }, state);
  return out;
}

struct WorkList::Connection {
  explicit Connection(const std::string& conninfo) : link(conninfo) {
    pin_plans(link);
    auto limit = std::to_string(max_work_page);
    link.prepare("newest_change", "select coalesce((select change from work_item where location = $1 order by change desc limit 1), 0)");
    link.prepare("board", columns + "where location = $1 and kind = $2 and is_open order by placed_at limit " + limit);
    link.prepare("changed", columns + "where location = $1 and change > $2 order by change limit " + limit);
    link.prepare("transfers", "select family, child, data, (extract(epoch from placed_at) * 1000)::bigint from transfer_item where is_open and (source = $1 or destination = $1) "
                              "order by placed_at limit " + limit);
    link.prepare("parked", "select family, (extract(epoch from since) * 1000)::bigint, step, code, text from parked_process order by since, family limit " + limit);
  }
  pqxx::connection link;
};

WorkList::WorkList(std::string conninfo) : conninfo_(std::move(conninfo)) {}
WorkList::~WorkList() = default;

template <class Work>
auto WorkList::run(Work work) {
  std::lock_guard lock(mutex_);
  try {
    if (!connection_)
      connection_ = std::make_unique<Connection>(conninfo_);
    pqxx::nontransaction transaction(connection_->link);
    return work(transaction);
  } catch (const pqxx::failure& why) {
    connection_.reset();
    throw journal::Unavailable(why.what());
  }
}

/// The newest change is read before the rows: what changes between the two is shown twice, never missed.
WorkList::Board WorkList::open_at(const LocationCode& place, const std::string& kind) {
  return run([&](pqxx::transaction_base& work) {
    Board board;
    auto newest = sql::run_prepared(work, "newest_change", place.text());
    board.as_of = newest[0][0].as<std::int64_t>();
    auto rows = sql::run_prepared(work, "board", place.text(), kind);
    for (const auto& row : rows)
      board.items.push_back(item_from(row));
    return board;
  });
}

std::vector<WorkItem> WorkList::changed(const LocationCode& place, std::int64_t after) {
  return run([&](pqxx::transaction_base& work) {
    std::vector<WorkItem> items;
    auto rows = sql::run_prepared(work, "changed", place.text(), after);
    for (const auto& row : rows)
      items.push_back(item_from(row));
    return items;
  });
}

std::vector<TransferItem> WorkList::transfers(const LocationCode& place) {
  return run([&](pqxx::transaction_base& work) {
    std::vector<TransferItem> items;
    auto rows = sql::run_prepared(work, "transfers", place.text());
    for (const auto& row : rows)
      items.push_back({member({row[0].template as<std::int64_t>()}, row[1].template as<int>()), codec::Json<transfer::State>::read(nlohmann::json::parse(row[2].c_str())),
                       Timestamp{Duration{row[3].template as<std::int64_t>()}}});
    return items;
  });
}

std::vector<ParkedRow> WorkList::parked() {
  return run([&](pqxx::transaction_base& work) {
    std::vector<ParkedRow> rows;
    auto found = sql::run_prepared(work, "parked");
    for (const auto& row : found)
      rows.push_back({{row[0].template as<std::int64_t>()}, Timestamp{Duration{row[1].template as<std::int64_t>()}}, {row[2].c_str(), row[3].c_str(), row[4].c_str()}});
    return rows;
  });
}

} // namespace entrepot::read_models
