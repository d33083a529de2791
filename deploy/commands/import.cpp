#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <thread>
#include <unistd.h>

#include "deploy/commands/commands.hpp"
#include "deploy/data_folder.hpp"
#include "gateways/imports/csv_rows.hpp"
#include "gateways/imports/orders_import.hpp"
#include "gateways/imports/progress.hpp"
#include "gateways/imports/stock_import.hpp"

namespace entrepot::commands {
namespace {

using Clock = std::chrono::steady_clock;
using nlohmann::ordered_json;

struct ImportOptions {
  ServerOption server;
  std::string file, format = "online-retail", channel = "import", opening_stock = "none", report;
  int patience = 600; // seconds
  bool json = false;

  void add_to(CLI::App& command) {
    server.add_to(command);
    command.add_option("FILE", file, "plain, gzip or xz; - is standard input")->required();
    command.add_option("--report", report, "CSV file of the refused rows; else import-report.csv in --data or here");
    command.add_option("--patience", patience, "seconds that the server may be away or silent")->capture_default_str()->check(CLI::Range(1, 86'400));
    command.add_flag("--json", json, "print one JSON object");
  }

  std::filesystem::path report_file() const { return report.empty() ? server.data / "import-report.csv" : std::filesystem::path(report); }
};

/// What both imports need: a way to the server, a bar, and the time.
struct Session {
  explicit Session(const ImportOptions& options)
      : bar(std::cerr, isatty(STDERR_FILENO) == 1, Clock::now),
        courier({.post = imports::post_to(options.server.server_url(), options.server.key_for("admin"),
                                          std::min<std::chrono::milliseconds>(imports::limits::answer_time, std::chrono::seconds(options.patience))),
                 .now = Clock::now,
                 .pause = [](std::chrono::milliseconds pause) { std::this_thread::sleep_for(pause); },
                 .waiting = [this](const std::string& why) { bar.waiting(why); }},
                std::chrono::seconds(options.patience)) {}

  double seconds() const { return std::chrono::duration<double>(Clock::now() - began).count(); }

  Clock::time_point began = Clock::now();
  imports::Progress bar;
  imports::Courier courier;
};

/// Reads a whole file; `is_header` judges its first row, `add` takes the others. Throws imports::SourceError.
template <class Book>
void read_file(const std::string& file, Book& book, imports::Progress& bar, const std::string& format) {
  auto rows = std::uint64_t{0};
  auto is_right = true;
  imports::TextSource source(file);
  imports::read_csv(source, [&](std::span<const std::string_view> fields, std::uint32_t line) {
    if (rows++ == 0)
      is_right = Book::is_header(fields);
    else if (is_right)
      book.add(fields, line);
    bar.reading(rows);
  });
  if (rows == 0 || !is_right)
    throw imports::SourceError(file + " does not begin with the columns of " + format);
}

/// Runs what sends. Returns why it could not go on, if so: what is known until then is told all the same.
std::optional<std::string> stopped_by(const std::function<void()>& send) {
  try {
    send();
    return {};
  } catch (const imports::ImportStopped& why) {
    return why.what();
  }
}

/// Prints figures and why it ended early. Returns the exit code.
int conclude(const ImportOptions& options, Session& session, ordered_json figures, const std::string& words, const std::optional<std::string>& stopped, std::size_t findings) {
  session.bar.end();
  auto seconds = session.seconds();
  figures["repeats"] = session.courier.repeats();
  figures["findings"] = findings;
  figures["seconds"] = std::round(seconds * 1000) / 1000;
  figures["rows_per_s"] = std::llround(figures["read"].get<double>() / std::max(seconds, 0.001));
  figures["report"] = options.report_file().string();
  if (options.json)
    std::cout << figures << '\n';
  else
    std::cout << words << "It took " << imports::clock_text(std::chrono::seconds(static_cast<std::int64_t>(seconds))) << " ("
              << imports::grouped(figures["rows_per_s"].get<std::uint64_t>()) << " rows a second). Refused rows and findings are listed in "
              << options.report_file().string() << ".\n";
  if (findings > 0)
    std::cerr << "entrepot: " << findings << " findings; they stand at the end of " << options.report_file().string() << '\n';
  if (stopped)
    std::cerr << "entrepot: the import has stopped: " << stopped->substr(0, stopped->find_last_not_of('.') + 1) << ". Start it again to continue; nothing is done twice.\n";
  return stopped || findings > 0 ? 1 : 0;
}

std::string by_code(const std::map<std::string, std::uint64_t>& refused) {
  std::ostringstream words;
  for (const auto& [code, rows] : refused)
    words << "  " << code << std::string(code.size() < 24 ? 24 - code.size() : 1, ' ') << imports::grouped(rows) << '\n';
  return words.str();
}

// ---- orders ------------------------------------------------------------------------------------------------------------------------------

std::string in_words(const imports::Figures& figures, const imports::OrdersImport& importing, const imports::SalesBook& book) {
  using imports::grouped, imports::pounds;
  std::ostringstream words;
  words << grouped(figures.read) << " rows read, " << grouped(figures.accepted) << " accepted, " << grouped(figures.refused) << " refused";
  if (book.open() > 0)
    words << ", " << grouped(book.open()) << " not decided";
  words << ".\n" << grouped(importing.orders()) << " orders of " << pounds(figures.accepted_total) << " and " << grouped(importing.returns()) << " returns of "
        << pounds(figures.returned_total) << "; " << grouped(importing.replayed()) << " of them were there already.\n"
        << grouped(book.duplicates()) << " rows say exactly what an earlier row says; they count like others.\n";
  if (figures.refused > 0)
    words << "Refused rows by code:\n" << by_code(figures.refused_by_code);
  return words.str();
}

ordered_json as_json(const imports::Figures& figures, const imports::OrdersImport& importing, const imports::SalesBook& book) {
  return {{"read", figures.read},
          {"accepted", figures.accepted},
          {"refused", figures.refused},
          {"open", book.open()},
          {"accepted_total", figures.accepted_total},
          {"returned_total", figures.returned_total},
          {"duplicates", book.duplicates()},
          {"orders", importing.orders()},
          {"returns", importing.returns()},
          {"replayed", importing.replayed()},
          {"refused_by_code", figures.refused_by_code}};
}

int import_orders(const ImportOptions& options) {
  Session session(options);
  imports::SalesBook book;
  read_file(options.file, book, session.bar, options.format);
  book.close();
  auto decided = [&] { return book.rows().size() - book.open(); };
  session.bar.begin(decided(), book.rows().size());
  imports::OrdersImport importing(book, session.courier, {.channel = options.channel, .opening_stock = options.opening_stock == "auto"},
                                  [&] { session.bar.show(decided()); });
  auto stopped = stopped_by([&] { importing.run(); });
  std::ostringstream report;
  imports::write_report(report, book, importing.findings());
  write_whole(options.report_file(), report.str());
  auto figures = imports::figures_of(book);
  return conclude(options, session, as_json(figures, importing, book), in_words(figures, importing, book), stopped, importing.findings().size());
}

void add_orders(CLI::App& parent, Run& run) {
  auto* command = parent.add_subcommand("orders", "Orders of the past, with their returns. What was imported before stays as it is.");
  auto options = std::make_shared<ImportOptions>();
  options->add_to(*command);
  command->add_option("--format", options->format, "of the file")->capture_default_str()->check(CLI::IsMember({"online-retail"}));
  command->add_option("--channel", options->channel, "channel of the orders")->capture_default_str();
  command->add_option("--opening-stock", options->opening_stock, "auto: receive first what the orders of the file will need")
      ->capture_default_str()
      ->check(CLI::IsMember({"none", "auto"}));
  command->callback([&run, options] { run = [options] { return import_orders(*options); }; });
}

// ---- stock -------------------------------------------------------------------------------------------------------------------------------

int import_stock(const ImportOptions& options) {
  using State = imports::StockImport::Row::State;
  Session session(options);
  imports::StockImport stock;
  read_file(options.file, stock, session.bar, "a stock file: location,sku,units");
  auto decided = [&] { return stock.rows().size() - stock.open(); };
  session.bar.begin(decided(), stock.rows().size());
  auto stopped = stopped_by([&] { stock.send(session.courier, [&] { session.bar.show(decided()); }); });
  auto report = imports::report_header();
  std::map<std::string, std::uint64_t> refused;
  for (const auto& row : stock.rows())
    if (row.state == State::refused) {
      report += imports::report_line(row.line, "", row.why);
      ++refused[row.why.code];
    }
  write_whole(options.report_file(), report);
  auto accepted = std::ranges::count(stock.rows(), State::accepted, &imports::StockImport::Row::state);
  auto all_refused = decided() - static_cast<std::uint64_t>(accepted);
  ordered_json figures{{"read", stock.rows().size()}, {"accepted", accepted}, {"refused", all_refused}, {"open", stock.open()}, {"refused_by_code", refused}};
  auto words = imports::grouped(stock.rows().size()) + " rows read, " + imports::grouped(static_cast<std::uint64_t>(accepted)) + " accepted, " +
               imports::grouped(all_refused) + " refused.\n" + by_code(refused);
  return conclude(options, session, std::move(figures), words, stopped, 0);
}

void add_stock(CLI::App& parent, Run& run) {
  auto* command = parent.add_subcommand("stock", "Stock from a CSV file: location,sku,units. The same file again receives nothing.");
  auto options = std::make_shared<ImportOptions>();
  options->add_to(*command);
  command->callback([&run, options] { run = [options] { return import_stock(*options); }; });
}

} // namespace

void add_import(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("import", "Take files to a running server.");
  command->require_subcommand(1);
  add_orders(*command, run);
  add_stock(*command, run);
}

} // namespace entrepot::commands
