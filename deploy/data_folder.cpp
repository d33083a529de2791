#include "deploy/data_folder.hpp"

#include <CLI/CLI.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace entrepot {

std::string first_line_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  if (!in || !std::getline(in, line) || line.empty())
    throw std::runtime_error("cannot read " + file.string() + "; has deploy/run been run for this folder?");
  return line;
}

void write_whole(const std::filesystem::path& file, const std::string& text) {
  auto part = file;
  part += ".part";
  {
    std::ofstream out(part, std::ios::trunc);
    out << text;
    out.flush();
    if (!out)
      throw std::runtime_error("cannot write " + part.string());
  }
  std::filesystem::rename(part, file);
}

void DatabaseOption::add_to(CLI::App& command) {
  command.add_option("--data", data, "folder of the installation, as given to deploy/run");
  command.add_option("--database", database, "PostgreSQL connection string or URL");
}

std::string DatabaseOption::conninfo() const {
  if (!database.empty())
    return database;
  if (data.empty())
    throw std::runtime_error("which database? Give --data FOLDER or --database URL");
  return first_line_of(data / "database");
}

void ServerOption::add_to(CLI::App& command) {
  command.add_option("--data", data, "folder of the installation, as given to deploy/run");
  command.add_option("--url", url, "address of the server, e.g. http://127.0.0.1:8080");
  command.add_option("--key", key, "API key");
}

std::string ServerOption::server_url() const {
  if (!url.empty())
    return url;
  if (data.empty())
    throw std::runtime_error("which server? Give --data FOLDER or --url URL with --key KEY");
  return first_line_of(data / "url");
}

std::string ServerOption::key_for(const std::string& role) const {
  if (!key.empty())
    return key;
  if (data.empty())
    throw std::runtime_error("with which key? Give --data FOLDER or --key KEY");
  std::ifstream in(data / "demo-keys.json");
  auto keys = nlohmann::json::parse(in, nullptr, false);
  if (!keys.is_object() || !keys.contains(role) || !keys[role].is_string())
    throw std::runtime_error("no key for role " + role + " in " + (data / "demo-keys.json").string());
  return keys[role].get<std::string>();
}

} // namespace entrepot
