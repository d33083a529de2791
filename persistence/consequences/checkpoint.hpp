// How far a reader of the feed has come whose consequences leave the system: behind it, everything was acknowledged outside.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

#include "domain/ids.hpp"

namespace entrepot::consequences {

using Positions = std::array<std::int64_t, shard_count>;

struct Standing {
  Positions positions{};
  std::array<std::int32_t, shard_count> generations{}; ///< of the database's history: positions of another one mean something else
};

/// Another reader has moved it: where it stands must be read again.
struct Overtaken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Checkpoint {
public:
  virtual ~Checkpoint() = default;
  /// Returns where it stands; shards it has never seen stand at 0. Blocks. Throws journal::Unavailable.
  virtual Standing read() = 0;
  /// Moves it, all or nothing. Blocks. Throws Overtaken if it did not stand at `from`, journal::Unavailable; then it may have been moved all the same.
  virtual void move(const Positions& from, const Positions& to) = 0;
};

/// Keeps it in the table `checkpoint` under `name`, without waiting for the disk: a crash may set it back a little, and what is repeated then is known
/// outside by its key. A generation raised by a restored backup is adopted by read(): the backup holds events and checkpoint of one moment.
std::unique_ptr<Checkpoint> open_postgres_checkpoint(std::string conninfo, std::string name);

/// One connection for several checkpoints of one thread.
class CheckpointTable;
std::shared_ptr<CheckpointTable> open_checkpoint_table(std::string conninfo);
std::unique_ptr<Checkpoint> open_postgres_checkpoint(std::shared_ptr<CheckpointTable> table, std::string name);

/// Keeps it in memory, for tests and simulation. Not thread-safe.
class MemoryCheckpoint : public Checkpoint {
public:
  Standing read() override;
  void move(const Positions& from, const Positions& to) override;
  Standing standing;
};

} // namespace entrepot::consequences
