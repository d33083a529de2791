// Channels and products: definitions that are replaced as a whole.
#include <gtest/gtest.h>

#include "tests/support/definitions.hpp"

namespace entrepot {
namespace {

using namespace std::chrono_literals;
using test::a_channel;
using test::a_product;
using test::money;
using test::now;

/// The codes and fields of a refusal: "channel-invalid /name".
template <class Event>
std::vector<std::string> faults_of(const Decision<Event>& decision) {
  std::vector<std::string> faults;
  if (!decision)
    for (const auto& detail : decision.error().details)
      faults.push_back(detail.code + " " + detail.pointer);
  return faults;
}
using Faults = std::vector<std::string>;

Decision<channel::Event> activate(const channel::Definition& definition, const channel::State& channel = {}) {
  return decide(channel, channel::Command{channel::Activate{definition}}, now);
}

TEST(Channel, counts_its_versions) {
  channel::State channel;
  for (std::int32_t version = 1; version <= 3; ++version) {
    auto definition = a_channel();
    definition.name = "Web shop " + std::to_string(version);
    auto events = *activate(definition, channel);
    ASSERT_EQ(events.size(), 1U);
    channel = evolve(channel, events.front());
    EXPECT_EQ(channel.version, version);
    EXPECT_EQ(channel.definition, definition);
    EXPECT_TRUE(activate(definition, channel)->empty());
  }
}

TEST(Channel, keeps_its_number_for_itself) {
  auto channel = evolve(channel::State{}, activate(a_channel())->front());
  EXPECT_EQ(activate(a_channel("app"), channel).error().code, "name-taken");
}

TEST(Channel, payment_p7_is_not_activated_with_a_level_that_pays_nothing) {
  auto definition = a_channel();
  definition.payment[1].shares.clear();
  EXPECT_EQ(faults_of(activate(definition)), (Faults{"channel-invalid /payment/1/shares"}));
  definition.payment.clear();
  EXPECT_EQ(faults_of(activate(definition)), (Faults{"channel-invalid /payment"}));
}

TEST(Channel, is_not_activated_without_its_particulars) {
  channel::Definition nothing;
  EXPECT_EQ(faults_of(activate(nothing)), (Faults{"channel-invalid /code", "channel-invalid /name", "channel-invalid /organisation",
                                                  "channel-invalid /currency", "channel-invalid /price_list", "channel-invalid /payment"}));
}

TEST(Channel, is_not_activated_with_a_delivery_that_cannot_be) {
  auto definition = a_channel();
  definition.tax_class_of_services = "";
  definition.delivery[0] = {"not a code", "", money(-1, "USD"), -1ms, -1ms, "", "", {}};
  definition.delivery[1].charge = money(0);
  definition.delivery[2].code = "72h";
  EXPECT_EQ(faults_of(activate(definition)),
            (Faults{"channel-invalid /delivery/0/code", "channel-invalid /delivery/0/name", "channel-invalid /delivery/0/charge",
                    "channel-invalid /delivery/0/charge", "channel-invalid /tax_class_of_services", "channel-invalid /delivery/0/promise_seconds",
                    "channel-invalid /delivery/0/lead_seconds", "channel-invalid /delivery/0/ship_from", "channel-invalid /delivery/2/code"}));
}

TEST(Channel, says_in_two_capitals_where_its_phones_are_dialled_or_not_at_all) {
  auto definition = a_channel();
  definition.country = "DE";
  EXPECT_TRUE(activate(definition));
  definition.country = "de";
  EXPECT_EQ(faults_of(activate(definition)), (Faults{"channel-invalid /country"}));
}

TEST(Channel, is_activated_with_a_lead_time_longer_than_its_promise) {
  auto definition = a_channel();
  definition.delivery[0].lead = 30h; // delivery D5: judged when somebody chooses it
  EXPECT_TRUE(activate(definition));
}

TEST(Channel, is_not_activated_with_shares_that_cannot_be) {
  auto definition = a_channel();
  definition.payment[1].shares = {{payment::Moment::on_invoice, payment::Method::card, 0, -1},
                                  {payment::Moment::on_order, payment::Method::card, 101, 0}};
  definition.payment[2].from = now;
  definition.payment[2].to = now;
  EXPECT_EQ(faults_of(activate(definition)),
            (Faults{"channel-invalid /payment/1/shares/0/percent", "channel-invalid /payment/1/shares/0/round_up_to",
                    "channel-invalid /payment/1/shares/1/percent", "channel-invalid /payment/1/shares/1/moment", "channel-invalid /payment/2/to"}));
}

Decision<product::Event> define(const product::Definition& definition, const product::State& product = {}) {
  return decide(product, product::Command{product::Define{definition}}, now);
}

TEST(Product, is_replaced_as_a_whole) {
  auto product = evolve(product::State{}, define(a_product())->front());
  EXPECT_EQ(product.version, 1);
  EXPECT_TRUE(define(a_product(), product)->empty());
  auto dearer = a_product("MUG-1", money(1300));
  product = evolve(product, define(dearer, product)->front());
  EXPECT_EQ(product.version, 2);
  EXPECT_EQ(product.definition, dearer);
  EXPECT_EQ(define(a_product("MUG-2"), product).error().code, "name-taken");
}

TEST(Product, is_refused_with_every_fault) {
  product::Definition product{.sku = {},
                              .name = "",
                              .category = "",
                              .tax_class = "",
                              .weight_grams = -1,
                              .prices = {{"a/b~c", money(-1)}, {"list", money(price_limit)}, {"none", Money{5, {}}}, {"ok", money(price_limit - 1)}}};
  EXPECT_EQ(faults_of(define(product)),
            (Faults{"product-invalid /sku", "product-invalid /name", "product-invalid /tax_class", "product-invalid /weight_grams",
                    "product-invalid /prices/a~1b~0c", "product-invalid /prices/list", "product-invalid /prices/none"}));
}

} // namespace
} // namespace entrepot
