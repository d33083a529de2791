#include "persistence/postgres/connection.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <poll.h>
#include <vector>

#include <libpq-fe.h>

#include "domain/check.hpp"

namespace entrepot::journal::postgres {
namespace {

constexpr auto poll_step = std::chrono::milliseconds{100}; // how often give_up is asked

std::string field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text ? text : "";
}

/// Returns libpq's message on one line, as a log wants it.
std::string one_line(std::string_view message) {
  std::string line;
  for (char c : message)
    if (c != '\n' && c != '\t')
      line += c;
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  while (line.ends_with(' '))
    line.pop_back();
  return line;
}

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (unsigned char byte : bytes)
    value = value << 8 | byte;
  return value;
}

} // namespace

std::string with_database(const std::string& conninfo, const std::string& database) {
  char* complaint = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconninfoParse(conninfo.c_str(), &complaint), PQconninfoFree);
  const std::unique_ptr<char, decltype(&PQfreemem)> text(complaint, PQfreemem);
  if (!options)
    throw std::invalid_argument(text ? one_line(text.get()) : "the database's address cannot be read");
  std::string words;
  const auto add = [&](std::string_view key, std::string_view value) {
    words.append(words.empty() ? "" : " ").append(key).append("='");
    for (char c : value)
      words.append(c == '\'' || c == '\\' ? "\\" : "") += c;
    words += '\'';
  };
  for (const auto* option = options.get(); option->keyword; ++option)
    if (option->val && std::string_view(option->keyword) != "dbname")
      add(option->keyword, option->val);
  add("dbname", database);
  return words;
}

Rows::Rows(pg_result* result) : result_(result, PQclear) {}

int Rows::count() const { return PQntuples(result_.get()); }

std::int64_t Rows::affected() const {
  const char* text = PQcmdTuples(result_.get());
  return *text ? std::stoll(text) : 0;
}

bool Rows::is_null(int row, int column) const { return PQgetisnull(result_.get(), row, column); }

std::string_view Rows::bytes(int row, int column) const {
  return {PQgetvalue(result_.get(), row, column), static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

bool Rows::boolean(int row, int column) const { return big_endian(bytes(row, column)) != 0; }
std::int16_t Rows::int16(int row, int column) const { return static_cast<std::int16_t>(big_endian(bytes(row, column))); }
std::int32_t Rows::int32(int row, int column) const { return static_cast<std::int32_t>(big_endian(bytes(row, column))); }
std::int64_t Rows::int64(int row, int column) const { return static_cast<std::int64_t>(big_endian(bytes(row, column))); }

Uuid Rows::uuid(int row, int column) const {
  auto value = bytes(row, column);
  check(value.size() == 16, "a uuid has 16 bytes");
  Uuid uuid;
  std::memcpy(uuid.data(), value.data(), uuid.size());
  return uuid;
}

Connection::Connection(ConnectionOptions options) : options_(std::move(options)) {
  check(options_.application_name.size() <= 63, "PostgreSQL keeps 63 bytes of an application's name");
  const std::string connect_timeout = std::to_string(connect_patience.count());
  // What stands before "dbname" can be changed by the operator's conninfo, what stands behind cannot.
  const char* keys[] = {"connect_timeout", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout",
                        "target_session_attrs", "dbname", "application_name", "client_encoding", nullptr};
  const char* values[] = {connect_timeout.c_str(), "1", "2", "1", "3", "5000", "read-write", options_.conninfo.c_str(), options_.application_name.c_str(), "UTF8",
                          nullptr};
  connection_.reset(PQconnectdbParams(keys, values, 1), PQfinish);
  if (!connection_ || PQstatus(connection_.get()) != CONNECTION_OK)
    lost("connecting");
  if (PQsetnonblocking(connection_.get(), 1) != 0)
    lost("connecting");
  PQsetNoticeProcessor(connection_.get(), [](void*, const char*) {}, nullptr); // notices are for people at a prompt
  if (!options_.settings.empty())
    script(options_.settings);
}

Rows Connection::run(const std::string& sql, const Parameters& parameters) {
  const auto& values = parameters.values();
  std::vector<Oid> types;
  std::vector<const char*> data;
  std::vector<int> lengths, formats(values.size(), 1);
  for (const auto& value : values) {
    types.push_back(value.type);
    data.push_back(value.bytes().data());
    lengths.push_back(static_cast<int>(value.bytes().size()));
  }
  if (!PQsendQueryParams(connection_.get(), sql.c_str(), static_cast<int>(values.size()), types.data(), data.data(), lengths.data(), formats.data(), 1))
    lost("sending");
  return answer();
}

void Connection::prepare(const std::string& name, const std::string& sql, const Parameters& sample) {
  std::vector<Oid> types;
  for (const auto& value : sample.values())
    types.push_back(value.type);
  if (!PQsendPrepare(connection_.get(), name.c_str(), sql.c_str(), static_cast<int>(types.size()), types.data()))
    lost("sending");
  answer();
}

Rows Connection::run_prepared(const std::string& name, const Parameters& parameters) {
  const auto& values = parameters.values();
  std::vector<const char*> data;
  std::vector<int> lengths, formats(values.size(), 1);
  for (const auto& value : values) {
    data.push_back(value.bytes().data());
    lengths.push_back(static_cast<int>(value.bytes().size()));
  }
  if (!PQsendQueryPrepared(connection_.get(), name.c_str(), static_cast<int>(values.size()), data.data(), lengths.data(), formats.data(), 1))
    lost("sending");
  return answer();
}

void Connection::script(const std::string& sql) {
  if (!PQsendQuery(connection_.get(), sql.c_str()))
    lost("sending");
  answer();
}

int Connection::socket() const { return connection_ ? PQsocket(connection_.get()) : -1; }

Rows Connection::answer() {
  const auto since = std::chrono::steady_clock::now();
  for (int left = PQflush(connection_.get()); left != 0; left = PQflush(connection_.get())) {
    if (left < 0)
      lost("sending");
    wait(POLLIN | POLLOUT, since);
    if (!PQconsumeInput(connection_.get()))
      lost("sending");
  }
  std::optional<Rows> last;
  std::optional<StatementFailed> failure;
  for (;;) {
    while (PQisBusy(connection_.get())) {
      wait(POLLIN, since);
      if (!PQconsumeInput(connection_.get()))
        lost("waiting");
    }
    PGresult* result = PQgetResult(connection_.get());
    if (!result)
      break;
    last.emplace(result);
    const auto status = PQresultStatus(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY)
      continue;
    const auto state = field(result, PG_DIAG_SQLSTATE);
    const auto severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (state.empty() || severity == "FATAL" || severity == "PANIC" || PQstatus(connection_.get()) == CONNECTION_BAD)
      throw ConnectionLost(one_line(PQresultErrorMessage(result)));
    if (!failure)
      failure.emplace(field(result, PG_DIAG_MESSAGE_PRIMARY) + " (" + state + ") " + field(result, PG_DIAG_MESSAGE_DETAIL), state,
                      field(result, PG_DIAG_CONSTRAINT_NAME));
  }
  if (failure)
    throw *failure;
  if (!last)
    lost("waiting");
  return *last;
}

void Connection::wait(short events, std::chrono::steady_clock::time_point since) {
  for (;;) {
    pollfd socket{PQsocket(connection_.get()), events, 0};
    if (socket.fd < 0)
      lost("waiting");
    if (::poll(&socket, 1, static_cast<int>(poll_step.count())) > 0)
      return;
    if (options_.give_up && options_.give_up())
      throw ConnectionLost("told to stop waiting for an answer");
    if (options_.patience && std::chrono::steady_clock::now() - since > *options_.patience)
      throw ConnectionLost("no answer within the time allowed");
  }
}

void Connection::lost(const std::string& doing) {
  throw ConnectionLost(doing + ": " + (connection_ ? one_line(PQerrorMessage(connection_.get())) : "out of memory"));
}

std::chrono::milliseconds Backoff::next() {
  const std::uint64_t most = std::min<std::uint64_t>(1000, 10ULL << std::min(attempt_++, 10));
  return std::chrono::milliseconds{most / 2 + random_() % (most / 2 + 1)};
}

} // namespace entrepot::journal::postgres
