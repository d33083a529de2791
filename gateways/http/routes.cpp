#include "gateways/http/routes.hpp"

#include <algorithm>
#include <array>

namespace entrepot::http {
namespace {

/// Takes the first segment off: "/a/b" -> "a", leaving "/b".
std::string_view next_segment(std::string_view& path) {
  path.remove_prefix(1); // the '/'
  auto segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

bool is_param(std::string_view segment) { return segment.size() > 2 && segment.front() == '{' && segment.back() == '}'; }

constexpr auto method_count = static_cast<std::size_t>(Method::other);

} // namespace

/// One segment of the paths. A literal wins over a parameter.
struct Routes::Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::unique_ptr<Node> param;
  std::array<const Route*, method_count> by_method{};

  bool is_place() const {
    return std::ranges::any_of(by_method, [](auto* route) { return route != nullptr; });
  }

  std::string allow() const {
    std::string text = "OPTIONS";
    for (std::size_t i = 0; i < method_count; ++i)
      if (by_method[i])
        text += ", " + std::string(name_of(static_cast<Method>(i)));
    if (by_method[static_cast<std::size_t>(Method::get)])
      text += ", HEAD";
    return text;
  }

  const Route* find(Method method) const {
    if (method == Method::head)
      method = Method::get;
    return method == Method::other ? nullptr : by_method[static_cast<std::size_t>(method)];
  }
};

std::optional<Role> role_from(std::string_view name) {
  for (auto role : {Role::gateway, Role::staff, Role::finance, Role::operator_, Role::auditor, Role::admin})
    if (name_of(role) == name)
      return role;
  return {};
}

std::string_view name_of(Role role) {
  switch (role) {
  case Role::gateway:
    return "gateway";
  case Role::staff:
    return "staff";
  case Role::finance:
    return "finance";
  case Role::operator_:
    return "operator";
  case Role::auditor:
    return "auditor";
  case Role::admin:
    return "admin";
  }
  return "none";
}

Routes::Routes() : root_(std::make_unique<Node>()) {}
Routes::~Routes() = default;
Routes::Routes(Routes&&) noexcept = default;
Routes& Routes::operator=(Routes&&) noexcept = default;

void Routes::add(Method method, std::string pattern, Allowed allowed, Handler handler) {
  check(pattern.starts_with('/'), "a route's pattern begins with '/'");
  routes_.push_back(std::make_unique<Route>(Route{method, std::move(pattern), allowed, std::move(handler)}));
  const auto& route = *routes_.back();
  auto* node = root_.get();
  for (std::string_view rest = route.pattern; !rest.empty();) {
    auto segment = next_segment(rest);
    auto& child = is_param(segment) ? node->param : node->literals[std::string(segment)];
    if (!child)
      child = std::make_unique<Node>();
    node = child.get();
  }
  auto& place = node->by_method[static_cast<std::size_t>(method)];
  check(place == nullptr, "a route is added once");
  place = &route;
}

void Routes::handle(Request& request, Responder responder) const {
  auto rest = request.path();
  const auto* node = rest.starts_with('/') ? root_.get() : nullptr;
  std::array<std::string_view, 8> values; // of parameters, in order of the path
  std::size_t count = 0;
  while (node && !rest.empty()) {
    auto segment = next_segment(rest);
    if (auto literal = node->literals.find(segment); literal != node->literals.end()) {
      node = literal->second.get();
    } else {
      node = segment.empty() || count == values.size() ? nullptr : node->param.get();
      if (node)
        values[count++] = segment;
    }
  }
  if (!node || !node->is_place())
    return responder.answer(refusal(404, "not-found", "There is nothing at this path."));
  const auto* route = node->find(request.method());
  if (!route) {
    auto response = request.method() == Method::options ? Response{204, {}, {}, {}, false}
                                                        : refusal(405, "method-not-allowed", "This path does not know this method.");
    return responder.answer(std::move(response.with("Allow", node->allow())));
  }
  std::vector<std::pair<std::string_view, std::string>> params;
  count = 0;
  for (std::string_view pattern = route->pattern; !pattern.empty();) {
    auto segment = next_segment(pattern);
    if (!is_param(segment))
      continue;
    auto value = percent_decoded(values[count++]);
    if (!value)
      return responder.answer(refusal(400, "path-malformed", "The path is not percent-encoded UTF-8."));
    params.emplace_back(segment.substr(1, segment.size() - 2), std::move(*value));
  }
  request.set_params(std::move(params));
  route->handler(request, std::move(responder));
}

} // namespace entrepot::http
