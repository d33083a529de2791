#include "tests/simulation/bank.hpp"

namespace entrepot::simulation {
namespace {

using Asked = payment::ProviderRequest::Kind;
using Answer = payment::ProviderAnswer;
using Word = Answer::Kind;

StreamId family_in(const std::string& key) { return order_id_from(key.substr(0, key.find('/'))).value().family; }

} // namespace

Bank::Bank(World& world) : world_(world) {
  world_.provider = [this](const payment::ProviderRequest& request, Reply reply) { ask(request, std::move(reply)); };
}

/// The mood is the key's, whenever it is asked.
Bank::Mood Bank::mood_of(const std::string& key) const {
  Chance chance(world_.plan().seed, stable_hash(key));
  if (world_.is_calm())
    return Mood::prompt;
  auto number = chance.between(0, 99);
  if (number < 70)
    return Mood::prompt;
  if (number < 80)
    return Mood::declines;
  if (number < 85)
    return Mood::silent;
  if (number < 90)
    return Mood::late;
  if (number < 92)
    return Mood::wrong_amount;
  return number < 96 ? Mood::says_twice : Mood::loses_first;
}

Bank::Account& Bank::account(const std::string& key) {
  auto [at, is_new] = accounts_.try_emplace(key);
  if (is_new) {
    at->second.family = family_in(key);
    at->second.mood = mood_of(key);
    keys_[at->second.family].push_back(key);
  }
  return at->second;
}

Answer Bank::said_of(const Account& account) const {
  if (account.state == "captured")
    return {Word::captured, "P-1", {}, account.amount};
  if (account.state == "declined")
    return {Word::declined, {}, "insufficient-funds", {}};
  if (account.state == "voided")
    return {Word::voided, {}, {}, {}};
  return {Word::never_heard, {}, {}, {}};
}

void Bank::book(const std::string& key, bool tells) {
  auto& known = account(key);
  if (known.state != "pending")
    return;
  known.state = "captured";
  if (tells)
    world_.provider_says(known.family, key, said_of(known));
}

Answer Bank::capture(Account& known, const payment::ProviderRequest& request) {
  if (!known.state.empty())
    return said_of(known); // one that is pending is not heard of
  if (world_.now() > request.not_after || request.token == "tok_bad") {
    known.state = "declined";
    return said_of(known);
  }
  known.amount = request.amount;
  known.booked_at = world_.now();
  switch (known.mood) {
  case Mood::declines: known.state = "declined"; break;
  case Mood::wrong_amount: known.amount.amount += 100; known.state = "captured"; break;
  case Mood::loses_first:
    if (known.asked++ == 0)
      return {};
    known.state = "captured";
    break;
  case Mood::late: {
    known.state = "pending";
    auto pause = Duration{15s} + Duration{static_cast<std::int64_t>(stable_hash(request.key) % 90'000)};
    world_.at(std::min(world_.now() + pause, request.not_after), [this, key = request.key] { book(key, stable_hash(key) % 2 == 0); });
    return {};
  }
  default: known.state = "captured";
  }
  return said_of(known);
}

Answer Bank::refund(const payment::ProviderRequest& request) {
  auto& known = account(request.of);
  if (known.state != "captured")
    throw Broken(known.family, "money is to be given back that was never taken: " + request.key);
  auto [at, is_new] = known.refunds.try_emplace(request.key, request.amount.amount, false);
  if (at->second.first != request.amount.amount)
    throw Broken(known.family, "one key asks for two sums: " + request.key);
  if (is_new) {
    Chance chance(world_.plan().seed, stable_hash(request.key));
    at->second.second = world_.is_calm() || !chance.percent(12);
    std::int64_t all = 0;
    for (const auto& [key, given] : known.refunds)
      all += given.second ? given.first : 0;
    if (all > known.amount.amount)
      throw Broken(known.family, "more is given back than was taken");
  }
  if (!at->second.second)
    return {Word::refund_failed, {}, "card-closed", {}};
  return {Word::refunded, "R-1", {}, request.amount};
}

void Bank::ask(const payment::ProviderRequest& request, Reply reply) {
  if (world_.chance().percent(world_.is_calm() ? 0 : 2))
    return; // lost on the way
  auto pause = world_.chance().mostly_short(50ms, 3s);
  world_.after(pause, [this, request, reply = std::move(reply), life = world_.life()] {
    auto& known = account(request.kind == Asked::refund ? request.of : request.key);
    Answer answer;
    switch (request.kind) {
    case Asked::capture: answer = capture(known, request); break;
    case Asked::enquire: answer = said_of(known); break;
    case Asked::void_:
      known.state = "voided";
      answer = said_of(known);
      break;
    case Asked::refund: answer = refund(request); break;
    }
    const bool keeps_silent = known.mood == Mood::silent && !world_.is_calm() && request.kind != Asked::void_ && ++known.asked < 5;
    if (keeps_silent)
      answer = {};
    if (life == world_.life())
      reply(answer); // otherwise nobody is there to hear it
    if (known.mood == Mood::says_twice && answer.kind != Word::no_answer)
      world_.after(world_.chance().mostly_short(1s, 10min), [this, family = known.family, key = request.key, answer] { world_.provider_says(family, key, answer); });
  });
}

std::vector<audit::ProviderEntry> Bank::books() const {
  std::vector<audit::ProviderEntry> all;
  for (const auto& [key, known] : accounts_) {
    if (known.state.empty())
      continue;
    std::int64_t refunded = 0;
    for (const auto& [of, given] : known.refunds)
      refunded += given.second ? given.first : 0;
    all.push_back({key, known.state, known.amount, refunded});
  }
  return all;
}

std::int64_t Bank::kept_of(StreamId family) const {
  auto keys = keys_.find(family);
  std::int64_t kept = 0;
  if (keys == keys_.end())
    return kept;
  for (const auto& key : keys->second) {
    const auto& known = accounts_.at(key);
    if (known.state != "captured")
      continue;
    kept += known.amount.amount;
    for (const auto& [of, given] : known.refunds)
      kept -= given.second ? given.first : 0;
  }
  return kept;
}

} // namespace entrepot::simulation
