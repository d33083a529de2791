// A small blocking HTTP client for tools and tests: one connection, kept alive. Not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateways/http/request.hpp"

namespace entrepot::http {

struct Answer {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers; ///< names in lower case
  std::string body;
  /// The first header of that name (lower case); empty: none.
  std::string_view header(std::string_view name) const;
};

/// The server cannot be reached, said nothing in time, or did not speak HTTP. Whether it has acted on the request is unknown.
struct ClientError : std::runtime_error {
  using std::runtime_error::runtime_error;
  ClientError(const std::string& why, Answer received) : std::runtime_error(why), so_far(std::move(received)) {}
  Answer so_far; ///< what came before the connection went: status 0 if not even the headers, and perhaps a part of the body
};

class Client {
public:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  /// Connects with the first request.
  Client(std::string host, std::uint16_t port, std::chrono::milliseconds time_out = std::chrono::seconds{30});
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  /// Sends this header with every request, e.g. Authorization.
  void always(std::string name, std::string value);

  /// Sends and waits. A connection that the server closed while it was idle is opened anew once, if nothing was answered on it. Throws ClientError.
  Answer send(Method method, std::string_view target, std::string_view body = {}, const Headers& headers = {});

  Answer get(std::string_view target, const Headers& headers = {}) { return send(Method::get, target, {}, headers); }
  Answer post(std::string_view target, std::string_view body, const Headers& headers = {}) { return send(Method::post, target, body, headers); }
  Answer put(std::string_view target, std::string_view body, const Headers& headers = {}) { return send(Method::put, target, body, headers); }

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace entrepot::http
