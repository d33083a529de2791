#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <unordered_map>
#include <unistd.h>

#include "deploy/commands/commands.hpp"
#include "deploy/data_folder.hpp"
#include "gateways/http/client.hpp"
#include "persistence/audit.hpp"

namespace entrepot::commands {
namespace {

struct AuditOptions {
  DatabaseOption where;
  std::string answers;
  bool sandbox = false;
  bool json = false;
};

nlohmann::json to_json(const std::vector<audit::Finding>& findings) {
  auto all = nlohmann::json::array();
  for (auto& finding : findings)
    all.push_back({{"code", finding.code}, {"stream", finding.stream}, {"text", finding.text}});
  return all;
}

/// `contradictions` and `findings` are numbers, for scripts; what they are about stands beside them.
void print_json(const audit::Report& report, bool with_answers) {
  nlohmann::ordered_json json{{"events", report.events},       {"streams", report.streams},     {"orders", report.orders},
                              {"confirmed", report.confirmed}, {"rejected", report.rejected},   {"locations", report.locations},
                              {"claims", report.claims},       {"contradictions", report.contradicted}, {"findings", report.findings.size()}};
  if (with_answers) {
    json["answered"] = report.answered;
    json["missing"] = report.missing;
    json["different"] = report.different;
  }
  json["contradiction_list"] = to_json(report.contradictions);
  json["finding_list"] = to_json(report.findings);
  std::cout << json << '\n';
}

void print_text(const audit::Report& report, bool with_answers) {
  for (auto& contradiction : report.contradictions)
    std::cout << "CONTRADICTION  " << contradiction.stream << "  " << contradiction.text << " (" << contradiction.code << ")\n";
  for (auto& finding : report.findings)
    std::cout << "worth a look   " << finding.stream << "  " << finding.text << " (" << finding.code << ")\n";
  std::cout << report.events << " events of " << report.orders << " orders and " << report.locations << " locations: ";
  if (report.sound())
    std::cout << "everything agrees.\n";
  else
    std::cout << report.contradicted << " contradictions.\n";
  if (with_answers)
    std::cout << report.answered << " answers on file, " << report.missing << " missing, " << report.different << " different.\n";
}

/// Reads the books of the data folder's sandbox, a line a key. Before the journal is read: then whatever they tell of has left its intent there.
std::vector<audit::ProviderEntry> provider_books(const DatabaseOption& where) {
  if (where.data.empty())
    throw std::runtime_error("which sandbox? Give --data FOLDER");
  auto url = first_line_of(where.data / "sandbox-url");
  auto colon = url.rfind(':');
  if (!url.starts_with("http://") || colon <= 6)
    throw std::runtime_error(url + " is no address of a sandbox");
  http::Client client(url.substr(7, colon - 7), static_cast<std::uint16_t>(std::stoi(url.substr(colon + 1))));
  auto answer = client.get("/ledger");
  if (answer.status != 200)
    throw std::runtime_error("the sandbox does not show its books: " + std::to_string(answer.status));
  std::vector<audit::ProviderEntry> entries;
  std::unordered_map<std::string, std::int64_t> refunded; // by the captured key
  std::istringstream lines(answer.body);
  for (std::string line; std::getline(lines, line);) {
    auto json = nlohmann::json::parse(line);
    if (json.value("kind", "capture") != "refund")
      entries.push_back({json.at("key"), json.at("state"), {json.at("amount"), Currency::from(json.at("currency").get<std::string>()).value_or(Currency{})}});
    else if (json.at("state") == "refunded")
      refunded[json.at("of")] += json.at("amount").get<std::int64_t>();
  }
  for (auto& entry : entries)
    entry.refunded = refunded[entry.key];
  return entries;
}

int run_audit(const AuditOptions& options) {
  audit::Options all{.conninfo = options.where.conninfo(), .now = std::chrono::floor<Duration>(std::chrono::system_clock::now())};
  if (!options.answers.empty())
    all.answers = options.answers;
  if (options.sandbox)
    all.provider = provider_books(options.where);
  if (isatty(STDERR_FILENO))
    all.progress = [](int shards, int of) { std::cerr << "\rshard " << shards << " of " << of << (shards == of ? "\n" : "") << std::flush; };
  auto report = audit::audit(all);
  if (options.json)
    print_json(report, all.answers.has_value());
  else
    print_text(report, all.answers.has_value());
  return report.sound() ? 0 : 1;
}

} // namespace

void add_audit(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("audit", "Recompute everything from the journal; fails if anything contradicts anything else.");
  auto options = std::make_shared<AuditOptions>();
  options->where.add_to(*command);
  command->add_option("--answers", options->answers, "what clients were answered, as written by bench orders --answers")->check(CLI::ExistingFile);
  command->add_flag("--sandbox", options->sandbox, "compare with the payment provider's own books as well; nothing may be ordered meanwhile");
  command->add_flag("--json", options->json, "print one JSON object");
  command->callback([&run, options] { run = [options] { return run_audit(*options); }; });
}

} // namespace entrepot::commands
