#include <gtest/gtest.h>

#include "domain/check.hpp"
#include "tests/support/definitions.hpp"

namespace entrepot::payment {
namespace {

using test::money;

const std::vector<Share> silver = test::a_payment_table().at(1).shares;

TEST(Instalments, payment_silver_table) {
  struct Row {
    std::int64_t total, deposit, remainder;
  };
  for (auto [total, deposit, remainder] : std::vector<Row>{{750, 750, 0},
                                                           {1000, 1000, 0},
                                                           {4500, 1000, 3500},
                                                           {5000, 1000, 4000},
                                                           {5005, 2000, 3005},
                                                           {20370, 5000, 15370},
                                                           {24700, 5000, 19700},
                                                           {25000, 5000, 20000},
                                                           {25001, 6000, 19001},
                                                           {100000, 20000, 80000},
                                                           {199999, 40000, 159999}}) {
    auto plan = instalments(money(total), silver);
    ASSERT_EQ(plan.size(), remainder == 0 ? 1U : 2U) << total;
    EXPECT_EQ(plan.front(), (Instalment{1, Moment::on_order, Method::card, money(deposit)})) << total;
    if (remainder != 0) {
      EXPECT_EQ(plan.back(), (Instalment{2, Moment::on_invoice, Method::card, money(remainder)})) << total;
    }
  }
}

TEST(Instalments, payment_silver_table_of_nothing_has_two_instalments_of_nothing) {
  auto plan = instalments(money(0), silver);
  ASSERT_EQ(plan.size(), 2U);
  EXPECT_EQ(plan[0].amount, money(0));
  EXPECT_EQ(plan[1].amount, money(0));
}

TEST(Instalments, round_half_up_where_no_multiple_is_asked_for) {
  std::vector<Share> third{
      {Moment::on_order, Method::card, 33, 0}, {Moment::on_issue, Method::card, 33, 0}, {Moment::on_invoice, Method::account, 34, 0}};
  auto plan = instalments(money(50), third); // 33 % of 50 is 16.5
  ASSERT_EQ(plan.size(), 3U);
  EXPECT_EQ(plan[0].amount, money(17));
  EXPECT_EQ(plan[1].amount, money(17));
  EXPECT_EQ(plan[2].amount, money(16));
}

TEST(Instalments, never_take_more_than_is_left) {
  std::vector<Share> greedy{
      {Moment::on_order, Method::card, 60, 0}, {Moment::on_issue, Method::card, 60, 0}, {Moment::on_invoice, Method::account, 1, 0}};
  auto plan = instalments(money(100), greedy);
  ASSERT_EQ(plan.size(), 2U);
  EXPECT_EQ(plan[1].amount, money(40));
}

TEST(Instalments, last_share_takes_what_remains) {
  auto plan = instalments(money(100), {{Moment::on_order, Method::card, 50, 0}});
  ASSERT_EQ(plan.size(), 1U);
  EXPECT_EQ(plan[0].amount, money(100));
}

TEST(Instalments, split_totals_of_any_size) {
  auto plan = instalments(money(INT64_MAX), silver);
  ASSERT_EQ(plan.size(), 2U);
  EXPECT_EQ(plan[0].amount.amount % 1000, 0);
  EXPECT_EQ(plan[0].amount + plan[1].amount, money(INT64_MAX));
}

TEST(Instalments, are_made_of_a_total_and_shares) {
  EXPECT_THROW(instalments(money(100), {}), BrokenInvariant);
  EXPECT_THROW(instalments(money(-1), silver), BrokenInvariant);
}

TEST(Instalments, have_words_for_moments_and_methods) {
  for (auto moment : {Moment::on_order, Moment::on_issue, Moment::on_invoice})
    EXPECT_EQ(moment_from(name_of(moment)), moment);
  for (auto method : {Method::card, Method::account})
    EXPECT_EQ(method_from(name_of(method)), method);
  EXPECT_EQ(name_of(Moment::on_invoice), "on_invoice");
  EXPECT_EQ(name_of(Method::account), "account");
  EXPECT_FALSE(moment_from("later"));
  EXPECT_FALSE(method_from("cash"));
}

} // namespace
} // namespace entrepot::payment
