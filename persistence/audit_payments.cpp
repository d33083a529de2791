#include "persistence/audit_payments.hpp"

namespace entrepot::audit {
namespace {

bool under_way(payment::Status status) {
  using enum payment::Status;
  return status == capturing || status == unknown || status == voiding;
}

/// The order of a key, "<order>/<instalment>/<attempt>".
std::string order_of(const std::string& key) { return key.substr(0, key.find('/')); }

} // namespace

void PaymentBooks::note(const Family& family) {
  for (const auto& tender : family.payment.tenders)
    if (!tender.key.empty())
      attempts_.insert_or_assign(tender.key, Attempt{tender.status, tender.agreed.amount});
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
    else if (under_way(known->second.status))
      report.find("payment-under-way", order_of(entry.key), "the provider has taken " + entry.key + ", and the journal still waits for the answer");
    else if (known->second.status != payment::Status::captured)
      report.contradict("capture-given-up", order_of(entry.key), "the provider has taken " + entry.key + ", which is " + std::string(name_of(known->second.status)) + " here");
    else if (known->second.amount != entry.amount)
      report.contradict("capture-of-another-amount", order_of(entry.key), "the provider has taken " + to_text(entry.amount) + " instead of " + to_text(known->second.amount));
  }
  for (const auto& [key, attempt] : attempts_)
    if (attempt.status == payment::Status::captured && !captured.contains(key))
      report.contradict("capture-unknown-to-provider", order_of(key), "the journal has " + to_text(attempt.amount) + " of " + key + ", the provider has not");
}

} // namespace entrepot::audit
