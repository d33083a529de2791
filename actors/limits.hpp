// Every limit of the actors, in one place.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace entrepot::actors {

struct Limits {
  std::size_t requests_per_shard = 2'000;      ///< of gateways, admitted and not yet answered; beyond it: overloaded
  std::size_t requests_per_actor = 1'000;      ///< of gateways, queued at one actor
  std::size_t waiting_while_loading = 10'000;  ///< messages kept while a history is read
  std::size_t residents_per_shard = 4'000;     ///< actors kept in memory; idle ones beyond it go
  std::size_t deadlines_per_tick = 200;        ///< a flood of overdue deadlines is spread out
  std::chrono::milliseconds tick{100};         ///< how exact a deadline is
  std::size_t remembered_requests = 10'000;    ///< of one actor: ids of commands that people and gateways gave
  std::int32_t snapshot_every = 10'000;        ///< events of a stream without end; about so many are replayed at an activation
  std::int32_t snapshot_at_rest = 1'000;       ///< events not in the last snapshot, beyond which an idle actor leaves one behind
  std::size_t woken_by_news = 1'000;           ///< orders that wait for units, told of new ones one after the other
  std::size_t replayed_at_once = 20'000;       ///< events of one portion of a history; others get their turn between two
  int loads_before_quarantine = 3;             ///< a history that cannot be folded so often is left to a person
  std::chrono::milliseconds reload_pause{200}; ///< after a failure, doubled each time
};

} // namespace entrepot::actors
