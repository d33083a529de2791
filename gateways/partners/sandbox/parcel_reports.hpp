// What the carrier that the sandbox plays has to tell the shop: that parcels were delivered, by signed messages, until they are acknowledged.
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "domain/time.hpp"
#include "gateways/partners/sandbox/faults.hpp"
#include "gateways/partners/sandbox/ledger_file.hpp"
#include "gateways/partners/sandbox/shop_line.hpp"

namespace entrepot::partners {

/// One piece of news of one parcel, as it stands with the shop.
struct ParcelReport {
  enum class Status : std::uint8_t { waiting, acknowledged, given_up };
  std::string id; ///< the message's, the same in every try
  std::string tracking, reference;
  std::string type = "delivered"; ///< or where the parcel is: "in_transit", "return_to_sender", "lost" ...
  Timestamp delivered_at;  ///< perhaps yet to come: nothing is told before
  Status status = Status::waiting;
  int tries = 0;
  int last_answer = 0; ///< HTTP status of the last try; 0: none
  bool twice = false;  ///< each try is made two times: fault `duplicate`
};
std::string_view name_of(ParcelReport::Status status);

/// How the shop is told.
struct Reporting {
  ShopLine line = {};
  std::optional<std::chrono::seconds> deliver_after = {};         ///< each parcel is delivered by itself that long after its label; none: when somebody says so
  std::chrono::milliseconds first_pause{1'000};                   ///< after a try that was not acknowledged; doubled from try to try ...
  std::chrono::milliseconds longest_pause{60'000};                ///< ... up to this
  std::function<void(const ParcelReport&)> tried = {};            ///< told of each try and how it ended, on the thread that sends
  int tries = 500;                                                ///< eight hours with these pauses; then it is given up
};

/// Sends on a thread of its own, one after the other. Every report and every try is in its file before and after, so a killed process goes on where it was. Thread-safe.
class ParcelReports {
public:
  /// `faults` outlives it. `defect` is told, on that thread, what went wrong with the file. Throws std::runtime_error if the file cannot be used.
  ParcelReports(const std::filesystem::path& file, Reporting reporting, Faults& faults, std::function<void(const std::string&)> defect);
  ~ParcelReports();
  ParcelReports(const ParcelReports&) = delete;
  ParcelReports& operator=(const ParcelReports&) = delete;

  /// That is so of the parcel at that time. What is acknowledged stays so; what waits for a later time or another try, or was given up, begins anew.
  ParcelReport tell(const std::string& type, const std::string& tracking, const std::string& reference, Timestamp at);
  /// Returns what is told of its delivery; nothing: it was not delivered.
  std::optional<ParcelReport> about(const std::string& tracking);

private:
  using Steady = std::chrono::steady_clock;
  struct Entry {
    ParcelReport report;
    Steady::time_point due; ///< of the next try, while it waits
  };
  void read(const std::string& line);
  void write(const ParcelReport& report);
  void plan(Entry& entry, Steady::time_point due);
  void run();
  ParcelReport note(const std::string& id, int answer);
  std::chrono::milliseconds pause_after(int tries) const;

  const Reporting reporting_;
  Faults& faults_;
  std::function<void(const std::string&)> defect_;
  std::mutex mutex_; ///< guards what follows
  std::condition_variable changed_;
  std::map<std::string, Entry> entries_; ///< by the message's id
  std::set<std::pair<Steady::time_point, std::string>> due_;
  bool ending_ = false;
  LedgerFile file_;
  std::thread thread_; // last: it uses the rest
};

} // namespace entrepot::partners
