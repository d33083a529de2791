// Everybody around one order, and nodes that die: after any stored batch the node is gone and another takes over. The journal, the provider's books and people's intentions outlive it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "persistence/codec.hpp"
#include "tests/support/node.hpp"
#include "workflows/explain.hpp"

namespace entrepot::test {

/// What the payment provider has booked. Each key is done once, however often it is asked.
class Books {
public:
  payment::ProviderAnswer answer(const payment::ProviderRequest& request);
  std::int64_t taken() const { return sum(captured_); }
  std::int64_t given_back() const { return sum(refunded_); }

private:
  static std::int64_t sum(const std::map<std::string, Money>& bookings);
  std::map<std::string, Money> captured_, refunded_;
  std::set<std::string> voided_;
};

/// What somebody does, as soon as the order is so far; who is refused or not answered tries again.
struct Act {
  int child = 0;
  AnyCommand command;
  std::function<bool(const Family&)> when = [](const Family&) { return true; };
};

/// One order, and what people do about it, one after the other.
struct Tale {
  std::string name;
  order::Agreement agreement;
  std::vector<Act> acts;
  bool at_once = false;             ///< the first act comes before anything but the order itself is stored
  bool in_parts = false;            ///< the customer takes it in parts, of which a node that died in between tells the order at once
  bool silent_provider = false;     ///< it books what it is asked for, and says nothing until that is to be undone
};

void PrintTo(const Tale& tale, std::ostream* out);

/// What a dying node takes with it: all that its last batch would have let go, or only the answers to it.
enum class Loss : std::uint8_t { everything, answers };

class CrashingWorld {
public:
  static constexpr int never = -1, always = -2;

  /// The node dies after the `crash`-th batch that is stored for the order, counted from 0.
  CrashingWorld(const Tale& tale, int crash, Loss loss);

  int batches() const { return batches_; }
  int lives() const { return lives_; }
  const Family& family() const { return family_; }
  const Books& books() const { return books_; }

  /// What happened to each member of the order and to the stock, and what is left: the same whenever and however often somebody died. Left out is what tells of the time that went by.
  std::string outcome();
  stock::Row stock_of(const char* place, const char* code);

private:
  static constexpr int most_tries = 60;

  void start_node();

  std::size_t stored() const;

  /// The provider is asked what the last batch let go; a dying node does not hear what it says.
  void ask_provider(bool dying);

  /// Stores one batch. Returns whether the node died after it.
  bool store_one();
  /// Lets everything happen that can happen without time going by. Returns whether the node died of it.
  bool settle();
  void pass(Duration length);

  enum class Heard : std::uint8_t { yes, no, nothing };

  template <class T>
  Heard heard(const Awaited<T>& awaited, bool died) {
    if (!awaited.answered() || awaited.faulted() || (died && loss_ == Loss::everything))
      return Heard::nothing;
    return awaited.is_refused() ? Heard::no : Heard::yes;
  }

  void look();

  void play();
  void submit();
  void act(const Act& act, std::size_t number);
  void wait_until(const std::function<bool(const Family&)>& when);

  const Tale& tale_;
  const int crash_;
  const Loss loss_;
  std::shared_ptr<journal::MemoryStore> store_ = std::make_shared<journal::MemoryStore>();
  Books books_;
  std::vector<std::pair<payment::ProviderRequest, std::function<void(payment::ProviderAnswer)>>> pending_;
  bool opened_ = false, dying_ = false;
  int batches_ = 0, lives_ = 0;
  StreamId family_id_;
  Family family_;
  std::string why_;
  std::unique_ptr<Node> node_;
};

} // namespace entrepot::test
