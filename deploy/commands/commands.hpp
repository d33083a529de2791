// The commands of the binary. Each adds itself to the command line; the one that is named sets what is run.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace entrepot::commands {

using Run = std::function<int()>; ///< returns the exit code

void add_serve(CLI::App& app, Run& run);
void add_migrate(CLI::App& app, Run& run);
void add_keys(CLI::App& app, Run& run);
void add_demo(CLI::App& app, Run& run);
void add_audit(CLI::App& app, Run& run);
void add_explain(CLI::App& app, Run& run);
void add_processes(CLI::App& app, Run& run);
void add_bench(CLI::App& app, Run& run);
void add_sandbox(CLI::App& app, Run& run);
void add_import(CLI::App& app, Run& run);

} // namespace entrepot::commands
