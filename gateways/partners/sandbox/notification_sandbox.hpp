// The notification provider that the sandbox plays, as routes of an HTTP server.
//
//   POST /notifications          {"key", "order", "kind", "text", "recipient": {"email", "phone"}} -> 202 {"result": "accepted", "reference"}, also of a
//                                repeated key; 422 `recipient-invalid`: neither e-mail with an @ nor phone, or `scripted`
//   GET  /notifications?order=   what that order's customer has received, in order: {"items": [...]}; without `order`: everybody
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "domain/time.hpp"
#include "gateways/http/routes.hpp"
#include "gateways/partners/sandbox/faults.hpp"

namespace entrepot::partners {

inline constexpr std::size_t notification_text_bytes = 4'000; ///< of a message; longer ones are refused

class NotificationSandbox {
public:
  /// Keeps what was received in `folder`/sandbox-notifications.ndjson. `faults` outlives it. Throws std::runtime_error if the file cannot be used.
  NotificationSandbox(const std::filesystem::path& folder, std::function<Timestamp()> clock, Faults& faults, std::function<void(const std::string&)> defect);
  ~NotificationSandbox();
  NotificationSandbox(const NotificationSandbox&) = delete;
  NotificationSandbox& operator=(const NotificationSandbox&) = delete;

  /// Adds its routes; it outlives the server that uses them.
  void add_to(http::Routes& routes);

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace entrepot::partners
