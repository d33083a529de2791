// A pickup: the work of one store for one order that the customer fetches there.
#pragma once

#include <array>
#include <span>
#include <string>
#include <variant>

#include "domain/fulfilment/work.hpp"
#include "domain/machine.hpp"
#include "domain/result.hpp"

namespace entrepot::pickup {

using fulfilment::Found;
using fulfilment::Line;
using fulfilment::Reason;
using fulfilment::Work;

enum class Status : std::uint8_t { none, awaiting_transfer, offered, accepted, picking, picked, staged, arrived, paying, handed_over, rejected, cancelled, no_show, refused_by_customer };
std::string_view name_of(Status status);
std::optional<Status> pickup_status_from(std::string_view name);
/// Nobody works on it any more, but for units that are to be put back.
inline bool is_terminal(Status status) { return status >= Status::handed_over; }

inline constexpr auto collection_window = std::chrono::days{7}; ///< for the customer to fetch it; extended once by as much
inline constexpr auto kerbside_patience = std::chrono::minutes{5}; ///< for somebody to come to the customer who is there; then somebody is alarmed, once
inline constexpr std::int32_t max_wrong_codes = 5; ///< then only the identity opens it
inline constexpr std::size_t max_code_issues = 5;  ///< how often a code can be sent: the first and four new ones

/// The right code of each issue. Derived from the server's secret outside and never stored.
using Codes = std::array<std::string, max_code_issues>;

/// What the customer shows: a code, or a document that staff have looked at.
struct Proof { std::string code; bool id_checked = false; };

/// How many units of a line the customer takes with them.
struct Taken { std::int32_t line = 0; Quantity units; bool operator==(const Taken&) const = default; };

// What somebody asks of it.
struct Offer { LocationCode location; std::vector<Line> lines; Timestamp due, offer_until; };
struct Accept {};
struct Reject { Reason reason = Reason::other; };
struct Lapse {};                              ///< the store did not answer in time
struct StartPick {};
struct Pick { std::vector<Found> found; };    ///< lines left out were found whole
struct Stage { std::string bin; Timestamp collect_until; };
struct Arrive { std::string bay, car = {}; };  ///< car: what to look for, e.g. "red Audi"
struct HandOver { Proof proof; Codes codes; std::vector<Taken> taken = {}; }; ///< all that lies there; or so much of it, and the customer refuses the rest
struct BeginHandOver { Proof proof; Codes codes; std::vector<Taken> taken = {}; bool rest_stays = false; }; ///< either of them, but money is to be taken first
struct FinishHandOver {};                     ///< the money is ours
struct BreakOffHandOver {};                   ///< it is not
struct CountWrongCode {};
struct ResendCode {};                         ///< under the next issue; the former code is void
struct Extend { Timestamp collect_until; };   ///< the customer asks for more time, once
struct Remind { std::int32_t number = 0; };   ///< 1, 2, 3
struct GiveUpWaiting {};                      ///< nobody came
struct Refuse {};                             ///< the customer does not want it any more, at the counter
struct Unaccept {};                           ///< a wrong tap is taken back
struct Unpick {};
struct Unstage {};
struct Stop {};                               ///< the order is being cancelled
struct PutBack {};
struct Escalate { std::int32_t percent = 0; };
struct HandOverPart { Proof proof; Codes codes; std::vector<Taken> taken; }; ///< the rest stays where it lies, and its time goes on
struct FinishPart {};                         ///< the money for a part is ours
struct Await { LocationCode location; std::vector<Line> lines; Timestamp due; }; ///< the goods come from another place
struct Miss { std::vector<Found> found; Reason reason = Reason::lost_in_transit; }; ///< no more than that will come; lines left out come whole
struct TakeIn {};                             ///< they are there: all that still comes
struct CutUnits { std::vector<Found> left; }; ///< no more than so many units of these lines lie there for the order
using Command = std::variant<Offer, Accept, Reject, Lapse, StartPick, Pick, Stage, Arrive, HandOver, BeginHandOver, FinishHandOver, BreakOffHandOver, CountWrongCode, ResendCode, Extend, Remind,
                             GiveUpWaiting, Refuse, Unaccept, Unpick, Unstage, Stop, PutBack, Escalate, HandOverPart, FinishPart, Await, Miss, TakeIn, CutUnits>;
enum class Verb : std::uint8_t { offer, accept, reject, lapse, start_pick, pick, stage, arrive, hand_over, begin_hand_over, finish_hand_over, break_off_hand_over, count_wrong_code, resend_code,
                                 extend, remind, give_up_waiting, refuse, unaccept, unpick, unstage, stop, put_back, escalate, hand_over_part, finish_part, await, miss, take_in, cut_units }; ///< in the order of Command
std::string_view name_of(Verb verb);

// What has happened.
struct Offered { LocationCode location; std::vector<Line> lines; Timestamp due, offer_until; bool operator==(const Offered&) const = default; };
struct Accepted { bool operator==(const Accepted&) const = default; };
struct Rejected { Reason reason = Reason::other; bool operator==(const Rejected&) const = default; };
struct PickStarted { bool operator==(const PickStarted&) const = default; };
struct Picked { std::vector<Found> found; bool operator==(const Picked&) const = default; };
struct Staged { std::string bin; Timestamp collect_until; bool operator==(const Staged&) const = default; };
struct Arrived { std::string bay, car = {}; bool operator==(const Arrived&) const = default; };
/// Nothing named: all that lies there.
struct HandOverBegun {
  bool id_checked = false;
  std::vector<Taken> taken = {};
  bool rest_stays = false; ///< otherwise the customer refuses it
  bool operator==(const HandOverBegun&) const = default;
};
struct HandOverBrokenOff { bool operator==(const HandOverBrokenOff&) const = default; };
/// The last hand-over. Nothing named: all that was in the bag from the beginning. What is not named and still lay there was refused at the counter.
struct HandedOver { bool id_checked = false; std::vector<Taken> taken = {}; bool operator==(const HandedOver&) const = default; };
struct WrongCodeGiven { bool operator==(const WrongCodeGiven&) const = default; };
struct CodeSentAgain { std::int32_t issue = 0; bool operator==(const CodeSentAgain&) const = default; };
struct CollectionExtended { Timestamp collect_until; bool operator==(const CollectionExtended&) const = default; };
struct CustomerReminded { std::int32_t number = 0; bool operator==(const CustomerReminded&) const = default; };
struct NotCollected { bool operator==(const NotCollected&) const = default; };
struct RefusedByCustomer { bool operator==(const RefusedByCustomer&) const = default; };
struct Unaccepted { bool operator==(const Unaccepted&) const = default; };
struct Unpicked { bool operator==(const Unpicked&) const = default; };
struct Unstaged { bool operator==(const Unstaged&) const = default; };
struct Cancelled { bool operator==(const Cancelled&) const = default; };
struct UnitsPutBack { bool operator==(const UnitsPutBack&) const = default; };
struct Escalated { std::int32_t percent = 0; bool operator==(const Escalated&) const = default; };
/// The customer has so much; the rest lies where it lay.
struct PartHandedOver { bool id_checked = false; std::vector<Taken> taken; bool operator==(const PartHandedOver&) const = default; };
struct TransferAwaited { LocationCode location; std::vector<Line> lines; Timestamp due; bool operator==(const TransferAwaited&) const = default; };
struct UnitsMissing { std::vector<Found> found; Reason reason = Reason::lost_in_transit; bool operator==(const UnitsMissing&) const = default; };
/// The goods lie in the store, and are yet to be put where the customer finds them.
struct GoodsTakenIn { bool operator==(const GoodsTakenIn&) const = default; };
struct UnitsCut { std::vector<Found> left; bool operator==(const UnitsCut&) const = default; };
using Event = std::variant<Offered, Accepted, Rejected, PickStarted, Picked, Staged, Arrived, HandOverBegun, HandOverBrokenOff, HandedOver, WrongCodeGiven, CodeSentAgain, CollectionExtended,
                           CustomerReminded, NotCollected, RefusedByCustomer, Unaccepted, Unpicked, Unstaged, Cancelled, UnitsPutBack, Escalated, PartHandedOver, TransferAwaited, UnitsMissing, GoodsTakenIn, UnitsCut>;

struct State : Work {
  Status status = Status::none;
  std::string bin, bay, car;
  Timestamp arrived_at;               ///< the last time
  Timestamp staged_at, collect_until; ///< of the first staging
  bool was_staged = false;
  bool extended = false;
  bool id_checked = false;
  std::int32_t wrong_codes = 0;       ///< since the newest issue
  std::int32_t issue = 1;             ///< of the code
  std::int32_t reminded = 0;
  std::vector<Quantity> handed;       ///< by line: units that the customer has; empty: none
  std::vector<Taken> leaving;         ///< while the money is being taken: what the customer takes; nothing named: all that lies there
  bool rest_stays = false;            ///< of the hand-over for which money is being taken
  bool from_elsewhere = false;        ///< a transfer brings, or brought, the goods: nothing is picked here
  bool rest_refused = false;          ///< at the counter, when the customer took the others
  bool operator==(const State&) const = default;
};

/// Whether the customer's code opens nothing any more.
inline bool is_locked(const State& pickup) { return pickup.wrong_codes >= max_wrong_codes; }

/// Returns how many units of the `index`-th line the customer has.
Quantity handed(const State& pickup, std::size_t index);
/// Returns how many units of the `index`-th line lie at the store for the customer, picked or to be picked.
Quantity lying(const State& pickup, std::size_t index);
/// Returns whether `taken` leaves nothing there, but for lines that it does not know.
bool takes_everything(const State& pickup, const std::vector<Taken>& taken);
/// Returns what leaves the store if the hand-over for which money is being taken goes well; nothing outside of one.
std::vector<Taken> leaving_now(const State& pickup);

using Transition = machine::Transition<State, Command, Status, Verb>;
/// What each command does in each status.
std::span<const Transition> transitions();

/// Refuses what the table of `transitions()` refuses, with its code, `offer-expired` (accepted, or taken back, after its time), `code-locked` (too many wrong codes)
/// and `quantity-invalid` (a hand-over of units that do not lie there, or of a part that is all). Check: the work has lines, each with units.
Decision<Event> decide(const State& pickup, const Command& command, Timestamp now);
void evolve(State& pickup, const Event& event, Timestamp at);

} // namespace entrepot::pickup
