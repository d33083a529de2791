// Entries as actors would make them, and the answers to them, for the tests of the journals.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "persistence/journal.hpp"

namespace entrepot::test {

inline const Timestamp nine_o_clock{std::chrono::milliseconds{1'773'133'200'000}};

/// The n-th family of a slice.
inline StreamId family(int slice, int n = 0) { return family_number(slice, nine_o_clock, n); }

inline journal::Record record(StreamId stream, int seq, std::string data = R"({"a": "b"})") {
  return {.stream = stream,
          .seq = seq,
          .pos = 0,
          .type = "OrderSubmitted",
          .version = 1,
          .at = nine_o_clock,
          .command = {0x0100000000000001, static_cast<std::uint64_t>(stream.value) + static_cast<std::uint64_t>(seq)},
          .causation = {},
          .metadata = R"({"by": "key:web"})",
          .data = std::move(data),
          .event = {}};
}

inline journal::Digest digest(std::uint8_t byte) {
  journal::Digest digest{};
  digest.fill(byte);
  return digest;
}

/// Collects answers from any thread; waits for them with a limit far beyond what they need.
template <class T>
class Answers {
public:
  std::function<void(T)> next() {
    return [state = state_](T value) {
      std::lock_guard lock(state->mutex);
      state->values.push_back(std::move(value));
      state->changed.notify_all();
    };
  }
  /// Returns the first `count` answers, in the order in which they came; fewer if they do not come in half a minute.
  std::vector<T> wait(std::size_t count) {
    std::unique_lock lock(state_->mutex);
    state_->changed.wait_for(lock, std::chrono::seconds{30}, [&] { return state_->values.size() >= count; });
    return state_->values;
  }
  std::size_t size() const {
    std::lock_guard lock(state_->mutex);
    return state_->values.size();
  }

private:
  struct State {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<T> values;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

/// What became of an entry, by its name.
struct Outcome {
  std::string name;
  journal::Verdict verdict;
  bool operator==(const Outcome&) const = default;
};
inline void PrintTo(const Outcome& outcome, std::ostream* out) {
  constexpr const char* names[] = {"committed", "dropped", "unavailable"};
  *out << outcome.name << " " << names[static_cast<int>(outcome.verdict)];
}

/// Appends entries and keeps what became of them.
class Writer {
public:
  explicit Writer(journal::Journal& journal) : journal_(journal) {}

  void append(std::string name, journal::Entry entry) {
    entry.done = [name = std::move(name), tell = outcomes_.next()](journal::Verdict verdict) { tell({name, verdict}); };
    journal_.append(std::move(entry));
  }
  /// An entry with events `first` to `last` of the stream, by its own actor.
  void append(std::string name, StreamId stream, int first, int last, std::uint64_t activation = 1) { append(std::move(name), entry(stream, first, last, activation)); }

  static journal::Entry entry(StreamId stream, int first, int last, std::uint64_t activation = 1) {
    journal::Entry entry;
    entry.actor = stream;
    entry.activation = activation;
    for (int seq = first; seq <= last; ++seq)
      entry.records.push_back(record(stream, seq));
    return entry;
  }
  std::vector<Outcome> outcomes(std::size_t count) { return outcomes_.wait(count); }
  std::size_t answered() const { return outcomes_.size(); }

private:
  journal::Journal& journal_;
  Answers<Outcome> outcomes_;
};

/// Returns (stream, seq) of the records.
inline std::vector<std::pair<StreamId, int>> numbers(const std::vector<journal::Record>& records) {
  std::vector<std::pair<StreamId, int>> all;
  for (const auto& one : records)
    all.emplace_back(one.stream, one.seq);
  return all;
}

/// Returns the history, nothing if the journal could not read it.
inline std::optional<std::vector<journal::Record>> history(journal::Journal& journal, journal::StreamRange streams) {
  Answers<std::optional<journal::History>> answers;
  journal.load(streams, answers.next());
  auto all = answers.wait(1);
  if (all.empty() || !all.front())
    return {};
  return all.front()->records;
}
inline std::optional<std::vector<journal::Record>> history(journal::Journal& journal, StreamId family) {
  return history(journal, {family, member(family, 255)});
}

/// Returns that portion of a stream's history; nothing if the journal could not read it.
inline std::optional<journal::History> portion(journal::Journal& journal, StreamId stream, journal::Portion wanted) {
  Answers<std::optional<journal::History>> answers;
  journal.load({stream, stream}, answers.next(), wanted);
  auto all = answers.wait(1);
  return all.empty() ? std::nullopt : all.front();
}

/// Stores a snapshot and waits for what became of it.
inline bool save(journal::Journal& journal, journal::SnapshotChange change) {
  Answers<bool> answers;
  change.done = answers.next();
  journal.save(std::move(change));
  return answers.wait(1) == std::vector<bool>{true};
}

/// A page as a unit would make it; page 0 is the cover.
inline journal::Page page(int number, int seq, std::string data) {
  return {.number = number, .version = 1, .seq = seq, .type = number == 0 ? "Cover" : "Stock", .data = std::move(data)};
}

/// Returns the creation; the outer nothing if the journal could not look.
inline std::optional<std::optional<journal::Submission>> creation(journal::Journal& journal, int shard, const journal::Digest& pair) {
  Answers<std::optional<std::optional<journal::Submission>>> answers;
  journal.find(shard, pair, answers.next());
  auto all = answers.wait(1);
  return all.empty() ? std::nullopt : all.front();
}

} // namespace entrepot::test

namespace entrepot {
inline void PrintTo(const StreamId& stream, std::ostream* out) { *out << to_text("", stream); }
} // namespace entrepot
