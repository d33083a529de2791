// What it means for an order that a location has cut its claim: fewer units lie there than it has promised (F36).
#pragma once

#include "domain/order/places.hpp"
#include "workflows/engine/step.hpp"

namespace entrepot::workflow {

/// What follows for an order that is so far.
struct CutMeaning {
  std::vector<Tell> tells = {};
  std::optional<Rejection> give_up = {}; ///< before the promise, and the order names the place: it does not come about
  std::optional<Rejection> not_yet = {}; ///< the place has no work so far that could be cut: to be told again
};

/// Before the promise a place that was chosen is one of the order's no more, and others are looked for. Behind it the place drops the units, and what follows is what always
/// follows units without a place; but what somebody has in hand, or has given to the carrier or the customer, stays the order's, and the location is told so.
CutMeaning meaning_of(const Family& family, const process::HearOfCut& cut);

/// The location is told which units are in somebody's hand, though it has cut them.
Action claim_units_in_hand(const Family& family, int place, Timestamp now);
bool nothing_is_contested(const Family& family, int place);
Action note_units_kept(const Family& family, int place, Timestamp now);

/// Why a place that held units before the promise is one of the order's no more.
inline constexpr std::string_view units_cut = "units-cut";
/// Returns the places that still hold the rest of a claim which was cut before the promise.
std::vector<PartOfOrder> cut_places(const Family& family);

} // namespace entrepot::workflow
