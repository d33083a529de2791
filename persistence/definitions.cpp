#include "persistence/definitions.hpp"

#include <atomic>

#include "persistence/codec.hpp"
#include "persistence/pqxx_compat.hpp"
#include "persistence/read_models/tables.hpp"

namespace entrepot {
namespace {

constexpr std::size_t catch_up_page = 1'000; // events read at once

bool may_define(const journal::Record& record) {
  if (!is_named(record.stream))
    return false;
  if (record.event)
    return read_models::is_definition(*record.event);
  return read_models::is_definition(record.type);
}

} // namespace

/// One new definition.
struct DefinitionCache::Change {
  StreamId stream;
  std::int32_t seq = 0;
  std::shared_ptr<const order::Definitions::Channel> channel;
  std::shared_ptr<const product::Definition> product;
  std::shared_ptr<const stock::Profile> location;

  Change(const journal::Record& record, const AnyEvent& event) : stream(record.stream), seq(record.seq) {
    if (auto* of_channel = std::get_if<channel::Event>(&event)) {
      const auto& activated = std::get<channel::Activated>(*of_channel);
      channel = std::make_shared<order::Definitions::Channel>(order::Definitions::Channel{activated.version, activated.definition});
    } else if (auto* of_product = std::get_if<product::Event>(&event)) {
      product = std::make_shared<product::Definition>(std::get<product::Defined>(*of_product).definition);
    } else {
      location = std::make_shared<stock::Profile>(std::get<stock::Defined>(std::get<stock::Event>(event)).profile);
    }
  }

  void enter(order::Definitions& definitions) const {
    if (channel)
      definitions.channels.insert_or_assign(channel->definition.code, channel);
    if (product)
      definitions.products.insert_or_assign(product->sku, product);
    if (location)
      definitions.locations.insert_or_assign(location->code, location);
  }
};

/// A whole set of definitions. Two of them take turns, so that a change costs what changed and not a copy of every product: the one that nobody reads any more
/// is brought up to date and becomes the current one. Only if somebody still reads it a copy is made.
struct DefinitionCache::Edition {
  order::Definitions definitions;
  std::vector<Change> missed;        // what the other one has taken up since
  std::atomic<bool> unread = true;   // set when the last reader has let go
};

DefinitionCache::DefinitionCache() : current_(std::make_shared<order::Definitions>()), in_force_(std::make_shared<Edition>()) {}
DefinitionCache::~DefinitionCache() = default;

std::shared_ptr<const order::Definitions> DefinitionCache::current() const {
  std::lock_guard lock(mutex_);
  return current_;
}

void DefinitionCache::apply(std::span<const journal::Record> records) {
  std::vector<Change> changes;
  for (const auto& record : records)
    if (may_define(record))
      changes.emplace_back(record, record.event ? *record.event : codec::decode(record.type, record.version, record.data));
  if (!changes.empty())
    publish(std::move(changes));
}

void DefinitionCache::publish(std::vector<Change> changes) {
  std::shared_ptr<const order::Definitions> before; // let go of outside the lock: the last reader sets a flag, the last owner frees the memory
  std::lock_guard lock(mutex_);
  std::erase_if(changes, [&](const Change& change) {
    auto& known = newest_[change.stream];
    if (change.seq <= known)
      return true;
    known = change.seq;
    return false;
  });
  if (changes.empty())
    return;
  if (spare_ && spare_->unread.load(std::memory_order_acquire)) {
    for (const auto& change : spare_->missed)
      change.enter(spare_->definitions);
    spare_->missed.clear();
  } else {
    spare_ = std::make_shared<Edition>();
    spare_->definitions = in_force_->definitions;
  }
  for (const auto& change : changes)
    change.enter(spare_->definitions);
  std::swap(spare_, in_force_);
  spare_->missed = std::move(changes);
  in_force_->unread.store(false, std::memory_order_relaxed);
  before = std::exchange(current_, {&in_force_->definitions, [edition = in_force_](const order::Definitions*) { edition->unread.store(true, std::memory_order_release); }});
}

void DefinitionCache::load(const std::string& conninfo, journal::Journal& journal) {
  try {
    pqxx::connection connection(conninfo);
    pqxx::work work(connection);
    sql::script(work, "set transaction isolation level repeatable read, read only"); // tables and checkpoint as of one moment
    std::vector<journal::Record> defined;
    for (const auto& row : work.exec("select stream, seq, type, type_version, data from channel union all select stream, seq, type, type_version, data from product "
                                     "union all select stream, seq, type, type_version, data from location")) {
      journal::Record record;
      record.stream = {row[0].as<std::int64_t>()};
      record.seq = row[1].as<std::int32_t>();
      record.type = row[2].as<std::string>();
      record.version = row[3].as<std::int16_t>();
      record.data = row[4].as<std::string>();
      defined.push_back(std::move(record));
    }
    std::array<std::int64_t, shard_count> behind{};
    for (const auto& row : sql::run(work, "select shard, pos from checkpoint where name = $1", std::string(read_models::checkpoint)))
      behind[row[0].as<std::size_t>()] = row[1].as<std::int64_t>();
    work.commit();
    apply(defined);
    for (int shard = 0; shard < shard_count; ++shard)
      for (auto page = journal.read(shard, behind[static_cast<std::size_t>(shard)], catch_up_page); !page.empty();
           page = journal.read(shard, page.back().pos, catch_up_page))
        apply(page);
  } catch (const pqxx::failure& why) {
    throw journal::Unavailable(why.what());
  }
}

} // namespace entrepot
