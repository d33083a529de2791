// Customers over the wire: registration, identities, credit and blocking.
#include "gateways/api/people.hpp"
#include "tests/gateways/shop.hpp"

namespace entrepot::test {
namespace {

constexpr auto mary = R"({"level":"gold","contact":{"name":"Mary Poppins","email":"mary@example.com"},"source":"web"})";

template <class Command>
const Command& sent(const Shop& shop, std::size_t at = 0) {
  return std::get<Command>(std::get<customer::Command>(shop.ports.commands.at(at).command));
}

CustomerNumber owner_of(const Shop& shop, const std::optional<identity::Key>& key) {
  auto known = shop.ports.identities.find(key->stream);
  return known == shop.ports.identities.end() ? CustomerNumber{} : known->second.owner;
}

/// Two customers of whom the second has nothing but a name.
void register_two(Shop& shop) {
  shop.client().put("/v1/customers/C-1", mary);
  shop.client().put("/v1/customers/C-2", R"({"contact":{"name":"Bert"},"source":"web"})");
}

http::Answer post(Shop& shop, const std::string& path, const std::string& body, const std::string& key = "gw-web") {
  return shop.client(key).post(path, body, fresh_key());
}

TEST(PuttingACustomer, registers_with_the_contact_sealed_and_its_key_beside) {
  Shop shop;
  auto answer = shop.client().put("/v1/customers/C-1", mary);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(Json::parse(answer.body), (Json{{"number", "C-1"}, {"version", 1}}));
  const auto& command = shop.ports.commands.at(0);
  ASSERT_TRUE(command.person_key);
  const auto& contact = sent<customer::Register>(shop).contact;
  EXPECT_EQ(api::open(contact.name, *command.person_key), "Mary Poppins");
  EXPECT_EQ(contact.phone.text, "");
}

TEST(PuttingACustomer, claims_what_the_customer_is_known_by) {
  Shop shop;
  auto body = Json::parse(mary);
  body["contact"]["phone"] = "07400 123456";
  body["identities"] = Json::parse(R"([{"channel":"web","id":"s1"},{"phone":"030 123456","country":"DE"}])");
  auto answer = shop.client().put("/v1/customers/C-1", body.dump());
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(sent<customer::Register>(shop).identities,
            (std::vector{*identity::email_key("mary@example.com"), *identity::phone_key("+447400123456"),
                         *identity::channel_id_key(*ChannelCode::from("web"), "s1"), *identity::phone_key("+4930123456")}));
  for (const auto& key : sent<customer::Register>(shop).identities)
    EXPECT_EQ(owner_of(shop, key).text(), "C-1");
}

TEST(PuttingACustomer, with_an_email_of_another_is_refused_and_claims_nothing) {
  Shop shop;
  register_two(shop);
  auto other = R"({"contact":{"name":"Ann","email":" Mary@Example.com","phone":"+44 7400 123456"},"source":"web"})";
  auto problem = problem_of(shop.client().put("/v1/customers/C-3", other), 409, "identity-taken");
  EXPECT_EQ(problem["detail"], "This email belongs to the customer C-1.");
  EXPECT_EQ(owner_of(shop, identity::phone_key("+447400123456")), CustomerNumber{});
  EXPECT_FALSE(shop.ports.customers.contains("C-3"));
}

TEST(PuttingACustomer, with_a_phone_that_nobody_can_have_is_refused) {
  Shop shop;
  auto problem = problem_of(shop.client().put("/v1/customers/C-1", R"({"contact":{"phone":"call me"},"source":"web"})"), 422, "phone-invalid");
  EXPECT_EQ(problem["errors"][0]["pointer"], "/contact/phone");
  EXPECT_TRUE(shop.ports.saw_nothing());
}

TEST(PuttingACustomer, with_an_id_of_a_channel_that_the_key_may_not_speak_for_is_refused) {
  Shop shop;
  auto problem = problem_of(shop.client().put("/v1/customers/C-1", R"({"source":"web","identities":[{"channel":"tills","id":"s1"}]})"), 403, "out-of-scope");
  EXPECT_EQ(problem["errors"][0]["pointer"], "/identities/0/channel");
  EXPECT_TRUE(shop.ports.saw_nothing());
}

TEST(PuttingACustomer, twice_with_the_same_data_changes_nothing) {
  Shop shop;
  shop.client().put("/v1/customers/C-1", mary);
  auto answer = shop.client().put("/v1/customers/C-1", mary);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(Json::parse(answer.body)["version"], 3);
  EXPECT_EQ(shop.ports.commands.size(), 1U);
}

TEST(PuttingACustomer, with_another_level_changes_the_level_only) {
  Shop shop;
  shop.client().put("/v1/customers/C-1", mary);
  auto body = Json::parse(mary);
  body["level"] = "silver";
  EXPECT_EQ(shop.client().put("/v1/customers/C-1", body.dump()).status, 200);
  EXPECT_EQ(sent<customer::SetLevel>(shop, 1).level, "silver");
  EXPECT_FALSE(shop.ports.commands.at(1).person_key);
}

TEST(PuttingACustomer, with_one_more_identity_adds_that_one) {
  Shop shop;
  shop.client().put("/v1/customers/C-1", mary);
  auto body = Json::parse(mary);
  body["identities"] = Json::parse(R"([{"channel":"web","id":"s1"}])");
  EXPECT_EQ(shop.client().put("/v1/customers/C-1", body.dump()).status, 200);
  ASSERT_EQ(shop.ports.commands.size(), 2U);
  EXPECT_EQ(sent<customer::LinkIdentity>(shop, 1).key, identity::channel_id_key(*ChannelCode::from("web"), "s1"));
}

TEST(PuttingACustomer, with_another_contact_is_refused) {
  Shop shop;
  shop.client().put("/v1/customers/C-1", mary);
  auto body = Json::parse(mary);
  body["contact"]["email"] = "other@example.com";
  problem_of(shop.client().put("/v1/customers/C-1", body.dump()), 409, "already-registered");
}

TEST(PostingACustomer, mints_a_number_and_the_same_one_for_a_repeat) {
  Shop shop;
  auto key = fresh_key();
  auto answer = shop.client().post("/v1/customers", mary, key);
  ASSERT_EQ(answer.status, 201) << answer.body;
  auto number = Json::parse(answer.body)["number"].get<std::string>();
  EXPECT_EQ(number.size(), 14U);
  EXPECT_EQ(number.front(), 'C');
  EXPECT_EQ(answer.header("location"), "/v1/customers/" + number);
  EXPECT_EQ(Json::parse(shop.client().post("/v1/customers", mary, key).body)["number"], number);
  EXPECT_EQ(shop.ports.customers.size(), 1U);
  problem_of(shop.client().post("/v1/customers", mary, fresh_key()), 409, "identity-taken");
}

TEST(ReadingACustomer, opens_the_contact_and_shows_the_terms) {
  Shop shop;
  shop.client().put("/v1/customers/C-1", mary);
  post(shop, "/v1/customers/C-1/identities", R"({"channel":"web","id":"s1"})");
  post(shop, "/v1/customers/C-1/credit-limit", R"({"limit":{"amount":50000,"currency":"GBP"}})", "finance");
  post(shop, "/v1/customers/C-1/block", R"({"reason":"chargebacks"})", "finance");
  auto answer = shop.client().get("/v1/customers/C-1");
  ASSERT_EQ(answer.status, 200) << answer.body;
  auto pounds = [](int amount) { return Json{{"amount", amount}, {"currency", "GBP"}}; };
  EXPECT_EQ(Json::parse(answer.body), (Json{{"number", "C-1"},
                                            {"level", "gold"},
                                            {"source", "web"},
                                            {"contact", {{"name", "Mary Poppins"}, {"email", "mary@example.com"}, {"phone", nullptr}}},
                                            {"identities", {{{"form", "email"}, {"channel", nullptr}}, {{"form", "channel_id"}, {"channel", "web"}}}},
                                            {"credit", {{"limit", pounds(50000)}, {"reserved", pounds(0)}}},
                                            {"blocked", true},
                                            {"block_reason", "chargebacks"},
                                            {"version", 3}}));
}

TEST(ReadingACustomer, that_was_erased_shows_no_contact) {
  Shop shop;
  shop.client().put("/v1/customers/C-1", mary);
  shop.ports.customers["C-1"].second.reset();
  EXPECT_TRUE(Json::parse(shop.client().get("/v1/customers/C-1").body)["contact"].is_null());
}

TEST(ReadingACustomer, nobody_has_registered_is_404) {
  Shop shop;
  problem_of(shop.client().get("/v1/customers/C-404"), 404, "customer-unknown");
}

TEST(ResolvingACustomer, finds_whoever_has_the_key_however_it_is_written) {
  Shop shop;
  register_two(shop);
  post(shop, "/v1/customers/C-2/identities", R"({"phone":"07400 123456"})");
  post(shop, "/v1/customers/C-2/identities", R"({"channel":"web","id":"s2"})");
  auto whose = [&](const std::string& body) { return Json::parse(shop.client().post("/v1/customers/resolve", body).body).value("customer", ""); };
  EXPECT_EQ(whose(R"({"email":" MARY@example.com "})"), "C-1");
  EXPECT_EQ(whose(R"({"phone":"+44 (0)7400 123456"})"), "C-2");
  EXPECT_EQ(whose(R"({"channel":"web","id":"s2"})"), "C-2");
}

TEST(ResolvingACustomer, by_a_key_that_is_nobodys_is_404) {
  Shop shop;
  problem_of(shop.client().post("/v1/customers/resolve", R"({"email":"nobody@example.com"})"), 404, "customer-unknown");
  shop.ports.identities[identity::email_key("half@example.com")->stream] = {*CustomerNumber::from("C-9"), identity::Form::email};
  problem_of(shop.client().post("/v1/customers/resolve", R"({"email":"half@example.com"})"), 404, "customer-unknown");
}

TEST(ResolvingACustomer, asks_for_one_identity_that_can_be_one) {
  Shop shop;
  auto refused = [&](const std::string& body, const std::string& code) { problem_of(shop.client().post("/v1/customers/resolve", body), 422, code); };
  refused("{}", "identity-invalid");
  refused(R"({"email":"a@b.c","phone":"07400 123456"})", "identity-invalid");
  refused(R"({"email":"n/a"})", "email-invalid");
  refused(R"({"phone":"12"})", "phone-invalid");
  refused(R"({"phone":"07400 123456","country":"gb"})", "value-unknown");
  refused(R"({"channel":"web","id":" "})", "text-invalid");
  problem_of(shop.client().post("/v1/customers/resolve", R"({"channel":"tills","id":"s1"})"), 403, "out-of-scope");
}

TEST(AnIdentity, of_another_customer_is_refused_with_the_owners_number) {
  Shop shop;
  register_two(shop);
  auto problem = problem_of(post(shop, "/v1/customers/C-2/identities", R"({"email":"mary@example.com"})"), 409, "identity-taken");
  EXPECT_EQ(problem["detail"], "This email belongs to the customer C-1.");
  problem_of(post(shop, "/v1/customers/C-404/identities", R"({"email":"new@example.com"})"), 404, "customer-unknown");
  EXPECT_EQ(owner_of(shop, identity::email_key("new@example.com")), CustomerNumber{});
}

TEST(ACreditLimit, is_set_and_lifted_by_finance_only) {
  Shop shop;
  register_two(shop);
  auto path = std::string("/v1/customers/C-1/credit-limit");
  auto limit = R"({"limit":{"amount":50000,"currency":"GBP"}})";
  problem_of(post(shop, path, limit), 403, "role-not-allowed");
  EXPECT_EQ(post(shop, path, limit, "finance").status, 200);
  EXPECT_EQ(shop.ports.customers["C-1"].first.credit_limit, (Money{50000, *Currency::from("GBP")}));
  EXPECT_EQ(post(shop, path, R"({"limit":null})", "admin").status, 200);
  EXPECT_EQ(shop.ports.customers["C-1"].first.credit_limit, std::nullopt);
  problem_of(post(shop, path, "{}", "finance"), 400, "field-missing");
  problem_of(post(shop, path, R"({"limit":{"amount":-1,"currency":"GBP"}})", "finance"), 422, "value-out-of-range");
  problem_of(post(shop, "/v1/customers/C-404/credit-limit", limit, "finance"), 404, "customer-unknown");
  problem_of(shop.client("finance").post(path, limit), 400, "idempotency-key-missing");
}

TEST(ACreditLimit, is_free_again_for_what_has_been_paid) {
  Shop shop;
  register_two(shop);
  post(shop, "/v1/customers/C-1/credit-limit", R"({"limit":{"amount":50000,"currency":"GBP"}})", "finance");
  auto path = std::string("/v1/customers/C-1/credit-settlements");
  auto paid = R"({"order":"ord_1cj37r03x0000"})";
  problem_of(post(shop, path, paid), 403, "role-not-allowed");
  problem_of(post(shop, path, R"({"order":"nonsense"})", "finance"), 422, "text-invalid");
  EXPECT_EQ(post(shop, path, paid, "finance").status, 200);
}

TEST(ABlock, needs_a_reason_and_can_be_taken_back) {
  Shop shop;
  register_two(shop);
  problem_of(post(shop, "/v1/customers/C-1/block", "{}", "finance"), 400, "field-missing");
  EXPECT_EQ(post(shop, "/v1/customers/C-1/block", R"({"reason":"fraud"})", "finance").status, 200);
  EXPECT_EQ(shop.ports.customers["C-1"].first.blocked, "fraud");
  EXPECT_EQ(post(shop, "/v1/customers/C-1/unblock", "", "finance").status, 200);
  EXPECT_EQ(shop.ports.customers["C-1"].first.blocked, std::nullopt);
}

} // namespace
} // namespace entrepot::test
