#include "tests/bench/shop.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>
#include <stdexcept>

#include "domain/check.hpp"

namespace entrepot::bench {
namespace {

using nlohmann::json;

constexpr int connections = 64;
constexpr int skus_per_request = 100; ///< of a stock query (the URL must fit the header limit) and of a receipt
constexpr int number_digits = 9, sku_digits = 4;

/// Asks a list of requests, each client the next one.
class Questions : public Work {
public:
  explicit Questions(const std::vector<std::string>& requests)
      : requests_(requests), replies_(requests.size(), Reply{0, "not answered in time"}), asked_by_(requests.size()) {}
  bool next(int client, std::string& request) override {
    if (next_ == requests_.size())
      return false;
    asked_by_[static_cast<std::size_t>(client)] = next_;
    request = requests_[next_++];
    return true;
  }
  void answered(int client, const Answer& answer) override {
    replies_[asked_by_[static_cast<std::size_t>(client)]] = {answer.http, std::string(answer.body)};
  }
  void unanswered(int client, const std::string& why) override { replies_[asked_by_[static_cast<std::size_t>(client)]] = {0, why}; }
  std::vector<Reply> replies() { return std::move(replies_); }

private:
  const std::vector<std::string>& requests_;
  std::vector<Reply> replies_;
  std::vector<std::size_t> asked_by_; ///< client -> its question
  std::size_t next_ = 0;
};

/// Throws unless every reply is a success.
void expect_done(const std::vector<Reply>& replies, const char* what) {
  for (const Reply& reply : replies)
    if (reply.http < 200 || reply.http > 299)
      throw std::runtime_error(std::string("setting up ") + what + ": " + (reply.http == 0 ? "" : "HTTP " + std::to_string(reply.http) + " ") +
                               reply.body.substr(0, 500));
}

std::string put(const Caller& caller, const std::string& target, const json& body) { return request_text(caller, "PUT", target, body.dump()); }

json money(std::int64_t amount) { return {{"amount", amount}, {"currency", "GBP"}}; }

json channel_definition(Payment payment) {
  json share = {{"moment", payment == Payment::card ? "on_order" : "on_invoice"},
                {"method", payment == Payment::card ? "card" : "account"},
                {"percent", 100},
                {"round_up_to", 0}};
  return {{"name", "Bench"},
          {"organisation", bench_entity},
          {"currency", "GBP"},
          {"price_list", "retail"},
          {"workflows", {"bodah"}},
          {"delivery", json::array({{{"code", "std"},
                                     {"name", "Standard"},
                                     {"charge", money(0)},
                                     {"promise_seconds", 172800},
                                     {"lead_seconds", 86400},
                                     {"terms", "DDP"},
                                     {"carrier", "bench"},
                                     {"ship_from", bench_location}}})},
          {"payment", json::array({{{"level", ""}, {"category", ""}, {"shares", json::array({share})}}})},
          {"pickup_stores", json::array()},
          {"tax_class_of_services", "standard"}};
}

json product_definition(const std::string& name, std::int64_t price) {
  return {{"name", name}, {"category", "bench"}, {"tax_class", "standard"}, {"weight_grams", 350}, {"prices", {{"retail", money(price)}}}};
}

std::string receipt(const Caller& caller, const std::string& reference, const json& lines) {
  json body = {{"kind", "receipt"}, {"reference", reference}, {"lines", lines}};
  return request_text(caller, "POST", "/v1/locations/" + std::string(bench_location) + "/movements", body.dump(),
                      "Idempotency-Key: " + reference + "\r\n");
}

std::string stock_target(const std::vector<std::string>& skus) {
  std::string target = "/v1/locations/" + std::string(bench_location) + "/stock";
  char separator = '?';
  for (const auto& sku : skus) {
    target.append(1, separator).append("sku=").append(sku);
    separator = '&';
  }
  return target;
}

/// Adds to `lines` what brings the products of one stock answer up again.
void top_up(const Reply& stock, std::vector<std::string> skus, json& lines) {
  auto body = json::parse(stock.body, nullptr, false);
  if (!body.is_object() || !body.contains("items") || !body["items"].is_array())
    throw std::runtime_error("the stock of " + std::string(bench_location) + " is not understood: " + stock.body.substr(0, 500));
  for (const auto& item : body["items"])
    if (item.value("available", std::int64_t{0}) >= ample_stock)
      std::erase(skus, item.value("sku", ""));
  for (const auto& sku : skus)
    for (int i = 0; i < receipts_per_sku; ++i)
      lines.push_back({{"sku", sku}, {"quantity", receipt_units}});
}

/// Writes `number` into the `digits` places at `at`.
void write_digits(std::string& text, std::size_t at, int digits, std::uint64_t number) {
  for (int i = digits; i-- > 0; number /= 10)
    text[at + static_cast<std::size_t>(i)] = static_cast<char>('0' + number % 10);
}

void fill_shelves(const Caller& caller, int skus, const std::string& run, bool ride_out) {
  std::vector<std::vector<std::string>> groups;
  for (int i = 0; i < skus; ++i) {
    if (i % skus_per_request == 0)
      groups.emplace_back();
    groups.back().push_back(bench_sku(i));
  }
  std::vector<std::string> questions, receipts;
  for (const auto& group : groups)
    questions.push_back(request_text(caller, "GET", stock_target(group), {}));
  auto stock = ask(caller, questions, ride_out);
  expect_done(stock, "the stock");
  for (std::size_t i = 0; i < groups.size(); ++i) {
    json lines = json::array();
    top_up(stock[i], groups[i], lines);
    if (!lines.empty())
      receipts.push_back(receipt(caller, "ASN-" + run + "-" + std::to_string(i), lines));
  }
  expect_done(ask(caller, receipts, ride_out), "the stock");
}

} // namespace

Payment payment_from(std::string_view word) {
  if (word == "account")
    return Payment::account;
  if (word == "card")
    return Payment::card;
  throw std::invalid_argument("--payment is account or card, not \"" + std::string(word) + "\"");
}

std::string request_text(const Caller& caller, std::string_view method, std::string_view target, std::string_view body, std::string_view extra) {
  std::string text;
  text.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: ").append(caller.to.authority());
  text.append("\r\nAuthorization: Bearer ").append(caller.key).append("\r\n").append(extra);
  if (method != "GET")
    text.append("Content-Type: application/json\r\nContent-Length: ").append(std::to_string(body.size())).append("\r\n");
  return text.append("\r\n").append(body);
}

std::vector<Reply> ask(const Caller& caller, const std::vector<std::string>& requests, bool ride_out) {
  if (requests.empty())
    return {};
  Questions questions(requests);
  Load load{.to = caller.to,
            .clients = static_cast<int>(std::min<std::size_t>(connections, requests.size())),
            .duration = longest_set_up,
            .ride_out = ride_out};
  drive(load, questions);
  return questions.replies();
}

void open_shop(const Caller& caller, Payment payment, int skus, const std::string& run, bool ride_out) {
  check(skus >= 2 && skus <= most_skus, "the bench has 2 to 10,000 products");
  std::vector<std::string> definitions = {
      put(caller, "/v1/locations/" + std::string(bench_location),
          {{"name", "Bench warehouse"}, {"type", "warehouse"}, {"owner", bench_entity}, {"latitude", 52.5}, {"longitude", -1.9}}),
      put(caller, "/v1/customers/" + std::string(bench_customer),
          {{"level", "bench"},
           {"contact", {{"name", "Bench Customer"}, {"email", "bench@example.com"}, {"phone", "+441632960000"}}},
           {"source", "bench"}})};
  for (int i = 0; i < skus; ++i)
    definitions.push_back(put(caller, "/v1/products/" + bench_sku(i), product_definition("Bench product " + std::to_string(i), 500 + i % 100 * 50)));
  expect_done(ask(caller, definitions, ride_out), "location, customer and products");
  // The channel names the location, so it comes after it.
  expect_done(ask(caller, {put(caller, "/v1/channels/" + std::string(bench_channel), channel_definition(payment))}, ride_out), "the channel");
  fill_shelves(caller, skus, run, ride_out);
}

void add_product(const Caller& caller, const std::string& sku, std::int32_t units, const std::string& run) {
  expect_done(ask(caller, {put(caller, "/v1/products/" + sku, product_definition("Wanted by all", 19900))}), "the product");
  expect_done(ask(caller, {receipt(caller, "ASN-" + run + "-" + sku, json::array({{{"sku", sku}, {"quantity", units}}}))}), "its stock");
}

Stock stock_of(const Caller& caller, const std::string& sku) {
  auto reply = ask(caller, {request_text(caller, "GET", stock_target({sku}), {})}).front();
  auto body = json::parse(reply.body, nullptr, false);
  if (reply.http != 200 || !body.is_object() || !body.contains("items"))
    throw std::runtime_error("cannot read the stock of " + sku + ": HTTP " + std::to_string(reply.http) + " " + reply.body.substr(0, 500));
  Stock stock;
  for (const auto& item : body["items"]) {
    if (item.value("sku", "") != sku)
      continue;
    stock.on_hand += item.value("on_hand", std::int64_t{0});
    stock.available += item.value("available", std::int64_t{0});
  }
  return stock;
}

std::string bench_sku(int index) {
  std::string sku = "BENCH-0000";
  write_digits(sku, sku.size() - sku_digits, sku_digits, static_cast<std::uint64_t>(index));
  return sku;
}

std::string new_run() {
  std::random_device chance;
  std::string run(12, '0');
  write_digits(run, 0, 6, chance() % 1'000'000);
  write_digits(run, 6, 6, chance() % 1'000'000);
  return run;
}

OrderForm::OrderForm(const Caller& caller, Payment payment, const std::string& token, const std::string& run, const std::string& sku) : run_(run) {
  std::string name = name_of(0);
  json lines = json::array();
  if (sku.empty())
    lines = {{{"sku", bench_sku(0)}, {"quantity", 1}}, {{"sku", bench_sku(1)}, {"quantity", 1}}};
  else
    lines.push_back({{"sku", sku}, {"quantity", 1}});
  nlohmann::ordered_json body = {
      {"channel", bench_channel},
      {"external_number", name},
      {"customer", bench_customer},
      {"lines", lines},
      {"delivery",
       {{"option", "std"},
        {"address",
         {{"name", "Bench Customer"}, {"street", "1 Measuring Lane"}, {"city", "Birmingham"}, {"postcode", "B1 1AA"}, {"country", "GB"}}}}}};
  if (payment == Payment::card)
    body["payment"] = {{"method", "card"}, {"token", token}};
  text_ = request_text(caller, "POST", "/v1/orders", body.dump(), "Prefer: wait=10\r\nIdempotency-Key: " + name + "\r\n");
  key_at_ = text_.find(name) + name.size() - number_digits;
  external_at_ = text_.rfind(name) + name.size() - number_digits;
  if (sku.empty()) {
    first_at_ = text_.find(bench_sku(0)) + bench_sku(0).size() - sku_digits;
    second_at_ = text_.find(bench_sku(1)) + bench_sku(1).size() - sku_digits;
  }
}

void OrderForm::fill(std::string& request, std::uint64_t number, int first_sku, int second_sku) const {
  fill(request, number);
  write_digits(request, first_at_, sku_digits, static_cast<std::uint64_t>(first_sku));
  write_digits(request, second_at_, sku_digits, static_cast<std::uint64_t>(second_sku));
}

void OrderForm::fill(std::string& request, std::uint64_t number) const {
  request = text_;
  write_digits(request, key_at_, number_digits, number);
  write_digits(request, external_at_, number_digits, number);
}

std::string OrderForm::name_of(std::uint64_t number) const {
  std::string name = "B-" + run_ + "-000000000";
  write_digits(name, name.size() - number_digits, number_digits, number);
  return name;
}

} // namespace entrepot::bench
