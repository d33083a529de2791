// The rows that the audit reads, in key pages of short statements.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domain/ids.hpp"
#include "domain/time.hpp"
#include "persistence/journal.hpp"
#include "persistence/pqxx_compat.hpp"

namespace entrepot::audit {

struct EventRow {
  StreamId stream;
  std::int32_t seq = 0;
  std::int64_t pos = 0;
  std::int16_t version = 1;
  Timestamp at;
  std::string type, data;
};

struct WakeUpRow {
  StreamId stream;
  Timestamp due;
};

/// A row of the list of orders, as it is or as it should be.
struct ListRow {
  StreamId family;
  std::int64_t total = 0, pos = 0;
  Timestamp submitted_at, updated_at;
  int shard = 0;
  std::string id, status, currency, channel, external_number, customer;
  bool operator==(const ListRow&) const = default;
};

struct SubmissionRow {
  StreamId family;
  Timestamp at;
};

/// A definition's row in channel, product or location.
struct DefinitionRow {
  StreamId stream;
  std::int32_t seq = 0;
  std::string code, data;
};

/// Rows in the order of a key, read a page at a time.
template <class Row>
class Pages {
public:
  using Fetch = std::function<std::vector<Row>(const Row* last)>;
  explicit Pages(Fetch fetch) : fetch_(std::move(fetch)) {}

  /// The next row; null at the end. Valid until pop().
  const Row* peek() {
    if (next_ == page_.size() && !ended_) {
      page_ = fetch_(last_ ? &*last_ : nullptr);
      next_ = 0;
      ended_ = page_.empty();
      if (!ended_)
        last_ = page_.back();
    }
    return next_ < page_.size() ? &page_[next_] : nullptr;
  }
  void pop() { ++next_; }

private:
  Fetch fetch_;
  std::vector<Row> page_;
  std::size_t next_ = 0;
  bool ended_ = false;
  std::optional<Row> last_;
};

/// Prepares the statements of this file.
void prepare_audit(pqxx::connection& connection);

/// A shard's events, stream by stream.
Pages<EventRow> events_of(pqxx::transaction_base& work, int shard);
/// A shard's wake-ups by stream.
Pages<WakeUpRow> wake_ups_of(pqxx::transaction_base& work, int shard);
/// The list of the orders of a shard's slices, by family.
Pages<ListRow> list_of(pqxx::transaction_base& work, int shard);
/// A shard's creations by family. All at once.
std::vector<SubmissionRow> submissions_of(pqxx::transaction_base& work, int shard);
/// The boards' rows of a shard's slices, as stored, by fulfilment or pickup. All at once.
std::map<StreamId, std::string> work_of(pqxx::transaction_base& work, int shard);
/// Which of a shard's streams have a snapshot, and as of which event.
std::map<StreamId, std::int32_t> snapshots_of(pqxx::transaction_base& work, int shard);
/// A stream's snapshot, as it stands there.
journal::Snapshot snapshot_of(pqxx::transaction_base& work, int shard, StreamId stream);
/// The definitions of one table. All at once.
std::vector<DefinitionRow> definitions_in(pqxx::transaction_base& work, const std::string& table);

} // namespace entrepot::audit
