// Says whether everything is as it must be: with the audit's own rules, as far as they need no database, and with what the audit cannot see.
#pragma once

#include "tests/simulation/bank.hpp"
#include "tests/simulation/customers.hpp"
#include "tests/simulation/shelves.hpp"
#include "tests/simulation/world.hpp"

namespace entrepot::simulation {

class Judge {
public:
  Judge(World& world, const Bank& bank, const Shelves& shelves) : world_(world), bank_(bank), shelves_(shelves) {}

  /// In the middle of everything, nothing being under way: nobody is forgotten, and who is at the end has paid what was delivered.
  void look() const;
  /// Everybody has come to the end: the whole journal is read anew and audited, book and building are compared. Throws Broken.
  void close() const;

private:
  void check_money(const Family& family) const;
  void check_wake_ups() const;
  void audit() const;

  World& world_;
  const Bank& bank_;
  const Shelves& shelves_;
};

} // namespace entrepot::simulation
