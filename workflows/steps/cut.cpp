#include "workflows/steps/cut.hpp"

#include <algorithm>

namespace entrepot::workflow {
namespace {

/// Whether somebody has found the units of the work, all that still go on.
bool is_in_hand(const Family& family, int place) {
  if (auto fulfilment = family.fulfilments.find(place); fulfilment != family.fulfilments.end())
    return fulfilment->second.status >= fulfilment::Status::picked;
  return family.pickups.at(place).status >= pickup::Status::picked;
}

/// Returns the lines of which fewer units are left than go on.
std::vector<fulfilment::Found> fewer_than_go_on(const fulfilment::Work& work, const std::vector<stock::HoldLine>& left) {
  std::vector<fulfilment::Found> fewer;
  for (const auto& line : lines_going(work))
    if (auto cut = std::ranges::find(left, line.line, &stock::HoldLine::line); cut != left.end() && cut->quantity < line.quantity)
      fewer.push_back({line.line, cut->quantity});
  return fewer;
}

Rejection gone(const Family& family, const process::HearOfCut& cut) {
  std::vector<RejectionDetail> details;
  for (const auto& line : cut.left)
    details.push_back({"/lines/" + std::to_string(line.line - 1), "stock-short", "fewer " + line.sku.text() + " lie at " + order::place_of(family.order.agreement).text() + " than were held"});
  return reject("stock-short", "some of what was held for the order is not there", std::move(details));
}

CutMeaning before_the_promise(const Family& family, int place, const process::HearOfCut& cut, Tell record) {
  CutMeaning meaning{.tells = {std::move(record)}};
  if (place < family.diary.first_place) {
    meaning.give_up = gone(family, cut);
    return meaning;
  }
  process::RecordRefusal refusal{place, std::string(units_cut), {}};
  for (const auto& line : cut.left)
    refusal.lines.push_back(line.line);
  meaning.tells.push_back({child::process, process::Command{std::move(refusal)}});
  return meaning;
}

Tell tell_place(const Family& family, int place, fulfilment::Command of_fulfilment, pickup::Command of_pickup) {
  if (family.pickups.contains(place))
    return {place, std::move(of_pickup)};
  return {place, std::move(of_fulfilment)};
}

Tell drop(const Family& family, int place, std::vector<fulfilment::Found> left) {
  if (is_possible_cut(*work_of(family, place), left))
    return tell_place(family, place, fulfilment::CutUnits{left}, pickup::CutUnits{left});
  return tell_place(family, place, fulfilment::Reject{fulfilment::Reason::counted}, pickup::Reject{fulfilment::Reason::counted});
}

} // namespace

CutMeaning meaning_of(const Family& family, const process::HearOfCut& cut) {
  using enum order::Status;
  const auto place = child::first_fulfilment + cut.round;
  const auto& order = family.order;
  const auto is_given_up = order.status == none || order.status == rejected || order.status == cancelled || (order.status == cancelling && !order.promised);
  if (is_given_up || std::ranges::count(places_of(family), place) == 0)
    return {}; // its claim goes, or has gone
  process::ClaimCut heard{place, cut.cause, cut.reference, cut.left, false};
  if (!order.promised)
    return before_the_promise(family, place, cut, {child::process, process::Command{process::RecordCut{std::move(heard)}}});
  const auto* work = work_of(family, place);
  if (!work)
    return {.not_yet = reject("work-not-begun", "the place has not taken its work so far")};
  auto fewer = fewer_than_go_on(*work, cut.left);
  if (fewer.empty())
    return {}; // the place has dropped them already
  heard.in_hand = is_in_hand(family, place);
  if (heard.in_hand && !nothing_is_contested(family, place))
    return {}; // the location is being told
  CutMeaning meaning{.tells = {{child::process, process::Command{process::RecordCut{heard}}}}};
  if (!heard.in_hand)
    meaning.tells.push_back(drop(family, place, std::move(fewer)));
  return meaning;
}

Action claim_units_in_hand(const Family& family, int place, Timestamp) {
  if (nothing_is_contested(family, place))
    return Nothing{};
  const auto& work = *work_of(family, place);
  stock::Reclaim reclaim{.order = {family.id}, .round = round_of(place), .lines = {}, .left = {}};
  for (const auto& line : lines_going(work))
    reclaim.lines.push_back({line.line, line.sku, line.quantity});
  for (const auto& units : units_left(family, place))
    reclaim.left.push_back({units.line, family.order.agreement.lines[static_cast<std::size_t>(units.line - 1)].sku, units.units});
  return Ask{stream_of(work.location), stock::Command{std::move(reclaim)}, family.diary.cuts};
}

bool nothing_is_contested(const Family& family, int place) { return std::ranges::count(family.diary.contested, place) == 0; }

Action note_units_kept(const Family& family, int place, Timestamp) {
  if (nothing_is_contested(family, place))
    return Nothing{};
  return Tell{child::process, process::Command{process::RecordKept{place}}};
}

std::vector<PartOfOrder> cut_places(const Family& family) {
  std::vector<PartOfOrder> parts;
  for (std::size_t i = 0; i < family.diary.places.size(); ++i)
    if (family.diary.places[i].refused == units_cut)
      parts.push_back(part_of(family, family.diary.first_place + static_cast<int>(i)));
  return parts;
}

} // namespace entrepot::workflow
