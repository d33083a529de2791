#include "tests/bench/http_answer.hpp"

#include <charconv>

namespace entrepot::bench {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool same(std::string_view text, std::string_view lower_case) {
  if (text.size() != lower_case.size())
    return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (lower(text[i]) != lower_case[i])
      return false;
  return true;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

template <class Number>
bool read_number(std::string_view text, Number& number) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

} // namespace

AnswerHead read_head(std::string_view bytes) {
  AnswerHead head;
  std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos)
    return head;
  head.head_bytes = end + 4;
  head.kind = AnswerHead::Kind::not_understood;
  std::size_t line_end = bytes.find("\r\n");
  if (line_end < 12 || bytes.substr(0, 7) != "HTTP/1." || !read_number(bytes.substr(9, 3), head.http))
    return head;
  bool has_length = head.http == 204 || head.http == 304;
  while (line_end < end) {
    std::size_t start = line_end + 2;
    line_end = bytes.find("\r\n", start);
    std::string_view line = bytes.substr(start, line_end - start);
    std::size_t colon = line.find(':');
    if (colon == std::string_view::npos)
      return head;
    std::string_view name = line.substr(0, colon);
    if (same(name, "content-length"))
      has_length = read_number(trimmed(line.substr(colon + 1)), head.body_bytes);
    else if (same(name, "connection"))
      head.closes = same(trimmed(line.substr(colon + 1)), "close");
  }
  if (has_length)
    head.kind = AnswerHead::Kind::complete;
  return head;
}

} // namespace entrepot::bench
