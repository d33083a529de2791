#include <CLI/CLI.hpp>
#include <csignal>
#include <filesystem>
#include <memory>
#include <pthread.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "deploy/commands/commands.hpp"
#include "deploy/data_folder.hpp"
#include "deploy/server_address.hpp"
#include "gateways/http/server.hpp"
#include "gateways/partners/sandbox/carrier_sandbox.hpp"
#include "gateways/partners/sandbox/notification_sandbox.hpp"
#include "gateways/partners/sandbox/payment_sandbox.hpp"

namespace entrepot::commands {
namespace {

constexpr std::chrono::milliseconds drain_time{1'000}; ///< for answers under way when it is told to stop
constexpr std::chrono::milliseconds report_time{5'000}; ///< for the shop to answer a partner's message
constexpr int longest_deliver_after = 30 * 24 * 3600;   ///< seconds

struct SandboxOptions {
  std::filesystem::path data;
  std::uint16_t port = 0;
  std::vector<std::string> faults;
  std::filesystem::path carrier_secret, payment_secret;
  std::string shop_url;
  std::optional<int> deliver_after; ///< seconds
};

Timestamp wall_clock() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

/// The port of the last start, so that a server that knows the address finds the sandbox again; 0 if there was none.
std::uint16_t former_port(const std::filesystem::path& data) {
  if (!std::filesystem::exists(data / "sandbox-url"))
    return 0;
  auto url = first_line_of(data / "sandbox-url");
  auto colon = url.rfind(':');
  return colon == std::string::npos ? std::uint16_t{0} : static_cast<std::uint16_t>(std::atoi(url.c_str() + colon + 1));
}

std::unique_ptr<http::Server> listen(const http::ServerOptions& options, const http::Handler& handler, std::uint16_t preferred) {
  auto at = options;
  if (at.port == 0 && preferred != 0)
    try {
      at.port = preferred;
      return std::make_unique<http::Server>(at, handler);
    } catch (const std::runtime_error&) { // somebody else has it now
    }
  return std::make_unique<http::Server>(options, handler);
}

/// How a partner tells the shop something: signed with the secret in `file`, or in the data folder's `own`. The shop's address is read before each try: it may start
/// later, and elsewhere.
partners::ShopLine line(const SandboxOptions& options, std::filesystem::path file, const char* own) {
  partners::ShopLine line{.secret = {},
                          .shop = [data = options.data, url = options.shop_url]() -> std::optional<http::Client> {
                            if (url.empty() && !std::filesystem::exists(data / "url"))
                              return {};
                            return client_for(url.empty() ? first_line_of(data / "url") : url, report_time);
                          },
                          .clock = wall_clock};
  if (file.empty() && std::filesystem::exists(options.data / own))
    file = options.data / own;
  if (file.empty())
    return line;
  line.secret = partners::webhook_secret_from(first_line_of(file));
  if (!line.secret)
    throw std::runtime_error(file.string() + " holds no secret: it is whsec_ and 24 to 64 bytes in base64");
  return line;
}

partners::Reporting reporting(const SandboxOptions& options) {
  partners::Reporting reporting{.line = line(options, options.carrier_secret, "carrier-secret"),
                                .tried = [](const partners::ParcelReport& report) {
                                  if (report.status == partners::ParcelReport::Status::given_up)
                                    spdlog::warn("the shop did not acknowledge the delivery of {}: given up after {} tries, last answer {}", report.tracking, report.tries, report.last_answer);
                                }};
  if (options.deliver_after && !reporting.line.secret)
    throw std::runtime_error("parcels are delivered by themselves only where the carrier has a secret: give --carrier-secret FILE");
  if (options.deliver_after)
    reporting.deliver_after = std::chrono::seconds{*options.deliver_after};
  return reporting;
}

int play(const SandboxOptions& options) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr); // before any thread is made: all inherit it, and only sigwait sees them
  std::signal(SIGPIPE, SIG_IGN);
  std::filesystem::create_directories(options.data);
  auto defect = [](const std::string& what) { spdlog::error("a request could not be handled: {}", what); };
  partners::PaymentSandbox sandbox(options.data, wall_clock, defect, line(options, options.payment_secret, "payment-secret"));
  for (const auto& text : options.faults)
    sandbox.faults().set(partners::fault_script_from(text).value()); // the command line has checked it
  partners::NotificationSandbox notifications(options.data, wall_clock, sandbox.faults(), defect);
  partners::CarrierSandbox carrier(options.data, sandbox.faults(), defect, reporting(options));
  http::Routes routes;
  sandbox.add_to(routes);
  notifications.add_to(routes);
  carrier.add_to(routes);
  http::ServerOptions http;
  http.port = options.port;
  http.answer_time = 2 * partners::longest_fault_delay; // a slow partner is what it is for
  http.clock = wall_clock;
  http.defect = defect;
  auto server = listen(http, [&routes](http::Request& request, http::Responder responder) { routes.handle(request, std::move(responder)); }, former_port(options.data));
  auto url = "http://" + http.address + ":" + std::to_string(server->port());
  write_whole(options.data / "sandbox.pid", std::to_string(getpid()) + "\n");
  write_whole(options.data / "sandbox-url", url + "\n");
  spdlog::info("the sandbox plays the partners at {}", url);
  int received = 0;
  sigwait(&signals, &received);
  spdlog::info("stopping");
  server->drain(drain_time);
  return 0;
}

std::string wrong_fault(const std::string& text) {
  return partners::fault_script_from(text) ? std::string{} : "'" + text + "' is no fault; say e.g. slow:every=10,delay_ms=800";
}

} // namespace

void add_sandbox(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("sandbox", "Play the partners, payment and notification provider and carrier, with faults on request.");
  auto options = std::make_shared<SandboxOptions>();
  command->add_option("--data", options->data, "folder for its books, its address and its pid")->required();
  command->add_option("--port", options->port, "port to listen on at 127.0.0.1; 0: any that is free")->capture_default_str();
  command->add_option("--fault", options->faults, "[PARTNER.]slow|silent|decline|duplicate|lost_answer|wrong_amount|late|refuse:every=N[,delay_ms=M]; PARTNER: payments, notifications, carrier; may be repeated")
      ->check(CLI::Validator(wrong_fault, "FAULT"));
  command->add_option("--carrier-secret", options->carrier_secret, "file with the secret (whsec_...) that the carrier signs its messages with; none: the data folder's carrier-secret, if it has one")
      ->check(CLI::ExistingFile);
  command->add_option("--payment-secret", options->payment_secret, "the same of the payment provider, whose file is payment-secret")->check(CLI::ExistingFile);
  command->add_option("--shop-url", options->shop_url, "server that is told of parcels and payments; none: the data folder's");
  command->add_option("--deliver-after", options->deliver_after, "deliver each parcel by itself so many seconds after its label; none: only when told so by POST /parcels/TRACKING/delivered")
      ->check(CLI::Range(0, longest_deliver_after));
  command->callback([&run, options] { run = [options] { return play(*options); }; });
}

} // namespace entrepot::commands
