#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "deploy/commands/commands.hpp"
#include "deploy/data_folder.hpp"
#include "tests/bench/bench_hot_sku.hpp"
#include "tests/bench/bench_journal.hpp"
#include "tests/bench/bench_orders.hpp"
#include "tests/bench/bench_sourcing.hpp"

namespace entrepot::commands {
namespace {

void add_target(CLI::App& command, bench::Target& target) {
  command.add_option("--data", target.data, "folder of the installation, as given to deploy/run");
  command.add_option("--url", target.url, "address of the server");
  command.add_option("--key", target.key, "API key with role admin");
  command.add_option("--database", target.database, "PostgreSQL connection URL, for rows and commits");
}

template <class Options>
void add_load(CLI::App& command, Options& options) {
  command.add_option("--clients", options.clients, "connections that order at once")->capture_default_str()->check(CLI::Range(1, 10'000));
  command.add_option("--seconds", options.seconds, "how long it is measured")->capture_default_str()->check(CLI::PositiveNumber);
}

void add_orders(CLI::App& bench, Run& run) {
  auto* command = bench.add_subcommand("orders", "Orders for delivery, from HTTP to the confirmed answer.");
  auto options = std::make_shared<bench::BenchOrders>();
  add_target(*command, options->target);
  add_load(*command, *options);
  command->add_option("--warm-up", options->warm_up, "seconds before, not counted")->capture_default_str();
  command->add_option("--rate", options->rate, "orders a second meant to be placed; 0: as fast as each client is answered")->capture_default_str();
  command->add_option("--payment", options->payment, "account or card")->capture_default_str()->check(CLI::IsMember({"account", "card"}));
  command->add_option("--answers", options->answers, "file that gets a line for each answer, before that client's next request");
  command->add_flag("--ride-out", options->ride_out, "go on while the server is down");
  command->add_option("--seed", options->seed, "the same seed orders the same products")->capture_default_str();
  command->add_flag("--json", options->json, "print one JSON object");
  command->callback([&run, options] {
    options->progress = !options->json;
    run = [options] { return bench::bench_orders(*options, std::cout); };
  });
}

void add_hot_sku(CLI::App& bench, Run& run) {
  auto* command = bench.add_subcommand("hot-sku", "Everybody wants one product of which there is little.");
  auto options = std::make_shared<bench::BenchHotSku>();
  add_target(*command, options->target);
  add_load(*command, *options);
  command->add_option("--stock", options->stock, "units there are")->capture_default_str();
  command->add_flag("--json", options->json, "print one JSON object");
  command->callback([&run, options] {
    options->progress = !options->json;
    run = [options] { return bench::bench_hot_sku(*options, std::cout); };
  });
}

void add_sourcing(CLI::App& bench, Run& run) {
  auto* command = bench.add_subcommand("sourcing", "Choices of places by rules, in memory.");
  auto options = std::make_shared<bench::BenchSourcing>();
  command->add_option("--stores", options->stores, "places beside the warehouse")->capture_default_str()->check(CLI::Range(1, 10'000));
  command->add_option("--skus", options->skus, "products")->capture_default_str()->check(CLI::Range(1, 1'000'000));
  command->add_option("--lines", options->lines, "of an order")->capture_default_str()->check(CLI::Range(1, 2'000));
  command->add_option("--rate", options->rate, "orders a second that arrive; 0: as fast as they are decided")->capture_default_str()->check(CLI::NonNegativeNumber);
  command->add_option("--seconds", options->seconds, "how long it is measured")->capture_default_str()->check(CLI::PositiveNumber);
  command->add_option("--seed", options->seed, "the same seed orders the same products")->capture_default_str();
  command->add_flag("--json", options->json, "print one JSON object");
  command->callback([&run, options] { run = [options] { return bench::bench_sourcing(*options, std::cout); }; });
}

void add_journal(CLI::App& bench, Run& run) {
  auto* command = bench.add_subcommand("journal", "Bare appends of the same rows, without actors and HTTP.");
  auto where = std::make_shared<DatabaseOption>();
  auto options = std::make_shared<bench::BenchJournalOptions>();
  where->add_to(*command);
  add_load(*command, *options);
  command->add_option("--lanes", options->lanes, "connections that write")->capture_default_str()->check(CLI::Range(1, 16));
  command->add_option("--filled", options->filled, "events in the table before it begins")->capture_default_str();
  command->add_flag_function("--json", [](std::int64_t) {}, "print one JSON object; it always does");
  command->callback([&run, where, options] {
    run = [where, options] {
      options->conninfo = where->conninfo();
      options->state_folder = std::filesystem::temp_directory_path() / "entrepot-bench-journal";
      std::filesystem::create_directories(options->state_folder);
      return bench::bench_journal(*options);
    };
  });
}

} // namespace

void add_bench(CLI::App& app, Run& run) {
  auto* bench = app.add_subcommand("bench", "Measure this machine.");
  bench->require_subcommand(1);
  add_orders(*bench, run);
  add_hot_sku(*bench, run);
  add_journal(*bench, run);
  add_sourcing(*bench, run);
}

} // namespace entrepot::commands
