#include "tests/imports/fake_imports.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <map>
#include <sstream>
#include <thread>

namespace entrepot::imports {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using nlohmann::json;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

struct FakeImports::Inside {
  explicit Inside(Options chosen) : options(std::move(chosen)), acceptor(context, tcp::endpoint(asio::ip::make_address("127.0.0.1"), options.port), true) {
    asio::co_spawn(context, accept(), asio::detached);
    thread = std::thread([this] { context.run(); });
  }

  asio::awaitable<void> accept() {
    for (;;) {
      tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
      socket.set_option(tcp::no_delay(true));
      asio::co_spawn(context, serve(std::move(socket)), asio::detached);
    }
  }

  asio::awaitable<void> serve(tcp::socket socket) {
    boost::beast::flat_buffer buffer;
    try {
      for (;;) {
        http::request_parser<http::string_body> parser;
        parser.body_limit(1024 * 1024); // as the server itself
        co_await http::async_read(socket, buffer, parser, asio::use_awaitable);
        auto request = parser.release();
        auto fate = options.fate ? options.fate(count) : Fate::answered;
        ++count;
        if (fate == Fate::cut_before)
          co_return;
        Response response(http::status::ok, 11);
        response.set(http::field::content_type, "application/x-ndjson");
        respond(request, response, fate);
        response.prepare_payload();
        if (fate == Fate::cut_within) {
          std::ostringstream whole;
          whole << response;
          auto text = whole.str();
          co_await asio::async_write(socket, asio::buffer(text.data(), text.size() - response.body().size() / 2), asio::use_awaitable);
          co_return;
        }
        co_await http::async_write(socket, response, asio::use_awaitable);
      }
    } catch (const boost::system::system_error&) {
      // the client has gone
    }
  }

  void respond(const Request& request, Response& response, Fate fate) {
    if (options.remembers)
      heads.push_back({{"method", std::string(request.method_string())}, {"target", std::string(request.target())},
                       {"key", std::string(request[http::field::authorization])}, {"type", std::string(request[http::field::content_type])}});
    if (fate == Fate::busy_503 || fate == Fate::forbidden_403) {
      response.result(fate == Fate::busy_503 ? http::status::service_unavailable : http::status::forbidden);
      response.body() = fate == Fate::busy_503 ? R"({"status":503,"code":"overloaded"})" : R"({"status":403,"code":"role-missing","detail":"This key may not."})";
      return;
    }
    if (options.remembers)
      requests.emplace_back();
    std::istringstream lines(request.body());
    for (std::string line; std::getline(lines, line);) {
      auto row = json::parse(line);
      auto answer = answer_to(row);
      answer["position"] = row["position"];
      response.body() += answer.dump() + "\n";
      if (options.remembers)
        requests.back().push_back(std::move(row));
    }
  }

  json answer_to(const json& row) {
    json answer = options.answer ? options.answer(row) : json{};
    if (!answer.is_null() && answer["status"] != "done")
      return answer;
    if (answer.is_null())
      answer = {{"status", "done"}};
    for (const auto* kind : {"order", "return", "receipt", "product"})
      if (row.contains(kind)) {
        auto name = row[kind].value(std::string(kind) == "order" ? "external_number" : std::string(kind) == "product" ? "sku" : "reference", "");
        auto replayed = !done[kind].insert(name).second;
        if (std::string(kind) == "order" || std::string(kind) == "return")
          answer["replayed"] = replayed;
        if (std::string(kind) == "order")
          finish_order(row[kind], answer);
      }
    return answer;
  }

  /// Adds id and total of what was taken.
  static void finish_order(const json& order, json& answer) {
    std::set<std::int64_t> refused;
    for (const auto& line : answer.value("refused_lines", json::array()))
      refused.insert(line["line"].get<std::int64_t>());
    std::int64_t total = 0, number = 0;
    for (const auto& line : order["lines"])
      if (!refused.contains(++number))
        total += line["total"]["amount"].get<std::int64_t>();
    answer["order"] = "ord_" + order["external_number"].get<std::string>();
    if (!answer.contains("total"))
      answer["total"] = {{"amount", total}, {"currency", "GBP"}};
  }

  Options options;
  asio::io_context context{1};
  tcp::acceptor acceptor;
  std::thread thread;
  int count = 0;
  std::vector<json> heads;
  std::vector<std::vector<json>> requests;
  std::map<std::string, std::set<std::string>> done;
};

FakeImports::FakeImports(Options options) : inside_(std::make_unique<Inside>(std::move(options))) {}
FakeImports::~FakeImports() { stop(); }
std::string FakeImports::url() const { return "http://127.0.0.1:" + std::to_string(inside_->acceptor.local_endpoint().port()); }

void FakeImports::stop() {
  inside_->context.stop();
  if (inside_->thread.joinable())
    inside_->thread.join();
}

const std::vector<json>& FakeImports::requests_heads() const { return inside_->heads; }
const std::vector<std::vector<json>>& FakeImports::requests() const { return inside_->requests; }

int FakeImports::done_once(const std::string& kind) const {
  auto found = inside_->done.find(kind);
  return found == inside_->done.end() ? 0 : static_cast<int>(found->second.size());
}

} // namespace entrepot::imports
