// The list of orders: one row an order, newest first.
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "domain/result.hpp"
#include "persistence/read_models/fact.hpp"

namespace entrepot::read_models {

/// Returns whether the event changes an order's row: it is the order's own, or work for it begins.
bool changes_order_row(const AnyEvent& event);

/// What a batch of events does to the list: many changes of one order are one row written.
class OrderListChanges {
public:
  /// Takes up the events that change an order's row, in order of their positions; others are passed over.
  void add(const Fact& fact);

  struct Submitted {
    std::shared_ptr<const AnyEvent> event; // keeps the agreement alive
    const order::Agreement* agreement = nullptr;
    Timestamp at;
  };
  struct Change {
    Submitted submitted; ///< no agreement: the row is there already
    order::Status status = order::Status::none;
    bool only_confirmed = false; ///< the status is that of an order on which work begins: one that is not confirmed keeps its own
    Timestamp at;
    std::int64_t pos = 0;
  };
  const std::unordered_map<StreamId, Change>& by_family() const { return by_family_; }

private:
  std::unordered_map<StreamId, Change> by_family_;
};

/// A page of the list.
struct OrderPage {
  std::vector<std::string> items; ///< JSON: id, status, channel, external_number, customer, total, submitted_at, updated_at
  std::string next;               ///< opaque cursor; empty: the last page
};

inline constexpr int max_order_page = 200; ///< rows in one page

/// Reads the list on a connection of its own, which it makes when it is needed. Thread-safe; calls wait for each other.
class OrderList {
public:
  explicit OrderList(std::string conninfo);
  ~OrderList();

  /// Returns up to `limit` (1 to max_order_page) orders behind the cursor `after` (empty: from the newest), of one status or, if empty, of all, and of these
  /// channels or, if none is named, of all. Refuses
  /// `cursor-invalid`, `limit-invalid`. Blocks. Throws journal::Unavailable.
  Result<OrderPage> page(const std::string& status, const std::vector<std::string>& channels, const std::string& after, int limit);

private:
  struct Connection;
  std::string conninfo_;
  std::mutex mutex_;
  std::unique_ptr<Connection> connection_;
};

} // namespace entrepot::read_models
