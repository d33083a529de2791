// Which handler answers which path, and who may ask it.
#pragma once

#include <bitset>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateways/http/responder.hpp"

namespace entrepot::http {

enum class Role : std::uint8_t { gateway, staff, finance, operator_, auditor, admin };
inline constexpr std::size_t role_count = 6;
std::string_view name_of(Role role);
std::optional<Role> role_from(std::string_view name);

/// Who may use a route. Nobody, unless somebody is named.
class Allowed {
public:
  Allowed() = default;
  Allowed(std::initializer_list<Role> roles) {
    for (auto role : roles)
      roles_.set(static_cast<std::size_t>(role));
  }
  /// Without any key: health, readiness, the description itself.
  static Allowed everyone() {
    Allowed allowed;
    allowed.everyone_ = true;
    return allowed;
  }
  bool is_everyone() const { return everyone_; }
  bool has(Role role) const { return everyone_ || roles_.test(static_cast<std::size_t>(role)); }

private:
  std::bitset<role_count> roles_;
  bool everyone_ = false;
};

struct Route {
  Method method = Method::get;
  std::string pattern; ///< "/v1/orders/{id}"
  Allowed allowed;
  Handler handler;
};

/// The table of routes. Filled once, then only read, by any number of threads.
class Routes {
public:
  Routes();
  ~Routes();
  Routes(Routes&&) noexcept;
  Routes& operator=(Routes&&) noexcept;

  /// Check: the pattern begins with '/', and this method of it is not taken.
  void add(Method method, std::string pattern, Allowed allowed, Handler handler);

  /// Finds the route and calls its handler. Answers itself: 404 `not-found`, 405 `method-not-allowed` with Allow, OPTIONS with 204 and Allow,
  /// 400 `path-malformed`. HEAD is GET; the session leaves the body out.
  void handle(Request& request, Responder responder) const;

  const std::vector<std::unique_ptr<Route>>& all() const { return routes_; }

private:
  struct Node;
  std::vector<std::unique_ptr<Route>> routes_;
  std::unique_ptr<Node> root_;
};

} // namespace entrepot::http
