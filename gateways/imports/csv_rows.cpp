#include "gateways/imports/csv_rows.hpp"

#include <algorithm>
#include <csv.h>
#include <new>
#include <utility>
#include <vector>

namespace entrepot::imports {

namespace {
constexpr std::size_t piece_bytes = 16 * 1024; // taken at once
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
} // namespace

struct CsvRows::State {
  csv_parser parser{};
  OnRow on_row;
  std::string text;              ///< of the row so far, field behind field
  std::vector<std::size_t> ends; ///< of its fields, in `text`
  std::vector<std::string_view> fields;
  std::uint32_t line = 1, row_line = 1; ///< where we are, where the row began
  bool began = false;                   ///< anything at all

  explicit State(OnRow take_row) : on_row(std::move(take_row)) {
    if (csv_init(&parser, CSV_REPALL_NL) != 0)
      throw std::bad_alloc();
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { csv_free(&parser); }

  void field(std::string_view value) {
    if (ends.empty())
      row_line = line;
    line += static_cast<std::uint32_t>(std::ranges::count(value, '\n')); // inside quotes
    text += value;
    ends.push_back(text.size());
  }

  /// `ended_by`: the character, below 0 if it was the text's end.
  void row(int ended_by) {
    if (!ends.empty()) {
      fields.clear();
      std::size_t from = 0;
      for (auto end : ends) {
        fields.push_back(std::string_view(text).substr(from, end - from));
        from = end;
      }
      on_row(fields, row_line);
      text.clear();
      ends.clear();
    }
    line += ended_by == '\n' ? 1u : 0u;
  }

  static void on_field(void* value, std::size_t size, void* state) { static_cast<State*>(state)->field({static_cast<const char*>(value), size}); }
  static void on_end(int ended_by, void* state) { static_cast<State*>(state)->row(ended_by); }
};

CsvRows::CsvRows(OnRow on_row) : state_(std::make_unique<State>(std::move(on_row))) {}
CsvRows::~CsvRows() = default;

void CsvRows::take(std::string_view piece) {
  if (!std::exchange(state_->began, true) && piece.starts_with(byte_order_mark))
    piece.remove_prefix(byte_order_mark.size());
  while (!piece.empty()) {
    auto part = piece.substr(0, piece_bytes);
    piece.remove_prefix(part.size());
    if (csv_parse(&state_->parser, part.data(), part.size(), State::on_field, State::on_end, state_.get()) != part.size())
      throw std::bad_alloc(); // nothing else goes wrong when the parser is not strict
    if (state_->parser.entry_pos > csv_field_bytes)
      throw SourceError("line " + std::to_string(state_->line) + ": a field is longer than " + std::to_string(csv_field_bytes) + " bytes; is a quote never closed?");
  }
}

void CsvRows::end() {
  if (csv_fini(&state_->parser, State::on_field, State::on_end, state_.get()) != 0)
    throw std::bad_alloc();
}

void read_csv(TextSource& source, const CsvRows::OnRow& on_row) {
  CsvRows rows(on_row);
  std::vector<char> piece(piece_bytes);
  while (auto got = source.read(piece))
    rows.take({piece.data(), got});
  rows.end();
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos)
    return std::string(text);
  std::string quoted(2 * text.size() + 2, '\0');
  quoted.resize(csv_write(quoted.data(), quoted.size(), text.data(), text.size()));
  return quoted;
}

} // namespace entrepot::imports
