#include "tests/support/crashing_world.hpp"

namespace entrepot::test {

payment::ProviderAnswer Books::answer(const payment::ProviderRequest& request) {
  using Asked = payment::ProviderRequest::Kind;
  using Said = payment::ProviderAnswer::Kind;
  auto says = [&](Said kind, Money amount = {}) { return payment::ProviderAnswer{kind, "P-1", {}, amount}; };
  switch (request.kind) {
  case Asked::capture:
    if (voided_.contains(request.key))
      return says(Said::declined);
    return says(Said::captured, captured_.try_emplace(request.key, request.amount).first->second);
  case Asked::enquire:
    if (auto booked = captured_.find(request.key); booked != captured_.end())
      return says(Said::captured, booked->second);
    return says(Said::never_heard);
  case Asked::void_:
    voided_.insert(request.key);
    captured_.erase(request.key);
    return says(Said::voided);
  case Asked::refund:
    return says(Said::refunded, refunded_.try_emplace(request.key, request.amount).first->second);
  }
  throw std::runtime_error("the provider was asked what it does not know");
}

std::int64_t Books::sum(const std::map<std::string, Money>& bookings) {
  std::int64_t all = 0;
  for (const auto& [key, amount] : bookings)
    all += amount.amount;
  return all;
}

void PrintTo(const Tale& tale, std::ostream* out) {
  *out << tale.name;
}

CrashingWorld::CrashingWorld(const Tale& tale, int crash, Loss loss) : tale_(tale), crash_(crash), loss_(loss) {
  start_node();
  for (auto place : {a_warehouse(), a_store()}) {
    node_->command(stream_of(place.code), stock::Command{stock::Define{place}});
    node_->command(stream_of(place.code), stock::Command{stock::Receive{"ASN-1", {{{entity("SHOP"), sku("MUG-1")}, 100}, {{entity("SHOP"), sku("BOWL-1")}, 100}}}});
    node_->settle();
  }
  opened_ = true;
  play();
}

std::string CrashingWorld::outcome() {
  static const std::set<std::string> of_time{"CaptureUnknown", "FulfilmentEscalated", "PickupEscalated", "StockHoldBarred"};
  static const std::set<std::string> of_race{"StockHeld", "StockReleased"}; // held and freed again, or cancelled before it was held
  std::map<StreamId, std::string> told;
  for (const auto& shard : store_->shards)
    for (const auto& record : shard)
      if (!of_time.contains(record.type) && !(tale_.at_once && of_race.contains(record.type)))
        told[record.stream] += record.type + ": " + workflow::in_words(codec::decode(record.type, record.version, record.data)) + "\n";
  std::string text;
  for (const auto& [stream, lines] : told)
    text += lines + "--\n";
  for (const auto& [place, code] : {std::pair{"DC", "MUG-1"}, {"DC", "BOWL-1"}, {"LEEDS", "MUG-1"}, {"LEEDS", "BOWL-1"}}) {
    const auto row = stock_of(place, code);
    text += std::string(place) + " " + code + ": " + std::to_string(row.on_hand) + " on hand, " + std::to_string(row.held + row.allocated) + " promised, " +
            std::to_string(row.suspended) + " suspended, " + std::to_string(row.damaged) + " damaged\n";
  }
  return text + "provider: " + std::to_string(books_.taken()) + " taken, " + std::to_string(books_.given_back()) + " given back\n";
}

stock::Row CrashingWorld::stock_of(const char* place, const char* code) {
  Awaited<gateway::LocationView> awaited;
  node_->ports->read_location(location(place), {sku(code)}, awaited.reply());
  settle();
  return awaited.value().rows.front().second;
}

void CrashingWorld::start_node() {
  const auto moment = node_ ? node_->now : test::now;
  dying_ = true; // whoever is asked by a node that goes hears nothing
  pending_.clear();
  node_.reset();
  dying_ = false;
  node_ = std::make_unique<Node>(store_);
  node_->now = moment;
  node_->provider = [this](const payment::ProviderRequest& request, std::function<void(payment::ProviderAnswer)> reply) {
    if (!dying_)
      pending_.emplace_back(request, std::move(reply));
  };
  ++lives_;
}

std::size_t CrashingWorld::stored() const {
  std::size_t all = 0;
  for (const auto& shard : store_->shards)
    all += shard.size();
  return all;
}

void CrashingWorld::ask_provider(bool dying) {
  using Asked = payment::ProviderRequest::Kind;
  for (auto& [request, reply] : std::exchange(pending_, {})) {
    if (dying && loss_ == Loss::everything)
      continue;
    auto answer = books_.answer(request);
    const auto is_silent = tale_.silent_provider && (request.kind == Asked::capture || request.kind == Asked::enquire);
    if (!dying && !is_silent)
      reply(answer);
  }
}

bool CrashingWorld::store_one() {
  const auto before = stored();
  node_->journal.step();
  const bool grew = opened_ && stored() > before;
  const bool dies = grew && (crash_ == always || batches_ == crash_);
  batches_ += grew;
  ask_provider(dies);
  if (dies)
    start_node();
  return dies;
}

bool CrashingWorld::settle() {
  do {
    for (node_->work(); node_->journal.queued() > 0; node_->work())
      if (store_one())
        return true;
    node_->messenger.step();
    node_->work();
  } while (node_->journal.queued() > 0);
  return false;
}

void CrashingWorld::pass(Duration length) {
  for (int tries = 0;; ++tries) {
    ASSERT_LT(tries, most_tries) << "it never comes to rest";
    node_->now += length;
    node_->scheduler.advance_time(std::chrono::milliseconds{100});
    if (!settle())
      return;
    length = std::chrono::seconds{15}; // whoever takes over looks at its deadlines
  }
}

void CrashingWorld::look() {
  for (int tries = 0; tries < most_tries; ++tries) {
    auto seen = node_->read({family_id_});
    if (auto died = settle(); heard(seen, died) == Heard::yes) {
      family_ = *seen.value().family;
      return;
    }
  }
  FAIL() << "the order cannot be read";
}

void CrashingWorld::play() {
  submit();
  for (std::size_t i = 0; i < tale_.acts.size(); ++i)
    act(tale_.acts[i], i);
  for (Duration length : {15'000ms, 60'000ms, 180'000ms, 660'000ms, 3'600'000ms})
    pass(length);
  for (int day = 0; day < 9; ++day)
    pass(24h);
  look();
}

void CrashingWorld::submit() {
  for (int tries = 0; tries < most_tries; ++tries) {
    auto order = node_->submit("k1", tale_.agreement, false);
    bool died = false;
    for (node_->work(); !died && !order.answered() && node_->journal.queued() > 0; node_->work())
      died = store_one();
    if (heard(order, died) == Heard::yes) {
      family_id_ = order.value().family->id;
      if (!tale_.at_once)
        settle();
      return;
    }
  }
  FAIL() << "the order is not taken";
}

void CrashingWorld::act(const Act& act, std::size_t number) {
  if (number > 0 || !tale_.at_once)
    wait_until(act.when);
  for (int tries = 0, refusals = 0; tries < most_tries; ++tries) {
    Awaited<gateway::OrderView> done;
    const CommandId id{std::uint64_t{1} << 56, (number + 1) * 1'000 + static_cast<std::uint64_t>(refusals)};
    node_->ports->act(member(family_id_, act.child), act.command, id, {.by = "somebody", .traceparent = {}, .occurred_at = {}}, gateway::Until::stored, done.reply());
    switch (auto died = settle(); heard(done, died)) {
    case Heard::yes: return;
    case Heard::no:
      why_ = done.refusal().code;
      ++refusals;
      pass(15s);
      break;
    case Heard::nothing: break; // asked again, under the same key
    }
  }
  FAIL() << tale_.name << ": act " << number << " is never done: " << why_;
}

void CrashingWorld::wait_until(const std::function<bool(const Family&)>& when) {
  for (int tries = 0; tries < most_tries; ++tries) {
    look();
    if (when(family_))
      return;
    pass(15s);
  }
  FAIL() << tale_.name << ": what somebody waits for never comes";
}

} // namespace entrepot::test
