// What follows from events for others put together: the workflows' rules, the feed, the actors.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "actors/context.hpp"
#include "persistence/consequences/messenger.hpp"

namespace entrepot {

/// The journal outlives it.
class Consequences {
public:
  Consequences(const std::string& database, journal::Journal& journal, std::function<Timestamp()> clock);

  /// From now on actors are told. They outlive it, once it is closed.
  void start(actors::Context& context);
  void offer(int shard, std::span<const journal::Record> records) { messenger_.offer(shard, records); }
  void close() { messenger_.close(); }
  consequences::MessengerFigures figures() const { return messenger_.figures(); }

private:
  std::function<void(const Consequence&, CommandId, const std::string&, std::function<void(bool)>)> give_;
  std::unique_ptr<consequences::Checkpoint> checkpoint_;
  consequences::Messenger messenger_;
};

} // namespace entrepot
