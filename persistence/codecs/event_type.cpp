#include "persistence/codecs/event_type.hpp"

#include <algorithm>

#include "domain/check.hpp"
#include "persistence/codec.hpp"
#include "persistence/codecs/fields.hpp"

namespace entrepot::codec {

void throw_unknown_field(const nlohmann::json& object, std::span<const std::string_view> known) {
  for (const auto& [name, value] : object.items())
    if (std::ranges::find(known, name) == known.end())
      throw Malformed("/" + name + " is no field");
  throw Malformed(" has an unknown field");
}

Ledger::Ledger(std::vector<EventType> types) : types_(std::move(types)) {
  for (const auto& type : types_) {
    check(by_name_.emplace(type.name, &type).second, "a name is released once: " + std::string(type.name));
    check(type.version >= 1 && type.upcasters.size() == static_cast<std::size_t>(type.version - 1) &&
              std::ranges::none_of(type.upcasters, [](auto step) { return step == nullptr; }),
          "upcasters lead from version 1 to today's without a hole: " + std::string(type.name));
  }
}

AnyEvent Ledger::decode(std::string_view type, std::int16_t version, std::string_view data) const {
  auto fail = [&](const std::string& why) -> Undecodable {
    return Undecodable(std::string(type) + " version " + std::to_string(version) + ": " + why);
  };
  auto found = by_name_.find(type);
  if (found == by_name_.end())
    throw fail("this program knows no such event");
  const auto& known = *found->second;
  if (version < 1 || version > known.version)
    throw fail("this program knows versions 1 to " + std::to_string(known.version));
  try {
    auto json = nlohmann::json::parse(data);
    for (auto step : known.upcasters.subspan(static_cast<std::size_t>(version - 1)))
      step(json);
    return known.decode(json);
  } catch (const Malformed& why) {
    throw fail(why.what());
  } catch (const nlohmann::json::exception& why) {
    throw fail(why.what());
  }
}

} // namespace entrepot::codec
