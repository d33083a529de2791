// entrepot processes: what waits for a person, why, and letting it go on. A client of the API: it can do no more than the key it is given.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <openssl/rand.h>

#include "deploy/commands/commands.hpp"
#include "deploy/data_folder.hpp"
#include "deploy/server_address.hpp"

namespace entrepot::commands {
namespace {

using nlohmann::json;

constexpr int done = 0, failed = 1, unknown_order = 2, not_parked = 3; // exit codes
constexpr auto exit_codes = "Exit code: 0 done, 1 the server cannot be asked or refuses, 2 there is no such order, 3 its process is not parked.";

struct ProcessesOptions {
  ServerOption server;
  std::string id;
  bool json = false;
};

http::Client client_of(const ProcessesOptions& options) {
  auto client = client_for(options.server.server_url());
  client.always("Authorization", "Bearer " + options.server.key_for("operator"));
  return client;
}

/// Returns the path behind "/v1/", with the number as one segment; nothing that could be another path is sent.
std::string path_of(const std::string& before, const std::string& id, const std::string& behind = {}) {
  for (char c : id)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_')
      return before + "ord_" + behind; // nobody's number: the server says so
  return before + id + behind;
}

/// Says what the server refused with, and returns the exit code for it.
int refused(const http::Answer& answer, const std::string& id) {
  auto problem = json::parse(answer.body, nullptr, false);
  auto part = [&](const char* key) { return problem.is_object() ? problem.value(key, std::string()) : std::string(); };
  const auto code = part("code");
  if (code == "order-unknown") {
    std::cerr << "There is no order " << id << ".\n";
    return unknown_order;
  }
  if (code == "process-not-parked") {
    std::cerr << "The process of " << id << " is not parked: it goes on by itself. `entrepot processes show " << id << "` tells what it waits for.\n";
    return not_parked;
  }
  std::cerr << "entrepot: the server answered " << answer.status << (code.empty() ? "" : " " + code) << (part("detail").empty() ? "" : ": " + part("detail")) << '\n';
  return failed;
}

int list(const ProcessesOptions& options) {
  const auto answer = client_of(options).get("/v1/processes");
  if (answer.status != 200)
    return refused(answer, {});
  const auto all = json::parse(answer.body);
  if (options.json) {
    std::cout << all << '\n';
    return done;
  }
  for (const auto& process : all.at("items"))
    std::cout << process.at("id").get<std::string>() << "  parked since " << process.at("since").get<std::string>() << " at \"" << process.at("step").get<std::string>()
              << "\": " << process.at("text").get<std::string>() << " (" << process.at("code").get<std::string>() << ")\n";
  if (all.at("items").empty())
    std::cout << "No process waits for a person.\n";
  return done;
}

void tell(const json& process, const json& story) {
  auto text = [](const json& value) { return value.is_string() ? value.get<std::string>() : std::string(); };
  std::size_t number = 0;
  for (const auto& line : story.at("items"))
    std::cout << ++number << ".  " << text(line.at("at")) << "  " << (text(line.at("by")).empty() ? "-" : text(line.at("by"))) << ":  " << text(line.at("text")) << '\n';
  std::cout << "Order " << text(process.at("id")) << ": " << text(process.at("status")) << ".\n";
  if (const auto& parked = process.at("parked"); parked.is_object())
    std::cout << "Parked since " << text(parked.at("since")) << " at \"" << text(parked.at("step")) << "\": " << text(parked.at("text")) << " (" << text(parked.at("code"))
              << "). `entrepot processes retry " << text(process.at("id")) << "` lets it go on.\n";
  if (text(process.at("awaited")).empty())
    std::cout << "Nothing is awaited any more.\n";
  else
    std::cout << "Awaited: " << text(process.at("awaited")) << (text(process.at("next_look")).empty() ? "" : ", looked at again " + text(process.at("next_look"))) << ".\n";
}

int show(const ProcessesOptions& options) {
  auto client = client_of(options);
  const auto process = client.get(path_of("/v1/processes/", options.id));
  if (process.status != 200)
    return refused(process, options.id);
  const auto story = client.get(path_of("/v1/orders/", options.id, "/events"));
  if (story.status != 200)
    return refused(story, options.id);
  if (options.json)
    std::cout << json{{"process", json::parse(process.body)}, {"events", json::parse(story.body).at("items")}} << '\n';
  else
    tell(json::parse(process.body), json::parse(story.body));
  return done;
}

/// A key of its own for every call: who calls twice has looked twice.
std::string fresh_key() {
  unsigned char bytes[16];
  if (RAND_bytes(bytes, sizeof bytes) != 1)
    throw std::runtime_error("the system gives no random numbers");
  std::string text = "retry-";
  for (auto byte : bytes) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

int retry(const ProcessesOptions& options) {
  const auto answer = client_of(options).post(path_of("/v1/processes/", options.id, "/retry"), {}, {{"Idempotency-Key", fresh_key()}});
  if (answer.status != 200)
    return refused(answer, options.id);
  if (options.json)
    std::cout << json::parse(answer.body) << '\n';
  else
    std::cout << "The process of " << options.id << " goes on: what was refused is asked anew.\n";
  return done;
}

} // namespace

void add_processes(CLI::App& app, Run& run) {
  auto* processes = app.add_subcommand("processes", "See what waits for a person, why, and let it go on.");
  processes->require_subcommand(1);
  processes->footer(exit_codes);
  auto options = std::make_shared<ProcessesOptions>();
  auto verb = [&](const char* name, const char* what, int (*work)(const ProcessesOptions&)) {
    auto* command = processes->add_subcommand(name, what);
    options->server.add_to(*command);
    command->add_flag("--json", options->json, "print JSON");
    command->footer(exit_codes);
    command->callback([&run, options, work] { run = [options, work] { return work(*options); }; });
    return command;
  };
  verb("list", "Show the processes that wait for a person, the longest first.", list);
  verb("show", "Tell an order's story, what its process waits for, and why it is parked if it is.", show)
      ->add_option("id", options->id, "number of the order, e.g. ord_1cj37r03x0000")
      ->required();
  verb("retry", "Let a parked process go on: what was refused is asked anew.", retry)->add_option("id", options->id, "number of the order")->required();
}

} // namespace entrepot::commands
