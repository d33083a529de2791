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

bool matters(const AnyEvent& event) {
  return std::holds_alternative<order::Event>(event) || std::holds_alternative<fulfilment::Event>(event) || std::holds_alternative<pickup::Event>(event) ||
         std::holds_alternative<process::Event>(event) || std::holds_alternative<transfer::Event>(event) || is_definition(event);
}

namespace {

/// Whether an event of the type may matter: what else begins so is sorted out when it is decoded.
bool may_matter(std::string_view type) {
  for (auto prefix : {"Order", "Units", "Fulfilment", "Pickup", "Process", "Transfer"})
    if (type.starts_with(prefix))
      return true;
  return is_definition(type);
}

} // namespace

std::optional<Fact> fact_of(const journal::Record& record) {
  auto event = record.event;
  if (!event) {
    if (!may_matter(record.type))
      return {};
    event = std::make_shared<const AnyEvent>(codec::decode(record.type, record.version, record.data));
  }
  if (!matters(*event))
    return {};
  return Fact{record.stream, record.seq, record.pos, record.at, std::move(event)};
}

} // namespace entrepot::read_models
