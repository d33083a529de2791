// The books of the provider that the sandbox plays: which key was taken, given back, refused. No HTTP.
#pragma once

#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "domain/payment/provider.hpp"
#include "gateways/partners/sandbox/ledger_file.hpp"

namespace entrepot::partners {

/// What has become of one key. The file has a line for each state it went through; the last one counts.
struct PaymentEntry {
  enum class Kind : std::uint8_t { capture, refund, void_ } kind = Kind::capture; ///< void_: a key that was voided before it was heard of
  enum class State : std::uint8_t { captured, voided, refunded, declined, action_required } state = State::declined;
  Money amount;              ///< as booked; of what was declined: as asked
  std::int64_t refunded = 0; ///< capture: minor units that its refunds have given back
  std::string reference;     ///< our own number, "pay_17"
  std::string code;          ///< declined: why
  std::string of;            ///< refund: the captured key
  Timestamp act_by = {};     ///< action_required: until when the customer may confirm it
};

/// Does every key once and remembers it: the answer to a repeated key is the first one. Every answer is in the file (see LedgerFile) before it is given.
/// Thread-safe.
class PaymentLedger {
public:
  using Answer = payment::ProviderAnswer;

  /// Reads the file, or begins it. A last line without its end was never answered and is cut off. Throws std::runtime_error if the file cannot be
  /// used, is damaged, or is another process's at present.
  explicit PaymentLedger(const std::filesystem::path& file);

  // All of them throw std::system_error if the answer cannot be written down; then nothing has happened.

  /// captured; or declined: `insufficient-funds` (token "tok_declined"), `token-unknown` (none that begins with "tok_"), `too-late` (`now` is behind
  /// `not_after`), `voided`, `amount-invalid` (not above zero), `key-taken` (by a refund).
  Answer capture(const std::string& key, Money amount, std::string_view token, Timestamp not_after, Timestamp now);
  /// The same, but for a good card the customer must confirm it: action_required. So is what is asked of the token "tok_3ds" anyway.
  Answer ask_for_action(const std::string& key, Money amount, std::string_view token, Timestamp not_after, Timestamp now);
  /// The customer confirms what is to be confirmed, or refuses: captured, or declined: `not-confirmed`, also when it is too late. Of another key what has become of it.
  Answer act(const std::string& key, bool confirms, Timestamp now);
  /// declined with `code`, unless the key is known already.
  Answer decline(const std::string& key, Money amount, std::string code);
  /// What was answered last; never_heard.
  Answer enquire(const std::string& key) const;
  /// voided: the key is dead, and what was captured and not refunded has gone back. A refund that was made stays: refunded.
  Answer void_key(const std::string& key);
  /// refunded; or refund_failed: `exceeds-captured`, `capture-unknown`, `not-captured`, `currency-mismatch`, `amount-invalid`, `voided`, `key-taken`.
  Answer refund(const std::string& key, const std::string& of, Money amount);

  /// Returns NDJSON: a line for each key with its final state, in the order in which they were first heard of.
  std::string to_ndjson() const;

private:
  using Entries = std::unordered_map<std::string, PaymentEntry>;
  Answer enter(const std::string& key, PaymentEntry entry);
  void apply(const std::string& key, PaymentEntry entry);
  std::string why_not_refunded(const std::string& of, Money amount) const;

  mutable std::mutex mutex_;
  Entries entries_;
  std::vector<const Entries::value_type*> in_order_;
  LedgerFile file_; ///< last: reading it fills the rest
};

} // namespace entrepot::partners
