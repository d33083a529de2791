// An order with its family, folded from its events and judged.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domain/order/family.hpp"
#include "persistence/audit.hpp"
#include "persistence/audit_rows.hpp"
#include "persistence/read_models/work_list.hpp"

namespace entrepot::audit {

/// Returns whether the order still has a way to go on its own, so that a wake-up must stand by it. The one place that knows this rule.
bool needs_wake_up(const Family& family);

/// Contradicts a wake-up that is missing, or stands by an order that needs none; finds one that should have come some minutes ago.
void judge_wake_up(const Family& family, std::optional<Timestamp> due, Timestamp now, Report& report);

/// Returns a number for units of a line at a place; sums of them are compared in place of lists of lines.
std::uint64_t units_digest(StreamId place, std::int32_t line, const Sku& sku, Quantity quantity);

/// What is remembered of an order until all shards have been read.
struct OrderDigest {
  StreamId family;
  std::vector<StreamId> places; ///< whose stock it claims
  std::uint64_t units = 0;   ///< sum of the digests of what each place holds for it: until it was confirmed, of what it was asked for
  std::uint64_t external = 0; ///< hash of channel and external number; 0: none
  order::Status status = order::Status::none;
  bool was_confirmed = false;
  bool in_motion = false;    ///< units are being taken back, freed or sent out: its claims may or may not be gone
  bool unreadable = false;   ///< its events contradict themselves: nothing else is concluded from it
};

/// A folded family.
struct FoldedFamily {
  Family family;
  OrderDigest digest;
  std::optional<ListRow> listed; ///< its row in the list of orders as of the checkpoint
  std::map<StreamId, std::optional<read_models::WorkState>> work; ///< its fulfilments and pickups as of the checkpoint
  std::string external_number;
  Timestamp created;
  bool any_order = false;        ///< there are events of an order, not only of members without one
};

/// Folds the events of one family, in any order; contradictions within go into the report. `checkpoint`: how far the list of orders has come in this shard.
FoldedFamily fold_family(StreamId family, std::vector<EventRow> events, std::int64_t checkpoint, Report& report);

/// How a member of a family is called in a report.
std::string name_of_member(StreamId stream);

} // namespace entrepot::audit
