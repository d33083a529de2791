#include "domain/order/history.hpp"

#include <gtest/gtest.h>

namespace entrepot::order {
namespace {

using namespace std::chrono_literals;

TEST(History, is_what_is_recorded_more_than_a_day_after_it_happened) {
  const Timestamp happened{1'700'000'000s};
  EXPECT_FALSE(is_history(happened, happened));
  EXPECT_FALSE(is_history(happened, happened + 24h));
  EXPECT_TRUE(is_history(happened, happened + 24h + 1ms));
  EXPECT_FALSE(is_history(happened + 1h, happened)) << "a clock that is a little ahead makes no history";
}

} // namespace
} // namespace entrepot::order
