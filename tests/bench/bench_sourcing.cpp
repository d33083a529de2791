#include "tests/bench/bench_sourcing.hpp"

#include <ctime>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "actors/stock_view.hpp"
#include "tests/bench/latencies.hpp"
#include "tests/bench/report.hpp"
#include "tests/bench/zipf.hpp"

namespace entrepot::bench {
namespace {

using namespace std::chrono_literals;

std::chrono::nanoseconds cpu_of_this_thread() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

const Timestamp noon = std::chrono::sys_days{std::chrono::year{2026} / 3 / 10} + 12h;

/// A country of six hundred kilometres, its stores anywhere in it.
class Country {
public:
  Country(const BenchSourcing& options, Random& random) : options_(options) {
    for (int i = 0; i < options.skus; ++i)
      skus_.push_back(Sku::from("SKU-" + std::to_string(i)).value());
    for (int i = 0; i <= options.stores; ++i)
      open(i, random);
  }

  stock::Point somewhere(Random& random) const { return {51'000'000 + static_cast<std::int32_t>(random.unit() * 5e6), static_cast<std::int32_t>(random.unit() * -5e6)}; }
  const Sku& sku(std::size_t index) const { return skus_[index]; }
  const actors::StockView& view() const { return view_; }

  /// The units of a choice are held where it says.
  void take(const sourcing::Choice& choice, const std::vector<sourcing::Place>& places, const sourcing::Demand& demand) {
    for (const auto& part : choice.parts)
      for (const auto& place : places)
        if (place.profile->code == part.location) {
          actors::StockNews news{place.profile, {}, {}, {}};
          for (const auto& line : part.lines)
            for (std::size_t i = 0; i < demand.lines.size(); ++i)
              if (demand.lines[i].line == line.line)
                news.units.push_back({line.sku, place.available[i] - line.quantity.units()});
          view_.take(news);
        }
  }

private:
  void open(int number, Random& random) {
    auto at = somewhere(random);
    auto is_warehouse = number == options_.stores;
    stock::Profile profile{.code = LocationCode::from("L-" + std::to_string(number)).value(), .name = "a place", .type = is_warehouse ? stock::Type::warehouse : stock::Type::store,
                           .owner = EntityCode::from("SHOP").value(), .latitude = at.latitude, .longitude = at.longitude};
    profile.groups = {is_warehouse ? "warehouses" : "stores"};
    actors::StockNews news{std::make_shared<const stock::Profile>(std::move(profile)), {}, {}, {}};
    for (int i = 0; i < options_.skus; ++i)
      if (is_warehouse ? i % 3 != 0 : (i + number) % 2 == 0)
        news.units.push_back({skus_[static_cast<std::size_t>(i)], is_warehouse ? 500 : 5});
    view_.take(news);
  }

  const BenchSourcing& options_;
  std::vector<Sku> skus_;
  actors::StockView view_;
};

sourcing::Routing the_rules() {
  using sourcing::After;
  using sourcing::Sort;
  return {.rules = {{.name = "the warehouse", .groups = {"warehouses"}},
                    {.name = "a store nearby", .groups = {"stores"}, .within_km = 50, .keep_back = 1, .sort = {Sort::distance, Sort::balance}},
                    {.name = "any store", .groups = {"stores"}, .keep_back = 1, .sort = {Sort::distance, Sort::balance}},
                    {.name = "two places", .sort = {Sort::distance}, .most_parts = 2, .otherwise = After::split}}};
}

} // namespace

int bench_sourcing(const BenchSourcing& options, std::ostream& out) {
  Random random(options.seed);
  Country country(options, random);
  const auto routing = the_rules();
  const Zipf wanted(static_cast<std::size_t>(options.skus), 1.0);
  Latencies costs;
  std::uint64_t placed = 0, split = 0, nowhere = 0;
  const auto begin = std::chrono::steady_clock::now();
  const auto end = begin + std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(options.seconds));
  for (std::uint64_t number = 0; std::chrono::steady_clock::now() < end; ++number) {
    if (options.rate > 0)
      std::this_thread::sleep_until(begin + std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(static_cast<double>(number) / options.rate)));
    sourcing::Demand demand{.lines = {}, .to = country.somewhere(random), .seller = EntityCode::from("SHOP").value(), .since = noon};
    for (int line = 1; line <= options.lines; ++line)
      demand.lines.push_back({line, country.sku(wanted(random)), Quantity{1}, Money{2'000, Currency::from("GBP").value()}, {}});
    const auto before = cpu_of_this_thread();
    auto places = country.view().places(demand, noon);
    auto choice = sourcing::choose(demand, routing, places, noon);
    costs.add(cpu_of_this_thread() - before);
    placed += choice.parts.size() == 1;
    split += choice.parts.size() > 1;
    nowhere += choice.parts.empty();
    country.take(choice, places, demand);
  }
  const auto took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  nlohmann::ordered_json figures;
  figures["stores"] = options.stores;
  figures["skus"] = options.skus;
  figures["decisions_per_s"] = figure(static_cast<double>(costs.count()) / took, 1);
  figures["p50_ms"] = figure(costs.percentile_ms(50), 4);
  figures["p99_ms"] = figure(costs.percentile_ms(99), 4);
  figures["max_ms"] = figure(costs.percentile_ms(100), 4);
  figures["placed"] = placed;
  figures["split"] = split;
  figures["nowhere"] = nowhere;
  print(figures, options.json, out);
  return 0;
}

} // namespace entrepot::bench
