// A stock location: one actor that alone decides who gets the units lying there.
//
// On hand falls at issue and at the till; other than that only what people or other systems have counted changes it. Held and allocated units are promised and
// cannot be promised again; suspended and damaged ones are not to be had:
// available = on hand - held - allocated - suspended - damaged.
// Orders that are sent from there may be limited in number: then each takes a slot of the day on which it is held.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "domain/ids.hpp"
#include "domain/quantity.hpp"
#include "domain/result.hpp"
#include "domain/stock/counts.hpp"
#include "domain/stock/cuts.hpp"
#include "domain/stock/feeds.hpp"
#include "domain/stock/item.hpp"
#include "domain/stock/moves.hpp"
#include "domain/stock/profile.hpp"
#include "domain/stock/references.hpp"
#include "domain/stock/sales.hpp"

namespace entrepot::stock {

/// One line of a hold: `line` is the order's line number.
struct HoldLine {
  std::int32_t line = 0;
  Sku sku;
  Quantity quantity;
  bool operator==(const HoldLine&) const = default;
};

/// What units that are given up leave behind: none is to be had again, the given-up ones only, all that lie there, or none is whole.
enum class Effect : std::uint8_t { none, suspend, suspend_all, damage };
std::string_view name_of(Effect effect);
std::optional<Effect> effect_from(std::string_view name);

/// Units of a hold's line that go no further.
struct GivenUp { std::int32_t line = 0; Sku sku; Quantity quantity; std::int32_t suspended = 0, damaged = 0; bool operator==(const GivenUp&) const = default; };

// What somebody asks of a location. Hold, Allocate, Shrink, Issue, TransferOut and Release are keyed by (order, round), Receive, TakeBack, TransferIn, Adjust and Count by their reference,
// each for itself, Sell by till and receipt, Feed by source and number: asking again changes nothing. Without a reference every arrival is another.
struct Define { Profile profile; };
struct Receive { std::string reference; std::vector<Movement> movements; };
struct Hold {
  OrderId order;
  std::int32_t round = 0;
  std::vector<HoldLine> lines;
  Timestamp not_after;
  bool takes_slot = false; ///< the units are sent from here, so it counts as one of the day's orders; a pickup does not
  std::map<Sku, std::string> categories = {}; ///< of the SKUs that have one: the place's rules of safety stock look at them
};
struct Allocate { OrderId order; std::int32_t round = 0; };
struct Release { OrderId order; std::int32_t round = 0; Timestamp not_after; };
struct Shrink { OrderId order; std::int32_t round = 0; std::vector<HoldLine> keep; Effect effect = Effect::none; }; ///< what is not kept, or was kept and has left, is given up
/// So many units of the claim have left the building by now, all in all; nothing named: all that is left of it leaves. Said of the whole and not of the last part, so that saying it
/// twice issues nothing twice.
struct Issue { OrderId order; std::int32_t round = 0; std::vector<HoldLine> left = {}; };
struct TakeBack { std::string reference; std::vector<Movement> movements; }; ///< units that were sold come back whole
/// So many units of the claim have left for another place of ours by now, all in all; said of the whole, as in Issue.
struct TransferOut { OrderId order; std::int32_t round = 0; LocationCode to; std::vector<HoldLine> left; };
/// Units have come from another place of ours: `claimed`, as the order's claim here; else whoever wants them may have them. `missing` left there and never came.
struct TransferIn {
  std::string reference;
  OrderId order;
  std::int32_t round = 0;
  LocationCode from;
  EntityCode owner;
  std::vector<HoldLine> lines, missing = {};
  bool claimed = false;
};
/// The order has been told of a cut, and its place has these units in hand all the same, or they have left: of the claim's lines so many all in all, and so many of them
/// have left the building.
struct Reclaim { OrderId order; std::int32_t round = 0; std::vector<HoldLine> lines, left = {}; };
using Command = std::variant<Define, Receive, Hold, Allocate, Release, Shrink, Issue, TakeBack, Adjust, Count, ApproveCount, RejectCount, Sell, Feed, TransferOut, TransferIn, Reclaim>;

// What has happened there.
struct Defined { Profile profile; bool operator==(const Defined&) const = default; };
struct Received { std::string reference; std::vector<Movement> movements; bool operator==(const Received&) const = default; };
struct Held {
  OrderId order;
  std::int32_t round = 0;
  EntityCode owner;
  std::vector<HoldLine> lines;
  bool takes_slot = false;
  bool operator==(const Held&) const = default;
};
struct Allocated { OrderId order; std::int32_t round = 0; bool operator==(const Allocated&) const = default; };
struct Released { OrderId order; std::int32_t round = 0; bool operator==(const Released&) const = default; };
/// A hold was released: should it, or a copy of it, still arrive, it is refused until `not_after`.
struct HoldBarred { OrderId order; std::int32_t round = 0; Timestamp not_after; bool operator==(const HoldBarred&) const = default; };
/// `heard`: units that were cut before, of which the order has heard: it asks for them no more.
struct Shrunk { OrderId order; std::int32_t round = 0; std::vector<GivenUp> lines; std::vector<HoldLine> heard = {}; bool operator==(const Shrunk&) const = default; };
struct Issued { OrderId order; std::int32_t round = 0; std::vector<HoldLine> lines; bool operator==(const Issued&) const = default; };
struct TakenBack { std::string reference; std::vector<Movement> movements; bool operator==(const TakenBack&) const = default; };
/// On their way to another place of ours: nobody's stock until they are there.
struct TransferredOut { OrderId order; std::int32_t round = 0; LocationCode to; std::vector<HoldLine> lines; bool operator==(const TransferredOut&) const = default; };
struct TransferredIn {
  std::string reference;
  OrderId order;
  std::int32_t round = 0;
  LocationCode from;
  EntityCode owner;
  std::vector<HoldLine> lines, missing = {}; ///< missing: the discrepancy, units that left there and never came
  bool claimed = false;                      ///< they are the order's; else to be had by anybody
  bool operator==(const TransferredIn&) const = default;
};
/// Units that had been cut are the order's again, since somebody has them in hand: `found` of them lie there beside what was counted.
struct Reclaimed { OrderId order; std::int32_t round = 0; std::vector<HoldLine> lines; std::vector<Movement> found = {}; bool operator==(const Reclaimed&) const = default; };
using Event = std::variant<Defined, Received, Held, Allocated, Released, HoldBarred, Shrunk, Issued, TakenBack, Adjusted, CountProposed, CountRejected, Counted,
                           ClaimsCut, Sold, FeedMoved, FeedReset, TransferredOut, TransferredIn, Reclaimed>;

/// Counters of one (owner, SKU).
struct Row {
  std::int32_t on_hand = 0, held = 0, allocated = 0;
  std::int32_t suspended = 0; ///< said not to be there; until the next count nobody is promised them
  std::int32_t damaged = 0;
  std::int32_t available() const { return on_hand - held - allocated - suspended - damaged; }
  bool operator==(const Row&) const = default;
};

/// An order's claim. Ends by an event of this location, never by a clock alone.
struct Claim {
  EntityCode owner;
  std::vector<HoldLine> lines;
  bool allocated = false;
  Timestamp held_at;       ///< its age: the newest is cut first
  bool takes_slot = false; ///< one of the orders of the day on which it was held
  std::vector<HoldLine> issued = {}; ///< has left already, while the rest still lies here
  std::vector<HoldLine> cut = {};    ///< taken from it, of which the order has not heard so far
  bool in_hand = false;              ///< somebody has the units in hand, whatever was counted: they are not cut any more
  bool operator==(const Claim&) const = default;
};

struct ClaimKey {
  OrderId order;
  std::int32_t round = 0;
  auto operator<=>(const ClaimKey&) const = default;
};
struct ClaimKeyHash {
  std::size_t operator()(const ClaimKey& key) const noexcept { return std::hash<StreamId>{}({key.order.family.value + key.round}); }
};
/// How many orders of a day have taken a slot. Of the newest day only: no hold is of a day that is over.
struct DaySlots {
  Timestamp day; ///< its midnight, UTC
  std::int32_t taken = 0;
  bool operator==(const DaySlots&) const = default;
};

struct State {
  bool defined = false;
  Profile profile;
  std::unordered_map<Item, Row, ItemHash, ItemEqual> rows;
  std::unordered_map<ClaimKey, Claim, ClaimKeyHash> claims;
  std::unordered_map<ClaimKey, Timestamp, ClaimKeyHash> barred; ///< holds that must not be taken until then
  std::set<std::pair<Timestamp, ClaimKey>> barred_by_time;      ///< the same, so that what is past is found without a search
  References references;                                        ///< under which units came in, went or were counted
  DaySlots slots;
  std::unordered_map<Item, Moves, ItemHash, ItemEqual> moves;   ///< of late
  WaitingCounts counts;                                         ///< that wait for a person
  Sources sources;                                              ///< of feeds
  std::set<ClaimKey> in_hand;                                   ///< the claims that are
  bool operator==(const State&) const = default;
};

/// Returns by which number a location remembers a reference. A receipt and a return may have the same one.
std::int64_t reference_key(const Received& event);
std::int64_t reference_key(const TakenBack& event);
std::int64_t reference_key(const TransferredIn& event);

/// Returns the row of an item, all zero if it never lay here.
Row row_of(const State& location, const Item& item);

/// Returns how many units of the place's own stock may be promised to orders that are sent or picked up: what is available less the safety stock, never below 0.
std::int32_t available_to_sell(const Profile& place, const Sku& sku, std::string_view category, const Row& row);

/// Whether the source that feeds a place has been silent for so long that what it told cannot be trusted: nothing is sent from there until it is heard again (L2, L4).
bool is_stale(const Profile& place, const Sources& sources, Timestamp now);
inline bool is_stale(const State& location, Timestamp now) { return is_stale(location.profile, location.sources, now); }

/// Returns how many more orders may be sent from here on the day of `now`, never below 0; nothing: any number.
std::optional<std::int32_t> capacity_left(const Profile& place, const DaySlots& slots, Timestamp now);
inline std::optional<std::int32_t> capacity_left(const State& location, Timestamp now) { return capacity_left(location.profile, location.slots, now); }

/// Refuses `location-unknown` (not defined), `location-invalid` (no name, no owner, no such place on earth, a limit below zero), `name-taken`.
/// Receive and TakeBack: `quantity-invalid`, `reference-reused` (other units came under that reference).
/// Hold: `stock-short` (each short line in the details, with what is there to be sold: available less safety stock; several lines with one SKU are summed first:
/// reserve C7); if it takes a slot `no-capacity` (the day has none left) and `stock-stale` (the source that feeds the place has been silent for longer than stock_lag
/// allows); `hold-barred`; `hold-too-late` (now is past not_after). Allocate: `hold-unknown`. Release, Shrink, Issue, TransferOut and Reclaim never refuse: what is not claimed any
/// more has been released, issued or sent before, and only what was cut is claimed again. TransferIn refuses `reference-reused` and `quantity-invalid` (beyond what can be kept). Counts, corrections, sales and feeds refuse as counting.hpp, selling.hpp and feeding.hpp say.
/// A release bars its hold until `not_after`, whether it was taken or not: a copy of the same hold that is still on its way would take the units again. A claim that
/// goes before it was issued gives its slot back to its day. An empty owner of a movement means the location's own; the event names it. Check: a hold has lines, each with units.
Decision<Event> decide(const State& location, const Command& command, Timestamp now);
/// Applies `event` in place: a location is too large to be copied for every event.
/// Checks the rows it touches: no counter is negative, no more is promised than lies there.
void evolve(State& location, const Event& event, Timestamp at);

/// Checks the whole: no negative counter, and what is held and allocated is the sum of the claims. Looks at every row; for audit and tests.
void check_counters(const State& location);

} // namespace entrepot::stock
