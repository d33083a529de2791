// The boards: what every place works at, as folded fulfilments and pickups, and the processes that wait for a person.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "domain/fulfilment/fulfilment.hpp"
#include "domain/fulfilment/pickup.hpp"
#include "domain/process/diary.hpp"
#include "domain/transfer/transfer.hpp"
#include "persistence/pqxx_compat.hpp"
#include "persistence/read_models/fact.hpp"

namespace entrepot::read_models {

using WorkState = std::variant<fulfilment::State, pickup::State>;

/// A row of a board.
struct WorkItem {
  StreamId stream;         ///< the fulfilment's or pickup's own
  WorkState state;
  Timestamp placed_at, updated_at;
  std::int64_t change = 0; ///< grows with every change of any item
};

/// Whether it belongs on a board: somebody works at it, the customer is awaited, or units are to be put back.
bool is_open(const WorkState& state);
/// Returns the place that works at it.
const LocationCode& place_of(const WorkState& state);
/// Applies an event of a fulfilment or pickup; nothing before the first one that begins it.
void fold(std::optional<WorkState>& state, const AnyEvent& event, Timestamp at);
/// Returns the state as it is stored.
std::string to_json(const WorkState& state);

inline constexpr int max_work_page = 500; ///< items read at once

/// A process that waits for a person.
struct ParkedRow {
  StreamId family;
  Timestamp since;
  process::Parked why;
};

/// A transfer that leaves a place or comes there.
struct TransferItem {
  StreamId stream; ///< its own
  transfer::State state;
  Timestamp placed_at;
};

/// Reads the boards on a connection of its own, which it makes when it is needed. Thread-safe; calls wait for each other. All block and throw journal::Unavailable.
class WorkList {
public:
  explicit WorkList(std::string conninfo);
  ~WorkList();

  struct Board {
    std::vector<WorkItem> items; ///< the oldest max_work_page that are open
    std::int64_t as_of = 0;      ///< every change up to it is in them
  };
  /// `kind`: "fulfilment" or "pickup".
  Board open_at(const LocationCode& place, const std::string& kind);
  /// Returns what changed after `after` at a place, open or not, oldest change first, at most max_work_page.
  std::vector<WorkItem> changed(const LocationCode& place, std::int64_t after);
  /// Returns the transfers from or to a place that somebody is to send or to receive, the oldest first, at most max_work_page.
  std::vector<TransferItem> transfers(const LocationCode& place);
  /// Returns the processes that wait for a person, longest first, at most max_work_page.
  std::vector<ParkedRow> parked();

private:
  struct Connection;
  template <class Work>
  auto run(Work work);
  std::string conninfo_;
  std::mutex mutex_;
  std::unique_ptr<Connection> connection_;
};

/// Prepares the statements that write the tables with this suffix.
void prepare_work_tables(pqxx::connection& connection, const std::string& suffix);
/// Folds facts into the rows of their fulfilments and pickups: reads those that are there, applies, writes them back. Applied again, an event that is in a row already changes nothing,
/// since a row remembers nothing of positions but the checkpoint does: the caller feeds each event once.
void write_work(pqxx::transaction_base& work, std::span<const Fact> facts);

/// The same for transfers.
void prepare_transfer_tables(pqxx::connection& connection, const std::string& suffix);
void write_transfers(pqxx::transaction_base& work, std::span<const Fact> facts);

} // namespace entrepot::read_models
