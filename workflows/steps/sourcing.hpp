// Finding places for units that have none: before the promise for the whole order, behind it for what a place could not send.
#pragma once

#include "domain/order/places.hpp"
#include "workflows/engine/step.hpp"

namespace entrepot::workflow {

inline constexpr auto hold_patience = std::chrono::minutes{2}; ///< then nobody waits for a hold any more and, should it still come, it is refused

inline constexpr int freeing = 1'000; ///< added to a place's round: the question that frees its hold is another than the one that took it

/// Before the promise: looks for places for what has none, waits, or gives the order up; Nothing if everything has a place or is promised for later.
Action look_for_places(const Family& family);

/// The questions to a place of the order.
Ask hold_at(const Family& family, const PartOfOrder& part, Timestamp not_after);
Ask release_at(const Family& family, const PartOfOrder& part, Timestamp not_after);

/// What it means that a place refuses its hold: one that was chosen is none of the order's any more. Nothing: the order names it.
std::optional<Action> place_refuses(const Family& family, int round, const Rejection& why, Timestamp now);

/// What it means that the store of a pickup refuses its hold: the goods are brought there from elsewhere, where the channel has them brought. Nothing: the order is given up.
std::optional<Action> store_refuses(const Family& family, int round, const Rejection& why, Timestamp now);
/// Returns whether the store of a pickup has not got the units, and they are brought there.
bool is_brought(const Family& family);
/// Goods that were lost on the way, or that their source could not send, come from another place, if there is one; else the customer chooses.
Action replace_lost_goods(const Family& family, int place, Timestamp now);

/// Behind the promise.
Action look_for_other_places(const Family& family, int place, Timestamp now);
/// The new place holds the units, or frees them again if nobody wants them any more.
Action hold_units_anew(const Family& family, int place, Timestamp now);
bool units_are_held(const Family& family, int place);
/// The order hears that they are held; or the place has no work, after all.
Action tell_order_of_held_units(const Family& family, int place, Timestamp now);

/// Returns whether a look for places is to be awaited before the units are given up: it may still find some.
std::optional<Timestamp> expected_by(const Family& family);

} // namespace entrepot::workflow
