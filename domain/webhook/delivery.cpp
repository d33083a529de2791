#include "domain/webhook/delivery.hpp"

#include <algorithm>
#include <array>

namespace entrepot::webhook {
namespace {

constexpr std::array<std::string_view, 2> fate_names{"waiting", "dead"};

} // namespace

std::string_view name_of(Fate fate) { return fate_names[static_cast<std::size_t>(fate)]; }

std::optional<Fate> fate_from(std::string_view name) {
  auto found = std::ranges::find(fate_names, name);
  if (found == fate_names.end())
    return {};
  return static_cast<Fate>(found - fate_names.begin());
}

std::chrono::milliseconds pause_after(std::int32_t tries, double chance) {
  auto whole = first_pause;
  for (std::int32_t i = 1; i < tries && whole < longest_pause; ++i)
    whole *= 2;
  whole = std::min(whole, longest_pause);
  return whole / 2 + std::chrono::milliseconds{static_cast<std::int64_t>(chance * static_cast<double>(whole.count()) / 2)};
}

} // namespace entrepot::webhook
