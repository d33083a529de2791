// Customers: registration, levels, credit and blocking; and the keys they are known by.
#include <gtest/gtest.h>

#include "domain/customer/customer.hpp"
#include "tests/support/orders.hpp"

namespace entrepot::customer {
namespace {

using test::money;
using test::now;
using test::order_id;

const Register registration{test::customer_number("C-1"), {{"sealed name"}, {"sealed e-mail"}, {}}, "silver", test::channel_code("web")};

State after(State customer, const Command& command) {
  for (const auto& event : *decide(customer, command, now))
    customer = evolve(std::move(customer), event);
  return customer;
}
State a_customer() { return after({}, registration); }
/// With a limit of 500.00, of which orders have taken 300.00.
State a_customer_on_credit() { return after(after(a_customer(), SetCreditLimit{money(50000)}), ReserveCredit{order_id(1), money(30000)}); }
std::size_t events_of(const State& customer, const Command& command) { return decide(customer, command, now)->size(); }
std::string code_of(const State& customer, const Command& command) {
  auto decision = decide(customer, command, now);
  return decision ? "" : decision.error().code;
}

TEST(Customer, is_registered_once) {
  auto customer = a_customer();
  EXPECT_TRUE(customer.profile.registered);
  EXPECT_EQ(customer.profile.number, registration.number);
  EXPECT_EQ(customer.profile.contact, registration.contact);
  EXPECT_EQ(customer.profile.source, registration.source);
  EXPECT_EQ(events_of(customer, registration), 0U);
  auto other = registration;
  other.level = "gold";
  EXPECT_EQ(code_of(customer, other), "already-registered");
  auto same = registration;
  same.anew = true;
  EXPECT_EQ(code_of(customer, same), "already-registered");
  other.number = test::customer_number("C-2");
  EXPECT_EQ(code_of(customer, other), "name-taken");
}

TEST(Customer, rises_to_another_level) {
  auto customer = a_customer();
  EXPECT_EQ(events_of(customer, SetLevel{"silver"}), 0U);
  EXPECT_EQ(after(customer, SetLevel{"gold"}).profile.level, "gold");
}

TEST(Customer, must_be_registered_for_everything_else) {
  for (const Command& command : std::initializer_list<Command>{SetLevel{"gold"}, LinkIdentity{*identity::email_key("a@b")}, SetCreditLimit{}, ReserveCredit{order_id(), money(1)},
                                                               ReleaseCredit{order_id()}, SettleCredit{order_id()}, Block{"fraud"}, Unblock{}})
    EXPECT_EQ(code_of({}, command), "customer-unknown") << command.index();
}

TEST(Customer, is_known_by_the_identities_of_the_registration_and_by_later_ones) {
  auto with_email = registration;
  with_email.identities = {*identity::email_key("mary@example.com")};
  auto customer = after({}, with_email);
  EXPECT_EQ(events_of(customer, with_email), 0U);
  auto phone = *identity::phone_key("+447700900123");
  customer = after(customer, LinkIdentity{phone});
  EXPECT_EQ(events_of(customer, LinkIdentity{phone}), 0U);
  EXPECT_EQ(customer.profile.identities, (std::vector{with_email.identities.front(), phone}));
}

TEST(Customer, is_known_by_a_hundred_identities_at_most) {
  auto customer = a_customer();
  for (std::size_t i = 0; i < max_identities; ++i)
    customer = after(customer, LinkIdentity{*identity::channel_id_key(test::channel_code("web"), "s" + std::to_string(i))});
  EXPECT_EQ(code_of(customer, LinkIdentity{*identity::email_key("one@too.many")}), "too-many-identities");
}

TEST(Credit, payment_p1_stops_at_the_limit_and_goes_on_when_it_is_raised) {
  auto customer = a_customer_on_credit();
  auto refused = decide(customer, ReserveCredit{order_id(2), money(24700)}, now);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "credit-limit-exceeded");
  EXPECT_EQ(refused.error().text, "200.00 GBP of the credit limit of 500.00 GBP is available, 247.00 GBP is needed");
  customer = after(after(customer, SetCreditLimit{money(60000)}), ReserveCredit{order_id(2), money(24700)});
  EXPECT_EQ(customer.profile.credit_used, money(54700));
}

TEST(Credit, can_be_used_to_the_last_penny) {
  auto customer = after(a_customer_on_credit(), ReserveCredit{order_id(2), money(20000)});
  EXPECT_EQ(customer.profile.credit_used, money(50000));
  EXPECT_EQ(code_of(customer, ReserveCredit{order_id(3), money(1)}), "credit-limit-exceeded");
}

TEST(Credit, is_reserved_once_for_an_order_however_often_it_is_asked) {
  auto customer = a_customer_on_credit();
  EXPECT_EQ(events_of(customer, ReserveCredit{order_id(1), money(30000)}), 0U);
  EXPECT_EQ(code_of(customer, ReserveCredit{order_id(1), money(30001)}), "credit-reserved-otherwise");
}

TEST(Credit, comes_back_when_an_order_is_given_up_or_paid_and_nothing_of_it_is_kept) {
  for (const Command& end : std::initializer_list<Command>{ReleaseCredit{order_id(1)}, SettleCredit{order_id(1)}}) {
    auto customer = after(a_customer_on_credit(), end);
    EXPECT_EQ(customer.profile.credit_used, money(0));
    EXPECT_TRUE(customer.reserved.empty());
    EXPECT_EQ(events_of(customer, end), 0U);
  }
}

TEST(Credit, without_a_limit_is_unlimited_and_leaves_no_trace) {
  auto customer = a_customer();
  EXPECT_EQ(events_of(customer, ReserveCredit{order_id(1), money(price_limit)}), 0U);
  EXPECT_EQ(events_of(customer, ReleaseCredit{order_id(1)}), 0U);
  EXPECT_EQ(events_of(customer, SetCreditLimit{}), 0U);
}

TEST(Credit, that_is_used_stays_used_when_the_limit_falls_or_goes) {
  auto customer = after(a_customer_on_credit(), SetCreditLimit{money(10000)});
  EXPECT_EQ(customer.profile.credit_used, money(30000));
  EXPECT_EQ(code_of(customer, ReserveCredit{order_id(2), money(1)}), "credit-limit-exceeded");
  customer = after(customer, SetCreditLimit{});
  EXPECT_EQ(events_of(customer, ReserveCredit{order_id(2), money(1)}), 0U);
  EXPECT_EQ(after(customer, SettleCredit{order_id(1)}).profile.credit_used, money(0));
}

TEST(Credit, is_of_one_currency) {
  auto customer = a_customer_on_credit();
  EXPECT_EQ(code_of(customer, ReserveCredit{order_id(2), money(1, "EUR")}), "currency-mismatch");
  EXPECT_EQ(code_of(customer, SetCreditLimit{money(1, "EUR")}), "currency-mismatch");
  customer = after(after(after(customer, SettleCredit{order_id(1)}), SetCreditLimit{money(1000, "EUR")}), ReserveCredit{order_id(2), money(1000, "EUR")});
  EXPECT_EQ(customer.profile.credit_used, money(1000, "EUR"));
}

TEST(Credit, is_never_negative) {
  EXPECT_EQ(code_of(a_customer(), SetCreditLimit{money(-1)}), "credit-limit-invalid");
  EXPECT_EQ(code_of(a_customer_on_credit(), ReserveCredit{order_id(2), money(-1)}), "amount-invalid");
  EXPECT_EQ(events_of(a_customer_on_credit(), ReserveCredit{order_id(2), money(0)}), 0U);
}

TEST(Customer, who_is_blocked_gets_no_credit_until_unblocked_but_keeps_what_was_reserved) {
  auto customer = after(a_customer_on_credit(), Block{"chargebacks"});
  EXPECT_EQ(customer.profile.blocked, "chargebacks");
  EXPECT_EQ(events_of(customer, Block{"chargebacks"}), 0U);
  EXPECT_EQ(code_of(customer, ReserveCredit{order_id(2), money(1)}), "customer-blocked");
  EXPECT_EQ(events_of(customer, ReserveCredit{order_id(1), money(30000)}), 0U);
  customer = after(customer, Unblock{});
  EXPECT_FALSE(customer.profile.blocked);
  EXPECT_EQ(events_of(customer, Unblock{}), 0U);
  EXPECT_EQ(events_of(customer, ReserveCredit{order_id(2), money(1)}), 1U);
}

TEST(IdentityKey, belongs_to_the_first_who_claims_it_for_ever) {
  identity::State key;
  auto claim = [&](std::string_view customer) { return decide(key, identity::Claim{identity::Form::email, test::customer_number(customer)}, now); };
  key = evolve(key, claim("C-1")->front());
  EXPECT_EQ(key.owner, test::customer_number("C-1"));
  EXPECT_TRUE(claim("C-1")->empty());
  EXPECT_EQ(claim("C-2").error(), (Rejection{"identity-taken", "this email belongs to the customer C-1", {}}));
}

TEST(IdentityKey, of_an_email_is_the_same_however_it_is_spelled) {
  EXPECT_EQ(identity::email_key(" Ann@X.com\t"), identity::email_key("ann@x.com"));
  EXPECT_NE(identity::email_key("ann@x.com"), identity::email_key("ann@x.co"));
}

TEST(IdentityKey, is_only_what_can_tell_people_apart) {
  for (auto text : {"", " ", "n/a", "@", "ann@", "@x.com", "a@b@c", "ann lee@x.com"})
    EXPECT_FALSE(identity::email_key(text)) << text;
  for (auto text : {"", "+", "447700900123", "+44 7700 900123", "+1234567890123456"})
    EXPECT_FALSE(identity::phone_key(text)) << text;
  for (auto text : {"", " \t"})
    EXPECT_FALSE(identity::channel_id_key(test::channel_code("web"), text));
}

TEST(IdentityKey, of_a_channels_id_counts_in_that_channel_only) {
  auto web = identity::channel_id_key(test::channel_code("web"), "ann@x.com");
  EXPECT_NE(web->stream, identity::channel_id_key(test::channel_code("till"), "ann@x.com")->stream);
  EXPECT_NE(web->stream, identity::email_key("ann@x.com")->stream);
  EXPECT_EQ(kind_of(web->stream), Kind::identity_key);
}

} // namespace
} // namespace entrepot::customer
