#include "persistence/story.hpp"

#include <charconv>
#include <set>

#include "persistence/pqxx_compat.hpp"

namespace entrepot::journal {
namespace {

const std::string columns = "stream, seq, pos, type, version, (extract(epoch from at) * 1000)::bigint, coalesce(causation, ''), coalesce(metadata::text, ''), data::text";

template <class Row>
Record record_from(const Row& row) {
  Record record;
  record.stream = {row[0].template as<std::int64_t>()};
  record.seq = row[1].template as<std::int32_t>();
  record.pos = row[2].template as<std::int64_t>();
  record.type = row[3].c_str();
  record.version = static_cast<std::int16_t>(row[4].template as<int>());
  record.at = Timestamp{Duration{row[5].template as<std::int64_t>()}};
  record.causation = row[6].c_str();
  record.metadata = row[7].c_str();
  record.data = row[8].c_str();
  return record;
}

/// The event of another stream that "<stream>/<seq>" names; nothing if it is none.
std::optional<Record> cause_of(pqxx::transaction_base& work, const std::string& causation) {
  auto slash = causation.find('/');
  if (slash == std::string::npos)
    return {};
  auto stream = stream_from_text("", std::string_view(causation).substr(0, slash));
  int seq = 0;
  std::from_chars(causation.data() + slash + 1, causation.data() + causation.size(), seq);
  if (!stream || seq == 0)
    return {};
  auto rows = sql::run(work, "select " + columns + " from event where shard = $1 and stream = $2 and seq = $3", shard_of(*stream), stream->value, seq);
  if (rows.empty())
    return {};
  return record_from(rows[0]);
}

} // namespace

Story read_story(const std::string& conninfo, StreamId family) {
  try {
    pqxx::connection connection(conninfo);
    pqxx::work work(connection);
    Story story;
    std::set<std::string> told;
    for (const auto& row : sql::run(work, "select " + columns + " from event where shard = $1 and stream between $2 and $3 order by pos", shard_of(family), family.value,
                                    member(family, 0xff).value)) {
      auto record = record_from(row);
      if (told.insert(record.causation).second)
        if (auto cause = cause_of(work, record.causation); cause && family_of(cause->stream) != family)
          story.records.push_back(*std::move(cause));
      story.records.push_back(std::move(record));
    }
    for (const auto& row : sql::run(work, "select (extract(epoch from due) * 1000)::bigint from wakeup where shard = $1 and stream = $2", shard_of(family), family.value))
      story.wake_up = Timestamp{Duration{row[0].as<std::int64_t>()}};
    return story;
  } catch (const pqxx::failure& why) {
    throw Unavailable(why.what());
  }
}

} // namespace entrepot::journal
