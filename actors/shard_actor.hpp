// A shard: it wakes its actors, lets the idle ones go, starts failed ones again, keeps their deadlines, and makes every order exactly once.
#pragma once

#include <caf/event_based_actor.hpp>
#include <map>
#include <unordered_map>

#include "actors/messages.hpp"
#include "actors/residents.hpp"

namespace entrepot::actors {

class ShardActor : public caf::event_based_actor {
public:
  ShardActor(caf::actor_config& config, Context& context, journal::ShardHead head);
  const char* name() const override { return "shard"; }

protected:
  caf::behavior make_behavior() override;
  /// Lets its actors go here, on a worker. The last reference to a shard may be CAF's clock's, in a tick that never comes; if that thread had to end actors, they
  /// would wait for it to take their time-outs back.
  void on_exit() override;

private:
  // Routing and supervision
  void deliver(const EnvelopePtr& envelope);
  void forward(Resident& resident, EnvelopePtr envelope);
  Resident* activate(StreamId stream, bool known_empty);
  void ended(const Ended& message);
  void failed(const Ended& message);
  void make_room();
  void tick();

  // Making orders
  struct Making { ///< a pair that is being looked up, or whose order is on its way into the journal
    std::optional<journal::Submission> order;
    Create first;
    std::vector<Create> waiting;
  };
  void create(const Create& message);
  void found(const Found& message);
  void make(Making& making);
  void join(const journal::Submission& order, const journal::Digest& body, EnvelopePtr envelope);
  StreamId mint(const journal::Digest& pair);
  void stored(const Stored& message);

  Context& context_;
  int shard_;
  Residents residents_;
  std::unordered_map<StreamId, Failure> failures_;
  std::map<journal::Digest, Making> making_;
  std::unordered_map<int, StreamId> newest_family_; ///< by slice
};

/// Returns the slice of a pair's orders.
int slice_of_pair(const journal::Digest& pair);

} // namespace entrepot::actors
