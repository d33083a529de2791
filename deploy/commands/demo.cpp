#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "deploy/commands/commands.hpp"
#include "deploy/data_folder.hpp"
#include "deploy/demo_company.hpp"

namespace entrepot::commands {
namespace {

struct DemoOptions {
  ServerOption server;
  std::filesystem::path company = ENTREPOT_DEMO_COMPANY;
  bool json = false;
};

void show_progress(int done, int all) { std::cerr << "\r  " << done << " of " << all << " requests" << (done == all ? "\n" : "") << std::flush; }

int load(const DemoOptions& options) {
  auto url = options.server.server_url();
  auto progress = isatty(STDERR_FILENO) && !options.json ? Progress(show_progress) : Progress();
  int requests = load_demo(url, options.server.key_for("admin"), options.company, progress);
  if (options.json)
    std::cout << nlohmann::json{{"url", url}, {"company", options.company.string()}, {"requests", requests}} << '\n';
  else
    std::cout << "The company of " << options.company.string() << " is at " << url << " (" << requests << " requests).\n";
  return 0;
}

} // namespace

void add_demo(CLI::App& app, Run& run) {
  auto* demo = app.add_subcommand("demo", "The demo company.");
  demo->require_subcommand(1);
  auto options = std::make_shared<DemoOptions>();
  auto* command = demo->add_subcommand("load", "Make the demo company at a running server; what is there already stays.");
  options->server.add_to(*command);
  command->add_option("--company", options->company, "the file that describes it")->capture_default_str();
  command->add_flag("--json", options->json, "print JSON");
  command->callback([&run, options] { run = [options] { return load(*options); }; });
}

} // namespace entrepot::commands
