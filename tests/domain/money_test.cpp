#include <gtest/gtest.h>

#include <numeric>

#include "domain/check.hpp"
#include "domain/quantity.hpp"
#include "tests/support/definitions.hpp"

namespace entrepot {
namespace {

using test::money;

TEST(Money, is_added_in_one_currency_only) {
  EXPECT_EQ(money(100) + money(50), money(150));
  EXPECT_EQ(money(100) - money(150), money(-50));
  EXPECT_EQ(-money(100), money(-100));
  EXPECT_EQ(money(1999) * 3, money(5997));
  EXPECT_THROW(money(1, "GBP") + money(1, "EUR"), BrokenInvariant);
  EXPECT_THROW(money(1, "GBP") - money(1, "EUR"), BrokenInvariant);
  EXPECT_THROW(less(money(1, "GBP"), money(2, "EUR")), BrokenInvariant);
}

TEST(Money, never_overflows_silently) {
  EXPECT_THROW(money(INT64_MAX) + money(1), BrokenInvariant);
  EXPECT_THROW(money(INT64_MIN) - money(1), BrokenInvariant);
  EXPECT_THROW(-money(INT64_MIN), BrokenInvariant);
  EXPECT_THROW(money(INT64_MAX) * 2, BrokenInvariant);
  EXPECT_THROW(share(money(INT64_MIN), INT64_MIN, 1), BrokenInvariant);
  EXPECT_EQ(share(money(INT64_MAX), INT64_MAX, INT64_MAX), money(INT64_MAX));
}

TEST(Money, is_shared_half_away_from_zero) {
  EXPECT_EQ(share(money(10), 1, 4), money(3));
  EXPECT_EQ(share(money(-10), 1, 4), money(-3));
  EXPECT_EQ(share(money(9), 1, 4), money(2));
  EXPECT_EQ(share(money(11), 1, 4), money(3));
  EXPECT_EQ(share(money(1), 1, 3), money(0));
  EXPECT_EQ(share(money(24700), 20, 100), money(4940));
  EXPECT_THROW(share(money(1), 1, 0), BrokenInvariant);
}

TEST(Money, is_split_so_that_the_parts_add_up) {
  std::vector<std::int64_t> thirds{1, 1, 1};
  EXPECT_EQ(split_by_largest_remainder(money(100), thirds), (std::vector{money(34), money(33), money(33)}));
  EXPECT_EQ(split_by_largest_remainder(money(-100), thirds), (std::vector{money(-33), money(-33), money(-34)}));
  std::vector<std::int64_t> uneven{5990, 2000, 10};
  EXPECT_EQ(split_by_largest_remainder(money(1000), uneven), (std::vector{money(749), money(250), money(1)}));
  std::vector<std::int64_t> nobody{0, 0};
  EXPECT_EQ(split_by_largest_remainder(money(7), nobody), (std::vector{money(7), money(0)}));
  EXPECT_THROW(split_by_largest_remainder(money(7), {}), BrokenInvariant);
  std::vector<std::int64_t> negative{1, -1};
  EXPECT_THROW(split_by_largest_remainder(money(7), negative), BrokenInvariant);
}

TEST(Money, is_written_with_the_decimals_of_its_currency) {
  EXPECT_EQ(to_text(money(12100)), "121.00 GBP");
  EXPECT_EQ(to_text(money(-5)), "-0.05 GBP");
  EXPECT_EQ(to_text(money(0)), "0.00 GBP");
  EXPECT_EQ(to_text(money(121, "JPY")), "121 JPY");
  EXPECT_EQ(to_text(money(121, "KWD")), "0.121 KWD");
  EXPECT_EQ(to_text(money(INT64_MIN, "JPY")), "-9223372036854775808 JPY");
}

TEST(Money, has_a_currency_of_three_capital_letters) {
  EXPECT_EQ(Currency::from("GBP")->code(), "GBP");
  for (auto text : {"", "GB", "GBPS", "gbp", "G1P", "G P"})
    EXPECT_FALSE(Currency::from(text)) << text;
}

TEST(Quantity, is_never_negative) {
  EXPECT_EQ(Quantity{5} - Quantity{5}, Quantity{});
  EXPECT_THROW(Quantity{-1}, BrokenInvariant);
  EXPECT_THROW(Quantity{1} - Quantity{2}, BrokenInvariant);
  EXPECT_THROW(Quantity{INT32_MAX} + Quantity{1}, BrokenInvariant);
}

} // namespace
} // namespace entrepot
