#include "gateways/api/phone.hpp"

#include <gtest/gtest.h>

namespace entrepot::api {
namespace {

TEST(Phone, is_one_number_however_it_is_written) {
  for (auto text : {"07400 123456", "+44 7400 123456", "+44 (0)7400-123456", "0044 7400 123456"})
    EXPECT_EQ(phone_in_e164(text, "GB"), "+447400123456") << text;
}

TEST(Phone, without_a_country_code_is_dialled_in_the_channels_country) {
  EXPECT_EQ(phone_in_e164("8 900 111 22 33", "RU"), "+79001112233");
  EXPECT_EQ(phone_in_e164("030 123456", "DE"), "+4930123456");
  EXPECT_EQ(phone_in_e164("07400 123456", ""), "+447400123456");
}

TEST(Phone, that_nobody_can_have_is_none) {
  for (auto text : {"", "call me", "12", "+44", "+999 123456789", "+44 7400 12345678901", "+1 253 0000"})
    EXPECT_FALSE(phone_in_e164(text, "GB")) << text;
}

} // namespace
} // namespace entrepot::api
