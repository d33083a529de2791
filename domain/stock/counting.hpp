// Counts and corrections: what they lead to, and how they are applied.
#pragma once

#include "domain/stock/ledger.hpp"

namespace entrepot::stock {

std::int64_t reference_key(const Adjusted& event);
std::int64_t reference_key(const CountProposed& event);
std::int64_t reference_key(const Counted& event);

/// Refuses `quantity-invalid` (no line, no unit, a sign that the reason does not allow, more written off than is damaged, more than 32 bits), `lines-invalid` (an item
/// twice), `reference-reused`, and `units-claimed` (only a count may take units that are promised).
Decision<Event> adjust(const State& location, const Adjust& command);
/// The new row is the count plus what has moved since it was taken, and nothing is suspended any more; what is claimed beyond that is cut first. A count that
/// differs by more than largest_unapproved_variance waits for a person. Refuses `quantity-invalid`, `lines-invalid` (an item twice), `reference-reused`,
/// `count-in-future`, `count-too-old` (what moved since is not known any more, or a newer count was taken), `too-many-counts-waiting`.
Decision<Event> count(const State& location, const Count& command, Timestamp now);
/// Refuses `count-not-waiting`, `count-too-old`.
Decision<Event> approve(const State& location, const ApproveCount& command, Timestamp now);
Decision<Event> reject_count(const State& location, const RejectCount& command);

void apply(State& location, const Adjusted& event, Timestamp at);
void apply(State& location, const CountProposed& event, Timestamp at);
void apply(State& location, const CountRejected& event);
void apply(State& location, const Counted& event, Timestamp at);

/// Returns what the rows will say after a count as of `taken_at`; refuses `count-too-old`.
Result<std::vector<Recount>> recounted(const State& location, const std::vector<CountLine>& lines, Timestamp taken_at, Timestamp now);
/// Returns what is to be cut when the rows are as counted.
std::vector<Cut> cuts_for(const State& location, const std::vector<Recount>& lines);
/// The rows are as counted at `taken_at`.
void apply_recount(State& location, const std::vector<Recount>& lines, Timestamp taken_at);

} // namespace entrepot::stock
