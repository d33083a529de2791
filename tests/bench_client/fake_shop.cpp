#include "tests/bench_client/fake_shop.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

namespace entrepot::bench {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using nlohmann::json;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

namespace {

/// An order as the server answers it: the inner id and status stand first on purpose.
std::string order_text(const std::string& id) {
  return R"({"fulfilments":[{"id":"ful_0","status":"accepted","location":"bench-dc"}],"lines":[{"number":1,"sku":"BENCH-0000","name":"A \"good\" thing","quantity":1},)"
         R"({"number":2,"sku":"BENCH-0001","name":"Another","quantity":1}],"id":")" +
         id + R"(","status":"confirmed","channel":"bench","total":{"amount":1000,"currency":"GBP"},"rejection":null})";
}

std::string order_id(int number) {
  std::string digits = std::to_string(number);
  return "ord_" + std::string(13 - digits.size(), '0') + digits;
}

} // namespace

struct FakeShop::Inside {
  explicit Inside(Options chosen)
      : options(std::move(chosen)), acceptor(context, tcp::endpoint(asio::ip::make_address("127.0.0.1"), options.port), true) {
    asio::co_spawn(context, accept(), asio::detached);
    thread = std::thread([this] { context.run(); });
  }

  asio::awaitable<void> accept() {
    for (int connection = 0;; ++connection) {
      tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
      socket.set_option(tcp::no_delay(true));
      asio::co_spawn(context, serve(std::move(socket), connection), asio::detached);
    }
  }

  asio::awaitable<void> serve(tcp::socket socket, int connection) {
    boost::beast::flat_buffer buffer;
    try {
      for (bool open = true; open;) {
        Request request;
        co_await http::async_read(socket, buffer, request, asio::use_awaitable);
        Response response(http::status::ok, 11);
        response.set(http::field::content_type, "application/json");
        if (!handle(request, response, connection))
          co_return;
        response.keep_alive(!options.closes_each);
        response.prepare_payload();
        co_await http::async_write(socket, response, asio::use_awaitable);
        open = !options.closes_each;
      }
    } catch (const boost::system::system_error&) {
      // the client has gone
    }
  }

  /// Returns false if the connection is to be cut.
  bool handle(const Request& request, Response& response, int connection) {
    std::string target(request.target());
    if (target == "/v1/orders")
      return order(request, response, connection);
    if (target == "/metrics")
      response.body() = "entrepot_read_model_lag_seconds{model=\"orders\",quantile=\"0.99\"} 0.0125\n";
    else if (request.method() == http::verb::get)
      response.body() = stock_of(target);
    else if (request.method() == http::verb::post)
      receive(json::parse(request.body()));
    else
      define(target, request.body());
    if (response.body().empty())
      response.body() = R"({"version":1})";
    return true;
  }

  void define(const std::string& target, const std::string& body) {
    if (target.rfind("/v1/products/", 0) == 0)
      products.insert(target);
    if (target.rfind("/v1/channels/", 0) == 0)
      channels.push_back(body);
  }

  void receive(const json& movement) {
    for (const auto& line : movement["lines"])
      stock[line["sku"]] += line["quantity"].get<std::int64_t>();
  }

  std::string stock_of(const std::string& target) {
    json items = json::array();
    for (std::size_t at = target.find("sku="); at != std::string::npos; at = target.find("sku=", at)) {
      at += 4;
      std::string sku = target.substr(at, target.find('&', at) - at);
      if (stock.count(sku) != 0)
        items.push_back({{"owner", "BENCH"},
                         {"sku", sku},
                         {"on_hand", stock[sku]},
                         {"held", sold[sku]},
                         {"allocated", 0},
                         {"available", stock[sku] - sold[sku]}});
    }
    return json{{"location", "bench-dc"}, {"items", items}, {"version", 1}}.dump();
  }

  bool order(const Request& request, Response& response, int connection) {
    response.result(http::status::created);
    if (options.blind) {
      static const std::string fixed = order_text(order_id(1)) + std::string(900, ' ');
      response.body() = fixed;
      return true;
    }
    asked.push_back({static_cast<int>(asked.size()), connection, std::string(request["Idempotency-Key"]), request.body()});
    Fate fate = options.fate ? options.fate(asked.back()) : Fate::answered;
    if (fate == Fate::cut_before)
      return false;
    if (fate == Fate::busy_503) {
      response.result(http::status::service_unavailable);
      response.body() = R"({"status":503,"code":"overloaded"})";
      return true;
    }
    make(asked.back(), response);
    return fate != Fate::cut_after;
  }

  void make(const Asked& wanted, Response& response) {
    if (auto known = made.find(wanted.key); known != made.end()) {
      response.result(http::status::ok);
      response.body() = order_text(known->second);
      return;
    }
    auto lines = json::parse(wanted.body)["lines"];
    for (const auto& line : lines)
      if (stock[line["sku"]] - sold[line["sku"]] < line["quantity"].get<std::int64_t>()) {
        response.result(http::status::conflict);
        response.body() = R"({"type":"about:blank","title":"Conflict","status":409,"code":"stock-short","order":")" + order_id(0) + R"("})";
        return;
      }
    for (const auto& line : lines)
      sold[line["sku"]] += line["quantity"].get<std::int64_t>();
    made[wanted.key] = order_id(static_cast<int>(made.size()) + 1);
    response.body() = order_text(made[wanted.key]);
  }

  Options options;
  asio::io_context context{1};
  tcp::acceptor acceptor;
  std::thread thread;
  std::vector<Asked> asked;
  std::map<std::string, std::string> made; ///< key -> order
  std::map<std::string, std::int64_t> stock, sold;
  std::set<std::string> products;
  std::vector<std::string> channels;
};

FakeShop::FakeShop(Options options) : inside_(std::make_unique<Inside>(std::move(options))) {}
FakeShop::~FakeShop() { stop(); }
unsigned short FakeShop::port() const { return inside_->acceptor.local_endpoint().port(); }
std::string FakeShop::url() const { return "http://127.0.0.1:" + std::to_string(port()); }

void FakeShop::stop() {
  inside_->context.stop();
  if (inside_->thread.joinable())
    inside_->thread.join();
}

const std::vector<FakeShop::Asked>& FakeShop::orders_asked() const { return inside_->asked; }
int FakeShop::orders_made() const { return static_cast<int>(inside_->made.size()); }
int FakeShop::products() const { return static_cast<int>(inside_->products.size()); }
std::vector<std::string> FakeShop::channel_definitions() const { return inside_->channels; }

} // namespace entrepot::bench
