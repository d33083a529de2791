// What travels between actors: a command, an answer, a deadline or a look, with who waits for the outcome.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "domain/order/family.hpp"
#include "persistence/journal.hpp"
#include "workflows/engine/process.hpp"

namespace entrepot::actors {

/// An actor's newest state, to be looked at during the call it is given to and not after it.
using StateView = std::variant<const Family*, const stock::State*, const customer::State*, const product::State*, const channel::State*,
                               const identity::State*>;

struct Answer {
  StateView state;
  std::int64_t version = 0; ///< number of the actor's events; the ETag
  bool replayed = false;    ///< the command had been done before
  std::string last_event;   ///< "<stream>/<seq>"
};

/// What is done once an outcome may leave: run by the commit, or never.
using Release = std::function<void()>;

/// Who waits for an outcome. Told at most once; one that goes away untold was a fault, and whoever waits learns that from its destruction.
class ReplyTo {
public:
  virtual ~ReplyTo() = default;
  /// Copies what it needs of the state, and returns what sends it.
  virtual Release accepted(const Answer& answer) = 0;
  virtual Release refused(const Rejection& why) = 0;
};

/// A command to one stream.
struct Command { AnyCommand command; };
/// An answer to a process's question.
struct Reply { CommandId question; std::optional<Rejection> refused; };
/// The payment provider's answer about an attempt.
struct ProviderReply { std::string key; payment::ProviderAnswer answer; };
/// The carrier's answer about a label of the fulfilment it is sent to.
struct CarrierReply { std::string key; fulfilment::LabelAnswer answer; };
/// A deadline has come.
struct Wake {};
/// No command: somebody wants to see the state.
struct Look {};
using Payload = std::variant<Command, Reply, ProviderReply, CarrierReply, Wake, Look>;

/// When somebody wants to be answered: as soon as it is stored, or when the order has settled, is at work, has ended.
enum class Until : std::uint8_t { stored, settled, at_work, ended };

struct Envelope {
  StreamId to = {};
  Payload payload = {};
  CommandId id = {};                      ///< so that it is done once
  std::string by = {};                    ///< who: a key with its person, "process", "deadline"
  std::string causation = {};             ///< the event that led to it
  std::string traceparent = {};
  std::optional<Timestamp> occurred_at = {};
  std::shared_ptr<ReplyTo> reply = {};    ///< nobody waits: null
  bool of_gateway = false;           ///< counts against the limits of admission
  Until until = Until::stored;
  bool replayed = false;
  std::optional<journal::Submission> submission = {}; ///< stored with the first event
  std::optional<journal::PersonKey> person_key = {};  ///< stored with the event
};
using EnvelopePtr = std::shared_ptr<Envelope>;

} // namespace entrepot::actors
