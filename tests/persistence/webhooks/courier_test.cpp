// Endpoints are told what happens to orders, whatever they answer, and whatever happens to us meanwhile.
#include "persistence/webhooks/courier.hpp"

#include <condition_variable>
#include <future>
#include <gtest/gtest.h>
#include <mutex>

#include "persistence/metadata.hpp"
#include "persistence/postgres_journal.hpp"
#include "persistence/webhooks/memory_registry.hpp"
#include "persistence/webhooks/postgres_registry.hpp"
#include "tests/persistence/codec_samples.hpp"
#include "tests/persistence/recorded.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_database.hpp"

namespace entrepot::test {
namespace {

using namespace std::chrono_literals;
using tests::instant;
using webhook::Answer;
using webhook::Courier;
using webhook::Endpoint;
using webhook::Message;

const auto nine = instant("2026-03-10T09:00:00Z");

StreamId an_order(int number, int slice = 100) { return family_number(slice, nine, number); }

AnyEvent submitted(std::string_view channel = "web") {
  auto agreement = tests::full_agreement();
  agreement.customer = {};
  agreement.channel = *ChannelCode::from(channel);
  return order::Event{order::Submitted{agreement}};
}
AnyEvent confirmed() { return order::Event{order::Confirmed{}}; }
AnyEvent cancelling() { return order::Event{order::CancellationBegun{"customer-request", "changed my mind"}}; }

std::string_view name(const AnyEvent& event) {
  const auto* of_order = std::get_if<order::Event>(&event);
  if (!of_order)
    return "";
  return std::visit(Overload{[](const order::Submitted&) { return "submitted"; }, [](const order::Confirmed&) { return "confirmed"; }, [](const order::CancellationBegun&) { return "cancelling"; },
                             [](const auto&) { return ""; }},
                    *of_order);
}

/// Where journal and endpoints are kept; both outlive the program that uses them.
struct Place {
  virtual ~Place() = default;
  virtual std::unique_ptr<journal::Journal> open() = 0;
  virtual std::unique_ptr<webhook::Registry> registry() = 0;
  virtual std::unique_ptr<consequences::Checkpoint> checkpoint(const std::string& endpoint) = 0;
};
struct InMemory : Place {
  struct Shared : webhook::Registry {
    explicit Shared(webhook::MemoryRegistry& its) : it(its) {}
    Result<Endpoint> create(const Endpoint& endpoint, webhook::From from) override { return it.create(endpoint, from); }
    std::vector<Endpoint> list() override { return it.list(); }
    std::optional<Endpoint> find(const std::string& id) override { return it.find(id); }
    Result<Endpoint> change(const std::string& id, const std::function<std::optional<Rejection>(Endpoint&)>& act) override { return it.change(id, act); }
    bool remove(const std::string& id) override { return it.remove(id); }
    std::vector<webhook::Version> versions() override { return it.versions(); }
    void keep(const std::string& endpoint, std::span<const webhook::Delivery> deliveries) override { it.keep(endpoint, deliveries); }
    void forget(const std::string& endpoint, std::span<const webhook::Place> places) override { it.forget(endpoint, places); }
    std::vector<webhook::Delivery> waiting(const std::string& endpoint, std::size_t most) override { return it.waiting(endpoint, most); }
    std::string body(const std::string& endpoint, webhook::Place place) override { return it.body(endpoint, place); }
    Result<webhook::DeliveryPage> page(const std::string& endpoint, webhook::Fate fate, const std::string& after, std::size_t most) override { return it.page(endpoint, fate, after, most); }
    Result<std::int64_t> replay(const std::string& endpoint, const std::string& delivery, Timestamp now) override { return it.replay(endpoint, delivery, now); }
    webhook::MemoryRegistry& it;
  };
  std::unique_ptr<journal::Journal> open() override { return std::make_unique<journal::MemoryJournal>(journal::MemoryOptions{.drive = journal::Drive::by_thread, .store = store}); }
  std::unique_ptr<webhook::Registry> registry() override { return std::make_unique<Shared>(kept); }
  std::unique_ptr<consequences::Checkpoint> checkpoint(const std::string& endpoint) override { return kept.checkpoint(endpoint); }
  std::shared_ptr<journal::MemoryStore> store = std::make_shared<journal::MemoryStore>();
  webhook::MemoryRegistry kept{[this] {
    consequences::Positions heads{};
    for (std::size_t shard = 0; shard < heads.size(); ++shard)
      heads[shard] = static_cast<std::int64_t>(store->shards[shard].size());
    return heads;
  }};
};
struct InPostgres : Place {
  std::unique_ptr<journal::Journal> open() override {
    return journal::open_postgres_journal({.conninfo = database.conninfo(), .node_name = "test", .state_folder = folder.path()});
  }
  std::unique_ptr<webhook::Registry> registry() override { return webhook::open_postgres_registry(database.conninfo()); }
  std::unique_ptr<consequences::Checkpoint> checkpoint(const std::string& endpoint) override {
    return consequences::open_postgres_checkpoint(database.conninfo(), webhook::checkpoint_name(endpoint));
  }
  TestDatabase database;
  TemporaryFolder folder;
};

/// The outside as the test has it: it remembers every try, and answers as `says` does, or not at all.
struct PlayedEndpoints {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<Message> tries;
  std::function<std::optional<Answer>(const Message&)> says = [](const Message&) { return Answer{200}; };
  std::vector<std::function<void(Answer)>> kept;

  webhook::Sender port() {
    return [this](const Message& message, std::function<void(Answer)> reply) {
      std::optional<Answer> answer;
      {
        std::lock_guard lock(mutex);
        tries.push_back(message);
        answer = says(message);
        if (!answer)
          kept.push_back(reply);
      }
      changed.notify_all();
      if (answer)
        reply(*answer);
    };
  }
  void say(std::function<std::optional<Answer>(const Message&)> what) {
    std::lock_guard lock(mutex);
    says = std::move(what);
  }
};

class EndpointsAreTold : public testing::TestWithParam<std::string> {
protected:
  EndpointsAreTold() : place(GetParam() == "memory" ? std::unique_ptr<Place>(std::make_unique<InMemory>()) : std::make_unique<InPostgres>()), admin(place->registry()) { start(); }
  ~EndpointsAreTold() override { stop(); }

  void start() {
    journal = place->open();
    journal->claimed();
    registry = place->registry();
    courier = std::make_unique<Courier>(webhook::CourierOptions{.wording = {.name = name,
                                                                            .body =
                                                                                [](const webhook::Publication& event) {
                                                                                  return std::string(event.type) + " " + std::to_string(event.sequence) + " " + to_text(OrderId{event.family.id});
                                                                                }},
                                                                .sender = outside.port(),
                                                                .checkpoint = [this](const std::string& endpoint) { return place->checkpoint(endpoint); },
                                                                .now = [this] { return now.load(); },
                                                                .chance = [] { return 0.0; },
                                                                .log =
                                                                    [this](const std::string& text) {
                                                                      std::lock_guard lock(outside.mutex);
                                                                      said.push_back(text);
                                                                    },
                                                                .limits = limits,
                                                                .pace = 1ms,
                                                                .save_pace = 1ms,
                                                                .look_pace = 2ms},
                                        *journal, *registry);
    journal->on_commit([this](int shard, std::span<const journal::Record> records) { courier->offer(shard, records); });
    courier->start();
  }
  void stop() {
    courier->close();
    journal->close();
    journal.reset();
    courier.reset();
  }

  void endpoint(std::string id, std::vector<std::string> types = {}, std::vector<std::string> channels = {}, webhook::From from = webhook::From::now) {
    Endpoint made;
    made.url = "http://" + id + "/";
    made.id = std::move(id);
    made.types = std::move(types);
    made.channels = std::move(channels);
    made.secret = {1, 2, 3};
    made.created_at = made.changed_at = nine;
    ASSERT_TRUE(admin->create(made, from));
  }
  void set(const std::string& id, webhook::Status status) {
    ASSERT_TRUE(admin->change(id, [&](Endpoint& changed) -> std::optional<Rejection> {
      changed.status = status;
      return {};
    }));
  }

  void happen(const std::vector<std::pair<StreamId, AnyEvent>>& happened, std::optional<Timestamp> occurred = {}) {
    journal::Entry entry;
    entry.actor = family_of(happened.front().first);
    entry.activation = 1;
    for (const auto& [stream, event] : happened) {
      entry.records.push_back(tests::recorded(stream, ++seq[stream], event, nine));
      entry.records.back().metadata = journal::encode(journal::Metadata{.by = "gw", .occurred_at = occurred, .traceparent = {}});
    }
    std::promise<journal::Verdict> stored;
    entry.done = [&](journal::Verdict verdict) { stored.set_value(verdict); };
    journal->append(std::move(entry));
    ASSERT_EQ(stored.get_future().get(), journal::Verdict::committed);
  }
  void an_order_is_confirmed(StreamId order, std::optional<Timestamp> occurred = {}) {
    happen({{order, submitted()}}, occurred);
    happen({{order, confirmed()}}, occurred);
  }

  webhook::EndpointFigures figures(const std::string& id) {
    for (const auto& one : courier->figures())
      if (one.id == id)
        return one;
    return {};
  }
  void until(const std::function<bool()>& holds) {
    auto end = std::chrono::steady_clock::now() + 20s;
    std::unique_lock lock(outside.mutex);
    for (;;) {
      lock.unlock();
      auto done = holds();
      lock.lock();
      if (done)
        return;
      ASSERT_LT(std::chrono::steady_clock::now(), end) << outside.tries.size() << " tries";
      outside.changed.wait_for(lock, 2ms);
    }
  }
  void all_quiet(const std::string& id, std::uint64_t sent) {
    until([&] {
      auto now_there = figures(id);
      return now_there.sent == sent && now_there.waiting == 0;
    });
  }
  std::vector<std::string> bodies(const std::string& id) {
    std::lock_guard lock(outside.mutex);
    std::vector<std::string> all;
    for (const auto& one : outside.tries)
      if (one.endpoint == id)
        all.push_back(one.body);
    return all;
  }
  static std::string body(std::string_view type, int sequence, StreamId order) { return std::string(type) + " " + std::to_string(sequence) + " " + to_text(OrderId{order}); }

  PlayedEndpoints outside;
  std::atomic<Timestamp> now = nine;
  webhook::QueueLimits limits;
  std::vector<std::string> said;
  std::map<StreamId, std::int32_t> seq;
  std::unique_ptr<Place> place;
  std::unique_ptr<webhook::Registry> admin, registry;
  std::unique_ptr<journal::Journal> journal;
  std::unique_ptr<Courier> courier;
};
INSTANTIATE_TEST_SUITE_P(In, EndpointsAreTold, testing::Values("memory", "postgres"), [](const auto& one) { return one.param; });

TEST_P(EndpointsAreTold, what_happens_to_orders_in_order_and_numbered) {
  endpoint("whe_a");
  an_order_is_confirmed(an_order(1));
  happen({{an_order(1), cancelling()}});
  all_quiet("whe_a", 3);
  EXPECT_EQ(bodies("whe_a"), (std::vector<std::string>{body("submitted", 1, an_order(1)), body("confirmed", 2, an_order(1)), body("cancelling", 3, an_order(1))}));
  auto generation = GetParam() == "memory" ? "0" : "1";
  EXPECT_EQ(outside.tries[0].id, "evt_" + std::string(generation) + "_" + std::to_string(shard_of(an_order(1))) + "_1_0");
  EXPECT_EQ(outside.tries[0].url, "http://whe_a/");
  EXPECT_EQ(outside.tries[0].secrets.size(), 1u);
}

TEST_P(EndpointsAreTold, from_their_making_on_or_from_the_beginning) {
  an_order_is_confirmed(an_order(1));
  endpoint("whe_now");
  endpoint("whe_all", {}, {}, webhook::From::beginning);
  happen({{an_order(1), cancelling()}});
  all_quiet("whe_all", 3);
  all_quiet("whe_now", 1);
  EXPECT_EQ(bodies("whe_now"), (std::vector<std::string>{body("cancelling", 3, an_order(1))})) << "counted from the order's first event, also by who comes late";
}

TEST_P(EndpointsAreTold, of_the_types_and_channels_they_asked_for) {
  endpoint("whe_types", {"confirmed"});
  endpoint("whe_till", {}, {"till"});
  an_order_is_confirmed(an_order(1));
  happen({{an_order(2), submitted("till")}});
  all_quiet("whe_types", 1);
  all_quiet("whe_till", 1);
  EXPECT_EQ(bodies("whe_types"), (std::vector<std::string>{body("confirmed", 2, an_order(1))}));
  EXPECT_EQ(bodies("whe_till"), (std::vector<std::string>{body("submitted", 1, an_order(2))}));
}

TEST_P(EndpointsAreTold, nothing_of_orders_of_long_ago) {
  endpoint("whe_a");
  an_order_is_confirmed(an_order(1), nine - 25h);
  happen({{an_order(1), cancelling()}}); // recorded today
  an_order_is_confirmed(an_order(2), nine - 23h);
  all_quiet("whe_a", 2);
  EXPECT_EQ(figures("whe_a").past, 3u);
  EXPECT_EQ(bodies("whe_a")[0], body("submitted", 1, an_order(2)));
}

TEST_P(EndpointsAreTold, the_same_event_under_the_same_id_until_they_take_it_and_the_next_only_then) {
  endpoint("whe_a");
  std::atomic<int> fails = 3;
  outside.say([&](const Message&) { return Answer{fails-- > 0 ? 500 : 204}; });
  an_order_is_confirmed(an_order(1));
  for (std::uint64_t failed = 1; failed <= 3; ++failed) {
    until([&] { return figures("whe_a").failed == failed; });
    now = now.load() + 1h;
  }
  all_quiet("whe_a", 2);
  auto told = bodies("whe_a");
  ASSERT_EQ(told, (std::vector<std::string>{body("submitted", 1, an_order(1)), body("submitted", 1, an_order(1)), body("submitted", 1, an_order(1)), body("submitted", 1, an_order(1)),
                                            body("confirmed", 2, an_order(1))}));
  for (int i = 1; i < 4; ++i)
    EXPECT_EQ(outside.tries[static_cast<std::size_t>(i)].id, outside.tries[0].id);
  EXPECT_NE(outside.tries[4].id, outside.tries[0].id);
  EXPECT_TRUE(admin->waiting("whe_a", 10).empty()) << "and the table is empty again";
}

TEST_P(EndpointsAreTold, though_another_order_is_never_taken) {
  endpoint("whe_a");
  outside.say([](const Message& message) { return Answer{message.body.ends_with(to_text(OrderId{an_order(1)})) ? 500 : 200}; });
  an_order_is_confirmed(an_order(1));
  an_order_is_confirmed(an_order(2));
  an_order_is_confirmed(an_order(3, 3'000));
  until([&] { return figures("whe_a").sent == 4 && figures("whe_a").set_aside == 2; });
  EXPECT_EQ(figures("whe_a").oldest, nine);
}

TEST_P(EndpointsAreTold, though_another_endpoint_never_answers) {
  endpoint("whe_dead");
  endpoint("whe_a");
  outside.say([](const Message& message) -> std::optional<Answer> {
    if (message.endpoint == "whe_dead")
      return std::nullopt;
    return Answer{200};
  });
  for (int order = 1; order <= 40; ++order)
    an_order_is_confirmed(an_order(order));
  all_quiet("whe_a", 80);
  EXPECT_EQ(bodies("whe_dead").size(), webhook::max_in_flight_of_endpoint) << "and that is all it costs";
}

TEST_P(EndpointsAreTold, nothing_while_one_does_not_answer_but_now_and_then) {
  endpoint("whe_a");
  outside.say([](const Message&) { return Answer{0}; });
  for (int order = 1; order <= 40; ++order)
    an_order_is_confirmed(an_order(order));
  until([&] { return figures("whe_a").resting && figures("whe_a").waiting == 80; });
  EXPECT_LE(bodies("whe_a").size(), webhook::max_in_flight_of_endpoint + webhook::failures_to_rest);
  outside.say([](const Message&) { return Answer{200}; });
  now = now.load() + webhook::first_rest;
  until([&] { return figures("whe_a").sent >= 1; });
  now = now.load() + 1h;
  all_quiet("whe_a", 80);
}

TEST_P(EndpointsAreTold, after_a_restart_what_they_had_not_acknowledged_and_nothing_twice_that_they_had) {
  endpoint("whe_a");
  an_order_is_confirmed(an_order(1));
  all_quiet("whe_a", 2);
  outside.say([](const Message&) { return std::nullopt; }); // neither yes nor no
  an_order_is_confirmed(an_order(2));
  until([&] { return bodies("whe_a").size() == 3; });
  stop();
  outside.say([](const Message&) { return Answer{200}; });
  start();
  all_quiet("whe_a", 2);
  EXPECT_EQ(bodies("whe_a").size(), 5u);
  EXPECT_EQ(outside.tries[2].id, outside.tries[3].id);
}

TEST_P(EndpointsAreTold, after_a_restart_what_had_failed_before) {
  endpoint("whe_a");
  outside.say([](const Message&) { return Answer{500}; });
  an_order_is_confirmed(an_order(1));
  until([&] { return figures("whe_a").set_aside == 2; });
  stop();
  outside.say([](const Message&) { return Answer{200}; });
  start();
  until([&] { return figures("whe_a").waiting == 2; });
  now = now.load() + 1h;
  all_quiet("whe_a", 2);
  EXPECT_EQ(bodies("whe_a"), (std::vector<std::string>{body("submitted", 1, an_order(1)), body("submitted", 1, an_order(1)), body("confirmed", 2, an_order(1))}));
}

TEST_P(EndpointsAreTold, dead_letters_again_when_somebody_asks_for_it) {
  endpoint("whe_a");
  outside.say([](const Message& message) { return Answer{message.body.starts_with("submitted") ? 422 : 200}; });
  an_order_is_confirmed(an_order(1));
  until([&] { return figures("whe_a").failed == 1; });
  now = now.load() + webhook::give_up_after;
  until([&] { return figures("whe_a").died == 1 && figures("whe_a").sent == 1; });
  EXPECT_EQ(admin->page("whe_a", webhook::Fate::dead, "", 10)->deliveries.size(), 1u);
  outside.say([](const Message&) { return Answer{200}; });
  EXPECT_EQ(*admin->replay("whe_a", "", now), 1);
  all_quiet("whe_a", 2);
  EXPECT_EQ(bodies("whe_a").back(), body("submitted", 1, an_order(1)));
  EXPECT_TRUE(admin->page("whe_a", webhook::Fate::dead, "", 10)->deliveries.empty());
}

TEST_P(EndpointsAreTold, nothing_while_they_are_paused_and_then_all_of_it) {
  endpoint("whe_a");
  set("whe_a", webhook::Status::paused);
  endpoint("whe_b");
  until([&] { return figures("whe_b").id == "whe_b"; }); // and with it the pause is seen
  an_order_is_confirmed(an_order(1));
  all_quiet("whe_b", 2);
  EXPECT_TRUE(bodies("whe_a").empty());
  set("whe_a", webhook::Status::active);
  all_quiet("whe_a", 2);
}

TEST_P(EndpointsAreTold, nothing_more_once_they_say_that_they_are_gone) {
  endpoint("whe_a");
  endpoint("whe_b");
  outside.say([](const Message& message) { return Answer{message.endpoint == "whe_a" ? 410 : 200}; });
  an_order_is_confirmed(an_order(1));
  all_quiet("whe_b", 2);
  until([&] { return admin->find("whe_a")->status == webhook::Status::gone; });
  an_order_is_confirmed(an_order(2));
  all_quiet("whe_b", 4);
  EXPECT_EQ(bodies("whe_a").size(), 1u);
  outside.say([](const Message&) { return Answer{200}; });
  now = now.load() + 1h;
  set("whe_a", webhook::Status::active);
  all_quiet("whe_a", 4);
}

TEST_P(EndpointsAreTold, with_both_secrets_after_a_change) {
  endpoint("whe_a");
  ASSERT_TRUE(admin->change("whe_a", [&](Endpoint& changed) -> std::optional<Rejection> {
    webhook::rotate(changed, {7, 8, 9}, now);
    return {};
  }));
  endpoint("whe_b");
  until([&] { return figures("whe_b").id == "whe_b"; }); // seen after the change
  an_order_is_confirmed(an_order(1));
  all_quiet("whe_a", 2);
  for (const auto& one : outside.tries)
    EXPECT_EQ(one.secrets.size(), one.endpoint == "whe_a" ? 2u : 1u);
}

TEST_P(EndpointsAreTold, also_what_does_not_fit_into_memory) {
  stop();
  limits = {.fresh = 3, .set_aside = 5, .in_flight = 2};
  start();
  endpoint("whe_a");
  for (int order = 1; order <= 30; ++order)
    an_order_is_confirmed(an_order(order, order * 100));
  all_quiet("whe_a", 60);
}

TEST_P(EndpointsAreTold, nothing_any_more_once_they_are_removed) {
  endpoint("whe_a");
  endpoint("whe_b");
  an_order_is_confirmed(an_order(1));
  all_quiet("whe_a", 2);
  ASSERT_TRUE(admin->remove("whe_a"));
  until([&] { return figures("whe_a").id.empty(); });
  an_order_is_confirmed(an_order(2));
  all_quiet("whe_b", 4);
  EXPECT_EQ(bodies("whe_a").size(), 2u);
}

} // namespace
} // namespace entrepot::test
