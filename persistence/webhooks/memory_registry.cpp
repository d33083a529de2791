#include "persistence/webhooks/memory_registry.hpp"

#include <algorithm>

#include "persistence/webhooks/page_cursor.hpp"

namespace entrepot::webhook {
namespace {

Rejection unknown() { return reject("webhook-endpoint-unknown", "There is no such webhook endpoint."); }

} // namespace

Result<Endpoint> MemoryRegistry::create(const Endpoint& endpoint, From from) {
  auto heads = heads_();
  std::lock_guard lock(mutex_);
  if (auto known = kept_.find(endpoint.id); known != kept_.end()) {
    if (known->second.endpoint.request != endpoint.request)
      return reject("idempotency-key-reused", "This key made another webhook endpoint.");
    return known->second.endpoint;
  }
  if (kept_.size() >= max_endpoints)
    return reject("webhook-endpoints-exhausted", "There are as many webhook endpoints as there may be.");
  auto& made = kept_[endpoint.id];
  made.endpoint = endpoint;
  if (from == From::now)
    made.checkpoint.standing.positions = heads;
  return endpoint;
}

std::vector<Endpoint> MemoryRegistry::list() {
  std::lock_guard lock(mutex_);
  std::vector<Endpoint> all;
  for (const auto& [id, kept] : kept_)
    all.push_back(kept.endpoint);
  return all;
}

std::optional<Endpoint> MemoryRegistry::find(const std::string& id) {
  std::lock_guard lock(mutex_);
  auto found = kept_.find(id);
  return found == kept_.end() ? std::nullopt : std::optional(found->second.endpoint);
}

Result<Endpoint> MemoryRegistry::change(const std::string& id, const std::function<std::optional<Rejection>(Endpoint&)>& act) {
  std::lock_guard lock(mutex_);
  auto found = kept_.find(id);
  if (found == kept_.end())
    return unknown();
  auto after = found->second.endpoint;
  if (auto no = act(after))
    return *no;
  if (after == found->second.endpoint)
    return after;
  ++after.version;
  found->second.endpoint = after;
  return after;
}

bool MemoryRegistry::remove(const std::string& id) {
  std::lock_guard lock(mutex_);
  return kept_.erase(id) > 0;
}

std::vector<Version> MemoryRegistry::versions() {
  std::lock_guard lock(mutex_);
  std::vector<Version> all;
  for (const auto& [id, kept] : kept_)
    all.push_back({id, kept.endpoint.version});
  return all;
}

void MemoryRegistry::keep(const std::string& endpoint, std::span<const Delivery> deliveries) {
  std::lock_guard lock(mutex_);
  auto found = kept_.find(endpoint);
  if (found == kept_.end())
    return;
  for (const auto& delivery : deliveries) {
    auto [known, is_new] = found->second.deliveries.try_emplace(delivery.place, delivery);
    if (is_new)
      continue;
    auto body = std::move(known->second.body);
    known->second = delivery;
    known->second.body = std::move(body);
  }
}

void MemoryRegistry::forget(const std::string& endpoint, std::span<const Place> places) {
  std::lock_guard lock(mutex_);
  if (auto found = kept_.find(endpoint); found != kept_.end())
    for (auto place : places)
      found->second.deliveries.erase(place);
}

std::vector<Delivery> MemoryRegistry::waiting(const std::string& endpoint, std::size_t most) {
  std::lock_guard lock(mutex_);
  std::vector<Delivery> found;
  if (auto kept = kept_.find(endpoint); kept != kept_.end())
    for (const auto& [place, delivery] : kept->second.deliveries)
      if (delivery.fate == Fate::waiting && found.size() < most) {
        found.push_back(delivery);
        found.back().body.clear();
      }
  return found;
}

std::string MemoryRegistry::body(const std::string& endpoint, Place place) {
  std::lock_guard lock(mutex_);
  auto kept = kept_.find(endpoint);
  if (kept == kept_.end())
    return {};
  auto found = kept->second.deliveries.find(place);
  return found == kept->second.deliveries.end() ? std::string() : found->second.body;
}

Result<DeliveryPage> MemoryRegistry::page(const std::string& endpoint, Fate fate, const std::string& after, std::size_t most) {
  auto from = page_cursor_from(after);
  if (!from)
    return reject("parameter-invalid", "The parameter 'after' is to be the `next` of a page.");
  std::lock_guard lock(mutex_);
  auto kept = kept_.find(endpoint);
  if (kept == kept_.end())
    return unknown();
  std::map<PageCursor, const Delivery*> in_order;
  for (const auto& [place, delivery] : kept->second.deliveries)
    if (PageCursor cursor{delivery.at, place}; delivery.fate == fate && cursor > *from)
      in_order.emplace(cursor, &delivery);
  DeliveryPage page;
  for (const auto& [cursor, delivery] : in_order) {
    if (page.deliveries.size() == most) {
      page.next = to_text(PageCursor{page.deliveries.back().at, page.deliveries.back().place});
      break;
    }
    page.deliveries.push_back(*delivery);
    page.deliveries.back().body.clear();
  }
  return page;
}

Result<std::int64_t> MemoryRegistry::replay(const std::string& endpoint, const std::string& delivery, Timestamp now) {
  std::lock_guard lock(mutex_);
  auto kept = kept_.find(endpoint);
  if (kept == kept_.end())
    return unknown();
  std::int64_t count = 0;
  for (auto& [place, one] : kept->second.deliveries)
    if (one.fate == Fate::dead && (delivery.empty() || one.id == delivery)) {
      one.fate = Fate::waiting;
      one.tries = 0;
      one.first_try.reset();
      one.due = now;
      ++count;
    }
  if (count == 0 && !delivery.empty())
    return reject("webhook-delivery-unknown", "There is no dead delivery of that id.");
  if (count > 0)
    ++kept->second.endpoint.version;
  return count;
}

class MemoryRegistry::Marker : public consequences::Checkpoint {
public:
  Marker(MemoryRegistry& registry, std::string id) : registry_(registry), id_(std::move(id)) {}
  consequences::Standing read() override {
    std::lock_guard lock(registry_.mutex_);
    auto found = registry_.kept_.find(id_);
    return found == registry_.kept_.end() ? consequences::Standing{} : found->second.checkpoint.read();
  }
  void move(const consequences::Positions& from, const consequences::Positions& to) override {
    std::lock_guard lock(registry_.mutex_);
    auto found = registry_.kept_.find(id_);
    if (found == registry_.kept_.end())
      throw consequences::Overtaken("the webhook endpoint is no more");
    found->second.checkpoint.move(from, to);
  }

private:
  MemoryRegistry& registry_;
  const std::string id_;
};

std::unique_ptr<consequences::Checkpoint> MemoryRegistry::checkpoint(const std::string& endpoint) { return std::make_unique<Marker>(*this, endpoint); }

} // namespace entrepot::webhook
