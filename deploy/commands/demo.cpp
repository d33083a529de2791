#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <unistd.h>

#include "deploy/commands/commands.hpp"
#include "deploy/data_folder.hpp"
#include "deploy/demo_company.hpp"

namespace entrepot::commands {
namespace {

constexpr int bar_width = 40;

void show(int done, int all) {
  auto filled = all == 0 ? bar_width : bar_width * done / all;
  std::cerr << "\r[" << std::string(static_cast<std::size_t>(filled), '#') << std::string(static_cast<std::size_t>(bar_width - filled), ' ') << "] " << done << '/'
            << all << (done == all ? "\n" : "") << std::flush;
}

} // namespace

void add_demo(CLI::App& app, Run& run) {
  auto* demo = app.add_subcommand("demo", "The demo company.");
  demo->require_subcommand(1);
  auto* load = demo->add_subcommand("load", "Make the demo company through the API of a running server. What is there already stays.");
  auto server = std::make_shared<ServerOption>();
  auto file = std::make_shared<std::string>(ENTREPOT_DEMO_COMPANY);
  server->add_to(*load);
  load->add_option("--file", *file, "the company")->capture_default_str()->check(CLI::ExistingFile);
  load->callback([&run, server, file] {
    run = [server, file] {
      auto requests = load_demo(server->server_url(), server->key_for("admin"), *file, isatty(STDERR_FILENO) ? Progress(show) : Progress());
      std::cout << "The demo company is in place (" << requests << " requests).\n";
      return 0;
    };
  });
}

} // namespace entrepot::commands
