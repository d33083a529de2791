#include "gateways/imports/sales_book.hpp"

#include <algorithm>
#include <numeric>

#include "domain/check.hpp"
#include "gateways/http/limits.hpp"

namespace entrepot::imports {

using online_retail::Kind;

std::uint32_t TextPool::number(std::string_view text) {
  if (auto known = numbers_.find(text); known != numbers_.end())
    return known->second;
  auto number = static_cast<std::uint32_t>(texts_.size());
  numbers_.emplace(texts_.emplace_back(text), number);
  return number;
}

bool SalesBook::is_header(std::span<const std::string_view> fields) {
  return std::ranges::equal(fields, online_retail::header, {}, online_retail::trimmed);
}

std::uint32_t SalesBook::invoice_of(std::string_view number) {
  auto text = pool_.number(number);
  auto [known, is_new] = invoice_by_number_.try_emplace(text, static_cast<std::uint32_t>(invoices_.size()));
  if (is_new)
    invoices_.push_back({.number = text, .cancels = online_retail::is_cancellation(number), .rows = {}});
  return known->second;
}

void SalesBook::add(std::span<const std::string_view> fields, std::uint32_t line) {
  std::array<std::string_view, online_retail::header.size()> all{};
  std::ranges::copy(fields.first(std::min(fields.size(), all.size())), all.begin());
  auto index = static_cast<std::uint32_t>(rows_.size());
  auto& row = rows_.emplace_back(Row{.line = line, .invoice = invoice_of(online_retail::trimmed(all[0]))});
  for (std::size_t i = 0; i < row.texts.size(); ++i)
    row.texts[i] = pool_.number(all[i + 1]);
  auto& invoice = invoices_[row.invoice];
  invoice.rows.push_back(index);
  if (fields.size() != all.size())
    return refuse(index, online_retail::columns_wrong(fields.size()));

  auto reading = online_retail::read({all[0], all[1], all[2], all[3], all[4], all[5], all[6], all[7]});
  row.kind = reading.kind;
  row.quantity = reading.quantity;
  row.total = reading.total;
  row.sku = pool_.number(reading.sku);
  if (auto description = online_retail::trimmed(all[2]); !description.empty())
    name_by_sku_.try_emplace(row.sku, pool_.number(description));
  if (reading.at && (!invoice.has_time || *reading.at < invoice.at)) {
    invoice.at = *reading.at;
    invoice.has_time = true;
  }
  if (reading.kind == Kind::refused)
    refuse(index, reading.refusal);
}

void SalesBook::close() {
  check(order_.empty(), "a book is closed once");
  order_.resize(invoices_.size());
  std::iota(order_.begin(), order_.end(), 0u);
  std::ranges::stable_sort(order_, {}, [&](std::uint32_t index) { return invoices_[index].at; }); // invoices_ is by the first line already
  for (auto index : order_) {
    count_duplicates(invoices_[index]);
    judge_whole(index);
  }
}

void SalesBook::count_duplicates(const Invoice& invoice) {
  std::vector<std::array<std::uint32_t, 7>> all;
  for (auto row : invoice.rows)
    all.push_back(rows_[row].texts);
  std::ranges::sort(all);
  duplicates_ += static_cast<std::uint64_t>(std::ranges::unique(all).size());
}

/// Rules of an invoice: one customer, not too many lines, goods.
void SalesBook::judge_whole(std::uint32_t index) {
  auto& invoice = invoices_[index];
  auto customer_of = [&](const Row& row) { return pool_.number(online_retail::trimmed(text(row.texts[5]))); };
  auto first = std::ranges::find_if(invoice.rows, [&](std::uint32_t row) { return rows_[row].state == State::open; });
  if (first == invoice.rows.end())
    return;
  invoice.customer = customer_of(rows_[*first]);
  invoice.country = rows_[*first].texts[6];
  std::size_t lines = 0;
  for (auto row : invoice.rows)
    if (rows_[row].state == State::open && customer_of(rows_[row]) != invoice.customer)
      refuse(row, online_retail::customer_differs());
    else if (rows_[row].state == State::open)
      ++lines;
  if (invoice.cancels)
    return;
  if (lines > http::limits::lines)
    for (auto row : invoice.rows)
      if (rows_[row].state == State::open)
        refuse(row, online_retail::too_many_lines());
  refuse_if_without_goods(index);
}

void SalesBook::refuse_if_without_goods(std::uint32_t index) {
  const auto& invoice = invoices_[index];
  auto is_open = [&](std::uint32_t row) { return rows_[row].state == State::open; };
  if (invoice.cancels || std::ranges::any_of(invoice.rows, [&](std::uint32_t row) { return is_open(row) && rows_[row].kind == Kind::goods; }))
    return;
  for (auto row : invoice.rows)
    if (is_open(row))
      refuse(row, online_retail::no_goods());
}

std::vector<SalesBook::Article> SalesBook::articles() const {
  std::map<std::string_view, Article> by_code;
  for (const auto& row : rows_)
    if (row.state == State::open && row.kind == Kind::goods) {
      auto& article = by_code[text(row.sku)];
      article.sku = row.sku;
      article.units += row.quantity;
    }
  std::vector<Article> all;
  for (auto& [code, article] : by_code) {
    auto name = name_by_sku_.find(article.sku);
    article.name = name == name_by_sku_.end() ? code : text(name->second);
    all.push_back(std::move(article));
  }
  return all;
}

void SalesBook::accept(std::uint32_t row) {
  check(rows_[row].state == State::open, "a row is decided once");
  rows_[row].state = State::accepted;
  ++decided_;
}

void SalesBook::refuse(std::uint32_t row, const Refusal& why) {
  check(rows_[row].state == State::open, "a row is decided once");
  auto [known, is_new] = refusal_numbers_.try_emplace(why, static_cast<std::uint32_t>(refusals_.size()));
  if (is_new)
    refusals_.push_back(why);
  rows_[row].state = State::refused;
  rows_[row].refusal = known->second;
  ++decided_;
}

} // namespace entrepot::imports
