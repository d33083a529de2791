// Whose an order is: customers found by what an order tells of them, made when nobody has it, and guests.
#include <barrier>
#include <set>
#include <thread>

#include "gateways/api/people.hpp"
#include "tests/gateways/shop.hpp"

namespace entrepot::test {
namespace {

/// good_order() of somebody who can be found again.
Json order_of(const std::string& email, const std::string& phone = "", const std::string& id = "") {
  auto body = good_order();
  if (!email.empty())
    body["contact"]["email"] = email;
  if (!phone.empty())
    body["contact"]["phone"] = phone;
  if (!id.empty())
    body["customer_channel_id"] = id;
  return body;
}

/// Returns the number of the customer whose the order is; empty: a guest's.
std::string customer_of(const http::Answer& answer) {
  EXPECT_EQ(answer.status, 201) << answer.body;
  auto order = Json::parse(answer.body);
  return order["customer"].is_null() ? "" : order["customer"].get<std::string>();
}
std::string ordered(Shop& shop, const Json& body) { return customer_of(shop.client("gw-all").post("/v1/orders", body.dump(), fresh_key())); }

CustomerNumber number(const std::string& text) { return *CustomerNumber::from(text); }
void owns(Shop& shop, const std::string& customer, const std::optional<identity::Key>& key) { shop.ports.identities[key->stream] = {number(customer), key->form}; }
/// A registered customer with those keys.
void knows(Shop& shop, const std::string& customer, const std::vector<identity::Key>& keys) {
  shop.ports.customers[customer] = {customer::Profile{true, number(customer), {}, "gold", {}, keys}, PersonKey{1, 2, 3}};
  for (const auto& key : keys)
    owns(shop, customer, key);
}

TEST(AFirstOrder, makes_a_customer_with_the_contact_sealed_under_a_key_of_its_own) {
  Shop shop;
  auto customer = ordered(shop, order_of("Ann@X.com", "07400 123456", "s1"));
  ASSERT_EQ(customer.size(), 14U);
  const auto& [profile, key] = shop.ports.customers.at(customer);
  EXPECT_EQ(profile.identities.size(), 3U);
  EXPECT_EQ(profile.source.text(), "web");
  ASSERT_TRUE(key);
  EXPECT_EQ(api::open(profile.contact.email, *key), "Ann@X.com");
  const auto& creation = shop.ports.creations.at(0);
  EXPECT_FALSE(creation.guest_key);
  EXPECT_TRUE(api::open(creation.draft->delivery.address, *key));
}

TEST(AnOrder, is_that_of_the_customer_whom_any_of_its_keys_names) {
  Shop shop;
  auto customer = ordered(shop, order_of("ann@x.com", "07400 123456", "s1"));
  EXPECT_EQ(ordered(shop, order_of(" ANN@x.com")), customer);
  EXPECT_EQ(ordered(shop, order_of("", "+44 7400 123456")), customer);
  EXPECT_EQ(ordered(shop, order_of("", "", "s1")), customer);
  EXPECT_NE(ordered(shop, order_of("bob@x.com")), customer);
  EXPECT_EQ(shop.ports.customers.size(), 2U);
}

TEST(AnOrder, of_a_known_customer_goes_by_the_level_and_key_of_that_customer) {
  Shop shop;
  knows(shop, "C-1", {*identity::email_key("ann@x.com")});
  EXPECT_EQ(ordered(shop, order_of("ann@x.com")), "C-1");
  const auto& agreed = *shop.ports.creations.at(0).draft;
  EXPECT_EQ(agreed.customer_level, "gold");
  EXPECT_TRUE(api::open(agreed.delivery.address, PersonKey{1, 2, 3}));
  EXPECT_TRUE(shop.ports.commands.empty());
}

TEST(AnOrder, whose_keys_disagree_goes_by_the_channels_id_then_the_email_then_the_phone_and_merges_nobody) {
  Shop shop;
  knows(shop, "C-ID", {*identity::channel_id_key(*ChannelCode::from("web"), "s1")});
  knows(shop, "C-EMAIL", {*identity::email_key("ann@x.com")});
  knows(shop, "C-PHONE", {*identity::phone_key("+447400123456")});
  EXPECT_EQ(ordered(shop, order_of("ann@x.com", "07400 123456", "s1")), "C-ID");
  EXPECT_EQ(ordered(shop, order_of("ann@x.com", "07400 123456")), "C-EMAIL");
  EXPECT_EQ(ordered(shop, order_of("new@x.com", "07400 123456")), "C-PHONE");
  EXPECT_TRUE(shop.ports.commands.empty());
  EXPECT_EQ(shop.ports.identities.size(), 3U);
}

TEST(AnOrder, that_tells_nothing_of_who_ordered_is_a_guests) {
  Shop shop;
  EXPECT_EQ(ordered(shop, order_of("")), "");
  EXPECT_EQ(ordered(shop, order_of("n/a", "", " ")), "");
  EXPECT_TRUE(shop.ports.customers.empty());
  for (const auto& creation : shop.ports.creations)
    EXPECT_TRUE(creation.guest_key);
}

TEST(AnOrder, with_a_phone_that_nobody_can_have_is_refused_with_the_field) {
  Shop shop;
  auto problem = problem_of(shop.client().post("/v1/orders", order_of("ann@x.com", "call me").dump(), fresh_key()), 422, "phone-invalid");
  EXPECT_EQ(problem["errors"][0]["pointer"], "/contact/phone");
  EXPECT_TRUE(shop.ports.saw_nothing());
}

TEST(AnOrder, takes_a_phone_for_one_of_its_channels_country) {
  Shop shop;
  auto web = std::make_shared<order::Definitions::Channel>(*shop.ports.known->channels.at(*ChannelCode::from("web")));
  web->definition.country = "DE";
  shop.ports.known->channels[*ChannelCode::from("web")] = web;
  auto customer = ordered(shop, order_of("", "030 123456"));
  EXPECT_EQ(shop.ports.identities.at(identity::phone_key("+4930123456")->stream).owner.text(), customer);
}

TEST(AnOrder, that_cannot_be_makes_no_customer) {
  Shop shop;
  auto body = order_of("ann@x.com");
  body["lines"][0]["unit_price"]["amount"] = 1;
  problem_of(shop.client().post("/v1/orders", body.dump(), fresh_key()), 409, "price-changed");
  EXPECT_TRUE(shop.ports.customers.empty());
  EXPECT_TRUE(shop.ports.identities.empty());
}

TEST(AnOrder, sent_again_is_the_same_order_of_the_same_customer) {
  Shop shop;
  auto key = fresh_key();
  auto first = shop.client().post("/v1/orders", order_of("ann@x.com").dump(), key);
  auto again = shop.client().post("/v1/orders", order_of("ann@x.com").dump(), key);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(Json::parse(again.body)["id"], Json::parse(first.body)["id"]);
  EXPECT_EQ(shop.ports.orders(), 1U);
  EXPECT_EQ(shop.ports.customers.size(), 1U);
}

TEST(AnOrder, finishes_a_registration_that_stopped_after_its_claim) {
  Shop shop;
  owns(shop, "C-HALF", identity::email_key("ann@x.com"));
  EXPECT_EQ(ordered(shop, order_of("ann@x.com", "07400 123456")), "C-HALF");
  EXPECT_EQ(shop.ports.customers.at("C-HALF").first.identities.size(), 2U);
  EXPECT_EQ(shop.ports.identities.at(identity::phone_key("+447400123456")->stream).owner.text(), "C-HALF");
}

TEST(AnOrder, lists_a_key_that_was_claimed_and_not_listed) {
  Shop shop;
  knows(shop, "C-1", {});
  owns(shop, "C-1", identity::email_key("ann@x.com"));
  EXPECT_EQ(ordered(shop, order_of("ann@x.com")), "C-1");
  EXPECT_EQ(shop.ports.customers.at("C-1").first.identities, (std::vector{*identity::email_key("ann@x.com")}));
}

TEST(AnOrder, of_a_blocked_customer_is_refused_whoever_is_named_how) {
  Shop shop;
  knows(shop, "C-1", {*identity::email_key("ann@x.com")});
  auto key = fresh_key();
  auto first = shop.client().post("/v1/orders", order_of("ann@x.com").dump(), key);
  shop.ports.customers.at("C-1").first.blocked = "fraud";
  problem_of(shop.client().post("/v1/orders", order_of("ann@x.com").dump(), fresh_key()), 409, "customer-blocked");
  auto named = good_order();
  named["customer"] = "C-1";
  problem_of(shop.client().post("/v1/orders", named.dump(), fresh_key()), 409, "customer-blocked");
  auto again = shop.client().post("/v1/orders", order_of("ann@x.com").dump(), key);
  EXPECT_EQ(again.status, 200) << "what was ordered before is still there";
  EXPECT_EQ(shop.ports.orders(), 1U);
}

TEST(AnOrder, of_somebody_who_was_erased_is_a_guests) {
  Shop shop;
  knows(shop, "C-1", {*identity::email_key("ann@x.com")});
  shop.ports.customers.at("C-1").second.reset();
  EXPECT_EQ(ordered(shop, order_of("ann@x.com")), "");
  EXPECT_TRUE(shop.ports.creations.at(0).guest_key);
}

TEST(AnOrder, that_names_its_customer_asks_for_nothing_but_the_customer) {
  Shop shop;
  knows(shop, "C-1", {});
  auto body = order_of("ann@x.com", "call me", "s1");
  body["customer"] = "C-1";
  EXPECT_EQ(ordered(shop, body), "C-1");
  EXPECT_TRUE(shop.ports.identities.empty());
  EXPECT_TRUE(shop.ports.commands.empty());
}

TEST(SixtyFourFirstOrders, identity_i9_at_once_with_one_new_email_make_one_customer) {
  Shop shop;
  constexpr int clients = 64;
  std::barrier together(clients);
  std::vector<std::string> customers(clients);
  std::vector<std::jthread> threads;
  for (int i = 0; i < clients; ++i)
    threads.emplace_back([&, i] {
      auto client = shop.client();
      auto body = order_of("ann@x.com", i % 2 ? "07400 123456" : "", i % 3 ? "s" + std::to_string(i) : "");
      together.arrive_and_wait();
      customers[static_cast<std::size_t>(i)] = customer_of(client.post("/v1/orders", body.dump(), fresh_key()));
    });
  threads.clear();
  EXPECT_EQ(std::set(customers.begin(), customers.end()).size(), 1U);
  EXPECT_EQ(shop.ports.customers.size(), 1U);
  EXPECT_EQ(shop.ports.orders(), 64U);
}

} // namespace
} // namespace entrepot::test
