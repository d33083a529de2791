#include "persistence/read_models/fact.hpp"

#include <variant>

#include "persistence/codec.hpp"

namespace entrepot::read_models {

bool is_definition(const AnyEvent& event) {
  return std::visit(Overload{[](const stock::Event& one) { return std::holds_alternative<stock::Defined>(one); }, [](const product::Event&) { return true; },
                             [](const channel::Event&) { return true; }, [](const auto&) { return false; }},
                    event);
}

bool is_definition(std::string_view type) { return type == "LocationDefined" || type == "ProductDefined" || type == "ChannelActivated"; }

bool matters(const AnyEvent& event) { return std::holds_alternative<order::Event>(event) || is_definition(event); }

std::optional<Fact> fact_of(const journal::Record& record) {
  auto event = record.event;
  if (!event) {
    if (!record.type.starts_with("Order") && !is_definition(record.type)) // an order's events all begin so; what else does is sorted out below
      return {};
    event = std::make_shared<const AnyEvent>(codec::decode(record.type, record.version, record.data));
  }
  if (!matters(*event))
    return {};
  return Fact{record.stream, record.seq, record.pos, record.at, std::move(event)};
}

} // namespace entrepot::read_models
