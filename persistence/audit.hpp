// Recomputes everything from the journal and compares: nothing that is stored may contradict anything else, nor what customers were told.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "domain/money.hpp"
#include "domain/time.hpp"

namespace entrepot::audit {

/// One thing that was found.
struct Finding {
  std::string code;   ///< kebab-case, stable
  std::string stream; ///< e.g. "ord_2d42x3zj801r0/16", "location DC-1", "shard 3"
  std::string text;   ///< for people
};

struct Report {
  std::uint64_t events = 0, streams = 0, orders = 0, confirmed = 0, rejected = 0, locations = 0, claims = 0;
  std::uint64_t contradicted = 0;              ///< how many contradictions there are
  std::vector<Finding> contradictions;         ///< the first max_listed of them
  std::vector<Finding> findings;               ///< no contradictions, but worth a look; at most max_listed
  std::uint64_t answered = 0;                  ///< answers on file
  std::uint64_t missing = 0, different = 0;    ///< of them; each is a contradiction, too

  bool sound() const { return contradicted == 0; }

  void contradict(std::string code, std::string stream, std::string text);
  void find(std::string code, std::string stream, std::string text);
};

/// What the payment provider's own books say of one key.
struct ProviderEntry {
  std::string key, state; ///< of a capture: "captured", "voided", "declined"
  Money amount;
  std::int64_t refunded = 0; ///< minor units of it that were given back
};

inline constexpr std::size_t max_listed = 1'000;        ///< contradictions, and findings, listed in a report

struct Options {
  std::string conninfo;
  Timestamp now;                                        ///< when it is: what should have happened by then
  std::optional<std::filesystem::path> answers = {};    ///< what customers were told, NDJSON {"key","external_number","id","status"}
  std::optional<std::vector<ProviderEntry>> provider = {}; ///< the payment provider's books, read before: compared with the plans
  std::function<void(int shards, int of)> progress = {};
};

/// Audits the whole database as of one moment; the program may run meanwhile. Reads in short statements within one snapshot, so that whatever PostgreSQL
/// would clean up stays until the audit has ended. Needs about 60 bytes of memory for each order and 40 for each claim, and the largest location.
/// Throws journal::Unavailable, std::runtime_error if the answers cannot be read.
Report audit(const Options& options);

} // namespace entrepot::audit
