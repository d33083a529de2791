#include "tests/bench/bench_hot_sku.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>

#include "domain/check.hpp"
#include "tests/bench/counts.hpp"
#include "tests/bench/cpu.hpp"
#include "tests/bench/report.hpp"
#include "tests/bench/shop.hpp"
#include "tests/bench/told.hpp"

namespace entrepot::bench {
namespace {

constexpr int shelf_products = 2; ///< the shop needs some to be open; nobody wants them here

/// Customers who all want the same.
class Rush : public Work {
public:
  Rush(const BenchHotSku& options, const OrderForm& form) : form_(form), requests_(options.requests) {}
  bool next(int, std::string& request) override {
    if (requests_ != 0 && placed_ == requests_)
      return false;
    form_.fill(request, placed_++);
    return true;
  }
  void answered(int, const Answer& answer) override { counts.take(answer, told(answer.body)); }
  void unanswered(int, const std::string& why) override { counts.miss(why); }
  std::uint64_t placed() const { return placed_; }
  Counts counts;

private:
  const OrderForm& form_;
  std::uint64_t requests_, placed_ = 0;
};

} // namespace

int bench_hot_sku(const BenchHotSku& options, std::ostream& out) {
  check(options.clients > 0 && options.seconds > 0 && options.stock > 0 && options.stock <= receipt_units,
        "clients and seconds are above 0, the stock is 1 to 1,000,000");
  Target target = found(options.target);
  Caller caller{endpoint_of(target.url), target.key};
  std::string run = options.run.empty() ? new_run() : options.run;
  std::string sku = "HOT-" + run;
  open_shop(caller, Payment::account, shelf_products, run, false);
  add_product(caller, sku, options.stock, run);

  OrderForm form(caller, Payment::account, {}, run, sku);
  Rush rush(options, form);
  CpuMeter meter(target.data);
  std::optional<ProgressBar> bar;
  Load load{.to = caller.to,
            .clients = options.clients,
            .duration = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(options.seconds))};
  load.on_start = [&] { meter.start(); };
  load.on_end = [&] { meter.stop(); };
  if (options.progress) {
    bar.emplace("hot SKU");
    load.progress = [&](double done, std::uint64_t answers) { bar->show(done, answers); };
  }
  Driven driven = drive(load, rush);
  bar.reset();

  const Counts& counts = rush.counts;
  std::int64_t sold = options.stock - stock_of(caller, sku).available;
  std::int64_t to_sell = std::min<std::int64_t>(options.stock, static_cast<std::int64_t>(rush.placed()));
  auto sum = meter.spent().sum();
  auto per_second = [&](std::uint64_t count) { return figure(driven.seconds > 0 ? static_cast<double>(count) / driven.seconds : 0, 1); };
  nlohmann::ordered_json figures;
  figures["orders_per_s"] = per_second(counts.confirmed + counts.short_of_stock);
  figures["refused_per_s"] = per_second(counts.short_of_stock);
  for (auto [name, percent] : {std::pair("p50_ms", 50.0), {"p90_ms", 90.0}, {"p99_ms", 99.0}, {"max_ms", 100.0}})
    figures[name] = figure(driven.latencies.percentile_ms(percent), 3);
  figures["stock"] = options.stock;
  figures["sold"] = sold;
  figures["sold_answered"] = counts.confirmed_ever;
  figures["refused"] = counts.short_ever;
  figures["errors"] = counts.errors;
  figures["retries"] = driven.retries;
  figures["placed"] = rush.placed();
  figures["cpu_ms_per_order"] = sum && driven.answers > 0 ? figure(*sum / static_cast<double>(driven.answers), 4) : nullptr;
  figures["clients"] = options.clients;
  figures["seconds"] = figure(driven.seconds, 3);
  figures["sku"] = sku;
  figures["run"] = run;
  figures["error_samples"] = counts.error_samples;
  print(figures, options.json, out);
  return sold == to_sell && static_cast<std::int64_t>(counts.confirmed_ever) == sold ? 0 : 1;
}

} // namespace entrepot::bench
