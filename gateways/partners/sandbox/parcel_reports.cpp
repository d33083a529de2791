#include "gateways/partners/sandbox/parcel_reports.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "domain/check.hpp"
#include "domain/words.hpp"
#include "gateways/http/json_writer.hpp"

namespace entrepot::partners {
namespace {

using Status = ParcelReport::Status;

constexpr Words<Status, 3> statuses{{"waiting", "acknowledged", "given_up"}};
constexpr auto target = "/v1/carrier-events";

std::string body_of(const ParcelReport& report) {
  std::string body;
  http::JsonWriter(body).open().field("type", report.type).field("reference", report.reference).field("tracking", report.tracking).field("occurred_at", to_rfc3339(report.delivered_at)).close();
  return body;
}

std::string id_of(const std::string& type, const std::string& tracking) { return "evt_" + tracking + (type == "delivered" ? std::string() : "_" + type); }

} // namespace

std::string_view name_of(Status status) { return statuses.of(status); }

ParcelReports::ParcelReports(const std::filesystem::path& file, Reporting reporting, Faults& faults, std::function<void(const std::string&)> defect)
    : reporting_(std::move(reporting)), faults_(faults), defect_(std::move(defect)), file_(file, [this](const std::string& line) { read(line); }) {
  check(!reporting_.line.secret || (reporting_.line.clock && reporting_.line.shop), "who tells somebody something knows the time, and whom");
  if (!reporting_.line.secret)
    return;
  for (auto& [tracking, entry] : entries_)
    if (entry.report.status == Status::waiting)
      plan(entry, Steady::now() + (entry.report.delivered_at - reporting_.line.clock()));
  thread_ = std::thread([this] { run(); });
}

ParcelReports::~ParcelReports() {
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable())
    thread_.join();
}

ParcelReport ParcelReports::tell(const std::string& type, const std::string& tracking, const std::string& reference, Timestamp at) {
  std::lock_guard lock(mutex_);
  const auto id = id_of(type, tracking);
  auto known = entries_.find(id);
  if (known != entries_.end() && known->second.report.status == Status::acknowledged)
    return known->second.report;
  auto struck = faults_.strike(Call::report);
  ParcelReport report{.id = id, .tracking = tracking, .reference = reference, .type = type, .delivered_at = at, .twice = struck.by(Fault::duplicate)};
  write(report);
  auto& entry = entries_[id];
  entry.report = report;
  auto late = struck.by(Fault::late) ? struck.delay(Fault::late) : std::chrono::milliseconds{0};
  plan(entry, Steady::now() + late + (reporting_.line.secret ? at - reporting_.line.clock() : Duration{0}));
  return report;
}

std::optional<ParcelReport> ParcelReports::about(const std::string& tracking) {
  std::lock_guard lock(mutex_);
  auto known = entries_.find(id_of("delivered", tracking));
  if (known == entries_.end())
    return {};
  return known->second.report;
}

/// A line tells all of a report: the last one of a message counts.
void ParcelReports::write(const ParcelReport& report) {
  std::string line;
  http::JsonWriter json(line);
  json.open().field("id", report.id).field("type", report.type).field("tracking", report.tracking).field("reference", report.reference).field("delivered_at", to_rfc3339(report.delivered_at));
  json.field("status", statuses.of(report.status)).field("tries", report.tries).field("last_answer", report.last_answer).flag("twice", report.twice).close();
  file_.append(line + '\n');
}

void ParcelReports::read(const std::string& line) {
  auto json = nlohmann::json::parse(line);
  auto at = from_rfc3339(json.at("delivered_at").get<std::string>());
  auto status = statuses.from(json.at("status").get<std::string>());
  if (!at || !status)
    throw std::runtime_error("it is damaged");
  std::string id = json.at("id");
  entries_[id].report = {.id = id, .tracking = json.at("tracking"), .reference = json.at("reference"), .type = json.value("type", "delivered"), .delivered_at = *at, .status = *status, .tries = json.at("tries"),
                               .last_answer = json.at("last_answer"), .twice = json.at("twice")};
}

void ParcelReports::plan(Entry& entry, Steady::time_point due) {
  due_.erase({entry.due, entry.report.id});
  entry.due = due;
  due_.emplace(due, entry.report.id);
  changed_.notify_one();
}

void ParcelReports::run() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    if (due_.empty()) {
      changed_.wait(lock);
      continue;
    }
    auto [when, id] = *due_.begin();
    if (Steady::now() < when) {
      changed_.wait_until(lock, when);
      continue;
    }
    due_.erase(due_.begin());
    auto report = entries_.at(id).report;
    lock.unlock();
    auto answer = 0;
    for (int times = report.twice ? 2 : 1; times > 0; --times)
      answer = tell_shop(reporting_.line, target, report.id, body_of(report));
    lock.lock();
    try {
      auto noted = note(id, answer);
      lock.unlock();
      if (reporting_.tried)
        reporting_.tried(noted);
    } catch (const std::exception& why) {
      defect_(why.what());
    }
    if (!lock.owns_lock())
      lock.lock();
  }
}

ParcelReport ParcelReports::note(const std::string& id, int answer) {
  auto& entry = entries_.at(id);
  auto& report = entry.report;
  ++report.tries;
  report.last_answer = answer;
  if (is_acknowledgement(answer))
    report.status = Status::acknowledged;
  else if (report.tries >= reporting_.tries)
    report.status = Status::given_up;
  if (report.status == Status::waiting)
    plan(entry, Steady::now() + pause_after(report.tries));
  else
    due_.erase({entry.due, id}); // somebody may have asked for it meanwhile
  write(report);
  return report;
}

std::chrono::milliseconds ParcelReports::pause_after(int tries) const {
  return std::min(reporting_.longest_pause, reporting_.first_pause * (std::int64_t{1} << std::min(tries - 1, 20)));
}

} // namespace entrepot::partners
