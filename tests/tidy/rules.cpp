#include "tests/tidy/rules.hpp"

#include <algorithm>
#include <array>
#include <regex>
#include <span>

namespace entrepot::tidy {
namespace {

using Patterns = std::vector<std::string_view>;

bool matches_any(std::string_view path, const Patterns& patterns) {
  return std::any_of(patterns.begin(), patterns.end(), [&](std::string_view pattern) { return matches(path, pattern); });
}

// ---- the rules ---------------------------------------------------------------------------------------------------------------------------

/// Which rooms the files of a room may include. The first row whose files match holds.
struct Room {
  std::string_view files;
  Patterns may_use;
  std::string_view rule;
};
const std::vector<Room> rooms = {
    {"domain/*", {"domain/*"}, "domain uses the standard library and domain only"},
    {"workflows/*", {"domain/*", "workflows/*"}, "workflows use the standard library, domain and workflows only"},
    {"persistence/*", {"domain/*", "persistence/*"}, "persistence uses domain and persistence only: no workflows, no actors, no gateways"},
    {"actors/*", {"domain/*", "workflows/*", "persistence/*", "actors/*"}, "actors use domain, workflows, persistence and actors only: gateways come to them, over the bridge"},
    {"gateways/actor_bridge.*", {"domain/*", "workflows/*", "gateways/*", "actors/*"}, "the bridge uses domain, workflows, gateways and actors: persistence and gateways never meet"},
    {"gateways/*", {"domain/*", "gateways/*"}, "gateways use domain and gateways only; gateways/actor_bridge is the one that knows actors"},
    {"deploy/*", {"*"}, ""},
    {"tests/*", {"*"}, ""},
};

/// Where a library from outside may be seen. deploy/ and tests/ may see all of them.
struct Library {
  Patterns headers;
  Patterns allowed;
  std::string_view rule;
};
const std::vector<Library> libraries = {
    {{"caf/*"}, {"actors/*", "gateways/actor_bridge.cpp"}, "CAF stays in actors/ and gateways/actor_bridge.cpp"},
    {{"boost/*"}, {"gateways/http/*.cpp", "gateways/partners/*.cpp"}, "Boost stays in gateways/http/*.cpp and gateways/partners/*.cpp"},
    {{"nlohmann/*"},
     {"persistence/codec*", "persistence/metadata.cpp", "persistence/audit_answers.cpp", "actors/*", "gateways/api/*", "gateways/partners/*", "gateways/imports/answers.cpp"},
     "JSON stays in codecs, the audit of answers, actors, gateways/api, gateways/partners and gateways/imports/answers.cpp"},
    {{"pqxx/*", "libpq-fe.h", "libpq/*", "pg_config*"}, {"persistence/*.cpp", "persistence/pqxx_compat.hpp"}, "libpq and libpqxx stay in persistence/*.cpp and persistence/pqxx_compat.hpp"},
    {{"openssl/*"}, {"persistence/*.cpp", "gateways/*.cpp"}, "OpenSSL stays in .cpp files of persistence and gateways"},
    {{"phonenumbers/*"}, {"gateways/api/phone.cpp"}, "libphonenumber stays in gateways/api/phone.cpp"},
    {{"archive.h", "archive_entry.h"}, {"gateways/imports/text_source.cpp"}, "libarchive stays in gateways/imports/text_source.cpp"},
    {{"csv.h"}, {"gateways/imports/csv_rows.cpp"}, "libcsv stays in gateways/imports/csv_rows.cpp"},
    {{"spdlog/*", "fmt/*"}, {"persistence/*.cpp", "actors/*", "gateways/*.cpp"}, "logging stays in persistence/*.cpp, actors/ and gateways/*.cpp"},
    {{"sys/*", "unistd.h", "fcntl.h", "poll.h", "signal.h", "pthread.h", "netdb.h", "netinet/*", "arpa/*"},
     {"persistence/*.cpp", "gateways/*.cpp"},
     "the operating system's own headers stay in .cpp files of persistence and gateways"},
};
constexpr std::string_view unknown_library = "a library that no rule of tests/tidy/rules.cpp knows is seen by deploy/ and tests/ only";

/// What stands nowhere in code, or not in some places.
struct Word {
  std::regex code;
  Patterns where, except;
  std::string_view rule;
};
const std::vector<Word> words = {
    {std::regex(R"(\bsystem_clock\s*::\s*now\b)"), {"*"}, {"deploy/*"}, "the wall clock is read in deploy/ only and handed on as a value"},
    {std::regex(R"(\b(sleep_for|sleep_until|usleep|nanosleep)\b)"), {"tests/*"}, {"tests/bench/*"}, "tests do not sleep: they wait for a signal or move a clock of their own"},
    {std::regex(R"(\.\s*await\s*\()"), {"*"}, {}, "request().await is not used: it holds back even exit messages"},
    {std::regex(R"(\bGTEST_SKIP\b|\bDISABLED_)"), {"*"}, {}, "no test is skipped or disabled"},
};

const std::array<std::string_view, 94> standard_headers = {
    "algorithm", "any", "array", "atomic", "barrier", "bit", "bitset", "cassert", "cctype", "cerrno", "cfenv", "cfloat", "charconv", "chrono", "cinttypes", "climits",
    "clocale", "cmath", "codecvt", "compare", "complex", "concepts", "condition_variable", "coroutine", "csetjmp", "csignal", "cstdarg", "cstddef", "cstdint", "cstdio",
    "cstdlib", "cstring", "ctime", "cuchar", "cwchar", "cwctype", "deque", "exception", "execution", "filesystem", "format", "forward_list", "fstream", "functional",
    "future", "initializer_list", "iomanip", "ios", "iosfwd", "iostream", "istream", "iterator", "latch", "limits", "list", "locale", "map", "memory", "memory_resource",
    "mutex", "new", "numbers", "numeric", "optional", "ostream", "queue", "random", "ranges", "ratio", "regex", "scoped_allocator", "semaphore", "set", "shared_mutex",
    "source_location", "span", "sstream", "stack", "stdexcept", "stop_token", "streambuf", "string", "string_view", "syncstream", "system_error", "thread", "tuple",
    "type_traits", "typeindex", "typeinfo", "unordered_map", "unordered_set", "utility", "valarray"};

bool is_standard(std::string_view header) {
  return header == "variant" || header == "vector" || header == "version" || std::find(standard_headers.begin(), standard_headers.end(), header) != standard_headers.end();
}

// ---- reading -----------------------------------------------------------------------------------------------------------------------------

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// Returns the sentence that an include breaks; empty: none.
std::string_view broken_by_header(std::string_view path, std::string_view header, bool quoted) {
  if (header == "caf/all.hpp")
    return "caf/all.hpp is not included: it costs seconds in every file; name the headers that are needed";
  if (quoted) {
    for (const auto& room : rooms)
      if (matches(path, room.files)) {
        bool from_root = std::any_of(rooms.begin(), rooms.end(), [&](const Room& other) { return matches(header, other.files); });
        if (!from_root)
          return "own headers are included by their path from the root";
        return matches_any(header, room.may_use) ? "" : room.rule;
      }
    return "";
  }
  if (is_standard(header) || matches_any(path, {"deploy/*", "tests/*"}))
    return "";
  for (const auto& library : libraries)
    if (matches_any(header, library.headers))
      return matches_any(path, library.allowed) ? "" : library.rule;
  return unknown_library;
}

/// Appends the end of a string or character that starts at `from`, in blanks; returns where it ends.
std::size_t blank_quoted(std::string_view text, std::size_t from, std::string& out) {
  std::size_t at = from + 1;
  while (at < text.size() && text[at] != text[from] && text[at] != '\n')
    at += text[at] == '\\' ? 2 : 1;
  at = std::min(at + 1, text.size());
  out.append(1, text[from]).append(at - from - 1, ' ');
  return at;
}

/// The same for text up to and with `end`, keeping its line ends.
std::size_t blank_until(std::string_view text, std::size_t from, std::string_view end, std::string& out) {
  auto at = text.find(end, from);
  at = at == std::string_view::npos ? text.size() : at + end.size();
  for (auto c : text.substr(from, at - from))
    out += c == '\n' ? '\n' : ' ';
  return at;
}

} // namespace

bool matches(std::string_view path, std::string_view pattern) {
  auto star = pattern.find('*');
  if (star == std::string_view::npos)
    return path == pattern;
  if (path.substr(0, star) != pattern.substr(0, star) || path.size() < star)
    return false;
  for (std::size_t from = star; from <= path.size(); ++from)
    if (matches(path.substr(from), pattern.substr(star + 1)))
      return true;
  return false;
}

std::string code_of(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    auto rest = text.substr(at);
    if (rest.starts_with("//")) {
      at = at + std::min(rest.find('\n'), rest.size());
      out.append(at - out.size(), ' ');
    } else if (rest.starts_with("/*")) {
      at = blank_until(text, at, "*/", out);
    } else if (rest.starts_with("R\"")) {
      auto open = std::min(rest.find('('), rest.size() - 1);
      at = blank_until(text, at, ")" + std::string(rest.substr(2, open - 2)) + "\"", out);
    } else if (rest[0] == '"' || (rest[0] == '\'' && (at == 0 || !std::isalnum(static_cast<unsigned char>(text[at - 1]))))) { // not 1'000
      at = blank_quoted(text, at, out);
    } else {
      out += text[at++];
    }
  }
  return out;
}

std::vector<Finding> findings_in(std::string_view path, std::string_view text) {
  static const std::regex include(R"(^\s*#\s*include\s*([<"])([^>"]*)[>"].*)");
  static const std::regex unfinished("\\b(TO" "DO|FIX" "ME|XX" "X|HA" "CK)\\b");
  std::vector<Finding> found;
  auto broken = [&](std::size_t line, std::string_view rule) { found.push_back({std::string(path), static_cast<int>(line), std::string(rule)}); };

  auto code = code_of(text);
  auto written = lines_of(text), acted_upon = lines_of(code);
  for (std::size_t i = 0; i < written.size(); ++i) {
    std::string line(written[i]), acted(acted_upon[i]);
    std::smatch parts;
    if (acted.find_first_not_of(' ') != std::string::npos && acted[acted.find_first_not_of(' ')] == '#' && std::regex_match(line, parts, include)) {
      auto header = parts[2].str();
      if (auto rule = broken_by_header(path, header, parts[1] == "\""); !rule.empty())
        broken(i + 1, rule);
    }
    for (const auto& word : words)
      if (matches_any(path, word.where) && !matches_any(path, word.except) && std::regex_search(acted, word.code))
        broken(i + 1, word.rule);
    if (std::regex_search(line, unfinished))
      broken(i + 1, "no unfinished work is marked in the code: finish it or write an issue");
  }
  if (written.size() > longest_file)
    broken(written.size(), "a file has at most 500 lines: look for its second subject");
  return found;
}

} // namespace entrepot::tidy
