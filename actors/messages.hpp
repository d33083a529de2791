// The messages that CAF carries. All actors live in one process; between nodes an encoded envelope will travel instead.
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <memory>

#include "actors/envelope.hpp"

namespace entrepot::actors {

/// To a shard or an actor: here is something for you.
struct Deliver { EnvelopePtr envelope; };
/// To an actor: the history it asked for; nothing: it cannot be read now.
struct Loaded { std::shared_ptr<std::optional<journal::History>> history; };
/// To an actor: an append of its activation was not stored. It must end.
struct Dropped {};
/// To an actor: leave, if nothing of yours is under way.
struct Passivate {};

/// To a shard: the actor of `stream` has ended, or stays.
struct Ended {
  enum class How { passivated, still_busy, failed, unreadable };
  StreamId stream;
  std::uint64_t activation = 0;
  How how = How::failed;
  std::string why = {};
};
/// To a shard: an order is to be made.
struct Create {
  journal::Digest pair{}, body{};
  bool for_ever = false;
  std::shared_ptr<const Result<order::Agreement>> draft;
  EnvelopePtr envelope; ///< `to` and payload are filled in by the shard
};
/// To a shard: what the journal knows of a pair; outer nothing: it cannot be read now.
struct Found {
  journal::Digest pair{};
  std::optional<std::optional<journal::Submission>> row;
};
/// To a shard: the making of this pair's order has reached the journal, or never will.
struct Stored { journal::Digest pair{}; };
/// To a shard: look at the clock.
struct Tick {};

} // namespace entrepot::actors

#define ENTREPOT_LOCAL_MESSAGE(type) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(entrepot::actors::type)
ENTREPOT_LOCAL_MESSAGE(Deliver)
ENTREPOT_LOCAL_MESSAGE(Loaded)
ENTREPOT_LOCAL_MESSAGE(Dropped)
ENTREPOT_LOCAL_MESSAGE(Passivate)
ENTREPOT_LOCAL_MESSAGE(Ended)
ENTREPOT_LOCAL_MESSAGE(Create)
ENTREPOT_LOCAL_MESSAGE(Found)
ENTREPOT_LOCAL_MESSAGE(Stored)
ENTREPOT_LOCAL_MESSAGE(Tick)
#undef ENTREPOT_LOCAL_MESSAGE
