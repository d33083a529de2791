// What the outside world may ask of the inside. No actors, no sockets, no SQL: deploy/ puts the three together.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/order/draft.hpp"
#include "domain/order/family.hpp"
#include "domain/payment/provider.hpp"

namespace entrepot::gateway {

/// Not a "no" but a "not now": nothing is half done, the same request may be sent again.
struct Fault {
  enum class Kind : std::uint8_t { unavailable, overloaded, timed_out } kind = Kind::unavailable;
  std::string text;
};

template <class T>
using Outcome = std::variant<T, Rejection, Fault>;
template <class T>
using Reply = std::function<void(Outcome<T>)>; ///< called exactly once, on any thread

/// Who asks, for the record. Never personal data.
struct Origin {
  std::string by;                         ///< key id, and person or device if the key has one: "gw-web", "staff-leeds/till-2"
  std::string traceparent;                ///< W3C trace context; empty: none
  std::optional<Timestamp> occurred_at;   ///< when it happened, if not now
};

/// What seals one person's data (AES-256-GCM). Stored in a row of its own; deleting the row erases the person.
using PersonKey = std::array<std::uint8_t, 32>;

/// When an order's asker is answered: as soon as it is stored; when it has settled (confirmed, rejected, on hold); when a place has it on its list; when it has
/// ended (completed, cancelled, rejected). An order that waits for a person is answered as it is.
enum class Until : std::uint8_t { stored, settled, at_work, ended };

/// An order to be made. The pair identifies it for ever; the draft is what it will say, or why it cannot be made.
struct Creation {
  std::string channel;         ///< pair, with external_number
  std::string external_number; ///< empty: the pair is (client, key)
  std::string client, key;     ///< id of the API key that asks, and its Idempotency-Key
  std::string body_digest;     ///< 16 bytes over the canonical body: another body with one pair is 422 `idempotency-key-reused`
  Result<order::Agreement> draft;
  std::optional<PersonKey> guest_key; ///< what sealed a guest's data; stored with the order
};

/// An order's state with the seq that it is as of; the ETag.
struct OrderView {
  std::shared_ptr<const Family> family;
  std::int64_t version = 0; ///< number of the family's committed events
  bool replayed = false;    ///< a repeated creation: this is the order made then
};

struct LocationView {
  stock::Profile profile;
  std::vector<std::pair<stock::Item, stock::Row>> rows;
  std::int64_t version = 0;
  stock::DaySlots slots = {};
  stock::Sources sources = {}; ///< of feeds
};

/// Counts of a place that wait for a person, by reference.
struct CountsView {
  stock::WaitingCounts waiting;
  std::int64_t version = 0;
};

struct CustomerView {
  customer::Profile customer;
  std::int64_t version = 0;
};

/// A fulfilment or pickup as a board shows it.
struct WorkItem {
  StreamId stream;
  std::variant<fulfilment::State, pickup::State> state;
  Timestamp placed_at;
  std::int64_t change = 0; ///< grows with every change of any item
};

/// Goods that go from one place to another.
struct TransferItem {
  StreamId stream;
  transfer::State state;
  Timestamp placed_at;
};

/// What a place has to do, the oldest first.
struct Board {
  std::vector<WorkItem> items;
  std::int64_t as_of = 0; ///< every change up to it is in them
};

/// One line of an order's story.
struct Told {
  Timestamp at;
  std::string by, text;
  std::string notice; ///< what the customer was told by it; empty: nothing
};

/// A process that waits for a person.
struct ParkedProcess {
  OrderId order;
  Timestamp since;
  process::Parked why;
};

/// What an order's process waits for.
struct ProcessView {
  OrderId order;
  order::Status status = order::Status::none;
  std::string awaited;                  ///< in words; empty: its story is over
  std::optional<Timestamp> next_look;   ///< when it looks again by itself; none: only when something happens
  std::optional<ParkedProcess> parked;
};

struct Page {
  std::vector<std::string> items; ///< JSON
  std::string next;               ///< opaque cursor; empty: the last page
};

/// What a watcher hears of: what happens at one location, or to one order.
using Watched = std::variant<LocationCode, OrderId>;

/// Who is told of changes. Both are called on any thread, but never two at once for one watcher; neither waits for anything.
struct Watcher {
  /// One thing as it is after its change number `change`: a location's board item, or {"id","status","version"} of an order, whose number is its version. Numbers
  /// grow from call to call; what changed twice may be told once. Returns false: nobody listens any more, and it need not be called again.
  std::function<bool(std::int64_t change, std::string_view json)> changed;
  /// More changes lie behind than are told one by one (http::limits::stream_backlog), or the numbers began anew: what was missed is not told. Live changes go on.
  std::function<void()> lost;
};

/// Keeps a watch going: it ends when this goes, which may be at any time, on any thread, also inside a call of the watcher.
using Watch = std::shared_ptr<void>;

class Ports {
public:
  virtual ~Ports() = default;

  /// Makes an order, or finds the one made of the same pair. A repeat is answered as of its first settled event, or, with
  /// `until` beyond that, as it is then.
  /// A draft that is a rejection makes nothing: it is answered, unless the pair has an order already, which is answered then.
  virtual void submit(Creation creation, Origin origin, Until until, Reply<OrderView> reply) = 0;

  /// Gives a command to a member of an order's family. Answers the family after it.
  virtual void act(StreamId member, AnyCommand command, CommandId id, Origin origin, Until until, Reply<OrderView> reply) = 0;

  /// The payment provider tells what has become of one of the order's keys, without having been asked. Answers the order when what follows from it is stored; what is
  /// known already, and what is said of a key that nobody waits for, changes nothing. Refuses `order-unknown`.
  virtual void provider_says(OrderId order, std::string key, payment::ProviderAnswer answer, Origin origin, Reply<OrderView> reply) = 0;

  /// Sends a command to a named thing: location, product, channel, customer, identity key. Answers its version after it.
  /// `person_key`: what sealed the data inside; stored in the same statement as the command's events, so not at all if it is refused or changes nothing.
  virtual void command(StreamId to, AnyCommand command, CommandId id, Origin origin, std::optional<PersonKey> person_key, Reply<std::int64_t> reply) = 0;

  virtual void read_order(OrderId order, Reply<OrderView> reply) = 0;
  /// `skus` empty: all rows, at most 1,000 from `after`.
  virtual void read_location(LocationCode location, std::vector<Sku> skus, Reply<LocationView> reply) = 0;
  /// Refuses `location-unknown`.
  virtual void read_counts(LocationCode location, Reply<CountsView> reply) = 0;
  /// What would happen at a location if it was given the command `now`; it is not. Refuses as the command would be.
  virtual void foresee(LocationCode location, stock::Command command, Timestamp now, Reply<std::vector<stock::Event>> reply) = 0;
  /// A customer nobody has registered is a state with `registered` false, not a rejection.
  virtual void read_customer(CustomerNumber customer, Reply<CustomerView> reply) = 0;
  /// Whose an identity key is; an empty number: nobody's yet.
  virtual void read_identity(StreamId key, Reply<CustomerNumber> reply) = 0;
  /// The key of a customer's stream or of a guest order's family; nothing: there is none, or it has been erased.
  virtual void person_key(StreamId person, Reply<std::optional<PersonKey>> reply) = 0;

  /// The definitions in force, immutable; never null. A definition whose command has been answered here is in it.
  virtual std::shared_ptr<const order::Definitions> definitions() const = 0;

  /// What is open at a place: its pickups, or what it sends.
  virtual void board(LocationCode place, bool pickups, Reply<Board> reply) = 0;
  /// What leaves a place for another, or comes there, and somebody is to send or to receive, the oldest first.
  virtual void transfers(LocationCode place, Reply<std::vector<TransferItem>> reply) = 0;
  /// An order's story, oldest line first; no lines: there is no such order.
  virtual void story(OrderId order, Reply<std::vector<Told>> reply) = 0;
  /// The processes that wait for a person, the longest first.
  virtual void parked(Reply<std::vector<ParkedProcess>> reply) = 0;
  /// What an order's process waits for. Refuses `order-unknown`.
  virtual void process(OrderId order, Reply<ProcessView> reply) = 0;
  /// Tells `watcher` all that has changed at `what` after change number `after` up to now, then every change as it is committed. Does not
  /// refuse: who asks has made sure that it exists and may be seen.
  virtual Watch watch(Watched what, std::int64_t after, Watcher watcher) = 0;

  /// Newest first. `status` empty: any; `channels` empty: all, else only orders of these.
  virtual void list_orders(std::string status, std::vector<std::string> channels, std::string after, int limit, Reply<Page> reply) = 0;
};

} // namespace entrepot::gateway
