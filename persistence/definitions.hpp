// The definitions in force, in memory: what a decision may look at without asking anybody.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "domain/order/draft.hpp"
#include "persistence/journal.hpp"

namespace entrepot {

/// Holds the newest definition of every channel, product and location. Thread-safe.
class DefinitionCache {
public:
  DefinitionCache();
  ~DefinitionCache();

  /// Returns the definitions in force; never null, never changed while held.
  std::shared_ptr<const order::Definitions> current() const;

  /// Takes up the definitions among `records`; on return current() shows them. Older events than those known are passed over, so the order of
  /// loading and committing does not matter. Cheap for batches without definitions. Throws codec::Undecodable.
  void apply(std::span<const journal::Record> records);

  /// Fills the cache at start: from the tables of the projector, then from the journal behind its checkpoint. Batches committed meanwhile may be applied
  /// at the same time. Blocks. Throws journal::Unavailable, codec::Undecodable.
  void load(const std::string& conninfo, journal::Journal& journal);

private:
  struct Edition;
  struct Change;
  void publish(std::vector<Change> changes);

  mutable std::mutex mutex_;
  std::unordered_map<StreamId, std::int32_t> newest_;          // seq by stream: what is taken up already
  std::shared_ptr<const order::Definitions> current_;          // as handed out
  std::shared_ptr<Edition> in_force_, spare_;                  // what is behind current_, and the one before it
};

} // namespace entrepot
