// What else moves the stock: lorries, people who count and correct, customers at the till, and another system that tells what it has unloaded.
#pragma once

#include "tests/simulation/shelves.hpp"

namespace entrepot::simulation {

class Supply {
public:
  Supply(World& world, Shelves& shelves);

  /// Defines the places and fills their shelves; to be called before anybody comes.
  void open();

private:
  void lorry(const LocationCode& place, const Sku& sku, std::int32_t units);
  void restock(const LocationCode& place);
  void count(const LocationCode& place, const std::vector<Sku>& what);
  void correct(const LocationCode& place);
  void till(const LocationCode& place);
  void feed(const LocationCode& place);
  void tell(const LocationCode& place, const stock::Feed& message);
  void every(Duration from, Duration to, std::function<void()> act);
  std::string number(const char* kind) { return std::string(kind) + "-" + std::to_string(++numbers_); }

  World& world_;
  Shelves& shelves_;
  int numbers_ = 0;
  std::map<LocationCode, std::int64_t> sequences_; ///< of the feed
};

} // namespace entrepot::simulation
