// An actor's snapshots: how its activation begins with one, and when it leaves the next. They decide nothing: whatever goes wrong with one costs time only.
#pragma once

#include <spdlog/spdlog.h>

#include "actors/context.hpp"
#include "persistence/snapshots/binder.hpp"
#include "persistence/snapshots/remembered.hpp"

namespace entrepot::actors {

template <class Unit>
class Snapshots {
public:
  Snapshots(journal::Journal& journal, StreamId stream) : journal_(journal), stream_(stream) {}

  /// Whether the present state began with a snapshot, not with the first event.
  bool began_with_one() const { return began_with_one_; }

  /// Takes state and requests from a snapshot and returns its cover. Nothing if it is not whole or cannot be read: then what it was given is of no more use.
  std::optional<snapshot::Cover> begin_with(const journal::Snapshot& snapshot, Unit& unit, snapshot::RememberedRequests& requests) {
    if constexpr (Unit::has_snapshot) {
      try {
        if (auto opened = binder_.open(snapshot)) {
          unit.read_pages(opened->state);
          requests.read(opened->remembered);
          began_with_one_ = true;
          covered_ = opened->cover.seq;
          return opened->cover;
        }
      } catch (const std::exception& why) {
        spdlog::warn("the snapshot of stream {} is passed over: {}", stream_.value, why.what());
      }
    }
    return {};
  }

  /// There is none to rest on.
  void begin_anew() {
    binder_ = {};
    covered_ = 0;
    began_with_one_ = false;
  }

  /// Returns what hands a snapshot of this state to the journal, to be called once its events are stored; nothing if there are not more than `events` behind
  /// the last one, or that one is still on its way.
  Release beyond(std::int32_t events, const snapshot::Cover& now, Unit& unit, snapshot::RememberedRequests& requests) {
    if constexpr (Unit::has_snapshot) {
      if (now.seq - covered_ <= events || binder_.busy())
        return {};
      covered_ = now.seq;
      try {
        auto all = binder_.needs_all();
        snapshot::Changes changes;
        unit.write_pages(all, changes);
        requests.write(all, changes);
        auto change = std::make_shared<journal::SnapshotChange>(binder_.bind(stream_, now, std::move(changes)));
        return [&journal = journal_, change] { journal.save(std::move(*change)); };
      } catch (const std::exception& why) {
        spdlog::warn("no snapshot of stream {} after event {}: {}", stream_.value, now.seq, why.what());
        binder_ = {}; // what has been written of it is lost: next time all
      }
    }
    return {};
  }

private:
  journal::Journal& journal_;
  StreamId stream_;
  snapshot::Binder binder_;
  std::int32_t covered_ = 0; ///< the event up to which the last snapshot goes
  bool began_with_one_ = false;
};

} // namespace entrepot::actors
