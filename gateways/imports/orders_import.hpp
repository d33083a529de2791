// Takes a whole book of sales to the server: products, opening stock, then orders and returns in order of time.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gateways/imports/purchases.hpp"
#include "gateways/imports/report.hpp"
#include "gateways/imports/requests.hpp"
#include "gateways/imports/sales_book.hpp"

namespace entrepot::imports {

class OrdersImport {
public:
  struct Options {
    std::string channel = "import";
    bool opening_stock = false; ///< receive before the first order what the orders will need
  };
  /// `progress` is called after each request; may be empty.
  OrdersImport(SalesBook& book, Courier& courier, Options options, std::function<void()> progress);

  /// Sends everything; what the server has already is answered as before. Every row is accepted or refused when it returns. Throws ImportStopped.
  void run();

  std::uint64_t orders() const { return orders_; }
  std::uint64_t returns() const { return returns_; }
  /// Orders and returns that the server had before this run.
  std::uint64_t replayed() const { return replayed_; }
  const std::vector<Finding>& findings() const { return findings_; }

private:
  using Rows = std::vector<std::uint32_t>;

  void send_products();
  void receive_opening_stock();
  void order(std::uint32_t invoice);
  void order_answered(std::uint32_t invoice, const Rows& lines, const RowAnswer& answer);
  void order_taken(std::uint32_t invoice, const Rows& lines, const RowAnswer& answer);
  bool drop_faulty_lines(const Rows& lines, const RowAnswer& answer);
  void take_back(std::uint32_t row);
  void refuse_article(std::uint32_t sku, const Refusal& why);
  void put(const std::string& row, Requests::Answered then);
  void send_request();

  SalesBook& book_;
  Options options_;
  Requests requests_;
  std::function<void()> progress_;
  Purchases purchases_;
  std::vector<std::string> order_ids_;
  std::set<std::uint32_t> customers_under_way_;  ///< with an order in the request: what they have bought is not known yet
  std::set<Purchases::Key> returns_under_way_;   ///< may be refused: their units would be free again
  std::uint64_t orders_ = 0, returns_ = 0, replayed_ = 0;
  std::vector<Finding> findings_;
};

} // namespace entrepot::imports
