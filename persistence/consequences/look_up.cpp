#include "persistence/consequences/look_up.hpp"

#include <chrono>
#include <future>
#include <memory>
#include <utility>

namespace entrepot::consequences {
namespace {

constexpr std::chrono::milliseconds look_up_from{100}; ///< how often a wait for the journal asks whether it is still worth it

} // namespace

journal::History look_up(journal::Journal& journal, journal::StreamRange streams, std::size_t most, const std::function<bool()>& ending) {
  auto promise = std::make_shared<std::promise<std::optional<journal::History>>>();
  auto loaded = promise->get_future();
  journal.load(streams, [promise](std::optional<journal::History> history) { promise->set_value(std::move(history)); }, {.most = most});
  while (loaded.wait_for(look_up_from) != std::future_status::ready)
    if (ending())
      throw journal::Unavailable("the journal is no longer waited for");
  auto history = loaded.get();
  if (!history)
    throw journal::Unavailable("an order's history cannot be read now");
  return *std::move(history);
}

} // namespace entrepot::consequences
