// Notices to customers put together: the workflows' words, the people's keys, the provider over HTTP.
#pragma once

#include <functional>
#include <memory>
#include <random>
#include <span>
#include <string>

#include "persistence/consequences/notifier.hpp"
#include "persistence/people.hpp"

namespace entrepot {

/// Journal and people outlive it.
class Notices {
public:
  /// Throws std::runtime_error if the URL names no host that is known.
  Notices(const std::string& database, const std::string& url, journal::Journal& journal, People& people, std::function<Timestamp()> clock);

  void start() { notifier_.start(); }
  void offer(int shard, std::span<const journal::Record> records) { notifier_.offer(shard, records); }
  void close() { notifier_.close(); }
  consequences::NotifierFigures figures() const { return notifier_.figures(); }

private:
  std::mt19937_64 chance_{std::random_device{}()}; // by the notifier's thread alone
  std::unique_ptr<consequences::Checkpoint> checkpoint_;
  consequences::Notifier notifier_;
};

} // namespace entrepot
