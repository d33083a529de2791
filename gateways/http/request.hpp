// A request as handlers see it. Which library read it is the session's affair.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace entrepot::http {

enum class Method : std::uint8_t { get, head, post, put, patch, del, options, other };
/// Returns e.g. "GET"; of `other`: "OTHER".
std::string_view name_of(Method method);

/// One request. It belongs to its connection, which reads the next one into the same memory: a handler may look at it until it returns, not later.
class Request {
public:
  Method method() const { return method_; }
  std::string_view target() const { return view(target_); }
  /// The target up to '?', still percent-encoded.
  std::string_view path() const { return target().substr(0, target().find('?')); }
  /// The first header of that name (lower case); empty: none.
  std::string_view header(std::string_view name) const;
  /// How many headers have that name (lower case).
  std::size_t count(std::string_view name) const;
  const std::string& body() const { return body_; }

  /// What stood for `{name}` in the route's pattern, decoded; empty: the route has no such name.
  std::string_view param(std::string_view name) const;
  /// Everything behind '?', decoded, in order; nothing if it is not percent-encoded UTF-8.
  std::optional<std::vector<std::pair<std::string, std::string>>> query() const;

  // For who reads it from the wire.
  void clear();
  void start(Method method, std::string_view target);
  void add_header(std::string_view name, std::string_view value);
  std::string& body() { return body_; }
  void set_params(std::vector<std::pair<std::string_view, std::string>> params) { params_ = std::move(params); }

private:
  struct Span {
    std::uint32_t at = 0, size = 0;
  };
  struct Field {
    Span name, value;
  };
  std::string_view view(Span span) const { return std::string_view(text_).substr(span.at, span.size); }
  Span keep(std::string_view text);

  Method method_ = Method::other;
  std::string text_; // target and headers, one after the other: one allocation for all
  Span target_;
  std::vector<Field> fields_;
  std::string body_;
  std::vector<std::pair<std::string_view, std::string>> params_;
};

/// Returns the text with %XX (and, in queries, '+') replaced; nothing if a % is not followed by two digits, or a control character comes out.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space = false);

/// Returns whether `text` is UTF-8 (no overlong forms, no surrogates).
bool is_utf8(std::string_view text);

} // namespace entrepot::http
