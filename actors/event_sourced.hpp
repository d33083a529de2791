// The shell that runs every unit: it loads a history, then decides on its newest state without ever waiting for the disk.
//
// Whatever leaves (answers, refusals, questions) is handed to the journal with the events it rests on and let go by their commit, in order, even if this
// actor has gone by then. If an append fails, the actor's state is ahead of the truth: it ends, and the next message replays it.
#pragma once

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <deque>
#include <unordered_map>

#include "actors/context.hpp"
#include "actors/messages.hpp"
#include "actors/residents.hpp"
#include "actors/snapshots.hpp"
#include "actors/unit.hpp"
#include "domain/sourcing/transfer_source.hpp"
#include "persistence/codec.hpp"
#include "persistence/metadata.hpp"

namespace entrepot::actors {

template <class Unit>
class EventSourced : public caf::event_based_actor {
public:
  /// `known_empty`: the stream's number has just been given out, so there is no history to read.
  EventSourced(caf::actor_config& config, Context& context, StreamId stream, std::uint64_t activation, bool known_empty,
               QueueLength queued)
      : caf::event_based_actor(config), context_(context), stream_(stream), activation_(activation), unit_(stream), queued_(std::move(queued)), loaded_(known_empty),
        knows_wake_up_(known_empty), requests_(context.limits.remembered_requests), snapshots_(context.journal, stream) {
    if constexpr (Unit::has_process)
      unit_.may_ask({.carrier = static_cast<bool>(context.carrier), .sourcing = context.definitions ? sourcing_of(context) : workflow::Sourcing{}});
  }

  const char* name() const override { return "event_sourced"; }

protected:
  caf::behavior make_behavior() override {
    if (!loaded_)
      load({.from_snapshot = Unit::has_snapshot, .most = Unit::has_snapshot ? context_.limits.replayed_at_once : SIZE_MAX});
    return {
        [this](const Deliver& message) { receive(message.envelope); },
        [this](const Loaded& message) { replay(*message.history); },
        [this](const Dropped&) { end(Ended::How::failed, "an append was not stored"); },
        [this](const Passivate&) { passivate(); },
    };
  }

private:
  void receive(const EnvelopePtr& envelope) {
    --*queued_;
    if (loaded_)
      guarded([&] { handle(*envelope); });
    else if (waiting_.size() < context_.limits.waiting_while_loading)
      waiting_.push_back(envelope); // beyond the limit it is let go, and whoever waits learns of a fault
  }

  /// A broken invariant ends this actor and nothing else.
  template <class Work>
  void guarded(Work work) {
    try {
      work();
    } catch (const std::exception& defect) {
      end(Ended::How::failed, defect.what());
    }
  }

  void load(journal::Portion portion) {
    context_.journal.load(
        unit_.streams(),
        [me = caf::actor_cast<caf::actor>(this)](std::optional<journal::History> history) {
          caf::anon_send(me, Loaded{std::make_shared<std::optional<journal::History>>(std::move(history))});
        },
        portion);
  }

  void replay(const std::optional<journal::History>& history) {
    if (!history)
      return end(Ended::How::failed, "the journal cannot be read");
    if (history->snapshot && !begin_with(*history->snapshot))
      return begin_anew();
    try {
      for (auto& record : history->records) {
        check(record.seq == ++seqs_[record.stream], "a stream's events have dense numbers");
        unit_.evolve(record.stream, codec::decode(record.type, record.version, record.data), record.at);
        note(record);
      }
    } catch (const std::exception& why) {
      return snapshots_.began_with_one() ? begin_anew() : end(Ended::How::unreadable, why.what());
    }
    if (history->more)
      return load({.after = seqs_[stream_], .most = context_.limits.replayed_at_once});
    loaded_ = true;
    guarded([&] {
      if (auto snapshot = snapshot_beyond(context_.limits.snapshot_every))
        snapshot(); // all of it is stored
      std::vector<Release> news;
      tell_news(news);
      for (auto& release : news)
        release();
      if (Unit::has_process && version_ > 0)
        handle(Envelope{.to = stream_, .payload = Wake{}, .by = "process"});
      for (auto waiting = std::exchange(waiting_, {}); auto& envelope : waiting)
        handle(*envelope);
    });
  }

  bool begin_with(const journal::Snapshot& snapshot) {
    auto cover = snapshots_.begin_with(snapshot, unit_, requests_);
    if (!cover)
      return false;
    version_ = seqs_[stream_] = cover->seq;
    last_at_ = cover->last_at;
    return true;
  }

  /// The snapshot is of no use. That is no fault: the events tell the same, and the next one replaces it.
  void begin_anew() {
    unit_ = Unit(stream_);
    requests_ = snapshot::RememberedRequests(context_.limits.remembered_requests);
    snapshots_.begin_anew();
    version_ = 0;
    last_at_ = {};
    seqs_.clear();
    load({.most = context_.limits.replayed_at_once});
  }

  Release snapshot_beyond(std::int32_t events) {
    if constexpr (Unit::has_snapshot) // of one stream: its events are the actor's
      return snapshots_.beyond(events, {static_cast<std::int32_t>(version_), last_at_}, unit_, requests_);
    return {};
  }

  void note(const journal::Record& record) {
    ++version_;
    last_at_ = std::max(last_at_, record.at);
    if (is_remembered(source_of(record.command)))
      requests_.add(record.command);
  }

  /// Commands that may come twice under their id; a step's question is known by what it asks.
  static bool is_remembered(CommandSource source) {
    return source == CommandSource::request || source == CommandSource::import || source == CommandSource::consequence;
  }

  void handle(const Envelope& envelope) {
    check(!ended_, "an actor that has ended takes nothing more");
    std::vector<Release> releases;
    if (std::holds_alternative<Look>(envelope.payload) || requests_.contains(envelope.id)) {
      answer(envelope, !std::holds_alternative<Look>(envelope.payload) || envelope.replayed, releases);
      return hand_over({}, {}, envelope, std::move(releases));
    }
    auto now = std::max(context_.now(), last_at_);
    auto turn = unit_.take(envelope, now);
    if (!turn) {
      if (envelope.reply)
        releases.push_back(envelope.reply->refused(turn.error()));
      return hand_over({}, {}, envelope, std::move(releases));
    }
    auto records = records_of(envelope, turn->events, now);
    const bool passes_on = envelope.reply && is_look_for_places(envelope);
    if (passes_on) {
      // what it asks of the places it found leaves first
    } else if (!turn->refused)
      answer(envelope, false, releases);
    else if (envelope.reply)
      releases.push_back(envelope.reply->refused(*turn->refused));
    answer_waiters(releases);
    for (auto& question : turn->questions)
      releases.push_back(asking(std::move(question), envelope, last_event_));
    for (auto& call : turn->calls)
      releases.push_back(calling(std::move(call), last_event_));
    for (auto& call : turn->labels)
      releases.push_back(labelling(std::move(call), last_event_));
    if (passes_on)
      answer(envelope, false, releases);
    if (auto snapshot = snapshot_beyond(context_.limits.snapshot_every); snapshot)
      releases.push_back(std::move(snapshot));
    note_waiting(std::move(turn->lacking), releases);
    if (!turn->events.empty())
      tell_news(releases);
    hand_over(std::move(records), wake_up(*turn, now, source_of(envelope.id) == CommandSource::deadline), envelope, std::move(releases));
  }

  static workflow::Sourcing sourcing_of(Context& context) {
    return [&context](const ChannelCode& code, const sourcing::Demand& demand, Timestamp now) {
      auto definitions = context.definitions();
      auto channel = definitions->channels.find(code);
      static const sourcing::Routing none;
      if (demand.to_store)
        return sourcing::choose_transfer(demand, channel == definitions->channels.end() ? std::span<const sourcing::TransferSource>{} : channel->second->definition.transfer_from,
                                         context.stock.places(demand, now), now);
      const auto& routing = channel == definitions->channels.end() ? none : channel->second->definition.sourcing;
      return sourcing::choose(demand, routing, context.stock.places(demand, now), now);
    };
  }

  static bool is_look_for_places(const Envelope& envelope) {
    const auto* command = std::get_if<Command>(&envelope.payload);
    const auto* of_process = command ? std::get_if<process::Command>(&command->command) : nullptr;
    return of_process && std::holds_alternative<process::LookAgain>(*of_process);
  }

  /// Others learn what lies at this location once it is stored, first of all the orders that wait for it.
  void tell_news(std::vector<Release>& releases) {
    if constexpr (Unit::has_news)
      if (version_ > 0)
        releases.push_back([&context = context_, news = unit_.news()] {
          auto more = context.stock.take(news);
          if (!more.empty())
            let_look_again(context, context.waiting.waiting_for(more, context.limits.woken_by_news));
        });
  }

  void note_waiting(std::vector<Sku> lacking, std::vector<Release>& releases) {
    if constexpr (Unit::has_process)
      if (lacking != lacking_) {
        lacking_ = std::move(lacking);
        releases.push_back([&context = context_, order = stream_, since = unit_.waiting_since(), skus = lacking_] { context.waiting.note(order, since, skus); });
      }
  }

  void answer(const Envelope& envelope, bool replayed, std::vector<Release>& releases) {
    if (!envelope.reply)
      return;
    if (version_ > 0 && !unit_.has_come(envelope.until))
      waiters_.push_back({envelope.reply, envelope.until, replayed});
    else
      releases.push_back(envelope.reply->accepted({unit_.view(), version_, replayed, last_event_}));
  }

  void answer_waiters(std::vector<Release>& releases) {
    std::erase_if(waiters_, [&](Waiter& waiter) {
      if (!unit_.has_come(waiter.until))
        return false;
      releases.push_back(waiter.reply->accepted({unit_.view(), version_, waiter.replayed, last_event_}));
      return true;
    });
  }

  std::vector<journal::Record> records_of(const Envelope& envelope, std::vector<std::pair<StreamId, AnyEvent>>& events, Timestamp now) {
    std::vector<journal::Record> records;
    records.reserve(events.size());
    auto metadata = journal::encode({envelope.by, envelope.occurred_at, envelope.traceparent});
    auto causation = envelope.causation;
    for (auto& [stream, event] : events) {
      auto encoded = codec::encode(event);
      auto seq = ++seqs_[stream];
      records.push_back({.stream = stream, .seq = seq, .type = std::string(encoded.type), .version = encoded.version, .at = now, .command = envelope.id,
                         .causation = std::move(causation), .metadata = metadata, .data = std::move(encoded.data),
                         .event = std::make_shared<const AnyEvent>(std::move(event))});
      causation = to_text("", stream) + "/" + std::to_string(seq);
      note(records.back());
    }
    if (!records.empty())
      last_event_ = causation;
    return records;
  }

  /// The row is rewritten only if it would wake too late, or once nothing is being asked: questions in quick succession share one row.
  std::optional<journal::WakeUp> wake_up(const UnitTurn& turn, Timestamp now, bool of_deadline) {
    if (!Unit::has_process)
      return {};
    auto keep = turn.wake_up && stored_wake_up_ && turn.waiting && *stored_wake_up_ > now && *stored_wake_up_ <= *turn.wake_up;
    auto may_stand = !knows_wake_up_ && (!turn.events.empty() || of_deadline); // a row of an earlier life, for which there is no more reason
    if (keep || (turn.wake_up == stored_wake_up_ && !may_stand))
      return {};
    stored_wake_up_ = turn.wake_up;
    knows_wake_up_ = true;
    return journal::WakeUp{stream_, turn.wake_up};
  }

  Release asking(workflow::Question question, const Envelope& cause, std::string causation);
  Release calling(payment::ProviderRequest request, std::string causation);
  Release labelling(workflow::LabelCall call, std::string causation);

  void hand_over(std::vector<journal::Record> records, std::optional<journal::WakeUp> wake, const Envelope& envelope, std::vector<Release> releases) {
    if (wake)
      context_.wheels[static_cast<std::size_t>(shard_of(stream_))].set(stream_, wake->due);
    if (records.empty() && !wake) {
      if (releases.empty())
        return;
      if (*under_way_ == 0 && context_.journal.may_answer()) { // nothing of ours is in doubt: it may leave at once
        for (auto& release : releases)
          release();
        return;
      }
    }
    journal::Entry entry{.actor = stream_, .activation = activation_, .records = std::move(records), .wake_up = wake, .submission = {}, .person_keys = {}, .done = {}};
    if (!entry.records.empty()) {
      entry.submission = envelope.submission;
      if (envelope.person_key)
        entry.person_keys.push_back(*envelope.person_key);
    }
    ++*under_way_;
    auto made = entry.submission ? std::optional{entry.submission->pair} : std::nullopt;
    entry.done = [releases = std::move(releases), under_way = under_way_, me = caf::actor_cast<caf::actor>(this), made,
                  shard = context_.shards[static_cast<std::size_t>(shard_of(stream_))]](journal::Verdict verdict) {
      --*under_way;
      if (made)
        caf::anon_send(shard, Stored{*made});
      if (verdict != journal::Verdict::committed)
        return caf::anon_send(me, Dropped{});
      for (auto& release : releases)
        release();
    };
    context_.journal.append(std::move(entry));
  }

  void passivate() {
    if (*under_way_ > 0 || !loaded_ || !waiters_.empty())
      return report(Ended::How::still_busy, {});
    guarded([&] {
      if (auto snapshot = snapshot_beyond(context_.limits.snapshot_at_rest))
        snapshot();
    });
    end(Ended::How::passivated, {});
  }

  void report(Ended::How how, std::string why) {
    caf::anon_send(context_.shards[static_cast<std::size_t>(shard_of(stream_))], Ended{stream_, activation_, how, std::move(why)});
  }

  void end(Ended::How how, std::string why) {
    if (std::exchange(ended_, true))
      return;
    report(how, std::move(why));
    waiters_.clear(); // who still waits learns of a fault
    waiting_.clear();
    quit();
  }

  struct Waiter {
    std::shared_ptr<ReplyTo> reply;
    Until until = Until::settled;
    bool replayed = false;
  };

  Context& context_;
  StreamId stream_;
  std::uint64_t activation_;
  Unit unit_;
  QueueLength queued_;
  bool loaded_;
  bool ended_ = false;
  std::int64_t version_ = 0;
  Timestamp last_at_{};
  std::string last_event_;
  std::optional<Timestamp> stored_wake_up_;
  bool knows_wake_up_; ///< the stored one is what stands in the journal, not what an earlier life left there
  std::vector<Sku> lacking_; ///< as it was noted last
  std::unordered_map<StreamId, std::int32_t> seqs_;
  std::vector<Waiter> waiters_;
  std::deque<EnvelopePtr> waiting_;
  snapshot::RememberedRequests requests_;
  Snapshots<Unit> snapshots_;
  std::shared_ptr<std::atomic<int>> under_way_ = std::make_shared<std::atomic<int>>(0);
};

/// The answer to a process's question goes back to it as a message. If it is lost, the process asks again. What an order of the past leads to has happened then, too.
class AnswerToProcess final : public ReplyTo {
public:
  AnswerToProcess(const Context& context, StreamId asker, CommandId question, std::optional<Timestamp> occurred_at)
      : context_(context), asker_(asker), question_(question), occurred_at_(occurred_at) {}
  Release accepted(const Answer& answer) override { return send({}, answer.last_event); }
  Release refused(const Rejection& why) override { return send(why, {}); }

private:
  Release send(std::optional<Rejection> refused, std::string causation) const {
    auto envelope = std::make_shared<Envelope>(
        Envelope{.to = asker_, .payload = Reply{question_, std::move(refused)}, .id = question_, .by = "process", .causation = std::move(causation), .occurred_at = occurred_at_});
    return [&context = context_, envelope] { context.send(envelope); };
  }
  const Context& context_;
  StreamId asker_;
  CommandId question_;
  std::optional<Timestamp> occurred_at_;
};

template <class Unit>
Release EventSourced<Unit>::asking(workflow::Question question, const Envelope& cause, std::string causation) {
  auto envelope = std::make_shared<Envelope>(Envelope{.to = question.to, .payload = Command{std::move(question.command)}, .id = question.id, .by = "process",
                                                      .causation = std::move(causation), .occurred_at = cause.occurred_at,
                                                      .reply = std::make_shared<AnswerToProcess>(context_, stream_, question.id, cause.occurred_at)});
  return [&context = context_, envelope] { context.send(envelope); };
}

/// What the provider answers comes back as a message. If it is lost, the process enquires.
template <class Unit>
Release EventSourced<Unit>::calling(payment::ProviderRequest request, std::string causation) {
  return [&context = context_, plan = member(stream_, child::payment), request = std::move(request), causation = std::move(causation)] {
    if (!context.provider)
      return;
    auto key = request.key;
    context.provider(request, [&context, plan, key, causation](payment::ProviderAnswer answer) {
      context.send(std::make_shared<Envelope>(
          Envelope{.to = plan, .payload = ProviderReply{key, std::move(answer)}, .by = "provider", .causation = causation}));
    });
  };
}

/// The same with the carrier.
template <class Unit>
Release EventSourced<Unit>::labelling(workflow::LabelCall call, std::string causation) {
  return [&context = context_, to = member(stream_, call.child), request = std::move(call.request), causation = std::move(causation)] {
    if (!context.carrier)
      return;
    auto key = request.key;
    context.carrier(request, [&context, to, key, causation](fulfilment::LabelAnswer answer) {
      context.send(std::make_shared<Envelope>(Envelope{.to = to, .payload = CarrierReply{key, std::move(answer)}, .by = "carrier", .causation = causation}));
    });
  };
}

} // namespace entrepot::actors
