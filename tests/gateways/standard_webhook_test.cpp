// Signatures as Standard Webhooks 1.0 says. The message is the one with which the standard's own libraries are tested.
#include "gateways/partners/standard_webhook.hpp"

#include <gtest/gtest.h>

namespace entrepot::test {
namespace {

using partners::is_signed;
using partners::WebhookMessage;

const auto secret = partners::webhook_secret_from("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").value();
const WebhookMessage message{"msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", R"({"test": 2432232314})"};
constexpr auto published = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

TEST(AWebhooksSignature, is_the_published_one) {
  EXPECT_EQ(webhook_signature(secret, message), published);
  EXPECT_TRUE(is_signed(secret, message, published));
}

TEST(AWebhooksSignature, covers_number_time_and_body) {
  EXPECT_FALSE(is_signed(secret, {"msg_other", message.timestamp, message.body}, published));
  EXPECT_FALSE(is_signed(secret, {message.id, "1614265331", message.body}, published));
  EXPECT_FALSE(is_signed(secret, {message.id, message.timestamp, R"({"test": 2432232315})"}, published));
  EXPECT_FALSE(is_signed(partners::webhook_secret_from("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD").value(), message, published));
}

TEST(AWebhooksSignature, is_one_of_several) {
  const std::string wrong = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=", right = published;
  EXPECT_TRUE(is_signed(secret, message, wrong + " v2," + right.substr(3) + " " + right));
  EXPECT_FALSE(is_signed(secret, message, wrong + " " + wrong));
  std::string many;
  for (std::size_t i = 0; i < partners::webhook_signatures; ++i)
    many += wrong + " ";
  EXPECT_FALSE(is_signed(secret, message, many + right)) << "nobody looks at signatures without end";
}

TEST(AWebhooksSignature, is_none_without_its_version_or_cut_off) {
  for (auto text : {"", " ", "v1,", "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE"})
    EXPECT_FALSE(is_signed(secret, message, text)) << text;
}

TEST(AWebhooksSecret, is_24_to_64_bytes_in_base64) {
  EXPECT_EQ(secret.size(), 24U);
  EXPECT_EQ(partners::webhook_secret_from("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")->size(), 32U);
  for (auto text : {"", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2La", "whsec_MfKQ9r8GKYqr wjUPD8ILPZIo2LaLaSw",
                    "whsec_MfKQ=r8GKYqrTwjUPD8ILPZIo2LaLaSw"})
    EXPECT_FALSE(partners::webhook_secret_from(text)) << text;
  EXPECT_FALSE(partners::webhook_secret_from("whsec_" + std::string(88, 'A'))) << "66 bytes";
}

TEST(AWebhooksTime, is_a_number_of_seconds) {
  EXPECT_EQ(partners::webhook_seconds("1614265330"), 1614265330);
  for (auto text : {"", "-1", "+1", "1.5", "1e9", " 1", "1234567890123", "now"})
    EXPECT_FALSE(partners::webhook_seconds(text)) << text;
}

} // namespace
} // namespace entrepot::test
