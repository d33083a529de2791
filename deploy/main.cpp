// entrepot: one binary. Every command is a file in deploy/commands; what they put together lives in the rooms.
#include <CLI/CLI.hpp>
#include <iostream>

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
  try {
    return run();
  } catch (const std::exception& why) {
    std::cerr << "entrepot: " << why.what() << '\n';
    return 1;
  }
}
