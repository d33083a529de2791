// What one endpoint is still to be told, and when: an order's messages one after the other, orders beside each other. No thread, no clock, no I/O.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <unordered_map>
#include <vector>

#include "domain/webhook/delivery.hpp"
#include "persistence/consequences/checkpoint.hpp"

namespace entrepot::webhook {

inline constexpr std::size_t max_fresh = 1'000;      ///< of an endpoint, in memory with their bodies; beyond it its feed waits, in the journal
inline constexpr std::size_t max_set_aside = 10'000; ///< of an endpoint, in the table and without bodies in memory; beyond it its feed waits
inline constexpr std::size_t max_in_flight_of_endpoint = 8;
inline constexpr int failures_to_rest = 5;           ///< in a row, of an endpoint: then nothing is sent to it ...
inline constexpr std::chrono::milliseconds first_rest{5'000}, longest_rest{300'000}; ///< ... for so long, a half of it chance, and then one; doubling until it takes it

struct QueueLimits {
  std::size_t fresh = max_fresh, set_aside = max_set_aside, in_flight = max_in_flight_of_endpoint;
};

/// A delivery is fresh (in memory alone: the checkpoint stays before it) or set aside (in the table as well: the checkpoint may pass). One that fails is set aside
/// with all that follows of its order. An order's next message goes when the former is acknowledged or dead.
class Queue {
public:
  /// `chance` is 0 to 1: how much of a pause that may vary is taken.
  explicit Queue(std::function<double()> chance, QueueLimits limits = {}) : chance_(std::move(chance)), limits_(limits) {}

  /// No more from the feed now.
  bool is_full() const { return fresh_.size() >= limits_.fresh || items_.size() - fresh_.size() >= limits_.set_aside; }
  std::size_t size() const { return items_.size(); }
  std::size_t set_aside() const { return items_.size() - fresh_.size(); }
  bool has(Place place) const { return items_.contains(place); }
  bool is_resting(Timestamp now) const { return rests_until_ && now < *rests_until_; }
  std::optional<Timestamp> oldest() const;

  /// Adds what comes from the feed, in its order per shard.
  void add(Delivery fresh, Timestamp now);
  /// Adds what the table had; its body is not needed.
  void restore(Delivery kept);

  /// Returns the next delivery to be sent now, which is on its way from then on; its body is empty if it is to be fetched from the table. Nothing: none is due.
  std::optional<Delivery> take_due(Timestamp now);
  /// Returns when take_due() may have something; nothing: not before an answer.
  std::optional<Timestamp> next_due(Timestamp now) const;

  enum class Outcome : std::uint8_t { acknowledged, failed, died };
  /// Notes what became of a delivery that was on its way. Check: it was.
  Outcome settle(Place place, const Answer& answer, Timestamp now);
  /// Puts back what take_due() gave and was not sent.
  void put_back(Place place);
  /// Removes a delivery that is no longer kept, as if it had been acknowledged. Check: it is on its way.
  void drop(Place place);

  /// What the table is to be told: to be written, and forgotten. Handed over once.
  std::vector<Delivery> take_changed();
  std::vector<Place> take_acknowledged();

  /// How far the feed may be left behind: before the first fresh one of each shard, else where it was read to. Only once take_changed() is in the table.
  consequences::Positions acknowledged(consequences::Positions read) const;

private:
  struct Item {
    Delivery delivery;
    bool on_the_way = false, changed = false;
  };
  using Items = std::map<Place, Item>;
  struct Line { ///< an order's messages
    std::set<Place> places;
    std::optional<Place> on_the_way;
  };

  bool is_fresh(Place place) const { return fresh_.contains(place); }
  void insert(Delivery delivery, bool fresh);
  void schedule_head(const Line& line);
  void unschedule(Place place);
  void set_line_aside(const Line& line);
  void set_aside(Items::iterator item);
  void erase(Items::iterator item);
  void rest_after_failure(Timestamp now, const Answer& answer);
  void end_rest(Timestamp now);
  std::chrono::milliseconds part_of(std::chrono::milliseconds whole) const;

  const std::function<double()> chance_;
  const QueueLimits limits_;
  Items items_;
  std::set<Place> fresh_;
  std::multiset<Timestamp> times_;
  std::unordered_map<StreamId, Line> lines_;
  std::set<std::pair<Timestamp, Place>> due_; ///< heads of lines of which nothing is on its way
  std::map<Place, Timestamp> scheduled_;      ///< where they stand in it
  std::vector<Place> changed_, acknowledged_;
  std::vector<Delivery> dead_; ///< not written yet
  std::size_t on_the_way_ = 0;
  int failures_ = 0; ///< in a row
  std::optional<Timestamp> rests_until_; ///< set: until one is taken, one at a time is tried
  std::chrono::milliseconds rest_{first_rest};
};

} // namespace entrepot::webhook
