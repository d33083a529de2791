#include "gateways/imports/orders_import.hpp"

#include <algorithm>
#include <span>

#include "gateways/imports/references.hpp"

namespace entrepot::imports {

using online_retail::Kind;
using State = SalesBook::State;

OrdersImport::OrdersImport(SalesBook& book, Courier& courier, Options options, std::function<void()> progress)
    : book_(book), options_(std::move(options)), requests_(courier, [this] { if (progress_) progress_(); }), progress_(std::move(progress)) {}

void OrdersImport::run() {
  send_products();
  if (options_.opening_stock)
    receive_opening_stock();
  for (auto index : book_.in_order_of_time())
    if (!book_.invoice(index).cancels)
      order(index);
    else
      for (auto row : book_.invoice(index).rows)
        if (book_.row(row).state == State::open)
          take_back(row);
  while (!requests_.empty())
    send_request();
}

/// Sends the request under way; whatever was put in meanwhile is under way then.
void OrdersImport::send_request() {
  customers_under_way_.clear();
  returns_under_way_.clear();
  requests_.send();
}

void OrdersImport::put(const std::string& row, Requests::Answered then) {
  while (requests_.is_full_for(row))
    send_request();
  requests_.put(row, std::move(then));
}

// ---- products and stock ------------------------------------------------------------------------------------------------------------------

void OrdersImport::send_products() {
  for (const auto& article : book_.articles())
    put(product_row({book_.text(article.sku), article.name}), [this, sku = article.sku](const RowAnswer& answer) {
      if (answer.status == RowAnswer::Status::refused)
        refuse_article(sku, answer.why);
    });
  send_request();
}

/// The server does not take this product: neither will it take lines of it.
void OrdersImport::refuse_article(std::uint32_t sku, const Refusal& why) {
  for (std::uint32_t row = 0; row < book_.rows().size(); ++row)
    if (book_.row(row).sku == sku && book_.row(row).kind == Kind::goods && book_.row(row).state == State::open) {
      book_.refuse(row, why);
      book_.refuse_if_without_goods(book_.row(row).invoice);
    }
}

void OrdersImport::receive_opening_stock() {
  std::vector<Movement> all;
  for (const auto& article : book_.articles())
    all.push_back({std::string(book_.text(article.sku)), article.units});
  auto name = "online-retail/" + fingerprint(all);
  int part = 0;
  for (std::span<const Movement> left = all; !left.empty();) {
    auto size = std::min(left.size(), limits::receipt_lines);
    auto reference = name + "/" + std::to_string(++part);
    put(receipt_row(reference, {.location = "", .channel = options_.channel}, left.first(size)), [this, reference](const RowAnswer& answer) {
      if (answer.status == RowAnswer::Status::refused)
        findings_.push_back({"", {answer.why.code, "The opening stock " + reference + " was refused: " + answer.why.text}});
    });
    left = left.subspan(size);
  }
  send_request();
}

// ---- orders ------------------------------------------------------------------------------------------------------------------------------

void OrdersImport::order(std::uint32_t index) {
  const auto& invoice = book_.invoice(index);
  OrderText text{.channel = options_.channel, .number = book_.text(invoice.number), .customer = book_.text(invoice.customer),
                 .country = online_retail::country_code(online_retail::trimmed(book_.text(invoice.country))), .at = invoice.at, .lines = {}};
  Rows lines;
  for (auto at : invoice.rows)
    if (const auto& row = book_.row(at); row.state == State::open) {
      auto description = online_retail::trimmed(book_.text(row.texts[1]));
      text.lines.push_back({.sku = book_.text(row.sku), .quantity = row.quantity, .total = row.total, .service = row.kind == Kind::service,
                            .name = description.empty() ? book_.text(row.sku) : description});
      lines.push_back(at);
    }
  if (lines.empty())
    return;
  put(order_row(text), [this, index, lines = std::move(lines)](const RowAnswer& answer) { order_answered(index, lines, answer); });
  if (invoice.customer != 0)
    customers_under_way_.insert(invoice.customer);
}

void OrdersImport::order_answered(std::uint32_t index, const Rows& lines, const RowAnswer& answer) {
  if (answer.status == RowAnswer::Status::done)
    return order_taken(index, lines, answer);
  if (drop_faulty_lines(lines, answer)) {
    book_.refuse_if_without_goods(index);
    return order(index);
  }
  for (auto row : lines)
    book_.refuse(row, answer.why);
}

/// An invoice is refused only when no line is left. If the server names the lines at fault, and nothing else, they go and the rest is sent again.
bool OrdersImport::drop_faulty_lines(const Rows& lines, const RowAnswer& answer) {
  constexpr std::string_view prefix = "/order/lines/";
  std::vector<std::pair<std::size_t, Refusal>> faulty;
  for (const auto& fault : answer.faults) {
    auto line = index_behind(prefix, fault.pointer);
    if (!line || *line >= lines.size())
      return false;
    if (std::ranges::find(faulty, *line, &std::pair<std::size_t, Refusal>::first) == faulty.end())
      faulty.emplace_back(*line, fault.why);
  }
  for (const auto& [line, why] : faulty)
    book_.refuse(lines[line], why);
  return !faulty.empty();
}

void OrdersImport::order_taken(std::uint32_t index, const Rows& lines, const RowAnswer& answer) {
  ++orders_;
  replayed_ += answer.replayed ? 1u : 0u;
  for (const auto& refused : answer.refused_lines)
    if (refused.line >= 1 && refused.line <= static_cast<std::int64_t>(lines.size()))
      if (auto row = lines[static_cast<std::size_t>(refused.line) - 1]; book_.row(row).state == State::open)
        book_.refuse(row, refused.why);
  const auto& invoice = book_.invoice(index);
  auto id = static_cast<std::uint32_t>(order_ids_.size());
  order_ids_.push_back(answer.order);
  std::int64_t total = 0;
  std::int32_t number = 0; // of the order's line: those that were refused are none
  for (auto at : lines)
    if (const auto& row = book_.row(at); row.state == State::open) {
      book_.accept(at);
      total += row.total;
      ++number;
      if (invoice.customer != 0)
        purchases_.add({invoice.customer, row.sku}, {.order = id, .line = number, .units = row.quantity});
    }
  if (answer.total != total)
    findings_.push_back({std::string(book_.text(invoice.number)),
                         {"total-differs", "The order's total is " + (answer.total ? std::to_string(*answer.total) : "not told") + ", its accepted rows' is " + std::to_string(total) + "."}});
}

// ---- returns -----------------------------------------------------------------------------------------------------------------------------

void OrdersImport::take_back(std::uint32_t at) {
  const auto& row = book_.row(at);
  const auto& invoice = book_.invoice(row.invoice);
  const Purchases::Key key{invoice.customer, row.sku};
  while (customers_under_way_.contains(key.first) || returns_under_way_.contains(key))
    send_request();
  auto parts = purchases_.take(key, row.quantity, row.total);
  if (!parts)
    return book_.refuse(at, online_retail::return_unmatched());
  auto reference = std::string(book_.text(invoice.number)) + "/" + std::to_string(row.line);
  ReturnText text{.reference = reference, .channel = options_.channel, .at = invoice.at, .parts = {}};
  for (const auto& part : *parts)
    text.parts.push_back({.order = order_ids_[part.of.order], .line = part.of.line, .quantity = part.of.units, .credit = part.credit});
  put(return_row(text), [this, at, key, parts = std::move(*parts)](const RowAnswer& answer) {
    if (answer.status == RowAnswer::Status::refused) {
      purchases_.give_back(key, parts);
      return book_.refuse(at, answer.why);
    }
    ++returns_;
    replayed_ += answer.replayed ? 1u : 0u;
    book_.accept(at);
  });
  returns_under_way_.insert(key);
}

} // namespace entrepot::imports
