#include "gateways/partners/sandbox/payment_ledger.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "gateways/http/json_writer.hpp"

namespace entrepot::partners {
namespace {

using Kind = PaymentEntry::Kind;
using State = PaymentEntry::State;
using Answer = PaymentLedger::Answer;

constexpr std::string_view kinds[] = {"capture", "refund", "void"};
constexpr std::string_view states[] = {"captured", "voided", "refunded", "declined", "action_required"};
constexpr std::string_view token_to_confirm = "tok_3ds";
constexpr auto time_to_confirm = std::chrono::minutes{10};

template <class Enum, std::size_t size>
Enum from_name(const std::string_view (&names)[size], std::string_view name) {
  for (std::size_t i = 0; i < size; ++i)
    if (names[i] == name)
      return static_cast<Enum>(i);
  throw std::runtime_error("'" + std::string(name) + "' is nothing the ledger knows");
}

void append_line(std::string& out, const std::string& key, const PaymentEntry& entry) {
  http::JsonWriter json(out);
  json.open().field("key", key).field("kind", kinds[static_cast<std::size_t>(entry.kind)]).field("amount", entry.amount.amount);
  json.field("currency", entry.amount.currency.code()).field("state", states[static_cast<std::size_t>(entry.state)]).field("reference", entry.reference);
  if (!entry.code.empty())
    json.field("code", entry.code);
  if (!entry.of.empty())
    json.field("of", entry.of);
  if (entry.state == State::action_required)
    json.field("act_by", to_rfc3339(entry.act_by));
  json.close();
  out += '\n';
}

std::pair<std::string, PaymentEntry> line_from(const std::string& text) {
  auto line = nlohmann::json::parse(text);
  PaymentEntry entry;
  entry.kind = from_name<Kind>(kinds, line.at("kind").get<std::string>());
  entry.state = from_name<State>(states, line.at("state").get<std::string>());
  auto currency = Currency::from(line.at("currency").get<std::string>());
  if (!currency)
    throw std::runtime_error("no currency");
  entry.amount = {line.at("amount").get<std::int64_t>(), *currency};
  entry.reference = line.at("reference").get<std::string>();
  entry.code = line.value("code", "");
  entry.of = line.value("of", "");
  entry.act_by = from_rfc3339(line.value("act_by", "")).value_or(Timestamp{});
  return {line.at("key").get<std::string>(), std::move(entry)};
}

Answer answer_of(const PaymentEntry& entry) {
  auto kind = Answer::Kind::voided;
  if (entry.state == State::captured)
    kind = Answer::Kind::captured;
  else if (entry.state == State::refunded)
    kind = Answer::Kind::refunded;
  else if (entry.state == State::declined)
    kind = entry.kind == Kind::refund ? Answer::Kind::refund_failed : Answer::Kind::declined;
  else if (entry.state == State::action_required)
    kind = Answer::Kind::action_required;
  return {kind, entry.reference, entry.code, entry.amount, {}, entry.act_by};
}

/// What a capture or refund is told whose key is known: the first answer again, or why the key is not to be had.
Answer repeated(const PaymentEntry& known, Kind asked) {
  auto no = asked == Kind::refund ? Answer::Kind::refund_failed : Answer::Kind::declined;
  if (known.state == State::voided)
    return {no, known.reference, "voided", known.amount};
  if (known.kind != asked)
    return {no, known.reference, "key-taken", known.amount};
  return answer_of(known);
}

std::string why_declined(Money amount, std::string_view token, Timestamp not_after, Timestamp now) {
  if (amount.amount <= 0)
    return "amount-invalid";
  if (now > not_after)
    return "too-late";
  if (!token.starts_with("tok_"))
    return "token-unknown";
  return token == "tok_declined" ? "insufficient-funds" : "";
}

} // namespace

PaymentLedger::PaymentLedger(const std::filesystem::path& file)
    : file_(file, [this](const std::string& text) {
        auto [key, entry] = line_from(text);
        apply(key, std::move(entry));
      }) {}

void PaymentLedger::apply(const std::string& key, PaymentEntry entry) {
  if (entry.kind == Kind::refund && entry.state == State::refunded)
    if (auto captured = entries_.find(entry.of); captured != entries_.end())
      captured->second.refunded += entry.amount.amount;
  auto [place, is_new] = entries_.try_emplace(key);
  entry.refunded = place->second.refunded;
  place->second = std::move(entry);
  if (is_new)
    in_order_.push_back(&*place);
}

Answer PaymentLedger::enter(const std::string& key, PaymentEntry entry) {
  if (entry.reference.empty())
    entry.reference = "pay_" + std::to_string(entries_.size() + 1);
  std::string line;
  append_line(line, key, entry);
  file_.append(line);
  auto answer = answer_of(entry);
  apply(key, std::move(entry));
  return answer;
}

Answer PaymentLedger::capture(const std::string& key, Money amount, std::string_view token, Timestamp not_after, Timestamp now) {
  std::lock_guard lock(mutex_);
  if (auto known = entries_.find(key); known != entries_.end())
    return repeated(known->second, Kind::capture);
  auto code = why_declined(amount, token, not_after, now);
  if (code.empty() && token == token_to_confirm)
    return enter(key, {Kind::capture, State::action_required, amount, 0, {}, {}, {}, now + time_to_confirm});
  return enter(key, {Kind::capture, code.empty() ? State::captured : State::declined, amount, 0, {}, code, {}});
}

Answer PaymentLedger::ask_for_action(const std::string& key, Money amount, std::string_view token, Timestamp not_after, Timestamp now) {
  return capture(key, amount, why_declined(amount, token, not_after, now).empty() ? token_to_confirm : token, not_after, now);
}

Answer PaymentLedger::act(const std::string& key, bool confirms, Timestamp now) {
  std::lock_guard lock(mutex_);
  auto known = entries_.find(key);
  if (known == entries_.end())
    return {Answer::Kind::never_heard, {}, {}, {}};
  auto entry = known->second;
  if (entry.state != State::action_required)
    return answer_of(entry);
  entry.state = confirms && now <= entry.act_by ? State::captured : State::declined;
  entry.code = entry.state == State::declined ? "not-confirmed" : "";
  return enter(key, std::move(entry));
}

Answer PaymentLedger::decline(const std::string& key, Money amount, std::string code) {
  std::lock_guard lock(mutex_);
  if (auto known = entries_.find(key); known != entries_.end())
    return repeated(known->second, Kind::capture);
  return enter(key, {Kind::capture, State::declined, amount, 0, {}, std::move(code), {}});
}

Answer PaymentLedger::enquire(const std::string& key) const {
  std::lock_guard lock(mutex_);
  auto known = entries_.find(key);
  return known == entries_.end() ? Answer{Answer::Kind::never_heard, {}, {}, {}} : answer_of(known->second);
}

Answer PaymentLedger::void_key(const std::string& key) {
  std::lock_guard lock(mutex_);
  auto known = entries_.find(key);
  if (known == entries_.end())
    return enter(key, {Kind::void_, State::voided, {}, 0, {}, {}, {}});
  if (known->second.state == State::voided || known->second.state == State::refunded)
    return answer_of(known->second);
  auto entry = known->second;
  entry.state = State::voided;
  entry.code.clear();
  return enter(key, std::move(entry));
}

std::string PaymentLedger::why_not_refunded(const std::string& of, Money amount) const {
  auto captured = entries_.find(of);
  if (amount.amount <= 0)
    return "amount-invalid";
  if (captured == entries_.end())
    return "capture-unknown";
  const auto& entry = captured->second;
  if (entry.state == State::voided)
    return "voided";
  if (entry.kind != Kind::capture || entry.state != State::captured)
    return "not-captured";
  if (entry.amount.currency != amount.currency)
    return "currency-mismatch";
  return amount.amount > entry.amount.amount - entry.refunded ? "exceeds-captured" : "";
}

Answer PaymentLedger::refund(const std::string& key, const std::string& of, Money amount) {
  std::lock_guard lock(mutex_);
  if (auto known = entries_.find(key); known != entries_.end())
    return repeated(known->second, Kind::refund);
  auto code = why_not_refunded(of, amount);
  return enter(key, {Kind::refund, code.empty() ? State::refunded : State::declined, amount, 0, {}, code, of});
}

std::string PaymentLedger::to_ndjson() const {
  std::lock_guard lock(mutex_);
  std::string out;
  for (const auto* entry : in_order_)
    append_line(out, entry->first, entry->second);
  return out;
}

} // namespace entrepot::partners
