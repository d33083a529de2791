#include "persistence/postgres/append.hpp"

#include <map>

#include "domain/check.hpp"

namespace entrepot::journal::postgres {
namespace {

constexpr const char* name = "append";

// Every writing part joins the fence: if the lane's row does not match, nothing at all is written. FOR SHARE makes a fence wait for the append under way
// (KEY SHARE would not) and leaves no dead row behind (an UPDATE would). Statements of one lane follow each other on one connection, so no two ever
// share the row.
constexpr const char* sql = R"(
with fence as materialized (
  select from lane where incarnation = $1 and lane = $2 and epoch = $3 and not fenced for share
), stored as (
  insert into event (shard, pos, stream, seq, type, version, at, command, causation, metadata, data)
  select e.* from fence cross join unnest($4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) as e
), woken as (
  insert into wakeup (shard, stream, due)
  select w.* from fence cross join unnest($15, $16, $17) as w
  on conflict (shard, stream) do update set due = excluded.due where wakeup.due <> excluded.due
), asleep as (
  delete from wakeup using fence cross join unnest($18, $19) as s (shard, stream) where wakeup.shard = s.shard and wakeup.stream = s.stream
), submitted as (
  insert into submission (shard, pair, body, family, at, for_ever)
  select s.* from fence cross join unnest($20, $21, $22, $23, $24, $25) as s
), sealed as (
  insert into person_key (shard, person, key)
  select k.* from fence cross join unnest($26, $27, $28) as k
)
select count(*) from fence)";

std::int16_t shard_number(StreamId stream) { return static_cast<std::int16_t>(shard_of(stream)); }

} // namespace

AppendStatement::AppendStatement() = default;

void AppendStatement::prepare(Connection& connection) {
  AppendStatement empty;
  connection.prepare(name, sql, empty.parameters({}));
}

void AppendStatement::fill(std::span<Item> items, const Heads& heads) {
  heads_ = heads;
  events_ = 0;
  first_.reset();
  for (Array* array : {&shard_, &pos_, &stream_, &seq_, &type_, &version_, &at_, &command_, &causation_, &metadata_, &data_, &woken_shard_, &woken_, &due_,
                       &asleep_shard_, &asleep_, &pair_shard_, &pair_, &body_, &family_, &submitted_at_, &for_ever_, &person_shard_, &person_, &key_})
    array->clear();
  std::map<StreamId, std::optional<Timestamp>> wake_ups; // one operation a stream, the last wins: twice the same key in one statement is an error
  for (auto& item : items) {
    if (item.state != Item::State::waiting || item.then)
      continue;
    auto& entry = item.entry;
    for (auto& record : entry.records) {
      record.pos = ++heads_[static_cast<std::size_t>(shard_of(record.stream))];
      put(record);
    }
    if (entry.wake_up)
      wake_ups[entry.wake_up->stream] = entry.wake_up->due;
    if (const auto& submission = entry.submission) {
      pair_shard_.add(shard_number(submission->family));
      pair_.add(submission->pair);
      body_.add(submission->body);
      family_.add(submission->family.value);
      submitted_at_.add(entry.records.front().at);
      for_ever_.add(submission->for_ever);
    }
    for (const auto& key : entry.person_keys) {
      person_shard_.add(shard_number(key.person));
      person_.add(key.person.value);
      key_.add_bytes({reinterpret_cast<const char*>(key.key.data()), key.key.size()});
    }
  }
  for (const auto& [stream, due] : wake_ups) {
    (due ? woken_shard_ : asleep_shard_).add(shard_number(stream));
    (due ? woken_ : asleep_).add(stream.value);
    if (due)
      due_.add(*due);
  }
}

void AppendStatement::put(const Record& record) {
  const auto shard = shard_number(record.stream);
  if (!first_)
    first_ = First{shard, record.pos, record.stream.value, record.seq, record.command};
  ++events_;
  shard_.add(shard);
  pos_.add(record.pos);
  stream_.add(record.stream.value);
  seq_.add(record.seq);
  type_.add_bytes(record.type);
  version_.add(record.version);
  at_.add(record.at);
  command_.add(to_uuid(record.command));
  causation_.add_text_or_null(record.causation);
  metadata_.add_text_or_null(record.metadata);
  data_.add_bytes(record.data);
}

Parameters AppendStatement::parameters(const LaneKey& key) {
  Parameters all;
  all.add(key.incarnation).add(key.lane).add(key.epoch);
  for (Array* array : {&shard_, &pos_, &stream_, &seq_, &type_, &version_, &at_, &command_, &causation_, &metadata_, &data_, &woken_shard_, &woken_, &due_,
                       &asleep_shard_, &asleep_, &pair_shard_, &pair_, &body_, &family_, &submitted_at_, &for_ever_, &person_shard_, &person_, &key_})
    all.add(*array);
  return all;
}

bool AppendStatement::send(Connection& connection, const LaneKey& key) { return connection.run_prepared(name, parameters(key)).int64(0, 0) == 1; }

bool AppendStatement::is_stored(Connection& connection, bool& taken) const {
  check(first_.has_value(), "only a batch with events can be looked for");
  const auto rows = connection.run("select stream, seq, command from event where shard = $1 and pos = $2", Parameters().add(first_->shard).add(first_->pos));
  const bool ours = rows.count() == 1 && rows.int64(0, 0) == first_->stream && rows.int32(0, 1) == first_->seq && to_command(rows.uuid(0, 2)) == first_->command;
  taken = rows.count() == 1 && !ours;
  return ours;
}

std::vector<Item*> second_writers(Connection& connection, std::span<Item> items) {
  Array shard(oid::int2), stream(oid::int8), seq(oid::int4), pair_shard(oid::int2), pair(oid::uuid), person_shard(oid::int2), person(oid::int8);
  for (const auto& item : items) {
    if (item.state != Item::State::waiting || item.then)
      continue;
    for (const auto& record : item.entry.records) {
      shard.add(shard_number(record.stream));
      stream.add(record.stream.value);
      seq.add(record.seq);
    }
    if (const auto& submission = item.entry.submission) {
      pair_shard.add(shard_number(submission->family));
      pair.add(submission->pair);
    }
    for (const auto& key : item.entry.person_keys) {
      person_shard.add(shard_number(key.person));
      person.add(key.person.value);
    }
  }
  std::set<std::pair<std::int64_t, std::int32_t>> numbers;
  std::set<std::pair<std::int16_t, Digest>> pairs;
  std::set<std::int64_t> people;
  const auto stored = connection.run("select e.stream, e.seq from unnest($1, $2, $3) as k (shard, stream, seq) join event e using (shard, stream, seq)",
                                     Parameters().add(shard).add(stream).add(seq));
  for (int row = 0; row < stored.count(); ++row)
    numbers.emplace(stored.int64(row, 0), stored.int32(row, 1));
  const auto submitted = connection.run("select s.shard, s.pair from unnest($1, $2) as k (shard, pair) join submission s using (shard, pair)", Parameters().add(pair_shard).add(pair));
  for (int row = 0; row < submitted.count(); ++row)
    pairs.emplace(submitted.int16(row, 0), submitted.uuid(row, 1));
  const auto sealed = connection.run("select p.person from unnest($1, $2) as k (shard, person) join person_key p using (shard, person)", Parameters().add(person_shard).add(person));
  for (int row = 0; row < sealed.count(); ++row)
    people.insert(sealed.int64(row, 0));

  std::vector<Item*> culprits;
  std::set<std::pair<StreamId, std::uint64_t>> closed; // what rests on a culprit will not be stored, so it stands in nobody's way
  for (auto& item : items) {
    if (item.state != Item::State::waiting || item.then || closed.contains({item.entry.actor, item.entry.activation}))
      continue;
    bool second = false;
    for (const auto& record : item.entry.records)
      second |= !numbers.emplace(record.stream.value, record.seq).second;
    if (const auto& submission = item.entry.submission)
      second |= !pairs.emplace(shard_number(submission->family), submission->pair).second;
    for (const auto& key : item.entry.person_keys)
      second |= !people.insert(key.person.value).second;
    if (second) {
      culprits.push_back(&item);
      closed.emplace(item.entry.actor, item.entry.activation);
    }
  }
  return culprits;
}

} // namespace entrepot::journal::postgres
