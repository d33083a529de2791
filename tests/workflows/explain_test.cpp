// What an order's story reads like.
#include "tests/support/story.hpp"
#include "workflows/explain.hpp"

namespace entrepot {
namespace {

using namespace std::chrono_literals;

/// Events as the journal would have them, one after the other, each caused by the one before unless said otherwise.
class Tale {
public:
  explicit Tale(const order::Agreement& agreement) { then(order_stream, order::Event{order::Submitted{agreement}}, "gw-web", false); }
  Tale& then(StreamId stream, AnyEvent event, std::string by, bool caused = true) {
    auto seq = ++seqs_[stream];
    story_.push_back({stream, seq, std::move(event), at_, std::move(by), caused ? last_ : "", occurred_at});
    last_ = to_text("", stream) + "/" + std::to_string(seq);
    return *this;
  }
  Tale& after(Duration pause) {
    at_ += pause;
    return *this;
  }
  std::string text(std::optional<Timestamp> wake_up) const {
    return workflow::explain(story_, wake_up, [](Timestamp at) { return to_rfc3339(at).substr(0, 19); });
  }

  std::optional<Timestamp> occurred_at; ///< of what comes next
  const StreamId order_stream = test::order_id().family;
  const StreamId plan = member(order_stream, child::payment), process = member(order_stream, child::process), fulfilment = member(order_stream, child::first_fulfilment);
  const StreamId dc = stream_of(test::location("DC"));

private:
  std::map<StreamId, std::int32_t> seqs_;
  std::vector<workflow::Happened> story_;
  Timestamp at_ = test::now;
  std::string last_;
};

const std::vector<stock::HoldLine> lines{{1, test::sku("MUG-1"), Quantity{2}}, {2, test::sku("BOWL-1"), Quantity{1}}};
const stock::Event held = stock::Held{test::order_id(), 0, test::entity("SHOP"), lines};

TEST(Explain, a_delivery_paid_by_card_reads_as_a_manager_would_tell_it) {
  Tale tale(test::an_agreement());
  auto amount = test::an_agreement().total;
  tale.after(1s).then(tale.dc, held, "process").then(tale.plan, payment::Event{payment::CaptureAsked{1, "K/1/1", "tok", amount, test::now}}, "process");
  tale.after(2s).then(tale.plan, payment::Event{payment::Captured{1, "K/1/1", "P-7", amount}}, "provider").then(tale.order_stream, order::Event{order::Confirmed{}}, "provider");
  tale.after(1s).then(tale.dc, stock::Event{stock::Allocated{test::order_id(), 0}}, "process");
  tale.then(tale.fulfilment, fulfilment::Event{fulfilment::Accepted{test::location("DC"), test::a_plan().lines, test::now + 4h}}, "process");
  EXPECT_EQ(tale.text(test::now + 4h), "1.  2026-03-10T09:00:00  gw-web:  Order submitted in web by a guest: 2 x MUG-1, 1 x BOWL-1; 45.00 GBP in all, from DC\n"
                                       "2.  2026-03-10T09:00:01  process:  Units held: 2 x MUG-1, 1 x BOWL-1  (because of 1)\n"
                                       "3.  2026-03-10T09:00:01  process:  Payment provider asked for 45.00 GBP (attempt K/1/1)  (because of 2)\n"
                                       "4.  2026-03-10T09:00:03  provider:  45.00 GBP received (P-7)  (because of 3)\n"
                                       "5.  2026-03-10T09:00:03  provider:  Order confirmed: the customer has our promise  (because of 4)\n"
                                       "6.  2026-03-10T09:00:04  process:  Units allocated to the order  (because of 5)\n"
                                       "7.  2026-03-10T09:00:04  process:  DC has the work on its list: 2 x MUG-1, 1 x BOWL-1  (because of 6)\n"
                                       "Awaited: DC to pick and ship, looked at again 2026-03-10T13:00:00.\n");
}

TEST(Explain, a_failed_payment_reads_as_a_manager_would_tell_it) {
  Tale tale(test::an_agreement());
  auto amount = test::an_agreement().total;
  tale.then(tale.dc, held, "process").then(tale.plan, payment::Event{payment::CaptureAsked{1, "K/1/1", "tok", amount, test::now}}, "process");
  tale.then(tale.plan, payment::Event{payment::Declined{1, "K/1/1", "insufficient-funds"}}, "provider");
  EXPECT_NE(tale.text(test::now + 15min).find("Awaited: another card, looked at again 2026-03-10T09:15:00.\n"), std::string::npos);
  tale.after(15min).then(tale.order_stream, order::Event{order::Rejected{"payment-declined", "the card was declined: insufficient-funds", {}}}, "deadline", false);
  tale.then(tale.process, process::Event{process::CompensationBegun{{1, 0}}}, "deadline");
  tale.then(tale.dc, stock::Event{stock::Released{test::order_id(), 0}}, "process").then(tale.process, process::Event{process::CompensationEnded{}}, "process");
  EXPECT_EQ(tale.text({}), "1.  2026-03-10T09:00:00  gw-web:  Order submitted in web by a guest: 2 x MUG-1, 1 x BOWL-1; 45.00 GBP in all, from DC\n"
                           "2.  2026-03-10T09:00:00  process:  Units held: 2 x MUG-1, 1 x BOWL-1  (because of 1)\n"
                           "3.  2026-03-10T09:00:00  process:  Payment provider asked for 45.00 GBP (attempt K/1/1)  (because of 2)\n"
                           "4.  2026-03-10T09:00:00  provider:  Card declined: insufficient-funds  (because of 3)\n"
                           "5.  2026-03-10T09:15:00  deadline:  Order rejected: the card was declined: insufficient-funds (payment-declined)\n"
                           "6.  2026-03-10T09:15:00  deadline:  Order given up; what was done for it is being taken back  (because of 5)\n"
                           "7.  2026-03-10T09:15:00  process:  Units freed for others  (because of 6)\n"
                           "8.  2026-03-10T09:15:00  process:  Everything done for it has been taken back  (because of 7)\n"
                           "Nothing is awaited any more.\n");
}

TEST(Explain, a_pickup_reads_as_a_manager_would_tell_it) {
  auto agreement = test::a_pickup_on_account();
  Tale tale(agreement);
  auto leeds = stream_of(test::location("LEEDS"));
  auto pickup = [&](pickup::Event event, std::string by) { tale.then(tale.fulfilment, AnyEvent{std::move(event)}, std::move(by)); };
  tale.after(1s).then(leeds, held, "process").then(tale.order_stream, order::Event{order::Confirmed{}}, "process").then(leeds, stock::Event{stock::Allocated{test::order_id(), 0}}, "process");
  pickup(pickup::Offered{test::location("LEEDS"), test::a_plan().lines, test::now + 2h, test::now + 30min}, "process");
  EXPECT_NE(tale.text(test::now + 15min).find("Awaited: LEEDS to say whether it prepares the goods, looked at again 2026-03-10T09:15:00.\n"), std::string::npos);
  tale.after(9min + 59s);
  pickup(pickup::Accepted{}, "staff");
  pickup(pickup::Picked{}, "staff");
  pickup(pickup::Staged{"B-7", test::now + std::chrono::days{7}}, "staff");
  EXPECT_NE(tale.text(test::now + 24h).find("Awaited: the customer to fetch the bag in LEEDS, looked at again 2026-03-11T09:00:00.\n"), std::string::npos);
  pickup(pickup::WrongCodeGiven{}, "staff");
  pickup(pickup::HandedOver{false}, "staff");
  tale.then(tale.order_stream, order::Event{order::UnitsHandedOver{child::first_fulfilment, {{1, Quantity{2}}, {2, Quantity{1}}}}}, "process");
  tale.then(tale.plan, payment::Event{payment::Billed{1, agreement.total}}, "process").then(tale.order_stream, order::Event{order::Completed{}}, "process");
  EXPECT_EQ(tale.text({}), "1.  2026-03-10T09:00:00  gw-web:  Order submitted in web by a guest: 2 x MUG-1, 1 x BOWL-1; 45.00 GBP in all, to be picked up in LEEDS\n"
                           "2.  2026-03-10T09:00:01  process:  Units held: 2 x MUG-1, 1 x BOWL-1  (because of 1)\n"
                           "3.  2026-03-10T09:00:01  process:  Order confirmed: the customer has our promise  (because of 2)\n"
                           "4.  2026-03-10T09:00:01  process:  Units allocated to the order  (because of 3)\n"
                           "5.  2026-03-10T09:00:01  process:  LEEDS is asked to prepare 2 x MUG-1, 1 x BOWL-1  (because of 4)\n"
                           "6.  2026-03-10T09:10:00  staff:  The store takes the work  (because of 5)\n"
                           "7.  2026-03-10T09:10:00  staff:  Picked  (because of 6)\n"
                           "8.  2026-03-10T09:10:00  staff:  Ready for the customer in B-7  (because of 7)\n"
                           "9.  2026-03-10T09:10:00  staff:  A wrong code was given  (because of 8)\n"
                           "10.  2026-03-10T09:10:00  staff:  Handed over, the code was right  (because of 9)\n"
                           "11.  2026-03-10T09:10:00  process:  Units are with the customer: 2 of line 1, 1 of line 2  (because of 10)\n"
                           "12.  2026-03-10T09:10:00  process:  45.00 GBP billed  (because of 11)\n"
                           "13.  2026-03-10T09:10:00  process:  Order completed  (because of 12)\n"
                           "Nothing is awaited any more.\n");
}

TEST(Explain, the_past_is_told_with_its_own_times_and_once_when_it_was_recorded) {
  Tale tale(test::an_agreement_on_account());
  tale.occurred_at = test::at("2010-12-24T11:30:00Z");
  tale.after(1s).then(tale.order_stream, order::Event{order::Confirmed{}}, "admin", false);
  tale.after(1s).then(tale.fulfilment, fulfilment::Event{fulfilment::Accepted{test::location("DC"), test::a_plan().lines, test::now + 4h}}, "admin", false);
  auto text = tale.text({});
  EXPECT_NE(text.find("2.  2010-12-24T11:30:00  admin (recorded 2026-03-10T09:00:01):  Order confirmed"), std::string::npos) << text;
  EXPECT_NE(text.find("3.  2010-12-24T11:30:00  admin:  DC has the work"), std::string::npos) << text;
}

TEST(Explain, says_what_a_fresh_order_waits_for) {
  Tale tale(test::an_agreement());
  EXPECT_NE(tale.text(test::now + 10s).find("Awaited: the place that ships holds the units"), std::string::npos);
}

} // namespace
} // namespace entrepot
