#include "persistence/consequences/notifier.hpp"

#include <algorithm>
#include <condition_variable>
#include <future>
#include <gtest/gtest.h>
#include <mutex>

#include "persistence/metadata.hpp"
#include "persistence/postgres_journal.hpp"
#include "tests/persistence/codec_samples.hpp"
#include "tests/persistence/recorded.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_database.hpp"

namespace entrepot::test {
namespace {

using namespace std::chrono_literals;
using consequences::Checkpoint;
using consequences::MemoryCheckpoint;
using consequences::Notifier;
using notification::Answer;
using notification::Notification;
using tests::instant;
using Kind = Answer::Kind;

const auto nine = instant("2026-03-10T09:00:00Z");
const CustomerNumber gold = *CustomerNumber::from("C-77"); // whose full_agreement() is

StreamId an_order(int number, int slice = 100) { return family_number(slice, nine, number); }

/// A guest's order with an e-mail, or of nobody who can be told anything.
AnyEvent submitted(bool reachable = true) {
  auto agreement = tests::full_agreement();
  agreement.customer = {};
  agreement.contact = {.name = {"sealed name"}, .email = {reachable ? "sealed e-mail" : ""}, .phone = {}};
  return order::Event{order::Submitted{agreement}};
}
AnyEvent confirmed() { return order::Event{order::Confirmed{}}; }
AnyEvent cancelling() { return order::Event{order::CancellationBegun{"customer-request", "changed my mind"}}; }

std::string words(StreamId, const AnyEvent& event, const Family& family) {
  if (const auto* of_order = std::get_if<order::Event>(&event)) {
    if (std::holds_alternative<order::Confirmed>(*of_order))
      return "confirmed " + family.order.agreement.external_number;
    return std::holds_alternative<order::CancellationBegun>(*of_order) ? "cancelling" : "";
  }
  return "";
}

/// Where journal and checkpoint are kept; both outlive the program that uses them.
struct Place {
  virtual ~Place() = default;
  virtual std::unique_ptr<journal::Journal> open() = 0;
  virtual std::unique_ptr<Checkpoint> checkpoint() = 0;
};
struct InMemory : Place {
  std::unique_ptr<journal::Journal> open() override {
    return std::make_unique<journal::MemoryJournal>(journal::MemoryOptions{.drive = journal::Drive::by_thread, .store = store});
  }
  struct Shared : Checkpoint {
    explicit Shared(std::shared_ptr<MemoryCheckpoint> it) : kept(std::move(it)) {}
    consequences::Standing read() override { return kept->read(); }
    void move(const consequences::Positions& from, const consequences::Positions& to) override { kept->move(from, to); }
    std::shared_ptr<MemoryCheckpoint> kept;
  };
  std::unique_ptr<Checkpoint> checkpoint() override { return std::make_unique<Shared>(kept); }
  std::shared_ptr<journal::MemoryStore> store = std::make_shared<journal::MemoryStore>();
  std::shared_ptr<MemoryCheckpoint> kept = std::make_shared<MemoryCheckpoint>();
};
struct InPostgres : Place {
  std::unique_ptr<journal::Journal> open() override {
    return journal::open_postgres_journal({.conninfo = database.conninfo(), .node_name = "test", .state_folder = folder.path()});
  }
  std::unique_ptr<Checkpoint> checkpoint() override { return consequences::open_postgres_checkpoint(database.conninfo(), "notifications"); }
  TestDatabase database;
  TemporaryFolder folder;
};

/// The provider as the test has it: it remembers every try, and answers as `says` does, or not at all.
struct PlayedProvider {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<Notification> tries;
  std::function<std::optional<Answer>(const Notification&, std::size_t number)> says = [](const Notification&, std::size_t) { return Answer{Kind::accepted, {}}; };
  std::vector<std::function<void(Answer)>> kept; ///< replies not given

  notification::Provider port() {
    return [this](Notification asked, std::function<void(Answer)> reply) {
      std::optional<Answer> answer;
      {
        std::lock_guard lock(mutex);
        tries.push_back(asked);
        answer = says(asked, tries.size());
        if (!answer)
          kept.push_back(reply);
      }
      changed.notify_all();
      if (answer)
        reply(*answer);
    };
  }
  /// Waits until so many tries were made, and returns their texts.
  std::vector<std::string> texts(std::size_t count) {
    std::unique_lock lock(mutex);
    EXPECT_TRUE(changed.wait_for(lock, 20s, [&] { return tries.size() >= count; })) << tries.size() << " of " << count;
    std::vector<std::string> all;
    for (const auto& one : tries)
      all.push_back(one.text);
    return all;
  }
};

class CustomersAreTold : public testing::TestWithParam<std::string> {
protected:
  CustomersAreTold() : place(GetParam() == "memory" ? std::unique_ptr<Place>(std::make_unique<InMemory>()) : std::make_unique<InPostgres>()) { start(); }
  ~CustomersAreTold() override { stop(); }

  void start(bool telling = true) {
    journal = place->open();
    journal->claimed();
    checkpoint = place->checkpoint();
    notifier = std::make_unique<Notifier>(
        consequences::NotifierOptions{.words = words,
                                      .open = [this](StreamId person, const customer::Contact& contact) -> std::optional<notification::Recipient> {
                                        if (erased == person)
                                          return {};
                                        return notification::Recipient{"open " + contact.email.text, contact.phone.text};
                                      },
                                      .provider = provider.port(),
                                      .now = [this] { return now.load(); },
                                      .chance = [] { return 0.0; },
                                      .log =
                                          [this](const std::string& text) {
                                            std::lock_guard lock(provider.mutex);
                                            said.push_back(text);
                                          },
                                      .first_pause = 2ms,
                                      .longest_pause = 10ms,
                                      .pace = 0ms,
                                      .save_pace = 0ms},
        *journal, *checkpoint);
    journal->on_commit([this](int shard, std::span<const journal::Record> records) { notifier->offer(shard, records); });
    if (telling)
      notifier->start();
  }
  void stop() {
    notifier->close();
    journal->close();
    journal.reset();
    notifier.reset();
    checkpoint.reset();
  }

  /// Commits events together.
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

  /// Waits until the figures say so.
  void until(const std::function<bool(const consequences::NotifierFigures&)>& holds) {
    auto end = std::chrono::steady_clock::now() + 20s;
    std::unique_lock lock(provider.mutex);
    while (!holds(notifier->figures())) {
      ASSERT_LT(std::chrono::steady_clock::now(), end) << "sent " << notifier->figures().sent << ", waiting " << notifier->figures().waiting;
      provider.changed.wait_for(lock, 2ms);
    }
  }
  void all_quiet(std::uint64_t sent) {
    until([&](const auto& figures) { return figures.sent == sent && figures.waiting == 0; });
  }

  PlayedProvider provider;
  std::atomic<Timestamp> now = nine;
  std::atomic<StreamId> erased{};
  std::vector<std::string> said;
  std::map<StreamId, std::int32_t> seq;
  std::unique_ptr<Place> place;
  std::unique_ptr<journal::Journal> journal;
  std::unique_ptr<Checkpoint> checkpoint;
  std::unique_ptr<Notifier> notifier;
};
INSTANTIATE_TEST_SUITE_P(In, CustomersAreTold, testing::Values("memory", "postgres"), [](const auto& one) { return one.param; });

TEST_P(CustomersAreTold, what_happens_to_their_order_at_their_own_address) {
  an_order_is_confirmed(an_order(1));
  EXPECT_EQ(provider.texts(1), (std::vector<std::string>{"confirmed W-10001"}));
  all_quiet(1);
  const auto& told = provider.tries[0];
  EXPECT_EQ(told.order, OrderId{an_order(1)});
  EXPECT_EQ(told.kind, "OrderConfirmed");
  EXPECT_EQ(told.recipient.email, "open sealed e-mail");
  auto shard = std::to_string(shard_of(an_order(1)));
  EXPECT_EQ(told.key, "ntf_" + std::string(GetParam() == "memory" ? "0" : "1") + "_" + shard + "_2_0");
}

TEST_P(CustomersAreTold, at_the_address_they_registered_with) {
  happen({{stream_of(gold), customer::Event{customer::Registered{gold, {.name = {}, .email = {"gold e-mail"}, .phone = {"gold phone"}}, "gold", {}}}}});
  happen({{an_order(1), order::Event{order::Submitted{tests::full_agreement()}}}, {an_order(1), confirmed()}});
  provider.texts(1);
  all_quiet(1);
  EXPECT_EQ(provider.tries[0].recipient.email, "open gold e-mail");
  EXPECT_EQ(provider.tries[0].recipient.phone, "gold phone");
}

TEST_P(CustomersAreTold, once_also_after_a_restart) {
  an_order_is_confirmed(an_order(1));
  all_quiet(1);
  stop();
  start();
  an_order_is_confirmed(an_order(2));
  provider.texts(2);
  all_quiet(1);
  EXPECT_EQ(provider.tries.size(), 2u);
  EXPECT_EQ(provider.tries[1].order, OrderId{an_order(2)});
}

TEST_P(CustomersAreTold, after_a_restart_what_the_provider_had_not_acknowledged_under_the_same_key) {
  provider.says = [](const Notification&, std::size_t) { return std::nullopt; }; // neither yes nor no
  an_order_is_confirmed(an_order(1));
  an_order_is_confirmed(an_order(2, 3'000));
  provider.texts(2);
  stop();
  provider.says = [](const Notification&, std::size_t) { return Answer{Kind::accepted, {}}; };
  start();
  provider.texts(4);
  all_quiet(2);
  std::set<std::string> keys;
  for (const auto& one : provider.tries)
    keys.insert(one.key);
  EXPECT_EQ(keys.size(), 2u);
}

TEST_P(CustomersAreTold, what_happened_while_nobody_was_telling) {
  stop();
  start(false);
  an_order_is_confirmed(an_order(1));
  happen({{an_order(1), cancelling()}});
  stop();
  start();
  EXPECT_EQ(provider.texts(2), (std::vector<std::string>{"confirmed W-10001", "cancelling"}));
  all_quiet(2);
}

TEST_P(CustomersAreTold, one_thing_after_the_other_though_the_provider_stumbles) {
  provider.says = [](const Notification&, std::size_t number) { return Answer{number <= 3 ? Kind::no_answer : Kind::accepted, {}}; };
  an_order_is_confirmed(an_order(1));
  happen({{an_order(1), cancelling()}});
  auto texts = provider.texts(5);
  all_quiet(2);
  EXPECT_EQ(texts, (std::vector<std::string>{"confirmed W-10001", "confirmed W-10001", "confirmed W-10001", "confirmed W-10001", "cancelling"}));
  EXPECT_EQ(notifier->figures().unanswered, 3u);
}

TEST_P(CustomersAreTold, although_the_provider_refuses_to_tell_another) {
  provider.says = [](const Notification& asked, std::size_t) {
    return asked.order == OrderId{an_order(1)} ? Answer{Kind::refused, "recipient-invalid"} : Answer{Kind::accepted, {}};
  };
  an_order_is_confirmed(an_order(1));
  an_order_is_confirmed(an_order(2));
  all_quiet(1);
  EXPECT_EQ(notifier->figures().refused, 1u);
  ASSERT_EQ(said.size(), 1u);
  EXPECT_NE(said[0].find(to_text(OrderId{an_order(1)}) + ": recipient-invalid"), std::string::npos);
  EXPECT_EQ(said[0].find("e-mail"), std::string::npos);
}

TEST_P(CustomersAreTold, nothing_any_more_once_they_are_erased) {
  erased = an_order(1);
  an_order_is_confirmed(an_order(1));
  an_order_is_confirmed(an_order(2));
  all_quiet(1);
  EXPECT_EQ(notifier->figures().erased, 1u);
  EXPECT_EQ(provider.tries.size(), 1u);
}

TEST_P(CustomersAreTold, nothing_if_they_gave_neither_e_mail_nor_phone) {
  happen({{an_order(1), submitted(false)}, {an_order(1), confirmed()}});
  an_order_is_confirmed(an_order(2));
  all_quiet(1);
  EXPECT_EQ(notifier->figures().nobody, 1u);
}

TEST_P(CustomersAreTold, nothing_of_orders_of_long_ago) {
  an_order_is_confirmed(an_order(1), nine - 25h);
  happen({{an_order(1), cancelling()}}); // recorded today, of an order of long ago
  an_order_is_confirmed(an_order(2), nine - 23h);
  all_quiet(1);
  EXPECT_EQ(notifier->figures().past, 2u);
  EXPECT_EQ(provider.tries[0].order, OrderId{an_order(2)});
  stop();
  start(); // the same from what is stored
  happen({{an_order(1), cancelling()}});
  an_order_is_confirmed(an_order(3));
  all_quiet(1);
  EXPECT_EQ(notifier->figures().past, 1u);
}

TEST_P(CustomersAreTold, no_stale_news_when_the_provider_was_away_for_too_long) {
  provider.says = [](const Notification&, std::size_t) { return Answer{Kind::no_answer, {}}; };
  now = nine + consequences::worth_telling - 1h;
  an_order_is_confirmed(an_order(1));
  provider.texts(3);
  EXPECT_EQ(notifier->figures().too_late, 0u);
  now = nine + consequences::worth_telling + 1h;
  until([](const auto& figures) { return figures.too_late == 1 && figures.waiting == 0; });
}

TEST_P(CustomersAreTold, and_what_waits_is_seen_with_its_age) {
  provider.says = [](const Notification&, std::size_t) { return std::nullopt; };
  an_order_is_confirmed(an_order(1));
  provider.texts(1);
  until([](const auto& figures) { return figures.waiting == 1 && figures.oldest == nine; });
  std::vector<std::function<void(Answer)>> kept;
  {
    std::lock_guard lock(provider.mutex);
    kept.swap(provider.kept);
  }
  kept.at(0)({Kind::accepted, {}});
  all_quiet(1);
  EXPECT_EQ(notifier->figures().oldest, std::nullopt);
}

TEST_P(CustomersAreTold, of_every_order_of_a_rush_though_memory_and_provider_are_small) {
  provider.says = [](const Notification&, std::size_t number) { return Answer{number % 7 == 0 ? Kind::no_answer : Kind::accepted, {}}; };
  for (int i = 0; i < 150; ++i)
    an_order_is_confirmed(an_order(i, i * 20));
  all_quiet(150);
}

TEST(NoticesInPostgres, begin_where_the_database_stands_when_they_come_into_it) {
  TestDatabase database;
  EXPECT_EQ(database.ask("select count(*) || ' ' || sum(pos) from checkpoint where name = 'notifications'"), "64 0");
}

TEST(NoticesInPostgres, are_not_moved_on_by_two) {
  TestDatabase database;
  auto one = consequences::open_postgres_checkpoint(database.conninfo(), "notifications"), other = consequences::open_postgres_checkpoint(database.conninfo(), "notifications");
  auto from = one->read().positions, to = from;
  EXPECT_EQ(other->read().positions, from);
  to[5] = 7;
  one->move(from, to);
  EXPECT_THROW(other->move(from, to), consequences::Overtaken);
  EXPECT_EQ(other->read().positions, to);
}

TEST(NoticesInPostgres, have_keys_of_their_own_after_a_backup_was_restored) {
  TestDatabase database;
  auto checkpoint = consequences::open_postgres_checkpoint(database.conninfo(), "notifications");
  EXPECT_EQ(checkpoint->read().generations[9], 1);
  database.execute("update shard set generation = 2");
  EXPECT_EQ(checkpoint->read().generations[9], 2);
}

} // namespace
} // namespace entrepot::test
