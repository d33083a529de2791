#include "tests/bench/told.hpp"

namespace entrepot::bench {
namespace {

/// Returns the place behind the string that begins at `at` (a quote), or the end if it does not end.
std::size_t behind_string(std::string_view body, std::size_t at) {
  for (std::size_t i = at + 1; i < body.size(); ++i) {
    if (body[i] == '\\')
      ++i;
    else if (body[i] == '"')
      return i + 1;
  }
  return body.size();
}

std::size_t behind_space(std::string_view body, std::size_t at) {
  while (at < body.size() && (body[at] == ' ' || body[at] == '\n' || body[at] == '\r' || body[at] == '\t'))
    ++at;
  return at;
}

std::string_view* wanted(Told& told, std::string_view name) {
  if (name == "id")
    return &told.id;
  if (name == "status")
    return &told.status;
  if (name == "code")
    return &told.code;
  if (name == "order")
    return &told.order;
  return nullptr;
}

} // namespace

Told told(std::string_view body) {
  Told found;
  int depth = 0;
  for (std::size_t i = 0; i < body.size();) {
    char c = body[i];
    if (c == '{' || c == '[')
      ++depth;
    else if (c == '}' || c == ']')
      --depth;
    if (c != '"') {
      ++i;
      continue;
    }
    std::size_t end = behind_string(body, i);
    std::size_t colon = behind_space(body, end);
    if (depth != 1 || colon >= body.size() || body[colon] != ':') {
      i = end;
      continue;
    }
    std::string_view name = body.substr(i + 1, end - i - 2);
    i = behind_space(body, colon + 1);
    std::string_view* member = wanted(found, name);
    if (!member || i >= body.size() || body[i] != '"')
      continue;
    end = behind_string(body, i);
    *member = body.substr(i + 1, end - i - 2);
    i = end;
    if (!found.id.empty() && !found.status.empty())
      break;
  }
  return found;
}

} // namespace entrepot::bench
