#include "deploy/work_feed.hpp"

#include <spdlog/spdlog.h>

#include "gateways/http/json_writer.hpp"

namespace entrepot {
namespace {

constexpr std::size_t most_pages_at_once = 10; ///< of the boards' changes; a watcher that has missed more reads its board anew
constexpr auto retry = std::chrono::seconds{1}; ///< when the database cannot be read

std::string order_json(const gateway::OrderView& view) {
  std::string text;
  http::JsonWriter(text).open().field("id", to_text(OrderId{view.family->id})).field("status", order::name_of(view.family->order.status)).field("version", view.version).close();
  return text;
}

} // namespace

/// One watcher. Told by one thread at a time.
struct WorkFeed::Listener {
  Listener(gateway::Watched of, std::int64_t from, gateway::Watcher who) : what(std::move(of)), after(from), watcher(std::move(who)) {}
  gateway::Watched what;
  std::int64_t after = 0; ///< of a place: the last change it was told
  gateway::Watcher watcher;
  std::mutex telling;
  bool waits = true;      ///< for its first look
  bool gone = false;
};

WorkFeed::WorkFeed(read_models::WorkList& work_list, Render render, ReadOrder read_order)
    : work_list_(work_list), render_(std::move(render)), read_order_(std::move(read_order)), thread_([this] { run(); }) {}

WorkFeed::~WorkFeed() {
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
  }
  hinted_.notify_all();
  thread_.join();
}

gateway::Watch WorkFeed::watch(gateway::Watched what, std::int64_t after, gateway::Watcher watcher) {
  auto listener = std::make_shared<Listener>(std::move(what), after, std::move(watcher));
  std::lock_guard lock(mutex_);
  std::erase_if(listeners_, [](const auto& one) { return one.expired(); });
  listeners_.push_back(listener);
  hinted_.notify_all();
  return listener;
}

void WorkFeed::shown(std::span<const read_models::Fact> facts) {
  std::lock_guard lock(mutex_);
  if (listeners_.empty())
    return;
  for (const auto& fact : facts) {
    if (is_named(fact.stream))
      continue;
    orders_.insert(family_of(fact.stream));
    if (std::holds_alternative<fulfilment::Event>(*fact.event) || std::holds_alternative<pickup::Event>(*fact.event) || std::holds_alternative<transfer::Event>(*fact.event))
      everywhere_ = true; // events but the first do not say where: watchers of places look, which is one indexed read each
  }
  hinted_.notify_all();
}

void WorkFeed::run() {
  bool again = false;
  for (;;) {
    std::vector<ListenerPtr> to_tell;
    {
      std::unique_lock lock(mutex_);
      auto has_work = [&] {
        return closing_ || everywhere_ || !orders_.empty() || std::ranges::any_of(listeners_, [](const auto& one) {
                 auto listener = one.lock();
                 return listener && listener->waits;
               });
      };
      if (again)
        hinted_.wait_for(lock, retry, [&] { return closing_; });
      else
        hinted_.wait(lock, has_work);
      if (closing_)
        return;
      for (const auto& one : listeners_)
        if (auto listener = one.lock()) {
          const auto* order = std::get_if<OrderId>(&listener->what);
          if (listener->waits || again || (order ? orders_.contains(order->family) : everywhere_))
            to_tell.push_back(std::move(listener));
        }
      everywhere_ = false;
      orders_.clear();
    }
    again = false;
    for (const auto& listener : to_tell) {
      try {
        if (std::holds_alternative<OrderId>(listener->what))
          tell_order(listener);
        else
          tell_place(*listener);
        listener->waits = false;
      } catch (const std::exception& why) {
        spdlog::warn("what changed cannot be told now: {}", why.what());
        again = true;
      }
    }
  }
}

void WorkFeed::tell_place(Listener& listener) {
  const auto& place = std::get<LocationCode>(listener.what);
  std::lock_guard lock(listener.telling);
  for (std::size_t page = 0; !listener.gone; ++page) {
    auto items = work_list_.changed(place, listener.after);
    if (page == most_pages_at_once && !items.empty()) {
      listener.watcher.lost();
      listener.after = work_list_.open_at(place, "pickup").as_of;
      return;
    }
    for (auto& item : items) {
      listener.after = item.change;
      if (!listener.watcher.changed(item.change, render_({item.stream, std::move(item.state), item.placed_at, item.change}))) {
        listener.gone = true;
        return;
      }
    }
    if (items.size() < read_models::max_work_page)
      return;
  }
}

void WorkFeed::tell_order(const ListenerPtr& listener) {
  read_order_(std::get<OrderId>(listener->what), [one = std::weak_ptr(listener)](gateway::Outcome<gateway::OrderView> outcome) {
    auto told = one.lock();
    const auto* view = std::get_if<gateway::OrderView>(&outcome);
    if (!told || !view)
      return;
    std::lock_guard lock(told->telling);
    if (view->version > told->after) {
      told->after = view->version;
      told->watcher.changed(view->version, order_json(*view));
    }
  });
}

} // namespace entrepot
