// Buy online, deliver at home. The channel says where the goods leave from, or has rules by which places are found, one or several. We promise nothing before
// those that will ship hold the units and the money due at once is ours; then the promise stands, the places work, the carrier brings the goods, and what is still
// owed is billed. Units that a place cannot send after all are sent by another, as long as there is one.

#include <array>

#include "workflows/steps/closing.hpp"
#include "workflows/steps/cut.hpp"
#include "workflows/steps/loss.hpp"
#include "workflows/steps/money.hpp"
#include "workflows/steps/place.hpp"
#include "workflows/steps/promise.hpp"
#include "workflows/steps/sourcing.hpp"
#include "workflows/workflows.hpp"

namespace entrepot::workflow {
namespace {

constexpr std::array until_the_promise{
    Step{.name = "the place that ships holds the units", .act = hold_units, .done = promised, .give_up_after = hold_patience, .undo = free_units, .refused = place_refuses},
    Step{.name = "what is billed later is within the customer's credit", .act = reserve_credit, .done = promised, .undo = free_credit, .refused = credit_is_short},
    Step{.name = "the order is no longer on hold for it", .act = end_credit_hold, .done = promised},
    Step{.name = "the money due now is taken", .act = take_money_due_on_order, .done = promised, .undo = give_money_back, .undo_from_start = true},
    Step{.name = "nobody keeps the order back", .act = await_release, .done = promised},
    Step{.name = "the order is confirmed", .act = promise, .done = promised},
};

constexpr std::array per_fulfilment{
    Step{.name = "another place holds the units", .act = hold_units_anew, .done = units_are_held, .refused = place_refuses},
    Step{.name = "the order hears that they are held", .act = tell_order_of_held_units},
    Step{.name = "the units are allocated to the order", .act = allocate_units, .done = place_has_work},
    Step{.name = "the place has the work on its list", .act = hand_to_place},
    Step{.name = "a cancelled order stops the work", .act = stop_if_cancelling},
    Step{.name = "units that do not go on are freed", .act = give_up_units, .done = units_given_up},
    Step{.name = "the order hears of them", .act = tell_order_of_stopped_units},
    Step{.name = "what was counted away is in somebody's hand", .act = claim_units_in_hand, .done = nothing_is_contested},
    Step{.name = "it is the order's again", .act = note_units_kept},
    Step{.name = "the place answers the offer", .act = await_answer},
    Step{.name = "the goods are picked", .act = await_pick},
    Step{.name = "the goods are packed", .act = await_packing},
    Step{.name = "the carrier is asked for a label", .act = ask_for_label, .asks_carrier = true},
    Step{.name = "the money due when they leave is taken", .act = take_money_due_on_issue},
    Step{.name = "the goods are shipped", .act = await_shipment},
    Step{.name = "they leave the stock", .act = issue_from_stock, .done = order_knows_issue},
    Step{.name = "the order hears that they left", .act = tell_order_of_issue},
    Step{.name = "the goods arrive", .act = await_delivery},
    Step{.name = "the order hears that they arrived", .act = tell_order_of_delivery},
    Step{.name = "what came back is in the stock again", .act = restock, .done = is_restocked},
    Step{.name = "the place has it on its shelf", .act = note_restocked},
    Step{.name = "the order hears that they will not arrive", .act = tell_order_of_loss},
};

constexpr std::array to_the_end{
    Step{.name = "what was lost is sent again", .act = send_again},
    Step{.name = "another place is found for units that have none", .act = look_for_other_places},
    Step{.name = "units that no place can send are cancelled", .act = cancel_units_without_place},
    Step{.name = "money for cancelled units goes back", .act = fit_plan_to_value},
    Step{.name = "money that the bank takes back stops what has not left", .act = freeze_if_charged_back},
    Step{.name = "what is owed is billed", .act = settle_instalments},
    Step{.name = "the cancellation is settled", .act = settle_cancellation},
    Step{.name = "credit that a cancelled order does not need is freed", .act = free_credit_of_cancelled},
    Step{.name = "the order is completed", .act = complete_order},
};

} // namespace

constinit const Definition bodah{.name = "bodah", .version = 1, .until_the_promise = until_the_promise, .per_fulfilment = per_fulfilment, .to_the_end = to_the_end};

} // namespace entrepot::workflow
