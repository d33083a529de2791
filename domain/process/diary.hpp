// A process's own short diary: what it did that no other event of the family tells. Everything else it knows by folding the family's events.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "domain/sourcing/choice.hpp"
#include "domain/time.hpp"

namespace entrepot::process {

/// The order was given up: the steps that may have had an effect are being taken back, last first.
struct CompensationBegun {
  std::vector<std::int32_t> steps; ///< of the table until the promise, in the order in which they are undone
  bool operator==(const CompensationBegun&) const = default;
};
struct CompensationEnded {
  bool operator==(const CompensationEnded&) const = default;
};
/// A step was refused where nobody can decide but a person.
struct Parked {
  std::string step, code, text;
  bool operator==(const Parked&) const = default;
};
/// A person has looked and lets it go on: what was refused is asked anew.
struct Resumed {
  bool operator==(const Resumed&) const = default;
};
/// Places were looked for. Each part of the choice is a place of the order from now on, with the next free child.
struct PlacesChosen {
  sourcing::Choice choice;
  bool operator==(const PlacesChosen&) const = default;
};
/// A place that was chosen does not hold the units: they need another.
struct PlaceRefused {
  int place = 0;                   ///< its child
  std::string code;
  std::vector<std::int32_t> lines; ///< that it has not enough of; empty: it was not about lines
  bool operator==(const PlaceRefused&) const = default;
};
/// A location has shown that it has fewer units than it promised: of these lines no more than so many are left for the order, what has left for the customer included.
struct ClaimCut {
  int place = 0;
  stock::CutCause cause = stock::CutCause::count;
  std::string reference;              ///< of the count, the receipt, the feed, or the order that has the units
  std::vector<stock::HoldLine> left;
  bool in_hand = false;               ///< somebody has the units in hand all the same: the order keeps them, and the location is told so
  bool operator==(const ClaimCut&) const = default;
};
/// The location knows that somebody has the units in hand.
struct ClaimKept { int place = 0; bool operator==(const ClaimKept&) const = default; };
using Event = std::variant<CompensationBegun, CompensationEnded, Parked, Resumed, PlacesChosen, PlaceRefused, ClaimCut, ClaimKept>;

/// A person lets a parked process go on.
struct Retry {};
/// The process has looked for places.
struct RecordChoice { sourcing::Choice choice; };
/// The process has heard that a place does not hold its units.
struct RecordRefusal { int place = 0; std::string code; std::vector<std::int32_t> lines; };
/// Something has changed that may help an order without a place: units have come in. Causes no event.
struct LookAgain {};
/// A location has cut a claim of the order, of that round; the process makes of it what is right for an order that is so far. Refused: `work-not-begun`, then it is told again later.
struct HearOfCut { std::int32_t round = 0; stock::CutCause cause = stock::CutCause::count; std::string reference; std::vector<stock::HoldLine> left; };
struct RecordCut { ClaimCut cut; };
struct RecordKept { int place = 0; };
using Command = std::variant<Retry, RecordChoice, RecordRefusal, LookAgain, HearOfCut, RecordCut, RecordKept>;

/// A place that was chosen for the order, or for a part of it.
struct Place {
  sourcing::Part part;
  bool behind_promise = false;     ///< chosen for units of a confirmed order
  std::optional<std::string> refused = {}; ///< why it does not hold them
  std::int32_t customers_choice = 0;       ///< the how-manieth choice of the customer it carries out; 0: none
  std::optional<Timestamp> ready_by = {};  ///< the customer fetches them there; nothing: they are sent
  std::optional<Timestamp> leave_by = {}, there_by = {}; ///< of units that are brought to a store
  bool operator==(const Place&) const = default;
};

/// What the newest look for places came to.
struct Look {
  sourcing::Outcome outcome = sourcing::Outcome::placed;
  std::optional<Timestamp> until;
  std::vector<stock::HoldLine> missing;
  bool operator==(const Look&) const = default;
};

struct Diary {
  std::vector<std::int32_t> to_undo; ///< empty: nothing is being taken back
  bool undone = false;               ///< everything was taken back
  std::optional<Parked> parked;
  std::int32_t resumed = 0;          ///< how often a person let it go on
  int first_place = child::first_fulfilment; ///< the child of the first place that is chosen: the one behind it, if the order names a place itself
  std::vector<Place> places;         ///< chosen; the n-th is the child first_place + n
  bool named_refused = false;        ///< the place that the order names does not hold the units: others are chosen for all of them
  std::vector<sourcing::Barred> refusals; ///< places that are not asked again
  std::vector<sourcing::Barred> shortages; ///< places that had too few of a line when they were asked: not asked again before something has come
  std::int32_t looks = 0;            ///< that found a place, without those in which it had too few, after all
  std::optional<Look> look;          ///< nothing: no place was ever looked for
  std::vector<int> contested;        ///< places that have units in hand which their location has cut, and does not know it
  std::int32_t cuts = 0;             ///< so many were heard of
  bool operator==(const Diary&) const = default;
};

/// Refuses `process-not-parked`.
Decision<Event> decide(const Diary& diary, const Command& command);
/// Check: a choice has no more parts than an order has room for, and what is refused was chosen.
void evolve(Diary& diary, const Event& event);

} // namespace entrepot::process
