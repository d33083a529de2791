// Goods that leave in two parcels: each costs what is in it, and what was paid before counts first. Two mugs for 147.00 from the warehouse, a bowl for 100.00 from a store.
#include "tests/support/tales.hpp"

namespace entrepot {
namespace {

using namespace test;
using payment::Method;
using payment::Moment;
using payment::Status;

constexpr int mugs = 0, bowl = 1; // the places

order::Agreement two_parcels(const std::vector<payment::Share>& shares) {
  auto channel = a_channel();
  channel.payment = {{.level = {}, .category = {}, .from = {}, .to = {}, .shares = shares}};
  auto agreement = *order::draft(a_basket(), a_shop(channel, {a_product("MUG-1", money(7350)), a_product("BOWL-1", money(10000))}), now);
  agreement.delivery.ship_from = {};
  return agreement;
}

const std::vector<payment::Share> silver{{Moment::on_order, Method::card, 20, 1000}, {Moment::on_invoice, Method::card, 100, 0}};
const std::vector<payment::Share> deposit_then_when_it_leaves{{Moment::on_order, Method::card, 20, 1000}, {Moment::on_issue, Method::card, 100, 0}};
const std::vector<payment::Share> by_account{{Moment::on_invoice, Method::account, 100, 0}};

/// The order is promised, a deposit paid, and both places have the work.
struct Ordered {
  explicit Ordered(const std::vector<payment::Share>& shares) {
    story.with_places({.rules = {{.name = "two places", .otherwise = sourcing::After::split}}}, {{"DC", {{"MUG-1", 2}}}, {"LEEDS", {{"BOWL-1", 1}}}});
    story.submits(two_parcels(shares)).all_yes();
    if (shares.front().moment == Moment::on_order)
      story.provider(Said::captured).all_yes();
    story.staff(fulfilment::Accept{}, bowl).all_yes();
  }
  void pack(int place) {
    for (const auto& command : std::vector<fulfilment::Command>{fulfilment::StartPick{}, fulfilment::Pick{}, fulfilment::Pack{{{900}}}})
      story.staff(command, place).all_yes();
  }
  void ship(int place) { story.staff(fulfilment::Ship{"T-" + std::to_string(place)}, place).all_yes(); }
  void deliver(int place) { story.staff(fulfilment::Deliver{}, place).all_yes(); }
  void send(int place) {
    pack(place);
    ship(place);
    deliver(place);
  }
  /// What the card was asked for, in order.
  std::vector<std::int64_t> asked_of_card() const {
    std::vector<std::int64_t> amounts;
    for (const auto& call : story.calls())
      if (call.kind == payment::ProviderRequest::Kind::capture)
        amounts.push_back(call.amount.amount);
    return amounts;
  }
  std::int64_t paid() const {
    std::int64_t paid = 0;
    for (const auto& tender : story.family().payment.tenders)
      paid += payment::settled_of(tender).amount;
    return paid;
  }
  Story story;
};

TEST(Instalments, payment_p3_the_deposit_is_used_up_by_the_first_of_two_invoices) {
  Ordered order(silver);
  auto& story = order.story;
  order.send(mugs);
  EXPECT_EQ(order.asked_of_card(), (std::vector<std::int64_t>{5000, 9700})) << "147.00 less the deposit of 50.00";
  EXPECT_EQ(story.units(1).delivered, Quantity{0});
  story.provider(Said::captured).all_yes();
  EXPECT_EQ(story.status(), order::Status::in_fulfilment) << "the bowl is still to come";
  order.send(bowl);
  EXPECT_EQ(order.asked_of_card(), (std::vector<std::int64_t>{5000, 9700, 10000}));
  story.provider(Said::captured).all_yes();
  expect_completed(story);
  EXPECT_EQ(order.paid(), 24700);
}

TEST(Instalments, an_account_gets_an_invoice_for_each_parcel) {
  Ordered order(by_account);
  order.send(bowl);
  ASSERT_EQ(order.story.family().payment.tenders.size(), 2u) << order.story.told_in_words();
  EXPECT_EQ(order.story.tender(0).status, Status::billed);
  EXPECT_EQ(order.story.tender(0).due, money(10000));
  EXPECT_EQ(order.story.tender(1).status, Status::scheduled) << "the mugs are not with the customer yet";
  order.send(mugs);
  EXPECT_EQ(order.story.tender(1).due, money(14700));
  EXPECT_EQ(order.story.tender(1).status, Status::billed);
  expect_completed(order.story);
}

TEST(Instalments, a_parcel_leaves_when_what_is_in_it_is_paid) {
  Ordered order(deposit_then_when_it_leaves);
  auto& story = order.story;
  order.pack(mugs);
  EXPECT_EQ(order.asked_of_card(), (std::vector<std::int64_t>{5000, 9700}));
  EXPECT_EQ(story.refused(child::first_fulfilment + mugs, fulfilment::Command{fulfilment::Ship{"T-1"}}), "payment-due");
  story.provider(Said::captured).all_yes();
  order.ship(mugs);
  order.pack(bowl);
  EXPECT_EQ(order.asked_of_card(), (std::vector<std::int64_t>{5000, 9700, 10000}));
  story.provider(Said::captured).all_yes();
  order.ship(bowl);
  order.deliver(bowl);
  order.deliver(mugs);
  expect_completed(story);
  EXPECT_EQ(order.paid(), 24700);
}

TEST(Instalments, two_parcels_that_wait_at_once_are_each_paid_once_whatever_the_deposit_covers) {
  Ordered order(deposit_then_when_it_leaves);
  auto& story = order.story;
  order.pack(mugs);
  order.pack(bowl); // before the provider has answered about the first
  ASSERT_EQ(order.asked_of_card(), (std::vector<std::int64_t>{5000, 9700, 10000}));
  auto of_mugs = story.calls()[1], of_bowl = story.calls()[2];
  story.answer(of_bowl, Said::captured).all_yes();
  EXPECT_EQ(story.refused(child::first_fulfilment + mugs, fulfilment::Command{fulfilment::Ship{"T-1"}}), "payment-due") << "only the bowl is paid";
  order.ship(bowl);
  story.answer(of_mugs, Said::captured).all_yes();
  order.ship(mugs);
  order.deliver(mugs);
  order.deliver(bowl);
  expect_completed(story);
  EXPECT_EQ(order.paid(), 24700);
}

TEST(Instalments, a_parcel_whose_card_is_declined_does_not_keep_back_the_other_one) {
  Ordered order(deposit_then_when_it_leaves);
  auto& story = order.story;
  order.pack(mugs);
  story.provider(Said::declined, "insufficient-funds").all_yes();
  order.pack(bowl);
  story.provider(Said::captured).all_yes();
  order.ship(bowl);
  order.deliver(bowl);
  EXPECT_EQ(story.fulfilment(mugs).status, fulfilment::Status::packed);
  auto number = story.tender(1).agreed.number;
  story.tells(child::payment, payment::Command{payment::OfferTender{number, "tok_other"}}).all_yes();
  EXPECT_EQ(story.calls().back().amount, money(9700));
  story.provider(Said::captured).all_yes();
  order.ship(mugs);
  order.deliver(mugs);
  expect_completed(story);
}

TEST(Instalments, money_for_units_that_never_came_is_not_asked_for) {
  Ordered order(silver);
  auto& story = order.story;
  order.send(mugs);
  story.provider(Said::captured).all_yes();
  story.staff(fulfilment::Reject{fulfilment::Reason::not_in_stock}, bowl).all_yes();
  story.silence(std::chrono::days{8}).all_yes();
  expect_completed(story);
  EXPECT_EQ(story.units(1).cancelled, Quantity{1}) << story.told_in_words();
  EXPECT_EQ(order.asked_of_card(), (std::vector<std::int64_t>{5000, 9700}));
  EXPECT_EQ(order.paid(), 14700);
}

TEST(Instalments, payment_p4_a_line_cancelled_before_it_ships_lowers_the_rest_and_not_the_deposit) {
  Ordered order(silver);
  auto& story = order.story;
  story.staff(fulfilment::Reject{fulfilment::Reason::not_in_stock}, bowl).all_yes().silence(std::chrono::days{8}).all_yes();
  ASSERT_EQ(story.units(1).cancelled, Quantity{1}) << story.told_in_words();
  EXPECT_EQ(value_of(story.family().order), money(14700));
  EXPECT_EQ(story.tender(0).captured, money(5000)) << "30.00 would have been enough; what was taken stays";
  EXPECT_EQ(story.tender(1).due, money(9700));
  order.send(mugs);
  story.provider(Said::captured).all_yes();
  expect_completed(story);
}

TEST(Instalments, payment_p4_an_order_cancelled_as_a_whole_gives_the_deposit_back) {
  Ordered order(silver);
  cancel(order.story);
  order.story.provider(Said::refunded).all_yes();
  EXPECT_EQ(order.story.calls().back().kind, payment::ProviderRequest::Kind::refund);
  EXPECT_EQ(order.story.calls().back().amount, money(5000));
  expect_cancelled(order.story);
}

TEST(Instalments, are_paid_once_whatever_the_process_forgets_on_the_way) {
  auto told = [](int crash_after) {
    Story story;
    if (crash_after >= 0)
      story.crashes_after(crash_after);
    return story;
  };
  for (int turn = 1; turn < 60; ++turn) {
    auto story = told(turn);
    story.submits([] {
           auto agreement = two_parcels(deposit_then_when_it_leaves);
           agreement.delivery.ship_from = location("DC");
           return agreement;
         }())
        .all_yes();
    auto pays = [&] {
      for (const auto& tender : story.family().payment.tenders)
        if (payment::is_open(tender.status)) {
          story.all_yes();
          story.answer({payment::ProviderRequest::Kind::capture, tender.key, {}, tender.due, {}, {}}, Said::captured).all_yes();
        }
    };
    pays();
    for (const auto& command : std::vector<fulfilment::Command>{fulfilment::StartPick{}, fulfilment::Pick{{{1, Quantity{1}}}}, fulfilment::Pack{{{900}}}}) {
      story.staff(command).all_yes();
      story.all_yes();
    }
    pays();
    story.staff(fulfilment::Ship{"T-1"}).all_yes().all_yes().staff(fulfilment::Deliver{}).all_yes().all_yes();
    story.silence(std::chrono::days{8}).all_yes();
    std::int64_t paid = 0;
    for (const auto& tender : story.family().payment.tenders)
      paid += payment::settled_of(tender).amount;
    EXPECT_EQ(paid, value_of(story.family().order).amount) << turn << "\n" << story.told_in_words();
    EXPECT_EQ(story.status(), order::Status::completed) << turn;
  }
}

} // namespace
} // namespace entrepot
