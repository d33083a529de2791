// Turns what happens to orders into what an endpoint is told: follows each order as far as it must to say it.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "domain/webhook/delivery.hpp"
#include "domain/webhook/publication.hpp"
#include "persistence/consequences/feed.hpp"
#include "persistence/journal.hpp"

namespace entrepot::webhook {

inline constexpr std::size_t max_followed_orders = 1'024; ///< of an endpoint, in memory; another one is read from the journal when it is to be told

/// How events become messages; given to this room, which knows neither the names nor JSON.
struct Wording {
  std::function<std::string_view(const AnyEvent&)> name;         ///< under which it is published; empty: it is not
  std::function<std::string(const Publication&)> body;
};

/// Not thread-safe; the journal outlives it. Occurrences of a shard are given in order.
class Publisher {
public:
  /// `ending` is asked while the journal is waited for.
  Publisher(journal::Journal& journal, const Wording& wording, std::function<bool()> ending) : journal_(journal), wording_(wording), ending_(std::move(ending)) {}

  /// Returns what the endpoint is to be told of it; nothing: it is not. `generation` is the shard's. May block for the journal; throws journal::Unavailable.
  std::optional<Delivery> publish(const consequences::Occurrence& occurrence, std::int32_t generation, const Endpoint& endpoint);

  /// Events of orders of long ago, which nobody is told.
  std::uint64_t past() const { return past_; }

private:
  struct Followed {
    Family family;
    bool is_past = false;
    std::int32_t published = 0; ///< events so far
  };
  void apply(Followed& followed, StreamId stream, const AnyEvent& event, Timestamp at, const std::string& metadata);
  Followed* follow(const consequences::Occurrence& occurrence, bool is_wanted);
  Followed& remember(StreamId family, Followed followed);

  journal::Journal& journal_;
  const Wording& wording_;
  const std::function<bool()> ending_;
  std::unordered_map<StreamId, Followed> followed_;
  std::deque<StreamId> in_order_; ///< as they came: the eldest is forgotten first
  std::uint64_t past_ = 0;
};

/// Returns the id of what is told of an event, the same on every try and after every restart.
std::string delivery_id(std::int32_t generation, Place place);

} // namespace entrepot::webhook
