// The inside as the gateways see it, small: it remembers what it was asked, makes orders in memory, and answers when the test says so.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "gateways/ports.hpp"

namespace entrepot::test {

using namespace gateway;

struct SentCommand {
  StreamId to;
  AnyCommand command;
  CommandId id;
  Origin origin;
  std::optional<PersonKey> person_key;
};

class FakePorts final : public Ports {
public:
  /// What becomes of a submitted order.
  enum class Fate { confirmed, refused, declined, never_settles, silent, faulty, forgotten, broken };

  FakePorts();
  ~FakePorts() override;

  // What the test sets before it asks.
  Fate fate = Fate::confirmed;
  bool answers_at_once = false; ///< on the asking thread; else on a thread of its own, as the journal's
  std::map<std::string, std::pair<customer::Profile, std::optional<PersonKey>>> customers;
  std::map<StreamId, identity::State> identities; ///< keys that have been claimed
  std::map<StreamId, stock::State> places; ///< that decide; to all others any command is right
  std::optional<Rejection> refuses_commands;
  std::vector<std::string> listed = {R"({"id":"ord_1"})", R"({"id":"ord_2"})"};
  std::shared_ptr<order::Definitions> known = std::make_shared<order::Definitions>();

  // What it saw. Read when nothing is under way.
  std::vector<Creation> creations;
  std::vector<Origin> origins;
  std::vector<SentCommand> commands; ///< all but the claims of identities
  std::vector<payment::OfferTender> payments;
  std::vector<SentCommand> acts;          ///< what members of orders were told besides
  struct Said {
    OrderId order;
    std::string key;
    payment::ProviderAnswer answer;
    Origin origin;
  };
  std::vector<Said> said; ///< by the payment provider
  std::function<void()> on_said = [] {};
  bool moves_on = false; ///< the order does, by what the provider says
  std::vector<TransferItem> under_way;
  std::vector<WorkItem> on_board;
  std::vector<Told> lines_told;
  std::vector<ParkedProcess> waiting_for_people;
  std::optional<ProcessView> looked_at; ///< of the order it names; others are unknown
  std::vector<std::string> list_calls;
  std::map<StreamId, PersonKey> keys; ///< as they would be stored

  /// One who listens. `going` is set as long as the watch is held.
  struct Listener {
    Watched what;
    std::int64_t after = 0;
    Watcher watcher;
    std::weak_ptr<void> going;
  };
  std::vector<Listener> listeners;
  /// Waits until as many have come.
  Listener wait_for_listener(std::size_t count);
  /// Waits until nobody listens any more.
  void wait_for_silence();

  /// Whether nothing was asked that could change anything.
  bool saw_nothing() const { return creations.empty() && commands.empty() && payments.empty() && acts.empty(); }
  std::size_t orders() const { return families_.size(); }
  /// Waits until `count` silent requests lie here.
  void wait_for_silent(std::size_t count);
  /// Answers all silent requests with a fault, or forgets them.
  void end_silence(bool answer);

  void submit(Creation creation, Origin origin, Until until, Reply<OrderView> reply) override;
  void provider_says(OrderId order, std::string key, payment::ProviderAnswer answer, Origin origin, Reply<OrderView> reply) override;
  void act(StreamId member, AnyCommand command, CommandId id, Origin origin, Until until, Reply<OrderView> reply) override;
  void board(LocationCode place, bool pickups, Reply<Board> reply) override;
  void story(OrderId order, Reply<std::vector<Told>> reply) override;
  void transfers(LocationCode place, Reply<std::vector<TransferItem>> reply) override;
  void parked(Reply<std::vector<ParkedProcess>> reply) override;
  void process(OrderId order, Reply<ProcessView> reply) override;
  void command(StreamId to, AnyCommand command, CommandId id, Origin origin, std::optional<PersonKey> person_key, Reply<std::int64_t> reply) override;
  void read_order(OrderId order, Reply<OrderView> reply) override;
  void read_location(LocationCode location, std::vector<Sku> skus, Reply<LocationView> reply) override;
  void read_counts(LocationCode location, Reply<CountsView> reply) override;
  void foresee(LocationCode location, stock::Command command, Timestamp now, Reply<std::vector<stock::Event>> reply) override;
  void read_customer(CustomerNumber customer, Reply<CustomerView> reply) override;
  void read_identity(StreamId key, Reply<CustomerNumber> reply) override;
  void person_key(StreamId person, Reply<std::optional<PersonKey>> reply) override;
  std::shared_ptr<const order::Definitions> definitions() const override { return known; }
  Watch watch(Watched what, std::int64_t after, Watcher watcher) override;
  void list_orders(std::string status, std::vector<std::string> channels, std::string after, int limit, Reply<Page> reply) override;

  /// Something happens to an order besides what was asked.
  void happens(OrderId order, int child, const AnyEvent& event);

private:
  Outcome<std::int64_t> carry_out(Family& family, int child, const AnyCommand& command);
  struct Made {
    std::shared_ptr<const Family> family;
    std::string digest;
    std::int64_t version = 0;
  };
  Made make(const Creation& creation);
  /// What the customer or key says to a command, with the version after it; nothing else decides here.
  Outcome<std::int64_t> carry_out(const SentCommand& sent);
  void later(std::function<void()> work);
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::function<void()>> queue_;
  bool ends_ = false;
  std::size_t watches_ended_ = 0;
  std::vector<Reply<OrderView>> silent_;
  std::map<std::string, Made> by_pair_;
  std::map<StreamId, Made> families_;
  std::thread thread_;
};

} // namespace entrepot::test
