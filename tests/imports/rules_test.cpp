// What single rows of the format mean, and what a return is matched to. No file, no socket.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "gateways/imports/online_retail.hpp"
#include "gateways/imports/price.hpp"
#include "gateways/imports/purchases.hpp"
#include "gateways/imports/uk_time.hpp"

namespace entrepot::imports {
namespace {

using online_retail::Kind;
using online_retail::Row;

std::optional<std::int64_t> total(std::string_view price, std::int64_t quantity) {
  auto read = Price::from(price);
  return read ? read->times(quantity) : std::nullopt;
}

TEST(ImportedPrice, is_rounded_half_up_to_the_penny_a_line) {
  EXPECT_EQ(total("2.55", 6), 1530);
  EXPECT_EQ(total("7", 3), 2100);
  EXPECT_EQ(total(".5", 1), 50);
  EXPECT_EQ(total("0.001", 4), 0);
  EXPECT_EQ(total("0.001", 5), 1);
  EXPECT_EQ(total("0.005", 1), 1);
  EXPECT_EQ(total("0.00499999999999999999999999999999999999999999999999999999", 1), 0);
  EXPECT_EQ(total("1.005", 1), 101) << "a float would say 100";
  EXPECT_EQ(total("0", 12), 0);
  EXPECT_EQ(total("000.10", 1), 10);
}

TEST(ImportedPrice, is_exact_for_whatever_price_and_quantity) {
  rc::check([] {
    auto thousandths = *rc::gen::inRange<std::int64_t>(0, 10'000'000);
    auto quantity = *rc::gen::inRange<std::int64_t>(1, 1'000'001);
    auto digits = std::to_string(thousandths + 100'000'000);
    auto price = digits.substr(1, 5) + "." + digits.substr(6); // 00000.000
    auto expected = (thousandths * quantity + 5) / 10;
    RC_ASSERT(total(price, quantity) == (expected < 100'000'000'000 ? std::optional(expected) : std::nullopt));
  });
}

TEST(ImportedPrice, that_is_no_decimal_number_is_not_read) {
  for (auto text : {"", "-", ".", "1.2.3", "1,50", "1e3", "free", "1 2", "0x1"})
    EXPECT_FALSE(Price::from(text)) << text;
  EXPECT_FALSE(Price::from(std::string(65, '1')));
  EXPECT_TRUE(Price::from("-11062.06")->is_negative());
  EXPECT_TRUE(Price::from("-0.00")->is_zero());
  EXPECT_FALSE(total("-1", 1));
  EXPECT_FALSE(total("999999999.995", 1)) << "a price ends below a thousand million";
  EXPECT_EQ(total("999999999.994", 1), 99'999'999'999);
}

std::string utc(std::string_view local) {
  auto at = from_uk_time(local);
  return at ? to_rfc3339(*at) : "none";
}

TEST(UkTime, is_utc_in_winter_and_an_hour_ahead_in_summer) {
  EXPECT_EQ(utc("2010-12-01 08:26:00"), "2010-12-01T08:26:00.000Z");
  EXPECT_EQ(utc("2011-07-01 08:26:00"), "2011-07-01T07:26:00.000Z");
  EXPECT_EQ(utc("2011-03-27 00:59:59"), "2011-03-27T00:59:59.000Z") << "the last Sunday of March";
  EXPECT_EQ(utc("2011-03-27 02:00:00"), "2011-03-27T01:00:00.000Z");
  EXPECT_EQ(utc("2011-10-30 01:59:59"), "2011-10-30T00:59:59.000Z") << "the hour that comes twice: the first";
  EXPECT_EQ(utc("2011-10-30 02:00:00"), "2011-10-30T02:00:00.000Z");
  EXPECT_EQ(utc("2012-02-29T10:00"), "2012-02-29T10:00:00.000Z");
}

TEST(UkTime, that_does_not_exist_is_not_read) {
  for (auto text : {"", "2011-02-29 10:00:00", "2011-13-01 10:00:00", "2011-01-01 24:00:00", "2011-01-01 10:60:00", "01/12/2010 08:26", "2011-01-01 10:00:0x", "2011-01-01 -1:00:00"})
    EXPECT_EQ(utc(text), "none") << text;
}

/// A row that is sold, with what a test changes.
Row sold(void (*change)(Row&)) {
  Row row{"536365", "85123A", "WHITE HANGING HEART", "6", "2010-12-01 08:26:00", "2.55", "17850", "United Kingdom"};
  change(row);
  return row;
}

std::string code_of(void (*change)(Row&)) {
  auto reading = online_retail::read(sold(change));
  return reading.kind == Kind::refused ? reading.refusal.code : "accepted";
}

TEST(OnlineRetailRow, of_goods_becomes_a_line) {
  auto reading = online_retail::read(sold([](Row& row) { row.code = " 85123a "; }));
  EXPECT_EQ(reading.kind, Kind::goods);
  EXPECT_EQ(reading.sku, "85123a") << "trimmed, the letters as they were written";
  EXPECT_EQ(reading.quantity, 6);
  EXPECT_EQ(reading.total, 1530);
  EXPECT_EQ(to_rfc3339(reading.at.value_or(Timestamp{})), "2010-12-01T08:26:00.000Z");
}

TEST(OnlineRetailRow, of_postage_and_carriage_is_a_service) {
  for (auto code : {"POST", "DOT", "C2", "post"})
    EXPECT_EQ(online_retail::read(Row{"1", code, "", "1", "2010-12-01 08:26:00", "18.00", "", ""}).kind, Kind::service) << code;
  EXPECT_EQ(online_retail::read(Row{"1", "gift_0001_20", "", "1", "2010-12-01 08:26:00", "16.67", "", ""}).kind, Kind::goods);
}

TEST(OnlineRetailRow, that_was_posted_by_hand_or_is_no_sale_is_refused) {
  for (auto code : {"M", "m", "B"})
    EXPECT_EQ(online_retail::read(Row{"1", code, "", "1", "2010-12-01 08:26:00", "1", "1", ""}).refusal.code, "manual-posting") << code;
  for (auto code : {"D", "BANK CHARGES", "AMAZONFEE", "S", "CRUK", "Bank Charges"})
    EXPECT_EQ(online_retail::read(Row{"C1", code, "", "-1", "2010-12-01 08:26:00", "1", "1", ""}).refusal.code, "not-a-sale") << code;
  EXPECT_EQ(code_of([](Row& row) { row.invoice = "A563186"; row.price = "-11062.06"; }), "manual-posting");
}

TEST(OnlineRetailRow, that_corrects_stock_is_refused) {
  EXPECT_EQ(code_of([](Row& row) { row.quantity = "-1"; }), "stock-correction");
  EXPECT_EQ(code_of([](Row& row) { row.quantity = "0"; }), "stock-correction");
  EXPECT_EQ(code_of([](Row& row) { row.price = "0.0"; row.customer = ""; }), "stock-correction");
  EXPECT_EQ(code_of([](Row& row) { row.price = "0.0"; }), "accepted") << "given to a customer for free";
  EXPECT_EQ(code_of([](Row& row) { row.customer = ""; }), "accepted") << "a guest";
}

TEST(OnlineRetailRow, that_cannot_be_read_is_refused_with_what_is_wrong) {
  EXPECT_EQ(code_of([](Row& row) { row.price = "-2.55"; }), "price-invalid");
  EXPECT_EQ(code_of([](Row& row) { row.price = "2,55"; }), "price-invalid");
  EXPECT_EQ(code_of([](Row& row) { row.price = "999999999.99"; }), "price-invalid");
  EXPECT_EQ(code_of([](Row& row) { row.quantity = "six"; }), "quantity-invalid");
  EXPECT_EQ(code_of([](Row& row) { row.quantity = "6.5"; }), "quantity-invalid");
  EXPECT_EQ(code_of([](Row& row) { row.quantity = "1000001"; }), "quantity-invalid");
  EXPECT_EQ(code_of([](Row& row) { row.time = "yesterday"; }), "time-invalid");
  EXPECT_EQ(code_of([](Row& row) { row.code = "NO CODE"; }), "code-invalid");
  EXPECT_EQ(code_of([](Row& row) { row.code = ""; }), "code-invalid");
  EXPECT_EQ(code_of([](Row& row) { row.invoice = " "; }), "invoice-invalid");
}

TEST(OnlineRetailRow, of_a_cancellation_comes_back) {
  auto reading = online_retail::read(sold([](Row& row) { row.invoice = "C536379"; row.quantity = "-6"; }));
  EXPECT_EQ(reading.kind, Kind::back);
  EXPECT_EQ(reading.quantity, 6);
  EXPECT_EQ(reading.total, 1530);
  EXPECT_EQ(code_of([](Row& row) { row.invoice = "C536379"; }), "quantity-invalid");
  EXPECT_EQ(code_of([](Row& row) { row.invoice = "C536379"; row.quantity = "-6"; row.customer = ""; }), "return-without-customer");
  EXPECT_EQ(code_of([](Row& row) { row.invoice = "C536379"; row.quantity = "-6"; row.code = "POST"; }), "accepted");
}

TEST(OnlineRetailCountry, is_named_by_its_code_if_it_is_one) {
  EXPECT_EQ(online_retail::country_code("EIRE"), "IE");
  EXPECT_EQ(online_retail::country_code("United Arab Emirates"), "AE");
  EXPECT_EQ(online_retail::country_code("Unspecified"), "");
}

const Purchases::Key mary = {17850, 7};

TEST(Return, takes_the_newest_units_across_orders_and_splits_the_credit_to_the_penny) {
  Purchases purchases;
  purchases.add(mary, {.order = 1, .line = 3, .units = 2});
  purchases.add(mary, {.order = 2, .line = 1, .units = 2});
  purchases.add({17850, 8}, {.order = 3, .line = 1, .units = 9});
  auto parts = purchases.take(mary, 3, 1000);
  ASSERT_TRUE(parts);
  EXPECT_EQ(*parts, (std::vector<ReturnPart>{{{2, 1, 2}, 667}, {{1, 3, 1}, 333}}));
  EXPECT_FALSE(purchases.take(mary, 2, 1)) << "one is left";
  EXPECT_EQ(*purchases.take(mary, 1, 5), (std::vector<ReturnPart>{{{1, 3, 1}, 5}}));
  EXPECT_FALSE(purchases.take({1, 7}, 1, 1)) << "of another customer";
}

TEST(Return, that_does_not_happen_leaves_its_units_with_the_customer) {
  Purchases purchases;
  purchases.add(mary, {.order = 1, .line = 1, .units = 5});
  auto parts = purchases.take(mary, 5, 100);
  purchases.give_back(mary, *parts);
  EXPECT_EQ(purchases.take(mary, 5, 100), parts);
  EXPECT_FALSE(purchases.take(mary, 1, 1));
}

} // namespace
} // namespace entrepot::imports
