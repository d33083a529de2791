// entrepot: one binary. Every command is a file in deploy/commands; what they put together lives in the rooms.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "deploy/commands/commands.hpp"

int main(int argc, char** argv) {
  CLI::App app{"Entrepot: order orchestration for retailers who sell in every channel."};
  app.set_version_flag("--version", ENTREPOT_VERSION);
  app.require_subcommand(1);
  entrepot::commands::Run run;
  entrepot::commands::add_serve(app, run);
  entrepot::commands::add_migrate(app, run);
  entrepot::commands::add_keys(app, run);
  entrepot::commands::add_demo(app, run);
  entrepot::commands::add_audit(app, run);
  entrepot::commands::add_explain(app, run);
  entrepot::commands::add_processes(app, run);
  entrepot::commands::add_bench(app, run);
  entrepot::commands::add_sandbox(app, run);
  entrepot::commands::add_import(app, run);
  CLI11_PARSE(app, argc, argv);
  // The log goes beside what a command prints: that is for who asked, and often for a program.
  spdlog::set_default_logger(std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::stderr_color_sink_mt>()));
  try {
    return run();
  } catch (const std::exception& why) {
    std::cerr << "entrepot: " << why.what() << '\n';
    return 1;
  }
}
