#include "tests/bench/bench_orders.hpp"

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <vector>

#include "domain/check.hpp"
#include "tests/bench/answer_file.hpp"
#include "tests/bench/counts.hpp"
#include "tests/bench/cpu.hpp"
#include "tests/bench/report.hpp"
#include "tests/bench/shop.hpp"
#include "tests/bench/stored.hpp"
#include "tests/bench/told.hpp"
#include "tests/bench/zipf.hpp"

namespace entrepot::bench {
namespace {

/// Customers who each order two products, again and again.
class Ordering : public Work {
public:
  Ordering(const BenchOrders& options, const OrderForm& form)
      : form_(form), zipf_(static_cast<std::size_t>(options.skus), options.skew), random_(options.seed),
        numbers_(static_cast<std::size_t>(options.clients)) {
    if (!options.answers.empty())
      answers_ = std::make_unique<AnswerFile>(options.answers);
  }

  bool next(int client, std::string& request) override {
    std::size_t first = zipf_(random_), second = zipf_(random_);
    while (second == first)
      second = zipf_(random_);
    form_.fill(request, number_of(client) = placed_++, static_cast<int>(first), static_cast<int>(second));
    return true;
  }

  void answered(int client, const Answer& answer) override {
    Told said = told(answer.body);
    if (answers_) {
      std::string name = form_.name_of(number_of(client));
      bool problem = answer.http >= 400; // which names the order it refused, if it made one
      answers_->write(name, name, problem ? said.order : said.id, problem ? (said.order.empty() ? "" : "rejected") : said.status, answer.http);
    }
    if (counts.take(answer, said) == Outcome::confirmed && answer.counts)
      sample_ = said.id;
  }

  void unanswered(int, const std::string& why) override { counts.miss(why); }

  /// An order confirmed while measuring; empty if there is none.
  const std::string& sample() const { return sample_; }
  std::uint64_t placed() const { return placed_; }
  Counts counts;

private:
  std::uint64_t& number_of(int client) { return numbers_[static_cast<std::size_t>(client)]; }
  const OrderForm& form_;
  Zipf zipf_;
  Random random_;
  std::vector<std::uint64_t> numbers_; ///< client -> the order it waits for
  std::uint64_t placed_ = 0;
  std::unique_ptr<AnswerFile> answers_;
  std::string sample_;
};

/// Reads rows and commits; null where there is no database to ask.
class JournalFigures {
public:
  explicit JournalFigures(const std::string& database) : database_(database) {
    attempt([&] {
      if (!database_.empty())
        from_ = Stored(database_).mark();
    });
  }

  void add_to(nlohmann::ordered_json& figures, const std::string& sample) {
    figures["rows_per_order"] = nullptr;
    figures["commits_deep"] = nullptr;
    figures["rows_to_answer"] = nullptr;
    figures["event_types"] = nullptr;
    attempt([&] {
      if (!from_)
        return;
      auto location = *LocationCode::from(bench_location);
      Stored stored(database_);
      if (Rows rows = stored.rows(*from_, stored.settled(), location); rows.orders > 0)
        figures["rows_per_order"] = figure(rows.per_order(), 2);
      auto order = order_id_from(sample);
      auto way = order ? stored.way_of(*order, *from_, location) : std::nullopt;
      if (!way)
        return;
      figures["commits_deep"] = way->commits_deep;
      figures["rows_to_answer"] = way->rows_to_answer;
      figures["event_types"] = way->event_types;
    });
    if (!trouble_.empty())
      figures["journal_unread"] = trouble_;
  }

private:
  /// A database that cannot be read costs these figures, not the others.
  template <class Reading>
  void attempt(Reading reading) {
    try {
      reading();
    } catch (const std::exception& error) {
      trouble_ = error.what();
    }
  }
  std::string database_, trouble_;
  std::optional<Mark> from_;
};

std::optional<double> per(std::optional<double> sum, std::uint64_t count) {
  return sum && count > 0 ? std::optional(*sum / static_cast<double>(count)) : std::nullopt;
}

Load load_for(const BenchOrders& options, const Caller& caller) {
  auto seconds = [](double count) { return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(count)); };
  return {.to = caller.to,
          .clients = options.clients,
          .rate = options.rate,
          .warm_up = seconds(options.warm_up),
          .duration = seconds(options.seconds),
          .ride_out = options.ride_out};
}

} // namespace

int bench_orders(const BenchOrders& options, std::ostream& out) {
  check(options.clients > 0 && options.seconds > 0 && options.warm_up >= 0 && options.rate >= 0,
        "clients and seconds are above 0, warm-up and rate not below");
  Payment payment = payment_from(options.payment);
  Target target = found(options.target);
  Caller caller{endpoint_of(target.url), target.key};
  std::string run = options.run.empty() ? new_run() : options.run;
  open_shop(caller, payment, options.skus, run, options.ride_out);

  OrderForm form(caller, payment, options.token, run);
  Ordering ordering(options, form);
  JournalFigures journal(target.database);
  CpuMeter meter(target.data);
  double client_cpu_ms = 0;
  Load load = load_for(options, caller);
  load.on_start = [&] { meter.start(), client_cpu_ms = own_cpu_ms(); };
  load.on_end = [&] { meter.stop(), client_cpu_ms = own_cpu_ms() - client_cpu_ms; };
  std::optional<ProgressBar> bar;
  if (options.progress) {
    bar.emplace("orders");
    load.progress = [&](double done, std::uint64_t answers) { bar->show(done, answers); };
  }
  Driven driven = drive(load, ordering);
  bar.reset();

  const Counts& counts = ordering.counts;
  CpuMs cpu = meter.spent();
  auto metrics = ask(caller, {request_text(caller, "GET", "/metrics", {})}).front();
  nlohmann::ordered_json figures;
  figures["orders_per_s"] = figure(driven.seconds > 0 ? static_cast<double>(counts.confirmed) / driven.seconds : 0, 1);
  for (auto [name, percent] : {std::pair("p50_ms", 50.0), {"p90_ms", 90.0}, {"p99_ms", 99.0}, {"p999_ms", 99.9}, {"max_ms", 100.0}})
    figures[name] = figure(driven.latencies.percentile_ms(percent), 3);
  figures["orders"] = counts.confirmed;
  figures["refused"] = counts.short_of_stock;
  figures["errors"] = counts.errors;
  figures["retries"] = driven.retries;
  figures["placed"] = ordering.placed();
  figures["unanswered"] = driven.unanswered;
  figures["cpu_ms_per_order"] = figure(per(cpu.sum(), counts.confirmed), 4);
  figures["cpu_ms_per_order_server"] = figure(per(cpu.server, counts.confirmed), 4);
  figures["cpu_ms_per_order_sandbox"] = figure(per(cpu.sandbox, counts.confirmed), 4);
  figures["cpu_ms_per_order_postgres"] = figure(per(cpu.postgres, counts.confirmed), 4);
  figures["cpu_ms_per_order_client"] = figure(per(client_cpu_ms, counts.confirmed), 4);
  journal.add_to(figures, ordering.sample());
  figures["p99_read_model_lag_ms"] = metrics.http == 200 ? figure(read_model_lag_ms(metrics.body), 1) : nullptr;
  if (options.rate > 0) {
    figures["rate"] = options.rate;
    figures["late"] = driven.late;
  }
  figures["payment"] = options.payment;
  figures["clients"] = options.clients;
  figures["seconds"] = figure(driven.seconds, 3);
  figures["skus"] = options.skus;
  figures["seed"] = options.seed;
  figures["run"] = run;
  figures["error_samples"] = counts.error_samples;
  print(figures, options.json, out);
  return counts.errors == 0 && counts.confirmed > 0 ? 0 : 1;
}

} // namespace entrepot::bench
