// Who may work on which orders now: what looks at an order and then acts on it must not be overtaken in between.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include "domain/ids.hpp"

namespace entrepot::api::imports {

class Turns : public std::enable_shared_from_this<Turns> {
public:
  /// Held as long as a turn lasts.
  using Turn = std::shared_ptr<void>;
  using Work = std::function<void(Turn)>;

  /// Calls `work` when nobody else has a turn on any of these orders, those first who asked first. At once, or on the thread that ends another turn.
  void take(std::vector<StreamId> orders, Work work);

private:
  struct Asked {
    std::vector<StreamId> orders;
    Work work;
  };
  void end(const std::vector<StreamId>& orders);
  void go_on();

  std::mutex mutex_;
  std::set<StreamId> busy_;
  std::list<Asked> waiting_;
};

} // namespace entrepot::api::imports
