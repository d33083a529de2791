// The payment provider: it does each key once, and has moods. It declines, says nothing, says it late, twice or wrong, and loses questions.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "persistence/audit.hpp"
#include "tests/simulation/world.hpp"

namespace entrepot::simulation {

class Bank {
public:
  explicit Bank(World& world);

  /// Its own books.
  std::vector<audit::ProviderEntry> books() const;
  /// Returns what it keeps of an order's money: taken and not given back, minor units.
  std::int64_t kept_of(StreamId family) const;

private:
  enum class Mood { prompt, declines, silent, late, wrong_amount, says_twice, loses_first };
  struct Account {
    StreamId family;
    Mood mood = Mood::prompt;
    std::string state; ///< empty: never heard of; "pending", "captured", "declined", "voided"
    Money amount;
    Timestamp booked_at; ///< when a pending one will be, or was
    int asked = 0;
    std::map<std::string, std::pair<std::int64_t, bool>> refunds; ///< by key: minor units, and whether it was given
  };
  using Reply = std::function<void(payment::ProviderAnswer)>;

  void ask(const payment::ProviderRequest& request, Reply reply);
  payment::ProviderAnswer capture(Account& account, const payment::ProviderRequest& request);
  payment::ProviderAnswer refund(const payment::ProviderRequest& request);
  payment::ProviderAnswer said_of(const Account& account) const;
  void book(const std::string& key, bool tells);
  Mood mood_of(const std::string& key) const;
  Account& account(const std::string& key);

  World& world_;
  std::map<std::string, Account> accounts_; ///< by key
  std::map<StreamId, std::vector<std::string>> keys_; ///< of an order
};

} // namespace entrepot::simulation
