#include "deploy/demo_company.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>
#include <toml++/toml.h>
#include <vector>

#include "deploy/server_address.hpp"

namespace entrepot {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr std::size_t lines_per_receipt = 500; ///< of 2,000 that the API takes
constexpr std::size_t skus_per_question = 100; ///< of a stock query: the address must fit the header limit
constexpr auto longest_wait = 10s;             ///< for the server to know what it was just told
constexpr auto pause = 20ms;

// ---- reading the file --------------------------------------------------------------------------------------------------------------------

[[noreturn]] void wrong(const toml::node& node, const std::string& what) {
  throw DemoError("line " + std::to_string(node.source().begin.line) + " of the company file: " + what);
}

template <class T>
T value(const toml::table& row, std::string_view key) {
  auto found = row[key].value<T>();
  if (!found)
    wrong(row, "\"" + std::string(key) + "\" is missing or of another type");
  return *found;
}

std::string text(const toml::table& row, std::string_view key) { return value<std::string>(row, key); }

/// The tables of an array; none if there is no such key.
std::vector<const toml::table*> rows(const toml::table& in, std::string_view key) {
  std::vector<const toml::table*> found;
  if (auto* array = in[key].as_array())
    for (const auto& node : *array) {
      if (!node.is_table())
        wrong(node, "\"" + std::string(key) + "\" holds something that is no table");
      found.push_back(node.as_table());
    }
  return found;
}

json texts(const toml::table& row, std::string_view key) {
  auto all = json::array();
  if (auto* array = row[key].as_array())
    for (const auto& node : *array)
      all.push_back(node.value<std::string>().value_or(""));
  return all;
}

/// "24.00" as minor units of a currency with two decimals.
std::int64_t minor_units(const toml::table& row, std::string_view key) {
  auto written = text(row, key);
  auto point = written.size() < 4 ? std::string::npos : written.size() - 3;
  std::int64_t amount = 0;
  if (point == std::string::npos || written[point] != '.')
    wrong(row, "\"" + std::string(key) + "\" is no amount with two decimals: " + written);
  written.erase(point, 1);
  auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), amount);
  if (error != std::errc{} || end != written.data() + written.size() || amount < 0)
    wrong(row, "\"" + std::string(key) + "\" is no amount with two decimals: " + text(row, key));
  return amount;
}

struct Put {
  std::string target;
  json body;
};

struct Stocked {
  std::string sku;
  std::int64_t dc = 0, stores = 0;
};

struct Location {
  std::string code;
  bool is_store = false;
};

/// The file, as the requests that make it so, in an order in which each refers to earlier ones only.
struct Company {
  std::vector<Put> definitions;
  std::vector<Location> locations;
  std::vector<Stocked> stock;
};

json delivery_of(const toml::table& company, const toml::table& channel, const std::string& currency) {
  auto options = json::array();
  for (const auto* row : rows(*company["delivery"].as_table(), text(channel, "delivery"))) {
    json option = {{"code", text(*row, "code")}, {"name", text(*row, "name")}, {"charge", {{"amount", minor_units(*row, "charge")}, {"currency", currency}}},
                   {"lead_seconds", (*row)["lead_hours"].value_or<std::int64_t>(0) * 3600}, {"terms", text(*row, "terms")}, {"carrier", text(*row, "carrier")}};
    if (const auto* others = (*row)["other_carriers"].as_array())
      for (const auto& other : *others)
        option["other_carriers"].push_back(other.value_or<std::string>(""));
    if (row->contains("ship_from"))
      option["ship_from"] = text(*row, "ship_from");
    if (auto hours = (*row)["promise_hours"].value<std::int64_t>())
      option["promise_seconds"] = *hours * 3600;
    options.push_back(std::move(option));
  }
  return options;
}

/// The rules by which places are found, as the API takes them but for hours and amounts.
json sourcing_of(const toml::table& company, const toml::table& channel) {
  auto rules = json::array();
  for (const auto* row : rows(*company["sourcing"].as_table(), text(channel, "sourcing"))) {
    json rule = {{"name", text(*row, "name")}, {"groups", texts(*row, "groups")}, {"sort", texts(*row, "sort")}, {"otherwise", text(*row, "otherwise")}};
    for (const auto* number : {"within_km", "keep_back", "most_parts"})
      if (row->contains(number))
        rule[number] = value<std::int64_t>(*row, number);
    if (row->contains("least_part"))
      rule["least_part"] = minor_units(*row, "least_part");
    if (row->contains("patience_hours"))
      rule["patience_seconds"] = value<std::int64_t>(*row, "patience_hours") * 3600;
    rules.push_back(std::move(rule));
  }
  return {{"rules", std::move(rules)}};
}

json payment_of(const toml::table& company, const toml::table& channel) {
  auto rules = json::array();
  for (const auto* row : rows(*company["payment"].as_table(), text(channel, "payment"))) {
    auto shares = json::array();
    for (const auto* cell : rows(*row, "shares")) {
      json share = {{"moment", text(*cell, "moment")}, {"method", text(*cell, "method")}, {"percent", value<std::int64_t>(*cell, "percent")}};
      if (cell->contains("round_up_to"))
        share["round_up_to"] = minor_units(*cell, "round_up_to");
      shares.push_back(std::move(share));
    }
    rules.push_back({{"level", text(*row, "level")}, {"category", (*row)["category"].value_or("")}, {"shares", std::move(shares)}});
  }
  return rules;
}

/// The terms of a door, as the API takes them but for minutes.
json terms_of(const toml::table& channel) {
  auto terms = json::object();
  for (const auto& [key, node] : *channel["terms"].as_table()) {
    auto name = std::string(key.str());
    if (name == "pay_within_minutes")
      terms["pay_within_seconds"] = node.value<std::int64_t>().value_or(0) * 60;
    else if (auto truth = node.value_exact<bool>())
      terms[name] = *truth;
    else if (auto number = node.value_exact<std::int64_t>())
      terms[name] = *number;
    else
      wrong(node, "\"" + name + "\" is neither a number nor yes or no");
  }
  return terms;
}

void read_locations(Company& company, const toml::table& file) {
  std::set<std::string> entities;
  for (const auto* row : rows(file, "entities"))
    entities.insert(text(*row, "code"));
  for (const auto* row : rows(file, "locations")) {
    if (!entities.contains(text(*row, "owner")))
      wrong(*row, "there is no entity " + text(*row, "owner"));
    company.locations.push_back({text(*row, "code"), text(*row, "type") == "store"});
    company.definitions.push_back({"/v1/locations/" + text(*row, "code"),
                                   {{"name", text(*row, "name")}, {"type", text(*row, "type")}, {"owner", text(*row, "owner")},
                                    {"latitude", value<double>(*row, "latitude")}, {"longitude", value<double>(*row, "longitude")}, {"groups", texts(*row, "groups")}}});
  }
}

void read_products(Company& company, const toml::table& file, const std::string& currency, const std::string& price_list) {
  for (const auto* category : rows(file, "category"))
    for (const auto* row : rows(*category, "products")) {
      auto sku = text(*row, "sku");
      company.definitions.push_back({"/v1/products/" + sku,
                                     {{"name", text(*row, "name")}, {"category", text(*category, "code")}, {"tax_class", text(*category, "tax_class")},
                                      {"weight_grams", value<std::int64_t>(*row, "grams")},
                                      {"prices", {{price_list, {{"amount", minor_units(*row, "price")}, {"currency", currency}}}}}}});
      company.stock.push_back({sku, value<std::int64_t>(*row, "dc"), value<std::int64_t>(*row, "stores")});
    }
}

void read_channels(Company& company, const toml::table& file, const std::string& currency, const std::string& price_list) {
  if (!file["delivery"].is_table() || !file["payment"].is_table())
    wrong(file, "the tables \"delivery\" and \"payment\" are missing");
  for (const auto* row : rows(file, "channel")) {
    json channel = {{"name", text(*row, "name")}, {"organisation", text(*row, "organisation")}, {"currency", currency}, {"price_list", price_list},
                    {"workflows", texts(*row, "workflows")}, {"delivery", delivery_of(file, *row, currency)}, {"payment", payment_of(file, *row)},
                    {"pickup_stores", texts(*row, "pickup_stores")}, {"prices", (*row)["prices"].value_or("list")}, {"tax_class_of_services", "standard"}};
    if (row->contains("sourcing"))
      channel["sourcing"] = sourcing_of(file, *row);
    if (row->contains("terms"))
      channel["terms"] = terms_of(*row);
    company.definitions.push_back({"/v1/channels/" + text(*row, "code"), std::move(channel)});
  }
}

Company read_company(const std::filesystem::path& path) {
  toml::table file;
  try {
    file = toml::parse_file(path.string());
  } catch (const toml::parse_error& why) {
    std::ostringstream sentence;
    sentence << path.string() << " cannot be read: " << why;
    throw DemoError(sentence.str());
  }
  auto currency = text(file, "currency"), price_list = text(file, "price_list");
  Company company;
  read_locations(company, file);
  read_products(company, file, currency, price_list);
  read_channels(company, file, currency, price_list);
  for (const auto* row : rows(file, "customer"))
    company.definitions.push_back({"/v1/customers/" + text(*row, "number"), {{"level", text(*row, "level")}, {"source", text(*row, "source")}}});
  return company;
}

// ---- telling the server ------------------------------------------------------------------------------------------------------------------

class Loader {
public:
  Loader(http::Client client, const std::string& key, const Progress& progress, int all) : client_(std::move(client)), progress_(progress), all_(all) {
    client_.always("Authorization", "Bearer " + key);
    client_.always("Content-Type", "application/json");
  }

  /// Sends until the server takes it. It may be too busy for a moment, or may not yet know what it has just been told in an earlier request.
  http::Answer send(http::Method method, const std::string& target, const std::string& body, const http::Client::Headers& headers = {}) {
    auto end = std::chrono::steady_clock::now() + longest_wait;
    while (true) {
      auto answer = client_.send(method, target, body, headers);
      const bool booked_before = answer.status == 409 && answer.body.find("\"reference-reused\"") != std::string::npos; // and sold since
      if (answer.status < 300 || booked_before) {
        ++sent_;
        if (progress_)
          progress_(sent_, all_);
        return answer;
      }
      bool may_pass = answer.status == 503 || answer.body.find("-unknown\"") != std::string::npos;
      if (!may_pass || std::chrono::steady_clock::now() > end)
        throw DemoError(std::string(http::name_of(method)) + " " + target + " was answered with " + std::to_string(answer.status) + ": " + answer.body);
      std::this_thread::sleep_for(pause);
    }
  }

  /// The products of `wanted` of which nothing lies at the location.
  std::vector<Stocked> absent_from(const std::string& location, const std::vector<Stocked>& wanted) {
    std::set<std::string> present;
    for (std::size_t from = 0; from < wanted.size(); from += skus_per_question) {
      std::string target = "/v1/locations/" + location + "/stock?";
      for (std::size_t i = from; i < std::min(from + skus_per_question, wanted.size()); ++i)
        target += "sku=" + wanted[i].sku + "&";
      target.pop_back();
      auto answer = json::parse(send(http::Method::get, target, "").body);
      for (const auto& item : answer.at("items"))
        if (item.at("on_hand").get<std::int64_t>() + item.at("held").get<std::int64_t>() + item.at("allocated").get<std::int64_t>() > 0)
          present.insert(item.at("sku").get<std::string>());
    }
    std::vector<Stocked> absent;
    std::copy_if(wanted.begin(), wanted.end(), std::back_inserter(absent), [&](const Stocked& row) { return !present.contains(row.sku); });
    return absent;
  }

  void receive(const Location& location, const std::vector<Stocked>& stock) {
    auto missing = absent_from(location.code, stock);
    std::erase_if(missing, [&](const Stocked& row) { return (location.is_store ? row.stores : row.dc) == 0; });
    for (std::size_t from = 0; from < missing.size(); from += lines_per_receipt) {
      auto reference = "OPENING-" + location.code + "-" + missing[from].sku;
      json body = {{"kind", "receipt"}, {"reference", reference}, {"lines", json::array()}};
      for (std::size_t i = from; i < std::min(from + lines_per_receipt, missing.size()); ++i)
        body["lines"].push_back({{"sku", missing[i].sku}, {"quantity", location.is_store ? missing[i].stores : missing[i].dc}});
      send(http::Method::post, "/v1/locations/" + location.code + "/movements", body.dump(), {{"Idempotency-Key", "demo-" + reference}});
    }
  }

  int sent() const { return sent_; }

private:
  http::Client client_;
  const Progress& progress_;
  int all_, sent_ = 0;
};

} // namespace

int load_demo(const std::string& url, const std::string& admin_key, const std::filesystem::path& file, const Progress& progress) {
  auto company = read_company(file);
  auto questions = (company.stock.size() + skus_per_question - 1) / skus_per_question + 1; // a location: what lies there, and a receipt
  auto all = company.definitions.size() + company.locations.size() * questions;
  try {
    Loader loader(client_for(url), admin_key, progress, static_cast<int>(all));
    for (const auto& [target, body] : company.definitions)
      loader.send(http::Method::put, target, body.dump());
    for (const auto& location : company.locations)
      loader.receive(location, company.stock);
    return loader.sent();
  } catch (const http::ClientError& why) {
    throw DemoError("the server at " + url + " cannot be asked: " + why.what());
  } catch (const json::exception& why) {
    throw DemoError("the server at " + url + " gave an answer that cannot be read: " + why.what());
  }
}

} // namespace entrepot
