#include <gtest/gtest.h>

#include <set>

#include "domain/check.hpp"
#include "tests/support/orders.hpp"

namespace entrepot {
namespace {

TEST(Ids, number_a_family_by_slice_time_and_counter) {
  auto family = family_number(4095, test::now, 2047);
  EXPECT_GT(family.value, 0);
  EXPECT_EQ(slice_of(family), 4095);
  EXPECT_EQ(shard_of(family), 63);
  EXPECT_EQ(minted_at(family), test::now);
  EXPECT_EQ(child_of(family), child::order);
  EXPECT_FALSE(is_named(family));
  EXPECT_LT(family_number(7, test::now, 1), family_number(7, test::now, 2));
  EXPECT_LT(family_number(7, test::now, 2047), family_number(7, test::now + std::chrono::seconds{1}, 0));
}

TEST(Ids, keep_a_family_together) {
  auto family = family_number(7, test::now, 1);
  auto fulfilment = member(family, child::first_fulfilment);
  EXPECT_EQ(family_of(fulfilment), family);
  EXPECT_EQ(child_of(fulfilment), child::first_fulfilment);
  EXPECT_EQ(slice_of(fulfilment), 7);
}

TEST(Ids, do_not_number_what_does_not_fit) {
  EXPECT_THROW(family_number(4096, test::now, 0), BrokenInvariant);
  EXPECT_THROW(family_number(-1, test::now, 0), BrokenInvariant);
  EXPECT_THROW(family_number(0, test::now, 2048), BrokenInvariant);
  EXPECT_THROW(family_number(0, test::at("2019-12-31T23:59:59Z"), 0), BrokenInvariant);
  EXPECT_THROW(family_number(0, test::at("2088-01-20T00:00:00Z"), 0), BrokenInvariant);
}

TEST(Ids, find_named_things_by_their_name) {
  auto stream = stream_of(test::location("DC"));
  EXPECT_EQ(stream, stream_of(test::location("DC")));
  EXPECT_TRUE(is_named(stream));
  EXPECT_EQ(kind_of(stream), Kind::location);
  EXPECT_NE(stream, stream_of(test::location("dc")));
  EXPECT_NE(stream, stream_of(test::sku("DC")));
  EXPECT_EQ(kind_of(stream_of(test::customer_number("C-1"))), Kind::customer);
  EXPECT_EQ(kind_of(stream_of(test::channel_code("web"))), Kind::channel);
}

TEST(Ids, never_change) { // what is stored rests on these very numbers
  EXPECT_EQ(family_number(7, test::now, 1).value, 15864990254760192);
  EXPECT_EQ(to_text(test::order_id()), "ord_00e2x3zj80080");
  EXPECT_EQ(stable_hash(""), 17280346270528514342ULL);
  EXPECT_EQ(stable_hash("MUG-1"), 17636471561311236303ULL);
  EXPECT_EQ(stream_of(test::location("DC")).value, 1925191855197811713);
  EXPECT_EQ(step_command(test::order_id().family, 3, 2), (CommandId{144177160694038529ULL, 12884901890ULL}));
}

TEST(Ids, are_read_in_either_case_and_nothing_else) {
  auto order = test::order_id();
  auto text = to_text(order);
  EXPECT_EQ(order_id_from(text), order);
  for (auto& c : text)
    if (c >= 'a' && c <= 'z' && &c >= text.data() + 4)
      c = static_cast<char>(c - 'a' + 'A');
  EXPECT_EQ(order_id_from(text), order);
  for (auto wrong :
       {"", "ord_", "ful_00e2x3zj80080", "ord_00e2x3zj8008", "ord_00e2x3zj800800", "ord_00e2x3zj8008u", "ord_80e2x3zj80080", "ord_zzzzzzzzzzzzz"})
    EXPECT_FALSE(order_id_from(wrong)) << wrong;
  EXPECT_FALSE(order_id_from(to_text("ord_", member(order.family, child::first_fulfilment))));
  EXPECT_FALSE(order_id_from(to_text("ord_", stream_of(test::location("DC")))));
}

TEST(Ids, of_commands_differ_by_source_stream_step_and_round) {
  auto one = test::order_id(1).family, two = test::order_id(2).family;
  auto due = test::now;
  std::set<CommandId> ids{step_command(one, 1, 0),
                          step_command(one, 1, 1),
                          step_command(one, 2, 0),
                          step_command(two, 1, 0),
                          deadline_command(one, due),
                          deadline_command(two, due),
                          deadline_command(one, due + Duration{1}),
                          step_command(member(one, 16), 1, 0)};
  EXPECT_EQ(ids.size(), 8U);
  EXPECT_EQ(source_of(step_command(one, 1, 0)), CommandSource::step);
  EXPECT_EQ(source_of(deadline_command(one, due)), CommandSource::deadline);
  EXPECT_EQ(step_command(one, 1, 0), step_command(one, 1, 0));
}

TEST(Ids, are_codes_of_letters_digits_and_marks) {
  EXPECT_EQ(Sku::from("A.b_c-9")->text(), "A.b_c-9");
  EXPECT_TRUE(Sku::from(std::string(64, 'x')));
  for (const auto& wrong :
       {std::string{}, std::string(65, 'x'), std::string{"a b"}, std::string{"a/b"}, std::string{"\xc3\xa9"}, std::string{"a\0b", 3}})
    EXPECT_FALSE(Sku::from(wrong)) << wrong;
  EXPECT_FALSE(static_cast<bool>(Sku{}));
}

} // namespace
} // namespace entrepot
