#include "tests/support/tales.hpp"

namespace entrepot::test {

Story a_delivery(int stage, order::Agreement agreement) {
  auto by_card = agreement.instalments.front().method == payment::Method::card && agreement.instalments.front().moment == payment::Moment::on_order;
  Story story;
  story.submits(std::move(agreement)).all_yes();
  if (by_card)
    story.provider(Said::captured).all_yes();
  const std::vector<fulfilment::Command> work{fulfilment::StartPick{}, fulfilment::Pick{}, fulfilment::Pack{{{900}}}, fulfilment::Ship{"T-1"}, fulfilment::Deliver{}};
  for (int i = 0; i < stage; ++i)
    story.staff(work[static_cast<std::size_t>(i)]).all_yes();
  return story;
}

Story a_pickup_story(int stage, order::Agreement agreement) {
  auto by_card = agreement.instalments.front().moment == payment::Moment::on_order;
  Story story;
  story.submits(std::move(agreement)).all_yes();
  if (by_card)
    story.provider(Said::captured).all_yes();
  const std::vector<pickup::Command> work{pickup::Accept{}, pickup::StartPick{}, pickup::Pick{}, pickup::Stage{"B-7", story.now() + pickup::collection_window}, pickup::Arrive{"bay 2"}};
  for (int i = 0; i < stage; ++i)
    story.store(work[static_cast<std::size_t>(i)]).all_yes();
  return story;
}

order::Agreement a_delivery_paid_when_it_leaves() {
  auto agreement = an_agreement();
  agreement.instalments.front().moment = payment::Moment::on_issue;
  return agreement;
}

order::Agreement a_delivery_from_a_store() {
  auto agreement = an_agreement();
  agreement.delivery.ship_from = location("LEEDS");
  agreement.answer_by = now + 30min;
  return agreement;
}

Story& cancel(Story& story) {
  return story.tells(child::order, order::Command{order::Cancel{"customer-request", "changed my mind"}}).all_yes();
}

void expect_cancelled(const Story& story, const std::string& code) {
  EXPECT_EQ(story.status(), order::Status::cancelled) << story.told_in_words();
  EXPECT_EQ(story.family().order.why_cancelled ? story.family().order.why_cancelled->code : "not cancelled", code);
  for (const auto& units : story.family().order.units)
    EXPECT_EQ(units.cancelled, units.ordered);
  for (const auto& tender : story.family().payment.tenders)
    EXPECT_EQ(tender.captured, tender.refunded) << story.told_in_words();
  EXPECT_EQ(story.wake_up(), std::nullopt) << story.told_in_words();
  EXPECT_FALSE(story.family().diary.parked);
}

void expect_completed(const Story& story) {
  EXPECT_EQ(story.status(), order::Status::completed) << story.told_in_words();
  EXPECT_EQ(story.wake_up(), std::nullopt) << story.told_in_words();
}

} // namespace entrepot::test
