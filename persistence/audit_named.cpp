#include "persistence/audit_named.hpp"

#include "persistence/audit_family.hpp"
#include "persistence/codec.hpp"

namespace entrepot::audit {
namespace {

std::string_view word(Kind kind) {
  switch (kind) {
  case Kind::location: return "location";
  case Kind::product: return "product";
  case Kind::channel: return "channel";
  case Kind::customer: return "customer";
  case Kind::identity_key: return "identity";
  }
  return "stream";
}

} // namespace

NamedFold::NamedFold(StreamId stream, std::int64_t checkpoint, Report& report) : stream_(stream), checkpoint_(checkpoint), report_(report) {}

std::string NamedFold::name() const { return std::string(word(kind())) + " " + (code_.empty() ? std::to_string(stream_.value) : code_); }

void NamedFold::wrong(std::string code, std::string text) {
  report_.contradict(std::move(code), name(), std::move(text));
  unreadable_ = true;
}

void NamedFold::add(const EventRow& event) {
  if (event.seq != seq_ + 1)
    wrong("seq-not-dense", "event " + std::to_string(event.seq) + " stands where " + std::to_string(seq_ + 1) + " should");
  if (event.pos <= pos_)
    wrong("pos-not-in-order", "event " + std::to_string(event.seq) + " has a position before the one it follows");
  seq_ = event.seq;
  pos_ = event.pos;
  if (unreadable_)
    return; // what follows would only say the same again
  try {
    apply(event, codec::decode(event.type, event.version, event.data));
  } catch (const codec::Undecodable& why) {
    wrong("event-undecodable", why.what());
  } catch (const BrokenInvariant& why) {
    wrong("event-refused", event.type + " " + std::to_string(event.seq) + ": " + why.what());
  }
}

void NamedFold::apply(const EventRow& row, const AnyEvent& event) {
  if (const auto* stock = std::get_if<stock::Event>(&event); stock && kind() == Kind::location) {
    if (const auto* defined = std::get_if<stock::Defined>(stock))
      define(row, defined->profile.code.text());
    stock::evolve(location_, *stock, row.at);
  } else if (const auto* of_product = std::get_if<product::Event>(&event); of_product && kind() == Kind::product) {
    define(row, std::get<product::Defined>(*of_product).definition.sku.text());
    product_ = product::evolve(std::move(product_), *of_product);
  } else if (const auto* of_channel = std::get_if<channel::Event>(&event); of_channel && kind() == Kind::channel) {
    define(row, std::get<channel::Activated>(*of_channel).definition.code.text());
    channel_ = channel::evolve(std::move(channel_), *of_channel);
  } else if (const auto* of_customer = std::get_if<customer::Event>(&event); of_customer && kind() == Kind::customer) {
    if (const auto* registered = std::get_if<customer::Registered>(of_customer))
      code_ = registered->number.text();
    customer_ = customer::evolve(std::move(customer_), *of_customer);
  } else if (const auto* of_key = std::get_if<identity::Event>(&event); of_key && kind() == Kind::identity_key) {
    key_ = identity::evolve(std::move(key_), *of_key);
  } else {
    wrong("event-refused", row.type + " stands in a stream of another kind");
  }
}

void NamedFold::define(const EventRow& row, const std::string& code) {
  code_ = code;
  if (named_stream(kind(), code) != stream_)
    wrong("name-elsewhere", code + " is the name of another stream");
  if (row.pos <= checkpoint_)
    defined_ = DefinitionRow{stream_, row.seq, code, row.data};
}

void NamedFold::finish() {
  if (kind() != Kind::location)
    return;
  if (!unreadable_) {
    try {
      stock::check_counters(location_);
    } catch (const BrokenInvariant& why) {
      wrong("stock-counters", why.what());
    }
  }
  for (const auto& [key, claim] : location_.claims) {
    auto& digest = claims_.emplace_back(ClaimDigest{.family = key.order.family, .place = stream_, .round = key.round});
    for (const auto& line : claim.lines)
      digest.units += units_digest(stream_, line.line, line.sku, line.quantity);
  }
}

} // namespace entrepot::audit
