// The simulated world: one node of real actors on a journal in memory, a clock that jumps, an agenda of everything that somebody will do, and crashes.
//
// Everything happens on one thread and by one chance, so that a seed tells the same story each time. Players learn what has happened from committed events alone,
// as a page or another system does, and ask as a gateway asks: who gets no answer asks again under the same key.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include "domain/order/family.hpp"
#include "tests/simulation/chance.hpp"
#include "tests/simulation/plan.hpp"
#include "tests/simulation/town.hpp"
#include "tests/support/node.hpp"

namespace entrepot::simulation {

/// Something is not as it must be.
struct Broken : std::runtime_error {
  Broken(StreamId about, const std::string& why) : std::runtime_error(why), stream(about) {}
  StreamId stream; ///< whose story tells more; none: nobody's
};

/// What came back to who asked.
struct Said {
  bool done = false;
  std::string code;                      ///< of the refusal
  std::shared_ptr<const Family> order = {}; ///< of who asked about one
};

class World {
public:
  using Act = std::function<void()>;
  using Then = std::function<void(const Said&)>;
  using Listener = std::function<void(const journal::Record&, const AnyEvent&)>;

  explicit World(const Plan& plan);
  ~World();

  Timestamp now() const { return now_; }
  Chance& chance() { return chance_; }
  const Plan& plan() const { return plan_; }

  /// Puts an act on the agenda.
  void at(Timestamp when, Act act) { agenda_.emplace(std::pair{std::max(when, now_), ++planned_}, std::move(act)); }
  void after(Duration length, Act act) { at(now_ + length, std::move(act)); }
  /// Lets everything happen up to `end`.
  void run_until(Timestamp end);

  /// Gives a command to a member of an order's family. Asked again until it is answered; `id`: none: a new one.
  void act(StreamId member, AnyCommand command, std::string by, Then then = {}, CommandId id = {});
  /// Gives a command to a location.
  void command(const LocationCode& place, stock::Command command, std::string by, Then then = {});
  /// Makes an order; the basket is drafted anew each time it is sent.
  void submit(const std::string& client, const std::string& key, const order::Basket& basket, char body, Then then);
  /// The payment provider tells something without having been asked.
  void provider_says(StreamId family, const std::string& key, const payment::ProviderAnswer& answer);
  CommandId new_id() { return {std::uint64_t{1} << 56, ++ids_}; }

  /// Returns an order as committed; nullptr: there is none.
  const Family* family(StreamId stream) const;
  const std::unordered_map<StreamId, Family>& families() const { return families_; }
  const journal::MemoryStore& store() const { return *store_; }
  journal::Journal& journal() { return node_->journal; }

  /// Hears every committed event, after it was applied to families().
  void listen(Listener listener) { listeners_.push_back(std::move(listener)); }
  /// Is called whenever nothing is under way.
  void when_at_rest(Act act) { at_rest_.push_back(std::move(act)); }
  /// Who answers questions about money and labels. A reply must not be used when life() has become another.
  payment::Provider provider;
  fulfilment::Carrier carrier;
  int life() const { return life_; }
  int crashes() const { return life_ - 1; }
  /// From now on no node dies, and nobody lets questions wait.
  void be_calm() { calm_ = true; }
  bool is_calm() const { return calm_; }
  /// From now on nothing new begins: no lorry comes, nobody counts or buys.
  void be_still() { still_ = true; }
  bool is_still() const { return still_; }
  /// Lets everything happen that can happen without time going by.
  void settle(bool fully = true);

  std::map<std::string, std::uint64_t> said; ///< how often who was told what, e.g. "staff: fulfilment-not-packed"

private:
  template <class T>
  void ask(std::string by, std::function<void(gateway::Reply<T>)> send, Then then, int tries = 0);
  void start_node();
  void plan_crash();
  void take_note(const journal::Record& record);
  std::optional<Timestamp> next_deadline() const;

  const Plan plan_;
  Chance chance_;
  Timestamp now_ = opening, ticked_ = opening;
  std::map<std::pair<Timestamp, std::uint64_t>, Act> agenda_;
  std::uint64_t planned_ = 0, ids_ = 0;
  std::shared_ptr<journal::MemoryStore> store_ = std::make_shared<journal::MemoryStore>();
  std::unordered_map<StreamId, Family> families_;
  std::unordered_map<CommandId, std::pair<StreamId, Timestamp>> done_; ///< commands of people, and when
  std::vector<Listener> listeners_;
  std::vector<Act> at_rest_;
  std::optional<std::string> trouble_; ///< found where nobody may throw
  int life_ = 0, dies_in_ = -1;        ///< steps of the journal
  bool calm_ = false, still_ = false;
  std::unique_ptr<test::Node> node_;
};

} // namespace entrepot::simulation
