// The one statement by which everything is stored.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "persistence/journal.hpp"
#include "persistence/postgres/connection.hpp"

namespace entrepot::journal::postgres {

/// An entry on its way through a lane.
struct Item {
  enum class State : std::uint8_t { waiting, committed, dropped, unavailable, unanswered };
  Entry entry;
  std::function<void()> then; ///< instead of an entry: called when all queued before it is settled
  State state = State::waiting;
};

/// Positions of the shards of a lane: of the last event stored.
using Heads = std::array<std::int64_t, shard_count>;

/// Who writes: the lane's own row must say the same.
struct LaneKey {
  Uuid incarnation{};
  std::int16_t lane = 0;
  std::int64_t epoch = 0;
};

/// A batch as parameters of the statement. Positions are given here, at send time, so that what was struck out leaves no hole.
class AppendStatement {
public:
  AppendStatement();

  static void prepare(Connection& connection);

  /// Takes the waiting items: numbers their records behind `heads` and lays them out.
  void fill(std::span<Item> items, const Heads& heads);

  bool empty() const { return events_ == 0 && woken_.size() == 0 && asleep_.size() == 0; }
  std::size_t events() const { return events_; }

  /// Sends. Returns false if the lane's row does not match: nothing was stored then. Throws ConnectionLost (unknown outcome) or StatementFailed.
  bool send(Connection& connection, const LaneKey& key);

  /// Returns whether the filled batch is stored, by its first event. Only right when no statement that sent it can be under way any more.
  /// `taken` tells that another event has its place.
  bool is_stored(Connection& connection, bool& taken) const;

  /// Positions after this batch.
  const Heads& heads() const { return heads_; }

private:
  void put(const Record& record);
  Parameters parameters(const LaneKey& key);

  Heads heads_{};
  std::size_t events_ = 0;
  struct First {
    std::int16_t shard;
    std::int64_t pos, stream;
    std::int32_t seq;
    CommandId command;
  };
  std::optional<First> first_;
  Array shard_{oid::int2}, pos_{oid::int8}, stream_{oid::int8}, seq_{oid::int4}, type_{oid::text}, version_{oid::int2}, at_{oid::timestamptz}, command_{oid::uuid},
      causation_{oid::text}, metadata_{oid::json}, data_{oid::json};
  Array woken_shard_{oid::int2}, woken_{oid::int8}, due_{oid::timestamptz}, asleep_shard_{oid::int2}, asleep_{oid::int8};
  Array pair_shard_{oid::int2}, pair_{oid::uuid}, body_{oid::uuid}, family_{oid::int8}, submitted_at_{oid::timestamptz}, for_ever_{oid::boolean};
  Array person_shard_{oid::int2}, person_{oid::int8}, key_{oid::bytea};
};

/// Returns the items whose key (a stream's number, a creation, a person) is in the database already, or stands before them in the same batch: in all of
/// these a second writer. One question for each kind of key.
std::vector<Item*> second_writers(Connection& connection, std::span<Item> items);

} // namespace entrepot::journal::postgres
