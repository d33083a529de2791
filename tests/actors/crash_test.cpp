// Orders that do not go the straight way, and a node that dies after any batch it has stored: another takes over, and the order ends as if nothing had happened.
#include "tests/support/crashing_world.hpp"
#include "tests/support/tales.hpp"

namespace entrepot {
namespace {

using namespace test;
using fulfilment::Reason;

constexpr int place = child::first_fulfilment;

Act staff(fulfilment::Command command) { return {.child = place, .command = std::move(command)}; }
Act store(pickup::Command command) { return {.child = place, .command = std::move(command)}; }

/// The customer cancels as soon as the order is so far.
Act cancels(std::function<bool(const Family&)> when = [](const Family&) { return true; }) {
  return {.child = child::order, .command = order::Command{order::Cancel{"customer-request", "changed my mind"}}, .when = std::move(when)};
}
std::function<bool(const Family&)> at(fulfilment::Status status) {
  return [status](const Family& family) { return family.fulfilments.contains(place) && family.fulfilments.at(place).status == status; };
}
std::function<bool(const Family&)> at(pickup::Status status) {
  return [status](const Family& family) { return family.pickups.contains(place) && family.pickups.at(place).status == status; };
}
bool card_is_asked(const Family& family) { return !family.payment.tenders.empty() && payment::is_open(family.payment.tenders.front().status); }

/// The first `count` steps of a place that sends, and of a store that prepares a pickup.
std::vector<Act> sends(std::size_t count = 5) {
  std::vector<Act> all{staff(fulfilment::StartPick{}), staff(fulfilment::Pick{}), staff(fulfilment::Pack{{{900}}}), staff(fulfilment::Ship{"T-1"}), staff(fulfilment::Deliver{})};
  return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count)};
}
std::vector<Act> prepares(std::size_t count = 6) {
  std::vector<Act> all{store(pickup::Accept{}), store(pickup::StartPick{}), store(pickup::Pick{}), store(pickup::Stage{"B-7", now + pickup::collection_window}), store(pickup::Arrive{"bay 2"}),
                       store(pickup::HandOver{{"1111", false}, codes})};
  return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count)};
}
std::vector<Act> then(std::vector<Act> acts, const std::vector<Act>& more) {
  acts.insert(acts.end(), more.begin(), more.end());
  return acts;
}

order::Agreement from_a_store(order::Agreement agreement) {
  agreement.delivery.ship_from = location("LEEDS");
  agreement.answer_by = now + 30min;
  return agreement;
}

/// The ways out of a delivery.
void add_deliveries(std::vector<Tale>& tales, const std::string& paid, const order::Agreement& agreement) {
  auto add = [&](const std::string& name, std::vector<Act> acts) { tales.push_back({.name = "delivery_" + paid + "_" + name, .agreement = agreement, .acts = std::move(acts)}); };
  tales.push_back({.name = "delivery_" + paid + "_cancelled_while_the_units_are_held", .agreement = agreement, .acts = {cancels()}, .at_once = true});
  using enum fulfilment::Status;
  const std::array statuses{accepted, picking, picked};
  for (std::size_t done = 0; done < statuses.size(); ++done)
    add("cancelled_when_" + std::string(fulfilment::name_of(statuses[done])), then(sends(done), {cancels(at(statuses[done]))}));
  add("cancelled_when_packed_and_kept_back", then(sends(3), {cancels(at(packed)), staff(fulfilment::ConfirmStop{})}));
  add("cancelled_when_packed_and_nobody_says_anything", then(sends(3), {cancels(at(packed))}));
  add("cancelled_when_packed_and_all_but_gone", then(sends(3), {cancels(at(packed)), staff(fulfilment::RefuseStop{}), staff(fulfilment::Ship{"T-1"}), staff(fulfilment::Deliver{})}));
  add("short", then(sends(1), {staff(fulfilment::Pick{{{1, Quantity{1}}}}), staff(fulfilment::Pack{{{900}}}), staff(fulfilment::Ship{"T-1"}), staff(fulfilment::Deliver{})}));
  add("tapped_wrong", then(sends(3), {staff(fulfilment::Unpack{}), staff(fulfilment::Unpick{}), staff(fulfilment::Pick{}), staff(fulfilment::Pack{{{900}}}), staff(fulfilment::Ship{"T-1"}),
                                      staff(fulfilment::Deliver{})}));
  for (auto reason : {Reason::not_in_stock, Reason::damaged, Reason::too_busy})
    add("rejected_" + std::string(fulfilment::name_of(reason)), then(sends(1), {staff(fulfilment::Reject{reason})}));
  auto add_of_store = [&](const std::string& name, std::vector<Act> acts) {
    tales.push_back({.name = "delivery_" + paid + "_from_a_store_" + name, .agreement = from_a_store(agreement), .acts = std::move(acts)});
  };
  add_of_store("rejected", {staff(fulfilment::Reject{Reason::mismatch})});
  add_of_store("that_says_nothing", {});
  add_of_store("cancelled_when_offered", {cancels(at(offered))});
  add_of_store("tapped_wrong", then({staff(fulfilment::Accept{}), staff(fulfilment::Unaccept{}), staff(fulfilment::Accept{})}, sends()));
}

/// The ways out of a pickup.
void add_pickups(std::vector<Tale>& tales, const std::string& paid, const order::Agreement& agreement) {
  auto add = [&](const std::string& name, std::vector<Act> acts) { tales.push_back({.name = "pickup_" + paid + "_" + name, .agreement = agreement, .acts = std::move(acts)}); };
  tales.push_back({.name = "pickup_" + paid + "_cancelled_while_the_units_are_held", .agreement = agreement, .acts = {cancels()}, .at_once = true});
  using enum pickup::Status;
  const std::array statuses{offered, accepted, picking, picked, staged, arrived};
  for (std::size_t done = 0; done < statuses.size(); ++done)
    add("cancelled_when_" + std::string(pickup::name_of(statuses[done])), then(prepares(done), {cancels(at(statuses[done]))}));
  add("not_collected", prepares(4));
  add("refused_at_the_counter", then(prepares(5), {store(pickup::Refuse{})}));
  add("that_the_store_never_answers", {});
  const std::vector<pickup::Taken> a_mug{{1, Quantity{1}}};
  auto chooses = [](order::Choice choice) { return Act{.child = child::order, .command = order::Command{order::Choose{std::move(choice)}}}; };
  auto next = [](std::vector<Act> acts) {
    for (auto& act : acts)
      ++act.child;
    return acts;
  };
  const order::Choice again{.way = order::Way::another_store, .collection = {location("LEEDS"), now + 3h}, .delivery = {}, .answer_by = now + 2h};
  order::Choice sent{.way = order::Way::delivery, .collection = {}, .delivery = {}, .answer_by = {}};
  sent.delivery.option = "std";
  sent.delivery.ship_from = location("DC");
  const std::vector<Act> busy{store(pickup::Reject{Reason::too_busy})};
  add("rejected_and_fetched_elsewhere", then(then(busy, {chooses(again)}), next(prepares())));
  add("rejected_and_sent", then(then(busy, {chooses(sent)}), next(sends())));
  add("rejected_and_not_wanted_any_more", then(busy, {chooses({})}));
  const auto in_parts = tales.size();
  add("fetched_in_two_parts", then(prepares(5), {store(pickup::HandOverPart{{"1111", false}, codes, a_mug}), store(pickup::HandOver{{"1111", false}, codes})}));
  add("fetched_in_part_and_the_rest_refused_at_once", then(prepares(5), {store(pickup::HandOver{{"1111", false}, codes, a_mug})}));
  add("fetched_in_part_and_the_rest_refused_later", then(prepares(5), {store(pickup::HandOverPart{{"1111", false}, codes, a_mug}), store(pickup::Refuse{})}));
  add("fetched_in_part_and_the_rest_never", then(prepares(5), {store(pickup::HandOverPart{{"1111", false}, codes, a_mug})}));
  for (auto i = in_parts; i < tales.size(); ++i)
    tales[i].in_parts = true;
  const std::vector<Act> found_one{store(pickup::Pick{{{1, Quantity{1}}}}), store(pickup::Stage{"B-7", now + pickup::collection_window}), store(pickup::HandOver{{"1111", false}, codes})};
  add("short", then(prepares(2), found_one));
  add("tapped_wrong", then(then(prepares(4), {store(pickup::Unstage{}), store(pickup::Unpick{}), store(pickup::Unaccept{})}), prepares()));
  for (std::size_t done : {0, 1, 2})
    add("rejected_when_" + std::string(pickup::name_of(statuses[done])), then(prepares(done), {store(pickup::Reject{Reason::not_in_stock})}));
}

std::vector<Tale> all_tales() {
  std::vector<Tale> tales;
  add_deliveries(tales, "by_card", an_agreement());
  add_deliveries(tales, "on_account", an_agreement_on_account());
  add_pickups(tales, "by_card", a_pickup_by_card());
  add_pickups(tales, "on_account", a_pickup_on_account());
  for (const auto& [kind, agreement] : {std::pair{"delivery", an_agreement()}, {"pickup", a_pickup_by_card()}})
    tales.push_back({.name = std::string(kind) + "_by_card_cancelled_while_the_card_is_asked", .agreement = agreement, .acts = {cancels(card_is_asked)}, .silent_provider = true});
  return tales;
}

class WayOut : public testing::TestWithParam<Tale> {};

/// It is over, and nobody holds what is not his.
void expect_settled(CrashingWorld& world) {
  const auto& family = world.family();
  EXPECT_TRUE(order::is_terminal(family.order.status)) << world.outcome();
  EXPECT_FALSE(family.diary.parked) << world.outcome();
  std::int64_t ours = 0;
  for (const auto& tender : family.payment.tenders) {
    EXPECT_FALSE(payment::is_open(tender.status)) << world.outcome();
    ours += tender.captured.amount - tender.refunded.amount;
  }
  EXPECT_EQ(world.books().taken() - world.books().given_back(), ours) << "the provider's books and ours";
  const auto on_account = family.payment.tenders.front().agreed.method == payment::Method::account;
  EXPECT_EQ(on_account ? 0 : order::value_of(family.order).amount, ours) << "the customer pays for what was not cancelled";
  for (std::size_t line = 0; line < family.order.units.size(); ++line) {
    const auto& agreed = family.order.agreement.lines[line];
    if (agreed.service)
      continue;
    const auto& code = agreed.sku.text();
    const auto warehouse = world.stock_of("DC", code.c_str()), store = world.stock_of("LEEDS", code.c_str());
    EXPECT_EQ(warehouse.on_hand + store.on_hand, 200 - family.order.units[line].issued.units()) << code;
    EXPECT_EQ(warehouse.held + warehouse.allocated + store.held + store.allocated, 0) << code << " is promised to nobody any more";
  }
}

/// The same events, or where goods were taken in parts the same units with the customer and the same money with us.
void expect_the_same(CrashingWorld& world, CrashingWorld& undisturbed, const Tale& tale) {
  if (!tale.in_parts) {
    EXPECT_EQ(world.outcome(), undisturbed.outcome());
    return;
  }
  EXPECT_EQ(world.family().order.status, undisturbed.family().order.status);
  EXPECT_EQ(world.family().order.units, undisturbed.family().order.units);
}

TEST_P(WayOut, ends_the_same_whatever_batch_the_node_dies_after) {
  CrashingWorld undisturbed(GetParam(), CrashingWorld::never, Loss::answers);
  expect_settled(undisturbed);
  EXPECT_GT(undisturbed.batches(), 3);
  for (auto loss : {Loss::everything, Loss::answers})
    for (int batch = 0; batch < undisturbed.batches() && !HasFailure(); ++batch) {
      SCOPED_TRACE("died after batch " + std::to_string(batch) + (loss == Loss::everything ? ", before anybody heard of it" : ", before the provider answered"));
      CrashingWorld world(GetParam(), batch, loss);
      EXPECT_EQ(world.lives(), 2);
      expect_the_same(world, undisturbed, GetParam());
      expect_settled(world);
    }
}

TEST_P(WayOut, ends_the_same_when_every_node_dies_after_its_first_batch) {
  CrashingWorld undisturbed(GetParam(), CrashingWorld::never, Loss::answers);
  for (auto loss : {Loss::everything, Loss::answers}) {
    CrashingWorld world(GetParam(), CrashingWorld::always, loss);
    expect_the_same(world, undisturbed, GetParam());
    EXPECT_GT(world.lives(), 3);
    expect_settled(world);
  }
}

INSTANTIATE_TEST_SUITE_P(Crash, WayOut, testing::ValuesIn(all_tales()), [](const auto& tale) { return tale.param.name; });

} // namespace
} // namespace entrepot
