// The one bridge from the outside world to the actors.
#pragma once

#include <memory>

#include "gateways/ports.hpp"

namespace entrepot::actors {
struct Context;
}

namespace entrepot::gateway {

/// What the bridge answers without asking an actor: put together by main.
struct Queries {
  std::function<std::shared_ptr<const order::Definitions>()> definitions;
  std::function<void(std::string status, std::vector<std::string> channels, std::string after, int limit, Reply<Page>)> list_orders;
  std::function<void(LocationCode place, bool pickups, Reply<Board>)> board = {};
  std::function<void(OrderId, Reply<std::vector<Told>>)> story = {};
  std::function<void(LocationCode place, Reply<std::vector<TransferItem>>)> transfers = {};
  std::function<void(Reply<std::vector<ParkedProcess>>)> parked = {};
  std::function<void(OrderId, Reply<ProcessView>)> process = {};
  std::function<void(StreamId person, Reply<std::optional<PersonKey>>)> person_key;
  std::function<Watch(Watched what, std::int64_t after, Watcher watcher)> watch = {}; ///< none: streams open and stay silent
};

/// Returns ports that stand on the actors of `context`, which must outlive them.
std::unique_ptr<Ports> make_actor_bridge(actors::Context& context, Queries queries);

} // namespace entrepot::gateway
