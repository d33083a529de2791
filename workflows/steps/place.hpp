// Steps that a place takes for an order, whatever happens to the goods there afterwards: allocation, offer, work, and units that do not go on.
#pragma once

#include "domain/order/places.hpp"
#include "workflows/engine/step.hpp"

namespace entrepot::workflow {

inline constexpr auto work_time = std::chrono::hours{4};           ///< of a place that ships, from picking to the carrier; half of it gone, somebody is alarmed
inline constexpr auto overdue_reminder = std::chrono::hours{24};   ///< work that is overdue is looked at again so often
inline constexpr auto stop_patience = std::chrono::minutes{10};    ///< for staff to say whether a packed parcel can be kept back

Action allocate_units(const Family& family, int place, Timestamp now);
bool place_has_work(const Family& family, int place);

/// Tells the warehouse, or asks the store.
Action hand_to_place(const Family& family, int place, Timestamp now);
/// The store is asked to have the goods ready.
Action offer_pickup(const Family& family, int place, Timestamp now);

/// What is brought from elsewhere for a pickup becomes the source's work: a transfer.
Action plan_transfer(const Family& family, int place, Timestamp now);
/// The pickup learns what becomes of its goods on the way: that they are there, that some or all will never be.
Action learn_of_transfer(const Family& family, int place, Timestamp now);
/// Waits for goods from elsewhere; whoever brings them has a clock.
Action await_goods(const Family& family, int place, Timestamp now);

Action stop_if_cancelling(const Family& family, int place, Timestamp now);
Action await_answer(const Family& family, int place, Timestamp now);
Action await_pick(const Family& family, int place, Timestamp now);

/// Units that do not go on from here: the location frees them, with what the reason says about its stock.
Action give_up_units(const Family& family, int place, Timestamp now);
/// The order has heard of them all.
bool units_given_up(const Family& family, int place);
Action tell_order_of_stopped_units(const Family& family, int place, Timestamp now);

Action await_packing(const Family& family, int place, Timestamp now);
/// When the parcels are packed, of one carrier after the other until one makes it (F13); waits for nothing: staff may ship with a number of their own at any time.
Action ask_for_label(const Family& family, int place, Timestamp now);
/// Returns whom to ask for a label when so many carriers have refused one for these parcels; nullptr: nobody is left.
const std::string* carrier_to_ask(const order::Delivery& delivery, std::int32_t refused);
Action await_shipment(const Family& family, int place, Timestamp now);
Action await_delivery(const Family& family, int place, Timestamp now);
Action await_staging(const Family& family, int place, Timestamp now);
/// Reminds the customer on the first, third and sixth day, and alarms somebody when nobody has come to a customer who is there; after the collection window nobody waits any longer.
Action await_customer(const Family& family, int place, Timestamp now);

Action issue_from_stock(const Family& family, int place, Timestamp now);
bool order_knows_issue(const Family& family, int place);
/// Returns the units that leave the place in the hand-over, or with the parcel, for which money is being taken; nothing: none are about to leave.
std::vector<order::LineUnits> units_leaving(const Family& family, int place);
Action tell_order_of_issue(const Family& family, int place, Timestamp now);
Action tell_order_of_delivery(const Family& family, int place, Timestamp now);
Action tell_order_of_hand_over(const Family& family, int place, Timestamp now);

/// Returns the units that still go on from the place, or went.
std::vector<order::LineUnits> units_going(const Family& family, int place);
/// Returns whether somebody at the place still works for the order, or the customer is still awaited there.
bool is_active(const Family& family, int place);

} // namespace entrepot::workflow
