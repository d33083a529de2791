// Which places ship an order: a pure decision by rules, from what is known of the places at this moment. What it rests on may be out of date by the time the places
// are asked; they alone decide whether they hold the units, and a refusal leads to another choice.
#pragma once

#include <limits>
#include <memory>
#include <span>

#include "domain/money.hpp"
#include "domain/sourcing/choice.hpp"
#include "domain/sourcing/rules.hpp"
#include "domain/stock/distance.hpp"

namespace entrepot::sourcing {

struct Wanted {
  std::int32_t line = 0;
  Sku sku;
  Quantity units;
  Money value;          ///< of these units
  std::string category; ///< of the product
};

struct Demand {
  std::vector<Wanted> lines;
  std::optional<stock::Point> to = {};  ///< where they go
  EntityCode seller = {};
  std::vector<Barred> barred = {};
  std::int32_t attempt = 1;
  std::int32_t room = max_parts;        ///< so many parts may still be made of the order
  Timestamp since;                      ///< since when they have been looked for
  bool behind_promise = false;
  LocationCode to_store = {};           ///< they are brought to this store, where the customer fetches them; empty: they are sent to the customer
};

/// What is known of a place.
struct Place {
  std::shared_ptr<const stock::Profile> profile;   ///< never null
  std::vector<std::int32_t> available;             ///< by line of the demand: units of its SKU that may be promised
  std::int32_t capacity_left = std::numeric_limits<std::int32_t>::max(); ///< orders it takes today
  bool is_stale = false;                           ///< nobody knows what lies there now
  Timestamp oldest = {};                           ///< since when the oldest units wanted have lain there
};

/// Returns the places for `demand` by the first rule that has an answer. A single place comes before several; several are as few as possible: two are found if two
/// suffice, more by taking the place with most of what is left. Beyond routing.most_attempts nobody is asked: what is left is promised for later if the last rule does so. Several
/// lines with one SKU share what is available. Check: the demand has lines.
/// Source of the rules: README of this folder; worked numbers S1, S2.
Choice choose(const Demand& demand, const Routing& routing, std::span<const Place> places, Timestamp now);

} // namespace entrepot::sourcing
