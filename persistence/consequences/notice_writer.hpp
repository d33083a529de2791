// What a customer is to be told because of an event: the words, and whose they are.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

#include "domain/order/family.hpp"
#include "persistence/consequences/feed.hpp"
#include "persistence/journal.hpp"

namespace entrepot::consequences {

/// Orders just submitted whose agreement is remembered, so that their confirmation costs no look-up.
inline constexpr std::size_t max_remembered_orders = 4'096;
/// Customers whose sealed contact is remembered, and for how long.
inline constexpr std::size_t max_remembered_contacts = 10'000;
inline constexpr std::chrono::seconds contact_memory{60};

struct Notice {
  StreamId family;
  std::int64_t pos = 0;
  std::string kind;          ///< type of the event
  std::string text;
  StreamId person;           ///< whose key opens the contact
  customer::Contact contact; ///< sealed
  Timestamp at;              ///< when the event was recorded
};

/// Not thread-safe; the journal outlives it.
class NoticeWriter {
public:
  /// Returns the words that the event at `stream`, after which the order is `family`, causes; empty: none. Given a blank family, as much as empty or not
  /// must not be less than with any other: it is how events are passed over cheaply.
  using Words = std::function<std::string(StreamId stream, const AnyEvent& event, const Family& family)>;

  /// `ending` is asked while the journal is waited for.
  NoticeWriter(journal::Journal& journal, Words words, std::function<bool()> ending)
      : journal_(journal), words_(std::move(words)), ending_(std::move(ending)) {}

  /// Returns the notice; nothing: nobody is told. Occurrences of a shard are given in order. May block for the journal; throws journal::Unavailable if it
  /// cannot be read, or is no longer waited for.
  std::optional<Notice> write(const Occurrence& occurrence);

  /// Orders or events of long ago, and people without e-mail and phone, that were passed over.
  std::uint64_t past() const { return past_; }
  std::uint64_t nobody() const { return nobody_; }

private:
  struct Submission {
    std::shared_ptr<const AnyEvent> event;
    Timestamp at;
    bool is_past = false;
  };
  struct Remembered {
    customer::Contact contact;
    std::chrono::steady_clock::time_point until;
  };
  /// The order as it was after an event; `is_past`: it was made so long before.
  struct Seen {
    Family family;
    bool is_past = false;
  };

  void remember(const Occurrence& occurrence);
  Seen seen_after(const Occurrence& occurrence);
  customer::Contact contact_of(const CustomerNumber& customer);

  journal::Journal& journal_;
  const Words words_;
  const std::function<bool()> ending_;
  const Family blank_;
  std::unordered_map<StreamId, Submission> submitted_;
  std::deque<StreamId> submitted_in_order_;
  std::unordered_map<StreamId, Remembered> contacts_;
  std::uint64_t past_ = 0, nobody_ = 0;
};

} // namespace entrepot::consequences
