// What the routes of webhook endpoints need from outside this room.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "domain/webhook/registry.hpp"

namespace entrepot::api {

struct Webhooks {
  std::vector<std::string_view> types = {}; ///< names under which events are published
  /// Runs `work` with the registry on a thread that may wait for it; false, and never, if too much waits there. None: there are no webhooks here, and the routes answer 503.
  std::function<bool(std::function<void(webhook::Registry&)> work)> ask = {};
};

} // namespace entrepot::api
