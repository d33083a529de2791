// The customers: they order, repeat themselves, pay with cards that fail, change their minds, fetch their bags or do not.
#pragma once

#include <set>

#include "tests/simulation/world.hpp"

namespace entrepot::simulation {

class Customers {
public:
  explicit Customers(World& world);

  int came() const { return came_; }
  /// Orders that are made, and baskets that were refused at the door.
  const std::set<StreamId>& orders() const { return orders_; }

private:
  void arrive(int number);
  void repeat(const std::string& client, const std::string& key, const order::Basket& basket, StreamId first);
  void change_mind(StreamId order);
  void cancel(StreamId order);
  void note(const journal::Record& record, const AnyEvent& event);
  void give_another_card(StreamId order, std::int32_t instalment);
  void fetch(StreamId pickup, int tries);
  void hand_over(StreamId pickup, int tries);
  order::Basket a_basket(Chance& chance, int number) const;

  World& world_;
  int came_ = 0;
  std::set<StreamId> orders_;
};

} // namespace entrepot::simulation
