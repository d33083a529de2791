// What the places of an order have come to, and how much of it the order has heard. `place` is the child of the fulfilment or pickup.
#pragma once

#include "domain/order/family.hpp"

namespace entrepot {

/// One place of an order: which, and what it sends or hands over.
struct PartOfOrder {
  int place = 0;
  LocationCode location;              ///< where the units are held for the order
  std::vector<stock::HoldLine> lines;
  std::optional<Timestamp> answer_by; ///< it is asked, and answers by then; nothing: it is told
  bool behind_promise = false;        ///< chosen for units of an order that had been confirmed
  std::optional<Timestamp> ready_by = {}; ///< the customer fetches them there; nothing: they are sent
  LocationCode to = {};               ///< where they are brought before the customer fetches them; empty: nowhere else
  EntityCode owner = {};              ///< of units that are brought there: whose they are
  std::optional<Timestamp> leave_by = {}, there_by = {}; ///< when they should
};

/// Returns whether places are found for the whole order; otherwise it says itself where its units come from, and others are chosen only for what that place cannot give.
bool is_sourced(const Family& family);
/// Returns the order's places: the one that it names, with all its goods, and those chosen for it that have not refused.
std::vector<PartOfOrder> parts_of(const Family& family);
/// Returns one of them. Check: it is one of the order's.
PartOfOrder part_of(const Family& family, int place);
/// Returns the children of the places that parts_of() tells of.
std::vector<int> places_of(const Family& family);
/// Returns whether a place was chosen for open units and has neither taken nor refused them so far.
bool is_pending(const Family& family, int place);
bool any_pending(const Family& family);
/// Returns whether a place that was chosen does not hold its units: it is none of the order's any more.
bool has_refused(const Family& family, int place);
/// Returns the units on which the customer may decide: they were to be fetched, and no place has them.
std::vector<order::LineUnits> units_to_choose_for(const Family& family);
/// Returns whether the customer's newest choice is about the units that have no place now: no store has given up any since.
bool choice_stands(const Family& family);
/// Returns whether it has had its place already, whatever came of it.
bool choice_is_tried(const Family& family);
/// Returns the units of goods that no place has: neither held nor asked for. Before the promise none are held, those asked for have a place.
std::vector<order::LineUnits> units_without_place(const Family& family);

/// The number by which a location tells the claims of one order apart.
inline std::int32_t round_of(int place) { return place - child::first_fulfilment; }

/// Returns the work of a place, whether it ships or hands over; nullptr if it has none.
const fulfilment::Work* work_of(const Family& family, int place);
/// Returns whether parcels came back to the place and are not in its stock yet; also when the order itself has ended.
bool awaits_restocking(const Family& family, int place);
bool any_awaits_restocking(const Family& family);
/// Returns the units that have left for the customer so far, by parcel or over the counter; lost ones too.
std::vector<order::LineUnits> units_left(const Family& family, int place);
/// Returns those of them of which the order has not heard.
std::vector<order::LineUnits> units_left_unheard_of(const Family& family, int place);
/// Returns the transfer that brings the goods of a place; nullptr if they lie there, or it is not planned yet.
const transfer::State* transfer_of(const Family& family, int place);
/// Returns by when the customer of a pickup may fetch it, as it is promised now: later than agreed if the goods come from elsewhere. Check: it is one.
Timestamp ready_by(const Family& family);
/// Returns whether the order has heard that the place holds its units, or that they were delivered.
bool has_heard(const Family& family, int place, bool order::Heard::*what);
/// Returns how many units of a line the order has heard of as `what`.
Quantity units_heard(const Family& family, int place, std::vector<order::LineUnits> order::Heard::*what, std::int32_t line);
/// Returns the units of the place's lines that do not go on and of which the order has not heard.
std::vector<order::LineUnits> units_unheard_of(const Family& family, int place);

} // namespace entrepot
