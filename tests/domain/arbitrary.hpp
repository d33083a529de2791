// Any agreement and any command, for properties: what the house can be asked to do, in the mood to meet what has happened before.
#pragma once

#include <rapidcheck/gtest.h>

#include <algorithm>

#include "tests/support/orders.hpp"

namespace entrepot::test {

/// Between `from` and `below`, each as likely as the others also while the cases are small.
inline int any_int(int from, int below) { return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(from, below)); }

/// An order of one to four lines of goods, and transport if it is charged.
inline order::Agreement any_agreement() {
  auto basket = a_basket();
  basket.lines.clear();
  auto count = any_int(1, 5);
  for (int i = 0; i < count; ++i)
    basket.lines.push_back({sku(*rc::gen::element<std::string>("MUG-1", "BOWL-1")), Quantity{any_int(1, 1000)}, std::nullopt});
  basket.delivery_option = *rc::gen::element<std::string>("24h", "72h", "std");
  basket.customer_level = *rc::gen::element<std::string>("", "silver", "gold");
  return *order::draft(basket, a_shop(), now);
}

inline stock::Effect any_effect() { return *rc::gen::element(stock::Effect::none, stock::Effect::suspend, stock::Effect::suspend_all, stock::Effect::damage); }

/// A place that sends any number of orders, or few.
inline stock::Profile any_place() {
  auto place = *rc::gen::element(a_warehouse(), a_store("DC"));
  place.orders_a_day = *rc::gen::element(0, 1, 3);
  if (any_int(0, 3) == 0)
    place.safety = {{{}, {}, any_int(0, 3)}};
  return place;
}

/// What people and other systems find at a place, or take there.
inline stock::Command any_stock_finding(Timestamp when, std::int32_t most) {
  auto item = stock::Item{*rc::gen::element(EntityCode{}, EntityCode{}, entity("GUEST")), sku(*rc::gen::element<std::string>("MUG-1", "BOWL-1", "VASE-1"))};
  auto at = when - *rc::gen::element<Duration>(0s, 0s, 1s, 30s, 25h);
  auto name = std::to_string(any_int(1, 30));
  switch (any_int(0, 8)) {
  case 0: return stock::Adjust{"ADJ-" + name, *rc::gen::element(stock::Reason::found, stock::Reason::lost, stock::Reason::written_off, stock::Reason::correction), {{item, any_int(-most, most + 1)}}};
  case 1:
  case 2: return stock::Count{"CNT-" + name, at, {{item, any_int(0, 4 * most)}}};
  case 3: return stock::ApproveCount{"CNT-" + name};
  case 4: return stock::RejectCount{"CNT-" + name};
  case 5:
  case 6: return stock::Sell{"T-1", "R-" + name, at, {{item, Quantity{any_int(1, most + 1)}, {}}, {item, Quantity{1}, {}}}, any_int(0, 2) == 0};
  default: {
    const auto reset = any_int(0, 3) == 0;
    return stock::Feed{*rc::gen::element<std::string>("wms", "pos"), any_int(1, 8), reset, at, {{item, any_int(reset ? 0 : -most, most + 1)}}};
  }
  }
}

/// A command to a location with few SKUs and few orders, so that they meet often.
inline stock::Command any_stock_command(Timestamp when, std::int32_t most = 3) {
  auto any_sku = [] { return sku(*rc::gen::element<std::string>("MUG-1", "BOWL-1", "VASE-1")); };
  auto order = order_id(any_int(1, 4));
  auto round = any_int(0, 2);
  auto not_after = when + *rc::gen::element<Duration>(-1s, 0s, 1s, 1h);
  auto reference = *rc::gen::element<std::string>("", "R-1", "R-2");
  if (any_int(0, 3) == 0)
    return any_stock_finding(when, most);
  switch (any_int(0, 9)) {
  case 4:
    if (any_int(0, 3) == 0)
      return stock::TransferOut{order, round, location("LEEDS"), {{1, any_sku(), Quantity{any_int(1, most + 1)}}}};
    if (any_int(0, 3) == 0)
      return stock::TransferIn{"TRF-" + std::to_string(any_int(1, 4)), order, round + 2, location("DC"), *rc::gen::element(entity("SHOP"), entity("GUEST")), {{1, any_sku(), Quantity{any_int(1, most + 1)}}}, {}, false};
    if (any_int(0, 2) == 0)
      return stock::Issue{order, round, {{1, any_sku(), Quantity{any_int(1, most + 1)}}}};
    return stock::Issue{order, round};
  case 5:
    return stock::TakeBack{reference, {{{{}, any_sku()}, any_int(0, most + 1)}}};
  case 6:
    if (any_int(0, 1) == 0)
      return stock::Reclaim{order, round, {{1, any_sku(), Quantity{any_int(0, most + 2)}}, {2, any_sku(), Quantity{1}}}, {{1, any_sku(), Quantity{any_int(0, 1)}}}};
    return stock::Shrink{order, round, {{1, any_sku(), Quantity{any_int(0, most + 2)}}}, any_effect()};
  case 0:
    return stock::Receive{*rc::gen::element<std::string>("", "ASN-1", "ASN-2", "ASN-3"), {{{{}, any_sku()}, any_int(0, 2 * most)}, {{entity("GUEST"), any_sku()}, 1}}};
  case 1:
    return stock::Allocate{order, round};
  case 2:
    return stock::Release{order, round, not_after};
  case 3:
    return stock::Define{any_place()};
  default: {
    std::vector<stock::HoldLine> lines;
    for (int i = 1, count = any_int(1, 4); i <= count; ++i)
      lines.push_back({i, any_sku(), Quantity{any_int(1, most + 1)}});
    auto hold = a_hold(order, lines, round);
    hold.takes_slot = any_int(0, 2) == 0;
    return hold;
  }
  }
}

/// Of each line none, some or all of the units that `what` counts; now and then as many as of something else.
inline std::vector<order::LineUnits> any_units(const order::State& order, Quantity order::Units::*what) {
  using U = order::Units;
  if (any_int(0, 6) == 0)
    what = *rc::gen::element(&U::ordered, &U::open, &U::held, &U::issued, &U::delivered, &U::cancelled, &U::return_pending, &U::returned);
  std::vector<order::LineUnits> lines;
  for (std::size_t i = 0; i < order.units.size(); ++i)
    if (auto some = *rc::gen::element(Quantity{}, Quantity{1}, order.units[i].*what, order.units[i].*what))
      lines.push_back({static_cast<std::int32_t>(i) + 1, some});
  return lines;
}

inline order::Command any_order_command(const order::State& order, const order::Agreement& agreement, int place) {
  using U = order::Units;
  switch (any_int(0, 16)) {
  case 15: return order::LoseUnits{place, any_units(order, &U::issued), "lost-on-the-way", any_int(0, 1) == 0};
  case 14: return order::Choose{{.way = *rc::gen::element(order::Way::another_store, order::Way::delivery, order::Way::cancel), .collection = {}, .delivery = {}, .answer_by = {}}, any_units(order, &U::open)};
  case 0: return order::Submit{agreement};
  case 1: return order::Confirm{};
  case 2: return any_int(0, 10) == 0 ? order::Command{order::Reject{"stock-short", "too few", {}}} : order::Command{order::Confirm{}};
  case 3: return any_int(0, 4) == 0 ? order::Command{order::Cancel{"customer-request", "changed my mind"}} : order::Command{order::Confirm{}};
  case 4: return order::StopUnits{place, any_units(order, &U::held)};
  case 5: return order::CancelUnits{any_units(order, &U::open), "unfillable"};
  case 6: return order::IssueUnits{place, any_units(order, &U::held)};
  case 7: return order::DeliverUnits{place, any_units(order, &U::issued)};
  case 8: return order::HandOverUnits{place, any_units(order, &U::held)};
  case 9: return order::FinishCancellation{};
  case 10: return order::EndCancellation{};
  case 11: return order::Complete{};
  case 12: return order::ReserveForReturn{*rc::gen::element<std::string>("RET-1", "RET-2"), any_units(order, &U::delivered)};
  default: return order::TakeBack{*rc::gen::element<std::string>("RET-1", "RET-2"), any_units(order, &U::return_pending)};
  }
}

/// A command to one instalment; keys are the newest, or another's. A provider books no more than was asked for: its adapter sees to that.
inline payment::Command any_payment_command(const payment::State& plan) {
  auto number = any_int(1, static_cast<int>(plan.tenders.size()) + 2);
  auto tender = number <= static_cast<int>(plan.tenders.size()) ? plan.tenders[static_cast<std::size_t>(number - 1)] : payment::Tender{};
  auto key = *rc::gen::elementOf(std::vector<std::string>{tender.key, tender.key, "1/1", "1/2", "1/3"});
  auto refund_key = *rc::gen::elementOf(std::vector<std::string>{tender.refund_key, tender.refund_key, "1/r1", "1/r2", "1/r3"});
  auto share = [](Money of) { return Money{*rc::gen::element<std::int64_t>(0, std::min<std::int64_t>(1, of.amount), of.amount / 2, of.amount), of.currency}; };
  switch (any_int(0, 13)) {
  case 0: return payment::Capture{number, key.empty() ? "1/1" : key, "tok", now + 2min};
  case 1: return payment::RecordCaptured{number, key, "P-1", any_int(0, 2) == 0 ? tender.due : share(tender.due)};
  case 2: return payment::RecordDeclined{number, key, "insufficient-funds"};
  case 3: return payment::RecordUnknown{number, key};
  case 4: return payment::Void{number};
  case 5: return payment::RecordVoided{number, key};
  case 6: return payment::OfferTender{number, "tok_other"};
  case 7: return payment::Bill{number};
  case 8: return payment::Reduce{number, share(tender.due)};
  case 9: return payment::Refund{number, refund_key.empty() ? "1/r1" : refund_key, share(tender.captured)};
  case 10: return payment::RecordRefunded{number, refund_key, "P-2"};
  case 11: return payment::RecordRefundFailed{number, refund_key, "card-closed"};
  default: return payment::Credit{number, "RET-1", share(tender.due)};
  }
}

inline std::vector<fulfilment::Found> any_find(const fulfilment::Work& work) {
  std::vector<fulfilment::Found> found;
  for (const auto& line : work.lines)
    if (any_int(0, 3) == 0)
      found.push_back({line.line, *rc::gen::element(Quantity{}, Quantity{1}, line.quantity, line.quantity + Quantity{1})});
  return found;
}
inline std::vector<pickup::Taken> any_taken(const fulfilment::Work& work) {
  std::vector<pickup::Taken> taken;
  for (const auto& line : work.lines)
    if (any_int(0, 3) > 0)
      taken.push_back({line.line, *rc::gen::element(Quantity{1}, Quantity{1}, line.quantity, line.quantity + Quantity{1})});
  return taken;
}
inline fulfilment::Reason any_reason() {
  using enum fulfilment::Reason;
  return *rc::gen::element(not_in_stock, mismatch, damaged, too_busy);
}
inline std::vector<fulfilment::Line> goods_of(const order::Agreement& agreement) {
  std::vector<fulfilment::Line> goods;
  for (const auto& line : agreement.lines)
    if (!line.service)
      goods.push_back({line.number, line.sku, line.quantity});
  return goods;
}

inline fulfilment::Command any_fulfilment_command(const fulfilment::State& work, const order::Agreement& agreement, Timestamp when) {
  switch (any_int(0, 25)) {
  case 0: return fulfilment::Plan{location("DC"), goods_of(agreement), now};
  case 1: return fulfilment::Offer{location("DC"), goods_of(agreement), now, now + 30min};
  case 2: return fulfilment::Accept{};
  case 3: return any_int(0, 3) == 0 ? fulfilment::Command{fulfilment::Reject{any_reason()}} : fulfilment::Command{fulfilment::Accept{}};
  case 4: return any_int(0, 4) == 0 ? fulfilment::Command{fulfilment::Lapse{}} : fulfilment::Command{fulfilment::Accept{}};
  case 5: return fulfilment::StartPick{};
  case 6: return fulfilment::Pick{any_find(work)};
  case 7: return fulfilment::Pack{{{any_int(0, 3)}}};
  case 8: return fulfilment::Ship{"T-1"};
  case 9: return fulfilment::Deliver{};
  case 10: return fulfilment::Unaccept{};
  case 11: return fulfilment::Unpick{};
  case 12: return fulfilment::Unpack{};
  case 13: return any_int(0, 3) == 0 ? fulfilment::Command{fulfilment::Stop{when + 10min}} : fulfilment::Command{fulfilment::StartPick{}};
  case 14: return fulfilment::ConfirmStop{};
  case 15: return fulfilment::RefuseStop{};
  case 16: return fulfilment::PutBack{};
  case 17: return fulfilment::Escalate{*rc::gen::element(50, 100)};
  case 18: return fulfilment::AskLabel{*rc::gen::element<std::string>("L/1", "L/2")};
  case 19: return fulfilment::RecordLabel{work.label.key, "TRK-1", {}};
  case 20: return fulfilment::Track{*rc::gen::element(fulfilment::Tracking::in_transit, fulfilment::Tracking::lost)};
  case 21: return any_int(0, 1) == 0 ? fulfilment::Command{fulfilment::Lose{fulfilment::Loss::damaged}} : fulfilment::Command{fulfilment::Deliver{}};
  case 22: return any_int(0, 1) == 0 ? fulfilment::Command{fulfilment::ReturnToOrigin{any_find(work)}} : fulfilment::Command{fulfilment::Deliver{}};
  case 23: return fulfilment::RecordRestocked{};
  default: return fulfilment::RecordLabelFailed{work.label.key, "address-invalid"};
  }
}

inline pickup::Command any_pickup_command(const pickup::State& work, const order::Agreement& agreement, Timestamp when) {
  auto proof = pickup::Proof{*rc::gen::element<std::string>("1111", "2222", "9999"), any_int(0, 8) == 0};
  switch (any_int(0, 28)) {
  case 0:
    if (any_int(0, 3) == 0)
      return pickup::Await{location("LEEDS"), goods_of(agreement), now};
    return pickup::Offer{location("LEEDS"), goods_of(agreement), now, now + 30min};
  case 1: return pickup::Accept{};
  case 2: return any_int(0, 6) == 0 ? pickup::Command{pickup::Reject{any_reason()}} : pickup::Command{pickup::Accept{}};
  case 3: return any_int(0, 4) == 0 ? pickup::Command{pickup::Lapse{}} : pickup::Command{pickup::Accept{}};
  case 4:
    if (work.from_elsewhere)
      return any_int(0, 2) == 0 ? pickup::Command{pickup::Miss{any_find(work)}} : pickup::Command{pickup::TakeIn{}};
    return pickup::StartPick{};
  case 5: return pickup::Pick{any_find(work)};
  case 6: return pickup::Stage{*rc::gen::element<std::string>("", "B-7", "B-8"), when + pickup::collection_window};
  case 7: return pickup::Arrive{"bay 2"};
  case 8: return pickup::HandOver{proof, codes};
  case 9: return pickup::BeginHandOver{proof, codes};
  case 10: return pickup::FinishHandOver{};
  case 11: return pickup::BreakOffHandOver{};
  case 12: return pickup::CountWrongCode{};
  case 13: return pickup::ResendCode{};
  case 14: return pickup::Extend{when + 2 * pickup::collection_window};
  case 15: return pickup::Remind{work.reminded + 1};
  case 16: return any_int(0, 4) == 0 ? pickup::Command{pickup::GiveUpWaiting{}} : pickup::Command{pickup::Arrive{"bay 3"}};
  case 17: return any_int(0, 4) == 0 ? pickup::Command{pickup::Refuse{}} : pickup::Command{pickup::Arrive{"bay 4"}};
  case 18: return pickup::Unaccept{};
  case 19: return pickup::Unpick{};
  case 20: return pickup::Unstage{};
  case 21: return any_int(0, 4) == 0 ? pickup::Command{pickup::Stop{}} : pickup::Command{pickup::StartPick{}};
  case 22: return pickup::PutBack{};
  case 23:
  case 24: return pickup::HandOverPart{proof, codes, any_taken(work)};
  case 25: return pickup::FinishPart{};
  case 26: return any_int(0, 2) == 0 ? pickup::Command{pickup::HandOver{proof, codes, any_taken(work)}} : pickup::Command{pickup::BeginHandOver{proof, codes, any_taken(work), any_int(0, 2) == 0}};
  default: return pickup::Escalate{*rc::gen::element(50, 100)};
  }
}

} // namespace entrepot::test
