#include "persistence/audit_named.hpp"

#include "persistence/audit_family.hpp"
#include "persistence/codec.hpp"
#include "persistence/snapshots/binder.hpp"
#include "persistence/snapshots/location_pages.hpp"
#include "persistence/snapshots/whole_pages.hpp"

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

/// Returns whether the pages tell of this state. Throws if they cannot be read.
template <class State>
bool tell_of(const State& folded, std::span<const journal::Page> pages) {
  State state;
  snapshot::Pages<State>().read(state, pages);
  return state == folded;
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
  last_at_ = std::max(last_at_, event.at);
  try {
    apply(event, codec::decode(event.type, event.version, event.data));
    if (seq_ == snapshot_seq_)
      compare_snapshot();
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

void NamedFold::expect_snapshot(std::int32_t seq, std::function<journal::Snapshot()> read) {
  snapshot_seq_ = seq;
  read_snapshot_ = std::move(read);
}

/// A snapshot is the fold of the events up to it. One that cannot be read is passed over by everybody, and is no contradiction.
void NamedFold::compare_snapshot() {
  snapshot_seq_ = 0;
  auto stands = read_snapshot_();
  bool same = false;
  try {
    snapshot::Binder binder;
    auto opened = binder.open(stands);
    if (!opened)
      throw snapshot::Unreadable("its pages do not belong together, or are of another version");
    switch (kind()) {
    case Kind::location: same = tell_of(location_, opened->state); break;
    case Kind::product: same = tell_of(product_, opened->state); break;
    case Kind::channel: same = tell_of(channel_, opened->state); break;
    case Kind::customer: same = tell_of(customer_, opened->state); break;
    case Kind::identity_key: same = true; break;
    }
    same = same && opened->cover.last_at == last_at_;
  } catch (const std::exception& why) {
    return report_.find("snapshot-unreadable", name(), why.what());
  }
  if (!same)
    report_.contradict("snapshot-differs", name(), "the snapshot after event " + std::to_string(seq_) + " is not what the events up to it make");
}

void NamedFold::finish() {
  if (snapshot_seq_ > seq_)
    report_.contradict("snapshot-differs", name(), "the snapshot is as of event " + std::to_string(snapshot_seq_) + ", the last one is " + std::to_string(seq_));
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
    auto& digest = claims_.emplace_back(ClaimDigest{.family = key.order.family, .place = stream_, .round = key.round, .cut = !claim.cut.empty()});
    for (const auto& line : claim.lines)
      digest.units += units_digest(stream_, line.line, line.sku, line.quantity);
  }
}

} // namespace entrepot::audit
