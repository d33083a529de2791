// A file of the format "online-retail", whole: its rows in memory (64 bytes each, every text once), gathered to invoices, and what became of each row.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateways/imports/online_retail.hpp"

namespace entrepot::imports {

/// Texts by number, each kept once. 0 is the empty one.
class TextPool {
public:
  TextPool() { number(""); }
  std::uint32_t number(std::string_view text);
  std::string_view text(std::uint32_t number) const { return texts_[number]; }

private:
  std::deque<std::string> texts_; // never moved: the keys look into it
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
};

class SalesBook {
public:
  enum class State : std::uint8_t { open, accepted, refused };
  struct Row {
    std::uint32_t line = 0;                ///< of the file; 1 is the header
    std::uint32_t invoice = 0;             ///< index
    std::array<std::uint32_t, 7> texts{};  ///< all fields but the invoice, as written
    std::uint32_t sku = 0;                 ///< text
    std::int64_t total = 0;                ///< pence, positive
    std::int32_t quantity = 0;             ///< units, positive
    std::uint32_t refusal = 0;             ///< index, if refused
    online_retail::Kind kind = online_retail::Kind::refused;
    State state = State::open;
  };
  struct Invoice {
    std::uint32_t number = 0, customer = 0, country = 0; ///< texts; customer 0: a guest
    bool cancels = false;
    bool has_time = false;
    Timestamp at = {};               ///< the earliest of its rows
    std::vector<std::uint32_t> rows; ///< in the order of the file
  };
  /// What is sold under one code.
  struct Article {
    std::uint32_t sku = 0;
    std::string name;         ///< the first description in the file that is not empty; else the code
    std::int64_t units = 0;   ///< of all rows that are open lines of goods
  };

  /// Whether these are the names of the format's columns.
  static bool is_header(std::span<const std::string_view> fields);
  void add(std::span<const std::string_view> fields, std::uint32_t line);
  /// All rows are there: applies the rules that need a whole invoice. To be called once.
  void close();

  /// By time, then by their first line in the file. Empty before close().
  const std::vector<std::uint32_t>& in_order_of_time() const { return order_; }
  const Invoice& invoice(std::uint32_t index) const { return invoices_[index]; }
  const std::vector<Row>& rows() const { return rows_; }
  const Row& row(std::uint32_t index) const { return rows_[index]; }
  std::string_view text(std::uint32_t number) const { return pool_.text(number); }
  const Refusal& refusal(const Row& row) const { return refusals_[row.refusal]; }

  /// The articles of open lines of goods, by code.
  std::vector<Article> articles() const;

  void accept(std::uint32_t row);
  void refuse(std::uint32_t row, const Refusal& why);
  /// Refuses what is left of an order that has no goods left.
  void refuse_if_without_goods(std::uint32_t invoice);
  /// How many rows are neither accepted nor refused.
  std::uint64_t open() const { return rows_.size() - decided_; }
  /// How many rows say in every field what an earlier row says.
  std::uint64_t duplicates() const { return duplicates_; }

private:
  void count_duplicates(const Invoice& invoice);
  void judge_whole(std::uint32_t invoice);
  std::uint32_t invoice_of(std::string_view number);

  TextPool pool_;
  std::vector<Row> rows_;
  std::vector<Invoice> invoices_;
  std::unordered_map<std::uint32_t, std::uint32_t> invoice_by_number_;
  std::unordered_map<std::uint32_t, std::uint32_t> name_by_sku_;
  std::vector<std::uint32_t> order_;
  std::deque<Refusal> refusals_;
  std::map<Refusal, std::uint32_t> refusal_numbers_;
  std::uint64_t duplicates_ = 0, decided_ = 0;
};

} // namespace entrepot::imports
