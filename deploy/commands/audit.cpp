#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "deploy/commands/commands.hpp"
#include "deploy/data_folder.hpp"
#include "persistence/audit.hpp"

namespace entrepot::commands {
namespace {

struct AuditOptions {
  DatabaseOption where;
  std::string answers;
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

int run_audit(const AuditOptions& options) {
  audit::Options all{.conninfo = options.where.conninfo(), .now = std::chrono::floor<Duration>(std::chrono::system_clock::now())};
  if (!options.answers.empty())
    all.answers = options.answers;
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
  command->add_flag("--json", options->json, "print one JSON object");
  command->callback([&run, options] { run = [options] { return run_audit(*options); }; });
}

} // namespace entrepot::commands
