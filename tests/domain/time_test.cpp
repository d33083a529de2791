#include <gtest/gtest.h>

#include "tests/support/definitions.hpp"

namespace entrepot {
namespace {

TEST(Time, is_written_in_utc_with_milliseconds) {
  EXPECT_EQ(to_rfc3339(test::now), "2026-03-10T09:00:00.000Z");
  EXPECT_EQ(to_rfc3339(Timestamp{Duration{-1}}), "1969-12-31T23:59:59.999Z");
}

TEST(Time, is_read_with_any_offset) {
  EXPECT_EQ(from_rfc3339("2026-03-10T09:00:00Z"), test::now);
  EXPECT_EQ(from_rfc3339("2026-03-10t10:30:00+01:30"), test::now);
  EXPECT_EQ(from_rfc3339("2026-03-10T01:00:00.000-08:00"), test::now);
  EXPECT_EQ(from_rfc3339("2024-02-29T00:00:00z"), Timestamp{std::chrono::sys_days{std::chrono::year{2024} / 2 / 29}});
}

TEST(Time, keeps_three_decimals) {
  EXPECT_EQ(from_rfc3339("2026-03-10T09:00:00.5Z"), test::now + Duration{500});
  EXPECT_EQ(from_rfc3339("2026-03-10T09:00:00.123456789Z"), test::now + Duration{123});
  EXPECT_EQ(from_rfc3339("2026-03-10T09:00:00.0009Z"), test::now);
}

TEST(Time, is_not_guessed) {
  for (auto text :
       {"", "2026-03-10", "2026-03-10T09:00:00", "2026-03-10 09:00:00Z", "2026-02-29T09:00:00Z", "2026-13-10T09:00:00Z", "2026-03-10T24:00:00Z",
        "2026-03-10T09:60:00Z", "2026-03-10T09:00:60Z", "2026-03-10T09:00:00.Z", "2026-03-10T09:00:00.1234567890Z", "2026-03-10T09:00:00Zx",
        "2026-03-10T09:00:00+0100", "2026-03-10T09:00:00+24:00", "1969-12-31T23:59:59Z", "2O26-03-10T09:00:00Z", "2026-3-10T09:00:00Z"})
    EXPECT_FALSE(from_rfc3339(text)) << text;
}

} // namespace
} // namespace entrepot
