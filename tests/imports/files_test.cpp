// From the bytes of a file to its rows, and from rows to invoices.
#include <archive.h>
#include <archive_entry.h>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "gateways/imports/csv_rows.hpp"
#include "gateways/imports/import_rows.hpp"
#include "gateways/imports/sales_book.hpp"
#include "tests/imports/book.hpp"
#include "tests/support/temporary_folder.hpp"

namespace entrepot::imports {
namespace {

/// Writes the text packed by `filter`, one of libarchive's.
void write_packed(const std::filesystem::path& file, int filter, const std::string& text) {
  auto* out = archive_write_new();
  archive_write_set_format_raw(out);
  archive_write_add_filter(out, filter);
  ASSERT_EQ(archive_write_open_filename(out, file.c_str()), ARCHIVE_OK);
  auto* entry = archive_entry_new();
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_pathname(entry, "data");
  archive_write_header(out, entry);
  ASSERT_EQ(archive_write_data(out, text.data(), text.size()), static_cast<la_ssize_t>(text.size()));
  archive_entry_free(entry);
  archive_write_free(out);
}

std::string text_of(const std::filesystem::path& file) {
  TextSource source(file.string());
  std::string text;
  std::array<char, 1000> piece;
  while (auto got = source.read(piece))
    text.append(piece.data(), got);
  return text;
}

std::string many_lines() {
  std::string text;
  for (int i = 0; i < 20'000; ++i)
    text += std::to_string(i * 7919) + ",row\n";
  return text;
}

TEST(TextSource, reads_what_is_plain_gzip_or_xz_alike_whatever_its_name) {
  test::TemporaryFolder folder;
  auto text = many_lines();
  for (auto filter : {ARCHIVE_FILTER_NONE, ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_XZ}) {
    write_packed(folder.path() / "file.csv", filter, text);
    EXPECT_EQ(text_of(folder.path() / "file.csv"), text) << filter;
  }
}

TEST(TextSource, that_is_empty_has_no_text) {
  test::TemporaryFolder folder;
  std::ofstream(folder.path() / "empty");
  EXPECT_EQ(text_of(folder.path() / "empty"), "");
}

TEST(TextSource, that_is_not_there_or_breaks_off_is_named) {
  test::TemporaryFolder folder;
  EXPECT_THROW(TextSource((folder.path() / "absent").string()), SourceError);
  write_packed(folder.path() / "broken.xz", ARCHIVE_FILTER_XZ, many_lines());
  std::filesystem::resize_file(folder.path() / "broken.xz", std::filesystem::file_size(folder.path() / "broken.xz") / 2);
  try {
    text_of(folder.path() / "broken.xz");
    FAIL() << "half a file is no file";
  } catch (const SourceError& why) {
    EXPECT_NE(std::string(why.what()).find("broken.xz"), std::string::npos) << why.what();
  }
}

struct ReadRow {
  std::vector<std::string> fields;
  std::uint32_t line = 0;
  bool operator==(const ReadRow&) const = default;
};

std::vector<ReadRow> rows_of(const std::string& text, std::size_t piece = 1'000'000) {
  std::vector<ReadRow> rows;
  CsvRows csv([&](std::span<const std::string_view> fields, std::uint32_t line) { rows.push_back({{fields.begin(), fields.end()}, line}); });
  for (std::size_t from = 0; from < text.size(); from += piece)
    csv.take(std::string_view(text).substr(from, piece));
  csv.end();
  return rows;
}

TEST(CsvRows, keep_their_line_whatever_stands_in_quotes) {
  auto text = std::string("\xEF\xBB\xBF") + "a,\"b, \"\"c\"\"\"\r\n\n\"two\nlines\",\n\"\",end";
  std::vector<ReadRow> expected = {{{"a", "b, \"c\""}, 1}, {{"two\nlines", ""}, 3}, {{"", "end"}, 5}};
  EXPECT_EQ(rows_of(text), expected);
  for (std::size_t piece = 3; piece < 12; ++piece)
    EXPECT_EQ(rows_of(text, piece), expected) << "cut into pieces of " << piece;
}

TEST(CsvRows, that_are_written_are_read_again) {
  rc::check([] {
    auto fields = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(rc::gen::string<std::string>()));
    std::string text;
    for (auto& field : fields) {
      std::erase(field, '\0');
      field = online_retail::trimmed(field);
      text += csv_field(field) + ",";
    }
    auto rows = rows_of(text + "x\n");
    fields.push_back("x");
    RC_ASSERT(rows.size() == 1u);
    RC_ASSERT(rows[0].fields == fields);
  });
}

TEST(CsvRows, with_a_quote_that_is_never_closed_are_not_read_to_the_end) {
  EXPECT_THROW(rows_of("a,\"b" + std::string(200'000, 'x')), SourceError);
}

std::string code_of(const SalesBook& book, std::uint32_t row) {
  return book.row(row).state == SalesBook::State::refused ? book.refusal(book.row(row)).code : "open";
}

TEST(SalesBook, gathers_an_invoice_at_its_earliest_time_and_puts_invoices_in_order) {
  auto book = book_of("2,22,MUG,1,2011-01-05 10:00:00,1.00,7,France\n"
                      "1,22,,1,2011-01-04 10:02:00,1.00,7,France\n"
                      "1,M,Manual,1,2011-01-04 10:01:00,1.00,7,France\n"
                      "3,23,,1,2011-01-04 10:01:00,1.00,,France\n");
  ASSERT_EQ(book.in_order_of_time().size(), 3u);
  auto& first = book.invoice(book.in_order_of_time()[0]);
  EXPECT_EQ(book.text(first.number), "1") << "before 3, which has the same time and a later line";
  EXPECT_EQ(to_rfc3339(first.at), "2011-01-04T10:01:00.000Z");
  EXPECT_EQ(book.text(first.customer), "7");
  EXPECT_EQ(first.rows.size(), 2u);
  EXPECT_EQ(book.text(book.invoice(book.in_order_of_time()[2]).number), "2");
  EXPECT_EQ(book.open(), 3u);
}

TEST(SalesBook, names_an_article_by_its_first_description_and_sums_what_is_offered) {
  auto book = book_of("1,22,,2,2011-01-04 10:00:00,1.00,7,France\n"
                      "1,22,MUG,3,2011-01-04 10:00:00,1.00,7,France\n"
                      "1,22,CUP,-1,2011-01-04 10:00:00,1.00,7,France\n"
                      "1,POST,POSTAGE,1,2011-01-04 10:00:00,1.00,7,France\n"
                      "2,33,,4,2011-01-04 10:00:00,1.00,7,France\n");
  auto articles = book.articles();
  ASSERT_EQ(articles.size(), 2u);
  EXPECT_EQ(articles[0].name, "MUG");
  EXPECT_EQ(articles[0].units, 5);
  EXPECT_EQ(articles[1].name, "33");
}

TEST(SalesBook, refuses_an_invoice_without_goods_and_one_with_too_many_lines) {
  auto book = book_of("1,POST,POSTAGE,1,2011-01-04 10:00:00,1.00,7,France\n"
                      "1,M,Manual,1,2011-01-04 10:00:00,1.00,7,France\n");
  EXPECT_EQ(code_of(book, 0), "no-goods");
  EXPECT_EQ(code_of(book, 1), "manual-posting");
  std::string lines;
  for (int i = 0; i < 2'001; ++i)
    lines += "5,22,MUG,1,2011-01-04 10:00:00,1.00,7,France\n";
  auto large = book_of(lines);
  EXPECT_EQ(code_of(large, 0), "too-many-lines");
  EXPECT_EQ(large.open(), 0u);
}

TEST(SalesBook, refuses_rows_of_another_customer_and_with_missing_columns) {
  auto book = book_of("1,22,MUG,1,2011-01-04 10:00:00\n"
                      "1,22,MUG,1,2011-01-04 10:00:00,1.00,7,France\n"
                      "1,22,MUG,1,2011-01-04 10:00:00,1.00,8,France\n");
  EXPECT_EQ(code_of(book, 0), "columns-wrong");
  EXPECT_EQ(code_of(book, 1), "open");
  EXPECT_EQ(code_of(book, 2), "customer-differs");
}

TEST(SalesBook, takes_exact_duplicates_and_counts_them) {
  auto book = book_of("1,22,MUG,1,2011-01-04 10:00:00,1.00,7,France\n"
                      "1,22,MUG,1,2011-01-04 10:00:00,1.00,7,France\n"
                      "1,22,MUG,1,2011-01-04 10:00:00,1.0,7,France\n"
                      "2,22,MUG,1,2011-01-04 10:00:00,1.00,7,France\n");
  EXPECT_EQ(book.duplicates(), 1u);
  EXPECT_EQ(book.open(), 4u);
}

TEST(ImportRow, says_what_the_contract_asks_for) {
  EXPECT_EQ(product_row({"85123A", "WHITE \"HEART\""}),
            R"({"product":{"sku":"85123A","name":"WHITE \"HEART\"","category":"giftware","tax_class":"standard","weight_grams":0,"prices":{}}})");
  std::vector<Movement> movements = {{"85123A", 12}, {"71053", 6}};
  EXPECT_EQ(receipt_row("online-retail/opening/1", {.location = "", .channel = "import"}, movements),
            R"({"receipt":{"reference":"online-retail/opening/1","channel":"import","movements":[{"sku":"85123A","units":12},{"sku":"71053","units":6}]}})");
  EXPECT_EQ(receipt_row("r", {.location = "DC", .channel = ""}, {}), R"({"receipt":{"reference":"r","location":"DC","movements":[]}})");
  OrderText order{.channel = "import", .number = "536365", .customer = "17850", .country = "GB", .at = *from_rfc3339("2010-12-01T08:26:00Z"), .lines = {}};
  order.lines = {{.sku = "85123A", .quantity = 6, .total = 1530}, {.sku = "POST", .quantity = 1, .total = 300, .service = true, .name = "POSTAGE"}};
  EXPECT_EQ(order_row(order),
            R"({"order":{"channel":"import","external_number":"536365","occurred_at":"2010-12-01T08:26:00.000Z","customer_channel_id":"17850","country":"GB",)"
            R"("lines":[{"sku":"85123A","quantity":6,"total":{"amount":1530,"currency":"GBP"}},)"
            R"({"sku":"POST","quantity":1,"total":{"amount":300,"currency":"GBP"},"service":true,"name":"POSTAGE"}]}})");
  ReturnText back{.reference = "C536379/141", .channel = "import", .at = order.at, .parts = {{.order = "ord_1", .line = 3, .quantity = 1, .credit = 255}}};
  EXPECT_EQ(return_row(back), R"({"return":{"reference":"C536379/141","channel":"import","occurred_at":"2010-12-01T08:26:00.000Z",)"
                                      R"("parts":[{"order":"ord_1","line":3,"quantity":1,"credit":{"amount":255,"currency":"GBP"}}]}})");
}

TEST(ImportRow, is_sent_with_its_position) {
  EXPECT_EQ(at_position(7, R"({"order":{}})").json, R"({"position":7,"order":{}})");
}

TEST(ImportRow, is_utf_8_whatever_the_file_is) {
  EXPECT_EQ(readable("Voucher \xC2\xA3" "10", 200), "Voucher \xC2\xA3" "10");
  EXPECT_EQ(readable("Voucher \xA3" "10\n", 200), "Voucher ?10?");
  EXPECT_EQ(readable("\xC2\xA3\xC2\xA3", 3), "\xC2\xA3") << "no half character";
  EXPECT_EQ(readable("\xED\xA0\x80", 9), "???");
}

} // namespace
} // namespace entrepot::imports
