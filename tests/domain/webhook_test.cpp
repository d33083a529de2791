// Addresses, secrets and pauses of webhooks.
#include <gtest/gtest.h>

#include "domain/webhook/delivery.hpp"
#include "domain/webhook/endpoint.hpp"

namespace entrepot::webhook {
namespace {

const Timestamp nine = *from_rfc3339("2026-03-10T09:00:00Z");

TEST(WebhookAddress, is_http_or_https_with_a_host) {
  auto plain = address_from("http://erp.example:8080/hooks?shop=1");
  ASSERT_TRUE(plain);
  EXPECT_FALSE(plain->tls);
  EXPECT_EQ(plain->host, "erp.example");
  EXPECT_EQ(plain->port, "8080");
  EXPECT_EQ(plain->target, "/hooks?shop=1");
  auto secure = address_from("https://erp.example");
  ASSERT_TRUE(secure);
  EXPECT_TRUE(secure->tls);
  EXPECT_EQ(secure->port, "443");
  EXPECT_EQ(secure->target, "/");
  EXPECT_EQ(address_from("http://[::1]:81/x")->host, "::1");
  EXPECT_EQ(address_from("http://[::1]:81/x")->port, "81");
  EXPECT_EQ(address_from("http://a?b")->target, "/?b");
}

TEST(WebhookAddress, carries_no_credentials_and_no_surprises) {
  for (const auto* url : {"", "ftp://a/", "erp.example", "http://", "http:///x", "http://user:word@a/", "http://user@a/", "http://a/#part", "http://a:0/", "http://a:65536/", "http://a:x/", "http://a:/",
                          "http://a b/", "http://a/\r\nX: y", "http://a\\@b/", "http://[::1/", "http://[host]/", "http://\xc3\xa4/"})
    EXPECT_EQ(address_from(url) ? "" : address_from(url).error().code, "url-invalid") << url;
  EXPECT_TRUE(address_from("http://a/" + std::string(max_url_bytes - 9, 'x')));
  EXPECT_FALSE(address_from("http://a/" + std::string(max_url_bytes - 8, 'x')));
}

TEST(WebhookSecrets, both_sign_for_a_day_after_a_change) {
  Endpoint endpoint;
  endpoint.secret = Secret(32, 1);
  EXPECT_EQ(signing_secrets(endpoint, nine), (std::vector<Secret>{Secret(32, 1)}));
  rotate(endpoint, Secret(32, 2), nine);
  EXPECT_EQ(signing_secrets(endpoint, nine), (std::vector<Secret>{Secret(32, 2), Secret(32, 1)}));
  EXPECT_EQ(signing_secrets(endpoint, nine + former_secret_signs - Duration{1}).size(), 2u);
  EXPECT_EQ(signing_secrets(endpoint, nine + former_secret_signs), (std::vector<Secret>{Secret(32, 2)}));
}

TEST(WebhookPauses, double_from_seconds_to_an_hour_and_a_half_of_each_is_chance) {
  using std::chrono::milliseconds;
  EXPECT_EQ(pause_after(1, 1.0), first_pause);
  EXPECT_EQ(pause_after(1, 0.0), first_pause / 2);
  EXPECT_EQ(pause_after(2, 1.0), first_pause * 2);
  EXPECT_EQ(pause_after(5, 1.0), first_pause * 16);
  EXPECT_EQ(pause_after(1'000'000, 1.0), longest_pause);
  EXPECT_EQ(pause_after(1'000'000, 0.0), longest_pause / 2);
}

TEST(WebhookEndpoint, hears_of_what_it_asked_for) {
  Endpoint endpoint;
  EXPECT_TRUE(wants_type(endpoint, "order.confirmed.v1"));
  EXPECT_TRUE(wants_channel(endpoint, "web"));
  endpoint.types = {"order.confirmed.v1"};
  endpoint.channels = {"till"};
  EXPECT_TRUE(wants_type(endpoint, "order.confirmed.v1"));
  EXPECT_FALSE(wants_type(endpoint, "order.rejected.v1"));
  EXPECT_FALSE(wants_channel(endpoint, "web"));
}

} // namespace
} // namespace entrepot::webhook
