#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "deploy/commands/commands.hpp"
#include "deploy/data_folder.hpp"
#include "persistence/migrate.hpp"

namespace entrepot::commands {

void add_migrate(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("migrate", "Bring the database to this program's version. Forward only, safe to repeat.");
  auto where = std::make_shared<DatabaseOption>();
  where->add_to(*command);
  command->callback([&run, where] {
    run = [where] {
      auto applied = journal::migrate(where->conninfo());
      std::cout << (applied == 0 ? "The database is up to date.\n" : std::to_string(applied) + " migrations applied.\n");
      return 0;
    };
  });
}

} // namespace entrepot::commands
