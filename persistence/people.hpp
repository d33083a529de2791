// The keys that seal people's data: read where a page shows a name, deleted where a person asks to be forgotten.
#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "domain/ids.hpp"
#include "persistence/journal.hpp"

namespace entrepot {

/// Keys remembered; beyond it all are forgotten and read again.
inline constexpr std::size_t max_remembered_people = 100'000;
/// How long a key is remembered: a person erased by another node is unreadable here after that.
inline constexpr std::chrono::seconds person_key_memory{60};

/// Thread-safe; look-ups that miss wait for PostgreSQL, one query for all of them.
class People {
public:
  using Key = std::array<std::uint8_t, 32>;
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  explicit People(std::string conninfo, Clock clock = [] { return std::chrono::steady_clock::now(); });
  ~People();

  /// Returns the keys of `people` in their order; nothing for who is unknown or erased. Blocks. Throws journal::Unavailable.
  std::vector<std::optional<Key>> keys(std::span<const StreamId> people);

  /// Returns one person's key.
  std::optional<Key> key(StreamId person) { return keys(std::span(&person, 1)).front(); }

  /// Deletes a person's key: what it sealed is unreadable for ever. False if there was none. Throws journal::Unavailable.
  bool erase(StreamId person);

private:
  struct Remembered {
    Key key;
    std::chrono::steady_clock::time_point until;
  };
  struct Link;
  Link& link();

  const std::string conninfo_;
  const Clock clock_;
  std::mutex memory_;                                  // guards remembered_ and erasures_
  std::unordered_map<StreamId, Remembered> remembered_;
  std::uint64_t erasures_ = 0;                         // a key read before an erasure is not remembered after it
  std::mutex reading_;                                 // guards link_
  std::unique_ptr<Link> link_;
};

} // namespace entrepot
