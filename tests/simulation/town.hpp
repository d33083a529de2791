// The company that is simulated: its places with their characters, its products, its channels.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/support/definitions.hpp"

namespace entrepot::simulation {

using namespace std::chrono_literals;

/// How well a place works; each number is per cent of all occasions.
struct Character {
  int neglects = 2;   ///< looks at something much later, or never in time
  int rejects = 2;    ///< offers, for any reason
  int misses = 2;     ///< units that lie on the shelf when picking
  int undoes = 1;     ///< what it has just done
  int misuses = 2;    ///< does what makes no sense
};

struct Shop {
  stock::Profile profile;
  Character character;
};

/// The day on which everything begins: midnight before a Monday.
inline constexpr Timestamp opening = std::chrono::sys_days{std::chrono::year{2026} / 3 / 9};

const std::vector<Shop>& shops();
const std::vector<Sku>& skus();
inline EntityCode owner() { return test::entity("SHOP"); }
/// Returns the definitions in force: "web" finds places by rules, "shop" sends from DC, "click" lets customers fetch.
std::shared_ptr<const order::Definitions> definitions();
const Shop* shop_of(const LocationCode& code);
/// The channel's stores where goods can be fetched.
std::vector<LocationCode> pickup_stores();

} // namespace entrepot::simulation
