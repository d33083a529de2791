#include "tests/gateways/fake_ports.hpp"

namespace entrepot::test {

namespace {
constexpr auto today = std::chrono::sys_days{std::chrono::year{2026} / 3 / 10};
}

FakePorts::FakePorts() : thread_([this] { run(); }) {}

FakePorts::~FakePorts() {
  {
    std::lock_guard lock(mutex_);
    ends_ = true;
    changed_.notify_all();
  }
  thread_.join();
}

void FakePorts::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return ends_ || !queue_.empty(); });
    if (queue_.empty())
      return;
    auto work = std::move(queue_);
    queue_.clear();
    lock.unlock();
    for (auto& each : work)
      each();
    work.clear();
    lock.lock();
  }
}

void FakePorts::later(std::function<void()> work) {
  if (answers_at_once)
    return work();
  std::lock_guard lock(mutex_);
  queue_.push_back(std::move(work));
  changed_.notify_all();
}

void FakePorts::wait_for_silent(std::size_t count) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return silent_.size() >= count; });
}

void FakePorts::end_silence(bool answer) {
  std::vector<Reply<OrderView>> replies;
  {
    std::lock_guard lock(mutex_);
    replies.swap(silent_);
  }
  if (answer)
    for (auto& reply : replies)
      reply(Fault{Fault::Kind::unavailable, "the database at 10.0.0.7 has gone"});
}

FakePorts::Made FakePorts::make(const Creation& creation) {
  auto family = std::make_shared<Family>();
  family->id = family_number(7, Timestamp{today}, static_cast<int>(families_.size()));
  evolve(*family, child::order, AnyEvent{order::Event{order::Submitted{*creation.draft}}}, Timestamp{today});
  std::int64_t version = 1;
  if (fate == Fate::confirmed)
    evolve(*family, child::order, AnyEvent{order::Event{order::Confirmed{}}}, Timestamp{today}), ++version;
  if (fate == Fate::declined) {
    auto amount = creation.draft->instalments.front().amount;
    evolve(*family, child::payment, AnyEvent{payment::Event{payment::CaptureAsked{1, "k/1", "tok", amount, Timestamp{today}}}}, Timestamp{today});
    evolve(*family, child::payment, AnyEvent{payment::Event{payment::Declined{1, "k/1", "insufficient-funds"}}}, Timestamp{today});
    version += 2;
  }
  if (fate == Fate::refused)
    evolve(*family, child::order,
           AnyEvent{
               order::Event{order::Rejected{"stock-short", "Not enough units of MUG-1.", {{"/lines/0/quantity", "stock-short", "1 is available."}}}}},
           Timestamp{today}),
        ++version;
  if (creation.guest_key)
    keys[family->id] = *creation.guest_key;
  Made made{family, creation.body_digest, version};
  families_[family->id] = made;
  return made;
}

void FakePorts::submit(Creation creation, Origin origin, Until until, Reply<OrderView> reply) {
  std::unique_lock lock(mutex_);
  check(fate != Fate::broken, "an order has a sum");
  auto pair =
      creation.external_number.empty() ? "k/" + creation.client + "/" + creation.key : "n/" + creation.channel + "/" + creation.external_number;
  creations.push_back(creation);
  origins.push_back(std::move(origin));
  auto known_pair = by_pair_.find(pair);
  auto replayed = known_pair != by_pair_.end();
  if (replayed && known_pair->second.digest != creation.body_digest) {
    lock.unlock();
    return later([reply] { reply(reject("idempotency-key-reused", "This key was used for another request.")); });
  }
  if (!replayed && !creation.draft) {
    lock.unlock();
    return later([reply, why = creation.draft.error()] { reply(why); });
  }
  if (!replayed && (fate == Fate::silent || fate == Fate::forgotten || fate == Fate::faulty)) {
    if (fate == Fate::silent)
      silent_.push_back(reply);
    changed_.notify_all();
    lock.unlock();
    if (fate == Fate::faulty)
      later([reply] { reply(Fault{Fault::Kind::unavailable, "the database at 10.0.0.7 has gone"}); });
    return;
  }
  auto made = replayed ? known_pair->second : make(creation);
  by_pair_[pair] = made;
  if (until != Until::stored && fate == Fate::never_settles) {
    silent_.push_back(reply);
    changed_.notify_all();
    return;
  }
  lock.unlock();
  later([reply, made, replayed] { reply(OrderView{made.family, made.version, replayed}); });
}

/// The process is taken through the command as it would be inside; whoever is asked says yes, and the second card is good.
void FakePorts::provider_says(OrderId order, std::string key, payment::ProviderAnswer answer, Origin origin, Reply<OrderView> reply) {
  {
    std::lock_guard lock(mutex_);
    said.push_back({order, std::move(key), std::move(answer), std::move(origin)});
    auto at = families_.find(order.family);
    if (moves_on && at != families_.end())
      ++at->second.version;
  }
  on_said();
  read_order(order, std::move(reply));
}

void FakePorts::act(StreamId member, AnyCommand command, CommandId id, Origin origin, Until, Reply<OrderView> reply) {
  std::unique_lock lock(mutex_);
  auto at = families_.find(family_of(member));
  if (at == families_.end()) {
    lock.unlock();
    return later([reply] { reply(reject("order-unknown", "There is no such order.")); });
  }
  const auto* of_payment = std::get_if<payment::Command>(&command);
  if (const auto* tender = of_payment ? std::get_if<payment::OfferTender>(of_payment) : nullptr)
    payments.push_back(*tender);
  else
    acts.push_back({member, command, id, origin, {}});
  auto& made = at->second;
  auto family = std::make_shared<Family>(*made.family);
  auto outcome = carry_out(*family, child_of(member), command);
  if (auto* no = std::get_if<Rejection>(&outcome)) {
    if (no->code == "code-wrong") {
      made.family = family;
      ++made.version;
    }
    lock.unlock();
    return later([reply, why = *no] { reply(why); });
  }
  made.family = family;
  made.version += std::get<std::int64_t>(outcome);
  lock.unlock();
  later([reply, made] { reply(OrderView{made.family, made.version, false}); });
}

/// Returns how many events it caused.
Outcome<std::int64_t> FakePorts::carry_out(Family& family, int child, const AnyCommand& command) {
  std::int64_t events = 0;
  auto apply = [&](const auto& decision) -> Outcome<std::int64_t> {
    if (!decision)
      return decision.error();
    for (const auto& event : *decision) {
      evolve(family, child, AnyEvent{event}, Timestamp{today});
      ++events;
    }
    return events;
  };
  if (const auto* of_payment = std::get_if<payment::Command>(&command)) {
    auto outcome = apply(payment::decide(family.payment, *of_payment, Timestamp{today}));
    if (std::holds_alternative<std::int64_t>(outcome) && family.order.status == order::Status::submitted)
      evolve(family, child::order, AnyEvent{order::Event{order::Confirmed{}}}, Timestamp{today});
    return outcome;
  }
  if (const auto* of_order = std::get_if<order::Command>(&command))
    return apply(order::decide(family.order, *of_order, Timestamp{today}));
  if (const auto* of_process = std::get_if<process::Command>(&command))
    return apply(process::decide(family.diary, *of_process));
  if (const auto* of_pickup = std::get_if<pickup::Command>(&command)) {
    auto decision = pickup::decide(family.pickups[child], *of_pickup, Timestamp{today});
    if (!decision && decision.error().code == "code-wrong") { // counted inside, and refused
      apply(pickup::decide(family.pickups[child], pickup::CountWrongCode{}, Timestamp{today}));
      return decision.error();
    }
    return apply(decision);
  }
  if (const auto* of_transfer = std::get_if<transfer::Command>(&command))
    return apply(transfer::decide(family.transfers[child], *of_transfer, Timestamp{today}));
  return apply(fulfilment::decide(family.fulfilments[child], std::get<fulfilment::Command>(command), Timestamp{today}));
}

void FakePorts::happens(OrderId order, int child, const AnyEvent& event) {
  std::lock_guard lock(mutex_);
  auto& made = families_.at(order.family);
  auto family = std::make_shared<Family>(*made.family);
  evolve(*family, child, event, Timestamp{today});
  made.family = family;
  ++made.version;
}

void FakePorts::board(LocationCode place, bool pickups, Reply<Board> reply) {
  Board board;
  for (const auto& item : on_board)
    if (std::visit([](const auto& state) { return state.location; }, item.state) == place && std::holds_alternative<pickup::State>(item.state) == pickups)
      board.items.push_back(item);
  board.as_of = 17;
  later([reply, board] { reply(board); });
}

void FakePorts::story(OrderId, Reply<std::vector<Told>> reply) {
  later([reply, lines = lines_told] { reply(lines); });
}

void FakePorts::transfers(LocationCode place, Reply<std::vector<TransferItem>> reply) {
  std::vector<TransferItem> items;
  for (const auto& item : under_way)
    if (item.state.from == place || item.state.to == place)
      items.push_back(item);
  later([reply, items] { reply(items); });
}

void FakePorts::parked(Reply<std::vector<ParkedProcess>> reply) {
  later([reply, processes = waiting_for_people] { reply(processes); });
}

void FakePorts::process(OrderId order, Reply<ProcessView> reply) {
  later([reply, order, view = looked_at] {
    if (view && view->order == order)
      return reply(*view);
    reply(reject("order-unknown", "There is no such order."));
  });
}

Outcome<std::int64_t> FakePorts::carry_out(const SentCommand& sent) {
  if (const auto* claim = std::get_if<identity::Command>(&sent.command)) {
    auto& key = identities[sent.to];
    auto decision = identity::decide(key, *claim, Timestamp{today});
    if (!decision)
      return decision.error();
    for (const auto& event : *decision)
      key = identity::evolve(key, event);
    return std::int64_t{1};
  }
  commands.push_back(sent);
  if (auto place = places.find(sent.to); place != places.end()) {
    auto decision = stock::decide(place->second, std::get<stock::Command>(sent.command), Timestamp{today});
    if (!decision)
      return decision.error();
    for (const auto& event : *decision)
      stock::evolve(place->second, event, Timestamp{today});
  }
  if (const auto* command = std::get_if<customer::Command>(&sent.command)) {
    customer::State customer;
    for (auto& [number, entry] : customers)
      if (stream_of(*CustomerNumber::from(number)) == sent.to)
        customer.profile = entry.first;
    auto decision = customer::decide(customer, *command, Timestamp{today});
    if (!decision)
      return decision.error();
    auto is_new = !customer.profile.registered;
    for (const auto& event : *decision)
      customer = customer::evolve(std::move(customer), event);
    auto& entry = customers[customer.profile.number.text()];
    entry.first = customer.profile;
    if (is_new)
      entry.second = sent.person_key;
  }
  return static_cast<std::int64_t>(commands.size());
}

void FakePorts::command(StreamId to, AnyCommand command, CommandId id, Origin origin, std::optional<PersonKey> person_key,
                        Reply<std::int64_t> reply) {
  std::unique_lock lock(mutex_);
  auto outcome = refuses_commands ? Outcome<std::int64_t>(*refuses_commands) : carry_out({to, std::move(command), id, std::move(origin), person_key});
  lock.unlock();
  later([reply, outcome] { reply(outcome); });
}

void FakePorts::read_order(OrderId order, Reply<OrderView> reply) {
  std::unique_lock lock(mutex_);
  auto at = families_.find(order.family);
  auto outcome = at == families_.end() ? Outcome<OrderView>(reject("order-unknown", "There is no such order."))
                                       : Outcome<OrderView>(OrderView{at->second.family, at->second.version, false});
  lock.unlock();
  later([reply, outcome] { reply(outcome); });
}

void FakePorts::read_location(LocationCode location, std::vector<Sku> skus, Reply<LocationView> reply) {
  auto at = known->locations.find(location);
  if (at == known->locations.end())
    return later([reply] { reply(reject("location-unknown", "There is no such location.")); });
  LocationView view{*at->second, {}, 9};
  if (auto place = places.find(stream_of(location)); place != places.end()) {
    const auto& state = place->second;
    view = {state.profile, {}, 9, state.slots, state.sources};
    for (const auto& sku : skus)
      view.rows.emplace_back(stock::Item{state.profile.owner, sku}, stock::row_of(state, {state.profile.owner, sku}));
    return later([reply, view] { reply(view); });
  }
  for (const auto& sku : skus)
    view.rows.emplace_back(stock::Item{at->second->owner, sku}, stock::Row{10, 3, 2});
  later([reply, view] { reply(view); });
}

void FakePorts::read_counts(LocationCode location, Reply<CountsView> reply) {
  std::unique_lock lock(mutex_);
  CountsView view{places[stream_of(location)].counts, static_cast<std::int64_t>(commands.size())};
  lock.unlock();
  later([reply, view] { reply(view); });
}

void FakePorts::foresee(LocationCode location, stock::Command command, Timestamp now, Reply<std::vector<stock::Event>> reply) {
  std::unique_lock lock(mutex_);
  auto decision = stock::decide(places[stream_of(location)], command, now);
  lock.unlock();
  later([reply, decision] { reply(decision ? Outcome<std::vector<stock::Event>>(*decision) : Outcome<std::vector<stock::Event>>(decision.error())); });
}

void FakePorts::read_customer(CustomerNumber customer, Reply<CustomerView> reply) {
  std::unique_lock lock(mutex_);
  auto at = customers.find(customer.text());
  CustomerView view = at == customers.end() ? CustomerView{} : CustomerView{at->second.first, 3};
  lock.unlock();
  later([reply, view] { reply(view); });
}

void FakePorts::read_identity(StreamId key, Reply<CustomerNumber> reply) {
  std::unique_lock lock(mutex_);
  auto at = identities.find(key);
  auto owner = at == identities.end() ? CustomerNumber{} : at->second.owner;
  lock.unlock();
  later([reply, owner] { reply(owner); });
}

void FakePorts::person_key(StreamId person, Reply<std::optional<PersonKey>> reply) {
  std::unique_lock lock(mutex_);
  std::optional<PersonKey> key;
  if (auto at = keys.find(person); at != keys.end())
    key = at->second;
  for (const auto& [number, entry] : customers)
    if (stream_of(*CustomerNumber::from(number)) == person)
      key = entry.second;
  lock.unlock();
  later([reply, key] { reply(key); });
}

Watch FakePorts::watch(Watched what, std::int64_t after, Watcher watcher) {
  Watch token(new char, [this](void* all) {
    delete static_cast<char*>(all);
    std::lock_guard lock(mutex_);
    ++watches_ended_;
    changed_.notify_all();
  });
  std::lock_guard lock(mutex_);
  listeners.push_back({what, after, std::move(watcher), token});
  changed_.notify_all();
  return token;
}

FakePorts::Listener FakePorts::wait_for_listener(std::size_t count) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return listeners.size() >= count; });
  return listeners[count - 1];
}

void FakePorts::wait_for_silence() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return watches_ended_ == listeners.size(); });
}

void FakePorts::list_orders(std::string status, std::vector<std::string> channels, std::string after, int limit, Reply<Page> reply) {
  std::string call = status + "|";
  for (const auto& channel : channels)
    call += channel + ",";
  list_calls.push_back(call + "|" + after + "|" + std::to_string(limit));
  later([reply, this] { reply(Page{listed, "cursor-2"}); });
}

} // namespace entrepot::test
