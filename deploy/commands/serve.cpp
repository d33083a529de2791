#include <CLI/CLI.hpp>
#include <csignal>
#include <fstream>
#include <iostream>
#include <memory>
#include <pthread.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "deploy/commands/commands.hpp"
#include "deploy/data_folder.hpp"
#include "deploy/node.hpp"
#include "persistence/migrate.hpp"

namespace entrepot::commands {
namespace {

constexpr int exit_fenced = 75; // sysexits: try again later

sigset_t stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

/// Ends at once: whatever this process still does might contradict the node that has taken over.
[[noreturn]] void leave(const std::string& reason) {
  spdlog::critical("this node has lost its right to write and leaves: {}", reason);
  spdlog::shutdown();
  std::_Exit(exit_fenced);
}

/// Files with the secrets that partners sign their messages with.
struct PartnerSecrets {
  std::filesystem::path carrier, payment;
};

/// Returns the secret in `file`, or else in the data folder's `own`; "" if there is neither.
std::string secret_of(std::filesystem::path file, const std::filesystem::path& data, const char* own) {
  if (file.empty() && !data.empty() && std::filesystem::exists(data / own))
    file = data / own;
  return file.empty() ? std::string() : first_line_of(file);
}

int serve(DatabaseOption where, NodeOptions options, const std::filesystem::path& shop_key, const PartnerSecrets& secrets) {
  auto signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr); // before any thread is made: all inherit it, and only sigwait sees them
  std::signal(SIGPIPE, SIG_IGN);
  options.database = where.conninfo();
  options.state_folder = where.data.empty() ? std::filesystem::temp_directory_path() / ("entrepot-" + options.name) : where.data / "state";
  std::filesystem::create_directories(options.state_folder);
  options.on_fenced = leave;
  journal::require_migrated(options.database);
  if (options.payment_url.empty() && !where.data.empty() && std::filesystem::exists(where.data / "sandbox-url"))
    options.payment_url = first_line_of(where.data / "sandbox-url");
  if (options.notification_url.empty() && !where.data.empty() && std::filesystem::exists(where.data / "sandbox-url"))
    options.notification_url = first_line_of(where.data / "sandbox-url");
  if (options.carrier_url.empty() && !where.data.empty() && std::filesystem::exists(where.data / "sandbox-url"))
    options.carrier_url = first_line_of(where.data / "sandbox-url");
  options.carrier_secret = secret_of(secrets.carrier, where.data, "carrier-secret");
  options.payment_secret = secret_of(secrets.payment, where.data, "payment-secret");
  if (!shop_key.empty())
    options.shop_key = first_line_of(shop_key);
  auto address = options.address;
  Node node(std::move(options));
  auto url = "http://" + address + ":" + std::to_string(node.port());
  if (!where.data.empty()) {
    write_whole(where.data / "server.pid", std::to_string(getpid()) + "\n");
    write_whole(where.data / "url", url + "\n");
  }
  spdlog::info("answering at {}", url);
  int received = 0;
  sigwait(&signals, &received);
  spdlog::info("stopping");
  return 0;
}

} // namespace

void add_serve(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("serve", "Run a node: HTTP, actors, journal.");
  auto where = std::make_shared<DatabaseOption>();
  auto options = std::make_shared<NodeOptions>();
  auto shop_key = std::make_shared<std::filesystem::path>();
  auto secrets = std::make_shared<PartnerSecrets>();
  where->add_to(*command);
  command->add_option("--port", options->port, "port to listen on; 0: any that is free")->capture_default_str();
  command->add_option("--address", options->address, "address to listen on")->capture_default_str();
  command->add_option("--payment-url", options->payment_url, "payment provider; none: the data folder's sandbox, if it has one");
  command->add_option("--notification-url", options->notification_url, "notification provider; none: the data folder's sandbox, if it has one");
  command->add_option("--carrier-url", options->carrier_url, "carrier that makes labels; none: the data folder's sandbox, if it has one");
  command->add_option("--carrier-secret", secrets->carrier, "file with the secret (whsec_...) that the carrier signs its messages with; none: the data folder's carrier-secret, if it has one")
      ->check(CLI::ExistingFile);
  command->add_option("--payment-secret", secrets->payment, "the same of the payment provider, whose file is payment-secret")->check(CLI::ExistingFile);
  command->add_option("--shop-key", *shop_key, "file with a gateway key for the page /shop, which everybody who opens it may use")->check(CLI::ExistingFile);
  command->add_option("--name", options->name, "name of this node in the cluster")->capture_default_str();
  command->add_option("--lanes", options->lanes, "connections that write")->capture_default_str()->check(CLI::Range(1, 16));
  command->add_option("--readers", options->readers, "connections that load histories")->capture_default_str()->check(CLI::Range(1, 16));
  command->add_option("--http-threads", options->http_threads, "threads for HTTP")->capture_default_str()->check(CLI::Range(1, 64));
  command->add_option("--workers", options->workers, "threads for actors")->capture_default_str()->check(CLI::Range(1, 64));
  command->callback([&run, where, options, shop_key, secrets] {
    run = [where, options, shop_key, secrets] { return serve(*where, *options, *shop_key, *secrets); };
  });
}

} // namespace entrepot::commands
