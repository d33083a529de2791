#include "persistence/api_keys.hpp"

#include <algorithm>
#include <cstring>

#include <openssl/sha.h>

#include "domain/ids.hpp"
#include "persistence/array_text.hpp"
#include "persistence/journal.hpp"
#include "persistence/pqxx_compat.hpp"

namespace entrepot {
namespace {

constexpr std::size_t secret_digits = 32; // of 5 bits each

std::array<std::uint8_t, 32> sha256(std::string_view text) {
  std::array<std::uint8_t, 32> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

std::string hex(std::span<const std::uint8_t> bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (auto byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

/// Reads PostgreSQL's "\x..." of 32 bytes.
std::array<std::uint8_t, 32> digest_from(const char* text) {
  std::array<std::uint8_t, 32> digest{};
  auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  if (std::strlen(text) == 2 + 2 * digest.size())
    for (std::size_t i = 0; i < digest.size(); ++i)
      digest[i] = static_cast<std::uint8_t>(value(text[2 + 2 * i]) << 4 | value(text[3 + 2 * i]));
  return digest;
}

std::string new_secret(const std::string& id, const RandomBytes& random) {
  std::array<std::uint8_t, secret_digits> bytes{};
  random(bytes.data(), bytes.size());
  auto secret = "ek_" + id + "_";
  for (auto byte : bytes)
    secret += "0123456789abcdefghjkmnpqrstvwxyz"[byte & 31];
  return secret;
}

std::string array_of(const std::vector<std::string>& codes) {
  sql::ArrayText array;
  for (const auto& code : codes)
    array.add_text(code);
  return array.text();
}

std::vector<std::string> split(std::string_view text) { // codes have no commas
  std::vector<std::string> codes;
  while (!text.empty()) {
    auto comma = std::min(text.find(','), text.size());
    codes.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return codes;
}

const std::string columns = "id, role, array_to_string(channels, ','), array_to_string(stores, ','), array_to_string(entities, ','), person";

template <class Row>
ApiKey key_from(const Row& row) {
  return {row[0].c_str(), row[1].c_str(), split(row[2].c_str()), split(row[3].c_str()), split(row[4].c_str()), row[5].c_str()};
}

std::optional<Rejection> fault_in(const ApiKey& key) {
  if (std::ranges::find(api_roles, key.role) == api_roles.end())
    return reject("role-unknown", "a role is gateway, staff, finance, operator, auditor or admin");
  if (!Code<struct ApiKeyTag>::from(key.id) || key.id.find('_') != std::string::npos)
    return reject("id-invalid", "a key's id is 1 to 64 of letters, digits, '.' and '-'");
  for (const auto* scope : {&key.channels, &key.stores, &key.entities})
    for (const auto& code : *scope)
      if (!Code<struct ScopeTag>::from(code))
        return reject("scope-invalid", "a scope is a list of codes");
  return {};
}

} // namespace

Result<std::string> create_api_key(const std::string& conninfo, const ApiKey& key, const RandomBytes& random) {
  if (auto fault = fault_in(key))
    return *fault;
  auto secret = new_secret(key.id, random);
  try {
    pqxx::connection connection(conninfo);
    pqxx::nontransaction work(connection);
    auto rows = sql::run(work,
                         "insert into api_key (id, sha256, role, channels, stores, entities, person) values ($1, decode($2, 'hex'), $3, $4::text[], $5::text[], $6::text[], $7) "
                         "on conflict (id) do nothing",
                         key.id, hex(sha256(secret)), key.role, array_of(key.channels), array_of(key.stores), array_of(key.entities), key.person);
    if (rows.affected_rows() == 0)
      return reject("id-taken", "there is a key " + key.id + " already, perhaps a revoked one");
    return secret;
  } catch (const pqxx::failure& why) {
    throw journal::Unavailable(why.what());
  }
}

bool revoke_api_key(const std::string& conninfo, const std::string& id) {
  try {
    pqxx::connection connection(conninfo);
    pqxx::nontransaction work(connection);
    return sql::run(work, "update api_key set revoked_at = clock_timestamp() where id = $1 and revoked_at is null", id).affected_rows() == 1;
  } catch (const pqxx::failure& why) {
    throw journal::Unavailable(why.what());
  }
}

std::vector<ListedApiKey> list_api_keys(const std::string& conninfo) {
  try {
    pqxx::connection connection(conninfo);
    pqxx::nontransaction work(connection);
    const std::string as_text = R"(to_char(%s at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))";
    auto text_of = [&](const std::string& column) { return std::string(as_text).replace(as_text.find("%s"), 2, column); };
    std::vector<ListedApiKey> keys;
    for (const auto& row : work.exec("select " + columns + ", " + text_of("created_at") + ", " + text_of("revoked_at") + " from api_key order by id"))
      keys.push_back({key_from(row), row[6].c_str(), row[7].is_null() ? "" : row[7].c_str()});
    return keys;
  } catch (const pqxx::failure& why) {
    throw journal::Unavailable(why.what());
  }
}

std::size_t ApiKeys::DigestHash::operator()(const Digest& digest) const noexcept { // the digest is as good as random
  std::size_t hash = 0;
  std::memcpy(&hash, digest.data(), sizeof hash);
  return hash;
}

struct ApiKeys::Link {
  explicit Link(const std::string& conninfo) : connection(conninfo) {}
  pqxx::connection connection;
};

ApiKeys::ApiKeys(std::string conninfo, std::chrono::milliseconds refresh) : conninfo_(std::move(conninfo)), refresh_(refresh) {
  try {
    keys_ = std::make_shared<const Keys>(read());
  } catch (const pqxx::failure& why) {
    throw journal::Unavailable(why.what());
  }
  thread_ = std::thread([this] { run(); });
}

ApiKeys::~ApiKeys() {
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

std::shared_ptr<const ApiKey> ApiKeys::find(const Digest& digest) const {
  std::shared_ptr<const Keys> keys;
  {
    std::lock_guard lock(mutex_);
    keys = keys_;
  }
  auto found = keys->find(digest);
  return found == keys->end() ? nullptr : found->second;
}

bool ApiKeys::refresh_now() {
  std::unique_lock lock(mutex_);
  auto mine = ++asked_;
  changed_.notify_all();
  changed_.wait(lock, [&] { return answered_ >= mine || closing_; });
  return last_worked_;
}

ApiKeys::Keys ApiKeys::read() {
  if (!link_)
    link_ = std::make_unique<Link>(conninfo_);
  pqxx::nontransaction work(link_->connection);
  Keys keys;
  for (const auto& row : work.exec("select " + columns + ", sha256 from api_key where revoked_at is null"))
    keys.emplace(digest_from(row[6].c_str()), std::make_shared<const ApiKey>(key_from(row)));
  return keys;
}

void ApiKeys::run() {
  std::unique_lock lock(mutex_);
  while (!closing_) {
    changed_.wait_for(lock, refresh_, [&] { return closing_ || asked_ > answered_; });
    if (closing_)
      return;
    auto answering = asked_;
    lock.unlock();
    std::shared_ptr<const Keys> keys;
    try {
      keys = std::make_shared<const Keys>(read());
    } catch (const std::exception&) { // the last known keys hold; the next round connects anew
      link_.reset();
    }
    lock.lock();
    last_worked_ = keys != nullptr;
    if (keys)
      keys_.swap(keys);
    answered_ = answering;
    changed_.notify_all();
  }
}

} // namespace entrepot
