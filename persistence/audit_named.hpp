// A location, product, channel, customer or identity key, folded from its events and judged.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "domain/events.hpp"
#include "persistence/audit.hpp"
#include "persistence/audit_rows.hpp"

namespace entrepot::audit {

/// What is remembered of a claim until all shards have been read.
struct ClaimDigest {
  StreamId family, place;
  std::uint64_t units = 0; ///< sum of its lines' digests
  std::int32_t round = 0;
  bool cut = false; ///< units were taken from it of which the order has not heard so far
};

/// Folds one named stream, event by event: a location's history is too long to be held.
class NamedFold {
public:
  NamedFold(StreamId stream, std::int64_t checkpoint, Report& report);

  /// There is a snapshot as of event `seq`; it is read when that event has been folded.
  void expect_snapshot(std::int32_t seq, std::function<journal::Snapshot()> read);

  /// Takes the events in order.
  void add(const EventRow& event);

  /// Judges the whole.
  void finish();

  /// How it is called in a report: "location DC-1", or its number before it has said its name.
  std::string name() const;
  Kind kind() const { return kind_of(stream_); }
  bool unreadable() const { return unreadable_; }
  const std::vector<ClaimDigest>& claims() const { return claims_; }
  /// Its row among the definitions as of the checkpoint; none for customers, or if it has none yet.
  const std::optional<DefinitionRow>& defined() const { return defined_; }

private:
  void apply(const EventRow& row, const AnyEvent& event);
  void define(const EventRow& row, const std::string& code);
  void wrong(std::string code, std::string text);
  void compare_snapshot();

  StreamId stream_;
  std::int64_t checkpoint_;
  Report& report_;
  std::int32_t seq_ = 0;
  std::int64_t pos_ = 0;
  bool unreadable_ = false;
  std::string code_;
  stock::State location_;
  product::State product_;
  channel::State channel_;
  customer::State customer_;
  identity::State key_;
  std::vector<ClaimDigest> claims_;
  std::optional<DefinitionRow> defined_;
  std::int32_t snapshot_seq_ = 0; ///< 0: none, or it has been compared
  std::function<journal::Snapshot()> read_snapshot_;
  Timestamp last_at_{};
};

} // namespace entrepot::audit
