#include "tests/bench/place.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace entrepot::bench {
namespace {

/// Returns the admin's key of demo-keys.json: {"admin": "KEY", ...}, or {"admin": {"key": "KEY", ...}, ...}.
std::string admin_key(const std::string& path) {
  std::ifstream file(path);
  if (!file)
    return {};
  auto keys = nlohmann::json::parse(file, nullptr, false);
  if (!keys.is_object() || !keys.contains("admin"))
    throw std::runtime_error(path + " has no key \"admin\"");
  const auto& admin = keys["admin"];
  if (admin.is_string())
    return admin.get<std::string>();
  if (admin.is_object() && admin.contains("key") && admin["key"].is_string())
    return admin["key"].get<std::string>();
  throw std::runtime_error(path + ": \"admin\" is no key");
}

} // namespace

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!line.empty() && is_space(line.back()))
    line.pop_back();
  while (!line.empty() && is_space(line.front()))
    line.erase(0, 1);
  return line;
}

Target found(Target target) {
  if (!target.data.empty()) {
    if (target.url.empty())
      target.url = first_line(target.data + "/url");
    if (target.key.empty())
      target.key = admin_key(target.data + "/demo-keys.json");
    if (target.database.empty())
      target.database = first_line(target.data + "/database");
  }
  if (target.url.empty())
    throw std::runtime_error(target.data.empty() ? "--url and --key, or --data, are needed"
                                                 : "no server has been started on " + target.data + ": it has no file \"url\"");
  if (target.key.empty())
    throw std::runtime_error(target.data.empty() ? "--key is needed with --url" : target.data + " has no demo-keys.json: --key is needed");
  return target;
}

} // namespace entrepot::bench
