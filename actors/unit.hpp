// What the shell runs: an order's family with its process, or one aggregate. A unit holds the state and knows the rules; no CAF, no journal.
#pragma once

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "actors/envelope.hpp"
#include "actors/stock_view.hpp"
#include "domain/stock/touched.hpp"
#include "persistence/snapshots/location_pages.hpp"
#include "persistence/snapshots/whole_pages.hpp"

namespace entrepot::actors {

/// What one input leads to. The events have already been applied to the unit's state.
struct UnitTurn {
  std::vector<std::pair<StreamId, AnyEvent>> events;
  std::vector<workflow::Question> questions;
  std::vector<payment::ProviderRequest> calls; ///< to the payment provider
  std::vector<workflow::LabelCall> labels; ///< to the carrier
  std::optional<Timestamp> wake_up; ///< nothing: no clock needed
  bool waiting = false;             ///< a question is open
  std::optional<Rejection> refused = {}; ///< the command was refused; that it was given is among the events
  std::vector<Sku> lacking = {};    ///< an order waits for units of these
};

/// An order with everything that belongs to it, conducted by its process.
class FamilyUnit {
public:
  explicit FamilyUnit(StreamId family) { state_.id = family; }
  /// Whom its process can ask; nobody, if it is not told.
  void may_ask(const workflow::Partners& partners) { partners_ = partners; }

  journal::StreamRange streams() const { return {state_.id, member(state_.id, 0xff)}; }
  void evolve(StreamId stream, const AnyEvent& event, Timestamp at) { entrepot::evolve(state_, child_of(stream), event, at); }
  Result<UnitTurn> take(const Envelope& input, Timestamp now);
  StateView view() const { return &state_; }
  /// What somebody waits for has come.
  bool has_come(Until until) const;
  /// A freshly loaded process asks its open questions again.
  static constexpr bool has_process = true;
  static constexpr bool has_news = false;
  /// By which orders that wait for units are told of them: the goods were promised, or ordered, then.
  Timestamp waiting_since() const { return state_.order.agreement.delivery.promise.value_or(state_.order.submitted_at); }
  /// An order ends: its history stays short.
  static constexpr bool has_snapshot = false;

private:
  Family state_;
  workflow::Memory memory_;
  workflow::Partners partners_;
};

/// One aggregate in one stream. `Rules` names its State, Command and Event, and has decide and evolve. If its State has pages, it is kept in snapshots.
template <class Rules>
class AggregateUnit {
  using State = typename Rules::State;

public:
  explicit AggregateUnit(StreamId stream) : stream_(stream) {}

  journal::StreamRange streams() const { return {stream_, stream_}; }
  void evolve(StreamId, const AnyEvent& event, Timestamp at) {
    auto* own = std::get_if<typename Rules::Event>(&event);
    check(own, "a stream holds the events of one kind of thing");
    apply(*own, at);
  }
  Result<UnitTurn> take(const Envelope& input, Timestamp now) {
    auto* command = std::get_if<Command>(&input.payload);
    auto* own = command ? std::get_if<typename Rules::Command>(&command->command) : nullptr;
    check(own, "a thing is given only commands that it understands");
    auto decision = Rules::decide(state_, *own, now);
    if (!decision)
      return std::move(decision).error();
    UnitTurn turn;
    for (auto& event : *decision) {
      apply(event, now);
      turn.events.emplace_back(stream_, std::move(event));
    }
    return turn;
  }
  StateView view() const { return &state_; }
  bool has_come(Until) const { return true; }
  static constexpr bool has_process = false;
  /// A location tells what it could give.
  static constexpr bool has_news = std::is_same_v<State, stock::State>;
  /// Returns what has changed since the last call; of a location that was just loaded, everything.
  StockNews news()
    requires has_news
  {
    if (!std::exchange(told_all_, true)) {
      touched_.clear();
      for (const auto& [item, row] : state_.rows)
        if (item.owner == state_.profile.owner)
          touched_.push_back(item.sku);
    }
    if (!profile_ || *profile_ != state_.profile)
      profile_ = std::make_shared<const stock::Profile>(state_.profile);
    StockNews news{profile_, state_.slots, state_.sources, {}};
    for (auto& sku : std::exchange(touched_, {})) {
      auto available = stock::row_of(state_, {state_.profile.owner, sku}).available();
      news.units.push_back({std::move(sku), available});
    }
    return news;
  }

  static constexpr bool has_snapshot = snapshot::Paged<State>;
  /// Adds the pages that have changed since the last call, or all.
  void write_pages(bool all, snapshot::Changes& changes) { pages_.write(state_, all, changes); }
  /// Takes the state from pages. Throws if it cannot be; then this unit is of no more use.
  void read_pages(std::span<const journal::Page> pages) { pages_.read(state_, pages); }

private:
  struct NoPages {};

  void apply(const typename Rules::Event& event, Timestamp at) {
    if constexpr (has_snapshot)
      pages_.touch(state_, event, at);
    if constexpr (has_news)
      if (told_all_)
        std::ranges::copy(stock::touched_by(state_, event), std::back_inserter(touched_));
    Rules::evolve(state_, event, at);
  }

  StreamId stream_;
  State state_;
  std::conditional_t<has_snapshot, snapshot::Pages<State>, NoPages> pages_;
  std::vector<Sku> touched_;                        ///< since the last news
  std::shared_ptr<const stock::Profile> profile_;   ///< as it was told last
  bool told_all_ = false;
};

} // namespace entrepot::actors
