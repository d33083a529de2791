// What a run tells in the end: figures, and a line for each row that was refused.
#pragma once

#include <cstdint>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "gateways/imports/sales_book.hpp"

namespace entrepot::imports {

/// Rows of the file, by what became of them.
struct Figures {
  std::uint64_t read = 0, accepted = 0, refused = 0;
  std::int64_t accepted_total = 0; ///< pence, of accepted lines of orders
  std::int64_t returned_total = 0; ///< pence, of accepted returns; positive
  std::map<std::string, std::uint64_t> refused_by_code;
};
Figures figures_of(const SalesBook& book);

/// Something that nobody should have to expect: it is about no single row.
struct Finding {
  std::string invoice; ///< empty: about none
  Refusal what;
};

/// Writes `line,invoice,code,text`: the refused rows by their line, then findings, whose line is empty.
void write_report(std::ostream& out, const SalesBook& book, const std::vector<Finding>& findings);
/// The report's first line, with its end.
std::string report_header();
/// One line of a report, with its end; line 0 is written as nothing.
std::string report_line(std::uint32_t line, std::string_view invoice, const Refusal& why);

} // namespace entrepot::imports
