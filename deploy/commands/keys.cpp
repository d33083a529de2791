#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <openssl/rand.h>

#include "deploy/commands/commands.hpp"
#include "deploy/data_folder.hpp"
#include "persistence/api_keys.hpp"

namespace entrepot::commands {
namespace {

struct KeysOptions {
  DatabaseOption where;
  ApiKey key;
  bool json = false;
};

int create(const KeysOptions& options) {
  auto secret = create_api_key(options.where.conninfo(), options.key, [](std::uint8_t* to, std::size_t count) {
    if (RAND_bytes(to, static_cast<int>(count)) != 1)
      throw std::runtime_error("the system gives no random numbers");
  });
  if (!secret)
    throw std::runtime_error(secret.error().text + " (" + secret.error().code + ")");
  if (options.json)
    std::cout << nlohmann::json{{"id", options.key.id}, {"role", options.key.role}, {"key", *secret}} << '\n';
  else
    std::cout << *secret << "\nThis is the only time the key is shown.\n";
  return 0;
}

int revoke(const KeysOptions& options) {
  if (!revoke_api_key(options.where.conninfo(), options.key.id))
    throw std::runtime_error("there is no key " + options.key.id + " in force");
  std::cout << "Revoked. Running servers refuse it within a second.\n";
  return 0;
}

int list(const KeysOptions& options) {
  auto all = nlohmann::json::array();
  for (auto& listed : list_api_keys(options.where.conninfo())) {
    auto& key = listed.key;
    if (options.json)
      all.push_back({{"id", key.id}, {"role", key.role}, {"channels", key.channels}, {"stores", key.stores}, {"entities", key.entities}, {"person", key.person},
                     {"created_at", listed.created_at}, {"revoked_at", listed.revoked_at.empty() ? nlohmann::json() : nlohmann::json(listed.revoked_at)}});
    else
      std::cout << key.id << "  " << key.role << (listed.revoked_at.empty() ? "" : "  revoked " + listed.revoked_at) << '\n';
  }
  if (options.json)
    std::cout << all << '\n';
  return 0;
}

} // namespace

void add_keys(CLI::App& app, Run& run) {
  auto* keys = app.add_subcommand("keys", "Give out, take back and list API keys.");
  keys->require_subcommand(1);
  auto options = std::make_shared<KeysOptions>();
  auto verb = [&](const char* name, const char* what, int (*work)(const KeysOptions&)) {
    auto* command = keys->add_subcommand(name, what);
    options->where.add_to(*command);
    command->add_flag("--json", options->json, "print JSON");
    command->callback([&run, options, work] { run = [options, work] { return work(*options); }; });
    return command;
  };
  auto* creating = verb("create", "Make a key and show it, once.", create);
  creating->add_option("--id", options->key.id, "name of the key, for logs and records")->required();
  creating->add_option("--role", options->key.role, "gateway, staff, finance, operator, auditor or admin")->required();
  creating->add_option("--channel", options->key.channels, "confine it to this channel; may be repeated");
  creating->add_option("--store", options->key.stores, "confine it to this location; may be repeated");
  creating->add_option("--entity", options->key.entities, "confine it to this legal entity; may be repeated");
  creating->add_option("--person", options->key.person, "number of the person or device that holds it");
  verb("revoke", "End a key.", revoke)->add_option("--id", options->key.id, "name of the key")->required();
  verb("list", "Show all keys, without their secrets.", list);
}

} // namespace entrepot::commands
