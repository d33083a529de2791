// How a business "no" travels: as a value with a stable code. Faults and defects are exceptions instead.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "domain/check.hpp"

namespace entrepot {

/// One field or line that a rejection is about.
struct RejectionDetail {
  std::string pointer; ///< JSON pointer into the request, e.g. "/lines/0/sku"
  std::string code;    ///< kebab-case, e.g. "stock-short"
  std::string text;
  bool operator==(const RejectionDetail&) const = default;
};

/// Why something is refused. `code` is stable and for machines, `text` is for people and may change.
struct Rejection {
  std::string code; ///< kebab-case, e.g. "stock-short"
  std::string text;
  std::vector<RejectionDetail> details = {};
  bool operator==(const Rejection&) const = default;
};

/// Either a value or the Rejection that stands in its place.
template <class T>
class [[nodiscard]] Result {
public:
  Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}
  Result(Rejection why) : content_(std::in_place_index<1>, std::move(why)) {}

  explicit operator bool() const { return content_.index() == 0; }

  /// @pre bool(*this). Of a temporary it is a value, not a reference: `for (auto& event : *decide(...))` would otherwise look at what is gone.
  const T& operator*() const& { check(content_.index() == 0, "a result is read only when there is one"); return std::get<0>(content_); }
  T& operator*() & { check(content_.index() == 0, "a result is read only when there is one"); return std::get<0>(content_); }
  T operator*() && { check(content_.index() == 0, "a result is read only when there is one"); return std::get<0>(std::move(content_)); }
  const T* operator->() const { return &**this; }
  T* operator->() { return &**this; }

  /// @pre !bool(*this)
  const Rejection& error() const& { check(content_.index() == 1, "a rejection is read only when there is one"); return std::get<1>(content_); }
  Rejection error() && { check(content_.index() == 1, "a rejection is read only when there is one"); return std::get<1>(std::move(content_)); }

  bool operator==(const Result&) const = default;

private:
  std::variant<T, Rejection> content_;
};

/// What a command causes: the events, in order, or why it is refused. No events: it is already so.
template <class Event>
using Decision = Result<std::vector<Event>>;

/// Returns a rejection; `code` is kebab-case and stable.
inline Rejection reject(std::string code, std::string text, std::vector<RejectionDetail> details = {}) {
  return {std::move(code), std::move(text), std::move(details)};
}

/// A set of lambdas as one visitor, for std::visit over a closed set.
template <class... Fs>
struct Overload : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
Overload(Fs...) -> Overload<Fs...>;

} // namespace entrepot
