#include "persistence/secrets.hpp"

#include "persistence/journal.hpp"
#include "persistence/pqxx_compat.hpp"

namespace entrepot {

std::vector<unsigned char> read_secret(const std::string& conninfo, const std::string& name) {
  try {
    pqxx::connection connection(conninfo);
    pqxx::work work(connection);
    auto rows = sql::run(work, "select encode(key, 'hex') from secret where name = $1", name);
    if (rows.empty())
      throw std::runtime_error("the database has no secret " + name + ": run entrepot migrate");
    std::string hex = rows[0][0].c_str();
    std::vector<unsigned char> key;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
      key.push_back(static_cast<unsigned char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
    return key;
  } catch (const pqxx::failure& why) {
    throw journal::Unavailable(why.what());
  }
}

} // namespace entrepot
