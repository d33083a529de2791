#include <CLI/CLI.hpp>
#include <ctime>
#include <iostream>
#include <memory>

#include "deploy/commands/commands.hpp"
#include "deploy/data_folder.hpp"
#include "persistence/codec.hpp"
#include "persistence/metadata.hpp"
#include "persistence/story.hpp"
#include "workflows/explain.hpp"

namespace entrepot::commands {
namespace {

/// In the time zone of this machine (TZ), to the second.
std::string local_time(Timestamp at) {
  auto seconds = std::chrono::system_clock::to_time_t(at);
  std::tm parts{};
  localtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
  return text;
}

int explain(const DatabaseOption& where, const std::string& id) {
  auto order = order_id_from(id);
  auto story = order ? journal::read_story(where.conninfo(), order->family) : journal::Story{};
  if (story.records.empty())
    throw std::runtime_error("there is no order " + id);
  std::vector<workflow::Happened> happened;
  for (auto& record : story.records) {
    auto metadata = record.metadata.empty() ? journal::Metadata{} : journal::decode_metadata(record.metadata);
    happened.push_back({record.stream, record.seq, codec::decode(record.type, record.version, record.data), record.at, metadata.by, record.causation, metadata.occurred_at});
  }
  std::cout << workflow::explain(happened, story.wake_up, local_time);
  return 0;
}

} // namespace

void add_explain(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("explain", "Tell an order's story: what happened, who did it, because of what, and what is awaited.");
  auto where = std::make_shared<DatabaseOption>();
  auto id = std::make_shared<std::string>();
  command->add_option("id", *id, "number of the order, e.g. ord_1cj37r03x0000")->required();
  where->add_to(*command);
  command->callback([&run, where, id] { run = [where, id] { return explain(*where, *id); }; });
}

} // namespace entrepot::commands
