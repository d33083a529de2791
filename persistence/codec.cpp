#include "persistence/codec.hpp"

#include "persistence/codecs/channel.hpp"
#include "persistence/codecs/customer.hpp"
#include "persistence/codecs/fulfilment.hpp"
#include "persistence/codecs/identity_key.hpp"
#include "persistence/codecs/order.hpp"
#include "persistence/codecs/payment.hpp"
#include "persistence/codecs/pickup.hpp"
#include "persistence/codecs/process.hpp"
#include "persistence/codecs/product.hpp"
#include "persistence/codecs/stock.hpp"
#include "persistence/codecs/transfer.hpp"

namespace entrepot::codec {
namespace {

template <class... Events>
std::vector<EventType> all_types(const std::variant<Events...>*) { // a new aggregate without a codec does not compile
  std::vector<EventType> types;
  (types.insert(types.end(), types_of(Events{}).begin(), types_of(Events{}).end()), ...);
  return types;
}

} // namespace

const Ledger& ledger() {
  static const Ledger released(all_types(static_cast<const AnyEvent*>(nullptr)));
  return released;
}

Encoded encode(const AnyEvent& event) {
  thread_local std::string scratch; // grows to the largest event once; what leaves has its exact size
  scratch.clear();
  const auto& type = std::visit([](const auto& one) -> const EventType& { return types_of(one)[one.index()]; }, event);
  type.encode(event, scratch);
  return {type.name, type.version, scratch};
}

AnyEvent decode(std::string_view type, std::int16_t version, std::string_view data) { return ledger().decode(type, version, data); }

} // namespace entrepot::codec
