// Tells watchers what changes at a location or of an order, from the boards' tables: they are the truth, what the projector says is a hint to look.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "gateways/ports.hpp"
#include "persistence/read_models/work_list.hpp"

namespace entrepot {

/// One thread. Whatever was given to it outlives it.
class WorkFeed {
public:
  using Render = std::function<std::string(const gateway::WorkItem&)>;
  /// Asks for an order as it is; answers on any thread.
  using ReadOrder = std::function<void(OrderId, gateway::Reply<gateway::OrderView>)>;

  WorkFeed(read_models::WorkList& work_list, Render render, ReadOrder read_order);
  ~WorkFeed();

  gateway::Watch watch(gateway::Watched what, std::int64_t after, gateway::Watcher watcher);

  /// These facts can be read from now on. Never blocks for long.
  void shown(std::span<const read_models::Fact> facts);

private:
  struct Listener;
  using ListenerPtr = std::shared_ptr<Listener>;

  void run();
  void tell_place(Listener& listener);
  void tell_order(const ListenerPtr& listener);

  read_models::WorkList& work_list_;
  Render render_;
  ReadOrder read_order_;
  std::mutex mutex_;
  std::condition_variable hinted_;
  bool closing_ = false;
  std::vector<std::weak_ptr<Listener>> listeners_;
  std::set<StreamId> orders_; ///< of which something has changed
  bool everywhere_ = false;   ///< something has changed at some place
  std::thread thread_;
};

} // namespace entrepot
