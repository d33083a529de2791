#include "gateways/imports/report.hpp"

#include "gateways/imports/csv_rows.hpp"

namespace entrepot::imports {

Figures figures_of(const SalesBook& book) {
  Figures figures;
  for (const auto& row : book.rows()) {
    ++figures.read;
    if (row.state == SalesBook::State::accepted) {
      ++figures.accepted;
      (row.kind == online_retail::Kind::back ? figures.returned_total : figures.accepted_total) += row.total;
    } else if (row.state == SalesBook::State::refused) {
      ++figures.refused;
      ++figures.refused_by_code[book.refusal(row).code];
    }
  }
  return figures;
}

std::string report_header() { return "line,invoice,code,text\n"; }

std::string report_line(std::uint32_t line, std::string_view invoice, const Refusal& why) {
  return (line == 0 ? std::string{} : std::to_string(line)) + "," + csv_field(invoice) + "," + csv_field(why.code) + "," + csv_field(why.text) + "\n";
}

void write_report(std::ostream& out, const SalesBook& book, const std::vector<Finding>& findings) {
  out << report_header();
  for (const auto& row : book.rows())
    if (row.state == SalesBook::State::refused)
      out << report_line(row.line, book.text(book.invoice(row.invoice).number), book.refusal(row));
  for (const auto& finding : findings)
    out << report_line(0, finding.invoice, finding.what);
}

} // namespace entrepot::imports
