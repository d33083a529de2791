// The requests an actor has done, by their ids: one that comes again is not done again. The newest of them only, and they outlive the actor.
#pragma once

#include <deque>
#include <unordered_set>

#include "domain/ids.hpp"
#include "persistence/snapshots/pages.hpp"

namespace entrepot::snapshot {

struct IdsOfPage;

class RememberedRequests {
public:
  /// Remembers the newest `limit` of them.
  explicit RememberedRequests(std::size_t limit) : limit_(limit) {}

  bool contains(CommandId id) const { return known_.contains(id); }
  void add(CommandId id);

  /// Adds the pages that have changed since the last call, or all.
  void write(bool all, Changes& changes);
  /// Takes the pages of a snapshot, in order of number. Throws Unreadable.
  void read(std::span<const journal::Page> pages);

  bool operator==(const RememberedRequests& other) const { return in_order_ == other.in_order_; }

private:
  void forget();
  void take_newest(const std::vector<IdsOfPage>& pages);

  std::size_t limit_;
  std::unordered_set<CommandId> known_;
  std::deque<CommandId> in_order_;
  std::int64_t ended_ = 0;   ///< how many there have ever been; the last one's number
  std::int64_t written_ = 0; ///< up to which number they stand on pages
  std::int64_t first_page_ = 0, past_page_ = 0; ///< pages stored, without the last
};

} // namespace entrepot::snapshot
