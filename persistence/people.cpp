#include "persistence/people.hpp"

#include <cstring>

#include "persistence/array_text.hpp"
#include "persistence/pqxx_compat.hpp"

namespace entrepot {
namespace {

/// Reads PostgreSQL's "\x..."; nothing unless it is 32 bytes.
std::optional<People::Key> key_from(const char* text) {
  People::Key key{};
  auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  if (std::strlen(text) != 2 + 2 * key.size())
    return {};
  for (std::size_t i = 0; i < key.size(); ++i)
    key[i] = static_cast<std::uint8_t>(value(text[2 + 2 * i]) << 4 | value(text[3 + 2 * i]));
  return key;
}

} // namespace

struct People::Link {
  explicit Link(const std::string& conninfo) : connection(conninfo) {
    connection.prepare("keys", "select person, key from person_key join unnest($1::smallint[], $2::bigint[]) as wanted (shard, person) using (shard, person)");
    pqxx::nontransaction work(connection);
    sql::script(work, "set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set plan_cache_mode = force_generic_plan; set jit = off");
  }
  pqxx::connection connection;
};

People::People(std::string conninfo, Clock clock) : conninfo_(std::move(conninfo)), clock_(std::move(clock)) {}
People::~People() = default;

People::Link& People::link() {
  if (!link_)
    link_ = std::make_unique<Link>(conninfo_);
  return *link_;
}

std::vector<std::optional<People::Key>> People::keys(std::span<const StreamId> people) {
  std::vector<std::optional<Key>> found(people.size());
  std::unordered_map<StreamId, std::vector<std::size_t>> missing;
  std::uint64_t erasures_before = 0;
  auto now = clock_();
  {
    std::lock_guard lock(memory_);
    erasures_before = erasures_;
    for (std::size_t i = 0; i < people.size(); ++i)
      if (auto known = remembered_.find(people[i]); known != remembered_.end() && now < known->second.until)
        found[i] = known->second.key;
      else
        missing[people[i]].push_back(i);
  }
  if (missing.empty())
    return found;
  sql::ArrayText shards, persons;
  for (const auto& [person, places] : missing) {
    shards.add(shard_of(person));
    persons.add(person.value);
  }
  std::vector<std::pair<StreamId, Key>> read;
  {
    std::lock_guard lock(reading_);
    try {
      pqxx::nontransaction work(link().connection);
      for (const auto& row : sql::run_prepared(work, "keys", shards.text(), persons.text()))
        if (auto key = key_from(row[1].c_str()))
          read.emplace_back(StreamId{row[0].as<std::int64_t>()}, *key);
    } catch (const pqxx::failure& why) {
      link_.reset();
      throw journal::Unavailable(why.what());
    }
  }
  std::lock_guard lock(memory_);
  if (remembered_.size() + read.size() > max_remembered_people)
    remembered_.clear();
  for (const auto& [person, key] : read) {
    for (auto place : missing[person])
      found[place] = key;
    if (erasures_ == erasures_before)
      remembered_.insert_or_assign(person, Remembered{key, now + person_key_memory});
  }
  return found;
}

bool People::erase(StreamId person) {
  bool erased = false;
  {
    std::lock_guard lock(reading_);
    try {
      pqxx::nontransaction work(link().connection);
      erased = sql::run(work, "delete from person_key where shard = $1 and person = $2", shard_of(person), person.value).affected_rows() == 1;
    } catch (const pqxx::failure& why) {
      link_.reset();
      throw journal::Unavailable(why.what());
    }
  }
  std::lock_guard lock(memory_);
  ++erasures_;
  remembered_.erase(person);
  return erased;
}

} // namespace entrepot
