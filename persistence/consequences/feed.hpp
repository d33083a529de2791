// The journal's feed for who draws consequences from it: the events that interest the reader, per shard in order, from a position on.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/events.hpp"
#include "persistence/consequences/checkpoint.hpp"
#include "persistence/journal.hpp"

namespace entrepot::consequences {

/// Events that wait in memory for the reader; beyond it they are read back from the journal.
inline constexpr std::size_t max_waiting_events = 20'000;
/// Events read back from the journal at once.
inline constexpr std::size_t read_back_page = 1'000;

/// An event as a consequence is drawn from it.
struct Occurrence {
  StreamId stream;
  std::int32_t seq = 0;
  std::int64_t pos = 0;
  Timestamp at;
  std::string metadata; ///< kept only if it says when it really happened
  std::shared_ptr<const AnyEvent> event;
  CommandId command;    ///< what caused it
};

/// Which events a reader wants.
struct Interest {
  bool (*in_type)(StreamId stream, std::string_view type); ///< whether the event may be one of them: what is not is not even decoded
  bool (*in_event)(const AnyEvent& event);
};
/// Everything of an order's family that somebody outside is told of: the order's events, its money's, its places'.
extern const Interest of_orders;

/// What stands between two positions of a shard, without what interests nobody.
struct Stretch {
  int shard = 0;
  std::int64_t last = 0;
  std::vector<Occurrence> occurrences;
};

/// Committed batches come from memory and are only a hint: what does not fit, does not follow, or came undecoded is read back. `offer` may be called on any
/// thread; the rest belongs to one reader. The journal must outlive it.
class Feed {
public:
  explicit Feed(journal::Journal& journal, std::size_t max_waiting = max_waiting_events, Interest interest = of_orders)
      : journal_(journal), max_waiting_(max_waiting), interest_(interest) {}

  /// Takes a committed batch. Never blocks for long.
  void offer(int shard, std::span<const journal::Record> records);

  /// Begins behind these positions, with whatever the journal has there.
  void begin(const Positions& after);

  /// Returns the next stretch of any shard; nothing: there is none now. Blocks while it reads back. Throws journal::Unavailable, codec::Undecodable.
  std::optional<Stretch> next();

private:
  struct Batch {
    Stretch stretch;
    std::int64_t first = 0;
  };
  std::optional<Stretch> next_in_memory();
  std::optional<Stretch> read_back();

  journal::Journal& journal_;
  const std::size_t max_waiting_;
  const Interest interest_;
  std::deque<Batch> taken_;
  Positions read_{};    // how far the reader has come
  std::array<bool, shard_count> perhaps_more_{}; // the journal may have more that was not announced here
  int shard_ = 0;       // looked at next when reading back

  std::mutex mutex_;
  std::deque<Batch> waiting_;
  std::size_t waiting_events_ = 0;
  Positions announced_{}; // last position that was offered
};

} // namespace entrepot::consequences
