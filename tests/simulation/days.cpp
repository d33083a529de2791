#include "tests/simulation/days.hpp"

#include <algorithm>
#include <set>

#include "persistence/codec.hpp"
#include "persistence/metadata.hpp"
#include "tests/simulation/bank.hpp"
#include "tests/simulation/carriers.hpp"
#include "tests/simulation/customers.hpp"
#include "tests/simulation/judge.hpp"
#include "tests/simulation/office.hpp"
#include "tests/simulation/shelves.hpp"
#include "tests/simulation/staff.hpp"
#include "tests/simulation/supply.hpp"
#include "tests/simulation/thieves.hpp"
#include "workflows/explain.hpp"

namespace entrepot::simulation {
namespace {

constexpr int days_afterwards = 40; // the longest that anything waits: for units, then for a parcel, then for a refund
constexpr int days_until_still = 3;   // what has been unloaded is booked by then

/// The order's story as `entrepot explain` tells it.
std::string story_of(const journal::MemoryStore& store, StreamId family) {
  std::vector<workflow::Happened> story;
  std::set<std::string> told;
  auto add = [&](const journal::Record& record) {
    auto metadata = journal::decode_metadata(record.metadata);
    story.push_back({record.stream, record.seq, codec::decode(record.type, record.version, record.data), record.at, metadata.by, record.causation, metadata.occurred_at});
  };
  for (const auto& record : store.shards[static_cast<std::size_t>(shard_of(family))]) {
    if (is_named(record.stream) || family_of(record.stream) != family)
      continue;
    auto slash = record.causation.find('/');
    auto cause = slash == std::string::npos ? std::nullopt : stream_from_text("", std::string_view(record.causation).substr(0, slash));
    if (cause && family_of(*cause) != family && told.insert(record.causation).second)
      if (auto at = store.positions.find({*cause, std::stoi(record.causation.substr(slash + 1))}); at != store.positions.end())
        add(store.shards[static_cast<std::size_t>(shard_of(*cause))][static_cast<std::size_t>(at->second - 1)]);
    add(record);
  }
  auto wake_up = store.wake_ups.find(family);
  return to_text("ord_", family) + "\n" + workflow::explain(story, wake_up == store.wake_ups.end() ? std::nullopt : std::optional(wake_up->second), [](Timestamp at) { return to_rfc3339(at); });
}

std::uint64_t digest_of(const journal::MemoryStore& store) {
  std::uint64_t digest = 0;
  for (const auto& shard : store.shards)
    for (const auto& record : shard)
      digest = digest * 1'099'511'628'211ULL + stable_hash(std::to_string(record.stream.value) + record.type + record.data + to_rfc3339(record.at) + record.causation + record.metadata);
  return digest;
}

class Days {
public:
  explicit Days(const Plan& plan)
      : plan_(plan), world_(plan), bank_(world_), carriers_(world_), shelves_(world_), supply_(world_, shelves_), staff_(world_, shelves_), customers_(world_), thieves_(world_, shelves_),
        office_(world_), judge_(world_, bank_, shelves_) {}

  Outcome play() {
    Outcome outcome;
    try {
      supply_.open();
      for (int day = 1; day <= plan_.days; ++day)
        end_day(day);
      world_.be_calm();
      for (int day = plan_.days + 1; day <= plan_.days + days_afterwards; ++day)
        end_day(day);
      world_.be_still();
      for (int day = 1; day <= days_until_still; ++day)
        end_day(plan_.days + days_afterwards + day);
      judge_.close();
      outcome.sound = true;
    } catch (const std::exception& why) {
      const auto* broken = dynamic_cast<const Broken*>(&why);
      outcome.trouble = why.what();
      outcome.trouble += "\non day " + std::to_string((world_.now() - opening) / std::chrono::days{1} + 1) + ", " + to_rfc3339(world_.now()) + ", in the story of --seed " +
                         std::to_string(plan_.seed) + " --orders " + std::to_string(plan_.orders) + " --days " + std::to_string(plan_.days) + " --first " + std::to_string(customers_.came()) + "\n";
      if (broken && broken->stream && !is_named(broken->stream))
        outcome.trouble += story_of(world_.store(), family_of(broken->stream));
    }
    outcome.digest = digest_of(world_.store());
    outcome.told = figures();
    return outcome;
  }

private:
  void end_day(int day) {
    world_.run_until(opening + day * std::chrono::days{1});
    judge_.look();
  }

  std::string figures() const {
    std::size_t events = 0;
    for (const auto& shard : world_.store().shards)
      events += shard.size();
    std::map<std::string, int> statuses;
    for (const auto& [id, family] : world_.families())
      ++statuses[std::string(order::name_of(family.order.status))];
    std::string text = std::to_string(customers_.came()) + " customers, " + std::to_string(world_.families().size()) + " orders, " + std::to_string(events) + " events, " +
                       std::to_string(world_.crashes()) + " crashes, " + std::to_string(office_.parked()) + " times a person was needed, " + std::to_string(office_.notices()) +
                       " notices, " + std::to_string(shelves_.left()) + " units left, " + std::to_string(shelves_.stolen()) + " stolen\n";
    for (const auto& [status, count] : statuses)
      text += "  " + status + ": " + std::to_string(count) + "\n";
    for (const auto& [what, count] : world_.said)
      text += "  " + what + ": " + std::to_string(count) + "\n";
    return text;
  }

  const Plan plan_;
  World world_;
  Bank bank_;
  Carriers carriers_;
  Shelves shelves_;
  Supply supply_;
  Staff staff_;
  Customers customers_;
  Thieves thieves_;
  Office office_;
  Judge judge_;
};

} // namespace

Outcome play(const Plan& plan) { return Days(plan).play(); }

} // namespace entrepot::simulation
