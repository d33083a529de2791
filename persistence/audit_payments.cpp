#include "persistence/audit_payments.hpp"

namespace entrepot::audit {
namespace {

/// The order of a key, "<order>/<instalment>/<attempt>".
std::string order_of(const std::string& key) { return key.substr(0, key.find('/')); }

/// Whether the journal says that the money was taken; what became of it then is told by the refunds.
bool was_taken(payment::Status status) {
  using enum payment::Status;
  return status == captured || status == refunding || status == partially_refunded || status == refunded || status == refund_failed;
}

} // namespace

void PaymentBooks::note(const Family& family) {
  for (const auto& tender : family.payment.tenders)
    if (!tender.key.empty())
      attempts_.insert_or_assign(tender.key, Attempt{tender.status, was_taken(tender.status) ? tender.captured : tender.due, tender.refunded});
}

void PaymentBooks::compare(const std::vector<ProviderEntry>& provider, Report& report) const {
  std::unordered_map<std::string_view, const ProviderEntry*> captured;
  for (const auto& entry : provider) {
    if (entry.state != "captured")
      continue;
    captured.emplace(entry.key, &entry);
    auto known = attempts_.find(entry.key);
    if (known == attempts_.end())
      report.contradict("capture-without-intent", order_of(entry.key), "the provider has taken " + to_text(entry.amount) + " under " + entry.key + ", of which the journal knows nothing");
    else if (known->second.status != payment::Status::refunding && payment::is_open(known->second.status))
      report.find("payment-under-way", order_of(entry.key), "the provider has taken " + entry.key + ", and the journal still waits for the answer");
    else if (!was_taken(known->second.status))
      report.contradict("capture-given-up", order_of(entry.key), "the provider has taken " + entry.key + ", which is " + std::string(name_of(known->second.status)) + " here");
    else if (known->second.amount != entry.amount)
      report.contradict("capture-of-another-amount", order_of(entry.key), "the provider has taken " + to_text(entry.amount) + " instead of " + to_text(known->second.amount));
    else if (known->second.refunded.amount != entry.refunded)
      compare_refunds(known->second, entry, report);
  }
  for (const auto& [key, attempt] : attempts_)
    if (was_taken(attempt.status) && !captured.contains(key))
      report.contradict("capture-unknown-to-provider", order_of(key), "the journal has " + to_text(attempt.amount) + " of " + key + ", the provider has not");
}

void PaymentBooks::compare_refunds(const Attempt& known, const ProviderEntry& entry, Report& report) {
  auto text = "of " + entry.key + " the provider has given back " + to_text(Money{entry.refunded, entry.amount.currency}) + ", the journal knows of " + to_text(known.refunded);
  if (known.status == payment::Status::refunding)
    report.find("refund-under-way", order_of(entry.key), text);
  else
    report.contradict("refund-differs", order_of(entry.key), text);
}

} // namespace entrepot::audit
