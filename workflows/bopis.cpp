// Buy online, pick up in store. The store holds the units before any money moves, prepares them within its opening hours, and gives them to whoever knows
// the code or is known; what is due at the counter is taken first. What a store has not got is brought there from elsewhere, if the channel does that, by a later promise. What the store cannot give after all is never sought elsewhere unasked: the customer chooses another
// store, a delivery, or to have the money back.

#include <array>

#include "workflows/steps/choice.hpp"
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
    Step{.name = "the store holds the units", .act = hold_units, .done = promised, .give_up_after = hold_patience, .undo = free_units, .refused = store_refuses},
    Step{.name = "what is billed later is within the customer's credit", .act = reserve_credit, .done = promised, .undo = free_credit, .refused = credit_is_short},
    Step{.name = "the order is no longer on hold for it", .act = end_credit_hold, .done = promised},
    Step{.name = "the money due now is taken", .act = take_money_due_on_order, .done = promised, .undo = give_money_back, .undo_from_start = true},
    Step{.name = "nobody keeps the order back", .act = await_release, .done = promised},
    Step{.name = "the order is confirmed", .act = promise, .done = promised},
};

constexpr std::array per_pickup{
    Step{.name = "the store that the customer chose instead holds the units", .act = hold_units_anew, .done = units_are_held, .refused = place_refuses},
    Step{.name = "the order hears that they are held", .act = tell_order_of_held_units},
    Step{.name = "the units are allocated to the order", .act = allocate_units, .done = place_has_work},
    Step{.name = "goods from elsewhere are on their source's list", .act = plan_transfer},
    Step{.name = "the store has the pickup on its list", .act = offer_pickup},
    Step{.name = "a cancelled order stops the work", .act = stop_if_cancelling},
    Step{.name = "the store knows what comes from elsewhere", .act = learn_of_transfer},
    Step{.name = "units that are not handed over are freed", .act = give_up_units, .done = units_given_up},
    Step{.name = "the order hears of them", .act = tell_order_of_stopped_units},
    Step{.name = "what was counted away is in somebody's hand", .act = claim_units_in_hand, .done = nothing_is_contested},
    Step{.name = "it is the order's again", .act = note_units_kept},
    Step{.name = "the store answers", .act = await_answer},
    Step{.name = "the goods are picked", .act = await_pick},
    Step{.name = "goods from elsewhere are there", .act = await_goods},
    Step{.name = "the bag is ready", .act = await_staging},
    Step{.name = "the customer comes", .act = await_customer},
    Step{.name = "the money due at the counter is taken", .act = take_money_due_on_issue},
    Step{.name = "the goods leave the stock", .act = issue_from_stock, .done = order_knows_issue},
    Step{.name = "the order hears that they were handed over", .act = tell_order_of_hand_over},
};

constexpr std::array to_the_end{
    Step{.name = "goods that were lost on the way come from another place", .act = replace_lost_goods},
    Step{.name = "what the customer chose instead is carried out", .act = carry_out_choice},
    Step{.name = "what was lost on the way is sent again", .act = send_again},
    Step{.name = "a place is found that sends it", .act = look_for_other_places},
    Step{.name = "units that the store does not have are cancelled", .act = cancel_units_without_place},
    Step{.name = "money for cancelled units goes back", .act = fit_plan_to_value},
    Step{.name = "money that the bank takes back stops what has not left", .act = freeze_if_charged_back},
    Step{.name = "what is owed is billed", .act = settle_instalments},
    Step{.name = "the cancellation is settled", .act = settle_cancellation},
    Step{.name = "credit that a cancelled order does not need is freed", .act = free_credit_of_cancelled},
    Step{.name = "the order is completed", .act = complete_order},
};

} // namespace

const Definition bopis{.name = "bopis", .version = 1, .until_the_promise = until_the_promise, .per_fulfilment = per_pickup, .per_delivery = bodah.per_fulfilment, .to_the_end = to_the_end};

} // namespace entrepot::workflow
