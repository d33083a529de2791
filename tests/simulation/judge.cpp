#include "tests/simulation/judge.hpp"

#include "persistence/audit_claims.hpp"
#include "persistence/audit_family.hpp"
#include "persistence/audit_named.hpp"
#include "persistence/audit_payments.hpp"

namespace entrepot::simulation {
namespace {

/// What the units that were not cancelled cost, computed from the agreement: half-up per line.
std::int64_t value_kept(const order::State& order) {
  std::int64_t all = 0;
  for (std::size_t i = 0; i < order.units.size(); ++i) {
    const auto& line = order.agreement.lines[i];
    std::int64_t kept = order.units[i].ordered.units() - order.units[i].cancelled.units(), ordered = order.units[i].ordered.units();
    all += (2 * line.total.amount * kept + ordered) / (2 * ordered);
  }
  return all;
}

StreamId stream_in(const std::string& name) { // "ord_2d42x3zj801r0/16"
  auto order = order_id_from(name.substr(0, name.find('/')));
  return order ? order->family : StreamId{};
}

} // namespace

/// What was taken is what is kept or was given back, and is the price of what was not cancelled; the rest is owed on a bill.
void Judge::check_money(const Family& family) const {
  const auto kept = bank_.kept_of(family.id);
  std::int64_t ours = 0, billed = 0;
  for (const auto& tender : family.payment.tenders) {
    if (payment::is_open(tender.status) || tender.status == payment::Status::refund_failed)
      return; // it is still being settled
    ours += tender.captured.amount - tender.refunded.amount;
    if (tender.status == payment::Status::billed)
      billed += tender.due.amount - tender.credited.amount;
  }
  if (!family.diary.to_undo.empty() || family.diary.parked)
    return;
  if (kept != ours)
    throw Broken(family.id, "the bank keeps " + std::to_string(kept) + " of the order, we have " + std::to_string(ours));
  auto due = family.order.status == order::Status::rejected ? 0 : value_kept(family.order);
  if (kept + billed != due)
    throw Broken(family.id, std::to_string(kept) + " was paid and " + std::to_string(billed) + " is owed, and what was delivered costs " + std::to_string(due));
}

void Judge::check_wake_ups() const {
  audit::Report report;
  for (const auto& [id, family] : world_.families()) {
    auto row = world_.store().wake_ups.find(id);
    audit::judge_wake_up(family, row == world_.store().wake_ups.end() ? std::nullopt : std::optional(row->second), world_.now(), report);
    if (!report.sound())
      throw Broken(id, report.contradictions.front().code + ": " + report.contradictions.front().text);
    if (!report.findings.empty())
      throw Broken(id, report.findings.front().code + ": " + report.findings.front().text);
  }
}

void Judge::look() const {
  check_wake_ups();
  for (const auto& [id, family] : world_.families())
    if (order::is_terminal(family.order.status))
      check_money(family);
}

void Judge::close() const {
  look();
  for (const auto& [id, family] : world_.families()) {
    if (!order::is_terminal(family.order.status))
      throw Broken(id, "it has not come to an end");
    for (const auto& tender : family.payment.tenders)
      if (payment::is_open(tender.status) || tender.status == payment::Status::refund_failed)
        throw Broken(id, "its money has not come to rest");
    for (const auto& units : family.order.units)
      if (units.open || units.held)
        throw Broken(id, "it is at its end and has units that are not");
  }
  shelves_.compare();
  audit();
}

/// Everything is decoded and folded anew, as `entrepot audit` does.
void Judge::audit() const {
  audit::Report report;
  audit::PaymentBooks payments;
  std::vector<audit::OrderDigest> orders;
  std::vector<audit::ClaimDigest> claims;
  constexpr std::int64_t no_checkpoint = 0;
  for (const auto& shard : world_.store().shards) {
    std::map<StreamId, std::vector<audit::EventRow>> families;
    std::map<StreamId, audit::NamedFold> named;
    for (const auto& record : shard) {
      audit::EventRow row{record.stream, record.seq, record.pos, record.version, record.at, record.type, record.data};
      if (is_named(record.stream)) {
        auto [fold, is_new] = named.try_emplace(record.stream, record.stream, no_checkpoint, report);
        if (auto pages = world_.store().snapshots.find(record.stream); is_new && pages != world_.store().snapshots.end() && pages->second.contains(0))
          fold->second.expect_snapshot(pages->second.at(0).seq, [stands = &pages->second] {
            journal::Snapshot snapshot;
            for (const auto& [number, page] : *stands)
              snapshot.pages.push_back(page);
            return snapshot;
          });
        fold->second.add(row);
      } else {
        families[family_of(record.stream)].push_back(std::move(row));
      }
    }
    for (auto& [stream, fold] : named) {
      fold.finish();
      claims.insert(claims.end(), fold.claims().begin(), fold.claims().end());
    }
    for (auto& [family, events] : families) {
      std::ranges::sort(events, {}, [](const audit::EventRow& row) { return std::pair{row.stream, row.seq}; });
      auto folded = audit::fold_family(family, std::move(events), no_checkpoint, report);
      if (folded.family != *world_.family(family))
        throw Broken(family, "read anew it is another order");
      payments.note(folded.family);
      orders.push_back(folded.digest);
    }
  }
  std::ranges::sort(orders, {}, &audit::OrderDigest::family);
  audit::compare_claims(orders, std::move(claims), [](StreamId) { return true; }, report);
  payments.compare(bank_.books(), report);
  if (!report.sound()) {
    const auto& first = report.contradictions.front();
    throw Broken(stream_in(first.stream), first.stream + ": " + first.code + ", " + first.text);
  }
  if (!report.findings.empty())
    throw Broken(stream_in(report.findings.front().stream), report.findings.front().stream + ": " + report.findings.front().code + ", " + report.findings.front().text);
}

} // namespace entrepot::simulation
