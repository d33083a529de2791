#include "gateways/api/imports/orders.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "gateways/api/idempotency.hpp"
#include "gateways/api/placing.hpp"

namespace entrepot::api::imports {
namespace {

using fulfilment::Status;
using gateway::OrderView;
using gateway::Until;

using Available = std::map<Sku, std::int64_t>;
/// Why lines of the basket, by index, cannot be part of the order.
using Missing = std::map<std::size_t, RejectionDetail>;

/// Returns the index in "/lines/12/sku"; nothing for another field.
std::optional<std::size_t> line_in(std::string_view pointer) {
  constexpr std::string_view lines = "/lines/";
  std::size_t index = 0;
  if (!pointer.starts_with(lines))
    return {};
  auto [end, error] = std::from_chars(pointer.data() + lines.size(), pointer.data() + pointer.size(), index);
  return error == std::errc{} ? std::optional(index) : std::nullopt;
}

/// The lines of known products whose units are not to be had, the earlier lines served first.
Missing short_lines(const std::vector<order::BasketLine>& lines, Available available, const order::Definitions& definitions) {
  Missing missing;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].service || !definitions.products.contains(lines[i].sku))
      continue;
    auto& left = available[lines[i].sku];
    if (lines[i].quantity.units() <= left)
      left -= lines[i].quantity.units();
    else
      missing[i] = {"/lines/" + std::to_string(i) + "/quantity", "stock-short", std::to_string(left) + " of " + lines[i].sku.text() + " are available"};
  }
  return missing;
}

order::Basket without(order::Basket basket, const Missing& missing) {
  std::vector<order::BasketLine> kept;
  for (std::size_t i = 0; i < basket.lines.size(); ++i)
    if (!missing.contains(i))
      kept.push_back(basket.lines[i]);
  basket.lines = std::move(kept);
  return basket;
}

Rejection nothing_left(const Missing& missing) {
  Rejection why{missing.begin()->second.code, "No goods of the order are left: " + missing.begin()->second.text + ".", {}};
  for (const auto& [index, detail] : missing)
    why.details.push_back(detail);
  return why;
}

/// Drafts the order with the lines that can be in it; the others are left in `missing`.
Result<order::Agreement> draft_what_can_be(const order::Basket& basket, const order::Definitions& definitions, Timestamp now, Missing& missing) {
  auto whole = order::draft(basket, definitions, now);
  if (!whole)
    for (const auto& fault : whole.error().details)
      if (auto index = line_in(fault.pointer))
        missing.try_emplace(*index, fault);
  if (missing.empty())
    return whole;
  auto rest = without(basket, missing);
  if (std::ranges::all_of(rest.lines, &order::BasketLine::service))
    return nothing_left(missing);
  return order::draft(rest, definitions, now);
}

/// The lines of the row that the order does not have. Those of an order made earlier were short then.
std::vector<RefusedLine> refused_lines(const std::vector<order::BasketLine>& wanted, const std::vector<order::Line>& agreed, const Missing& missing) {
  std::vector<RefusedLine> refused;
  std::size_t at = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    auto is_same = at < agreed.size() && agreed[at].sku == wanted[i].sku && agreed[at].quantity == wanted[i].quantity && agreed[at].total == *wanted[i].told_total &&
                   agreed[at].service == wanted[i].service;
    if (is_same) {
      ++at;
      continue;
    }
    auto why = missing.find(i);
    auto is_known = why != missing.end();
    refused.push_back({static_cast<std::int32_t>(i) + 1, is_known ? why->second.code : "stock-short", is_known ? why->second.text : "it was not available"});
  }
  return refused;
}

/// One order on its way through.
class Import : public std::enable_shared_from_this<Import> {
public:
  Import(Shared inside, gateway::Origin origin, OrderRow row, Done done) : inside_(std::move(inside)), origin_(std::move(origin)), row_(std::move(row)), done_(std::move(done)) {
    lines_ = row_.request.basket.lines;
    origin_.occurred_at = row_.request.basket.occurred_at;
  }

  void begin() {
    auto place = ships_from(row_.request.basket.channel, *inside_->ports.definitions());
    if (!place)
      return submit(); // the draft says what is wrong
    std::vector<Sku> skus;
    for (const auto& line : lines_)
      if (!line.service)
        skus.push_back(line.sku);
    if (skus.empty())
      return submit();
    inside_->ports.read_location(*place, std::move(skus), next<gateway::LocationView>([](Import& it, const gateway::LocationView& view) {
                                   Available available;
                                   for (const auto& [item, stock] : view.rows)
                                     if (item.owner == view.profile.owner)
                                       available[item.sku] = stock.available();
                                   it.missing_ = short_lines(it.lines_, std::move(available), *it.inside_->ports.definitions());
                                   it.submit();
                                 }));
  }

private:
  template <class T, class Step>
  gateway::Reply<T> next(Step step) {
    return [self = shared_from_this(), step = std::move(step)](gateway::Outcome<T> outcome) {
      std::visit(Overload{[&](const T& value) { step(*self, value); }, [&](const auto& no) { self->done_(outcome_of(no)); }}, outcome);
    };
  }

  void submit() {
    const auto& basket = row_.request.basket;
    gateway::Creation creation{basket.channel.text(), basket.external_number, {}, {}, row_.digest, reject("timed-out", "The order has not been made yet."), {}};
    auto draft = [self = shared_from_this()](const order::Basket& sealed) {
      return draft_what_can_be(sealed, *self->inside_->ports.definitions(), self->inside_->options.clock(), self->missing_);
    };
    place(std::make_shared<Placing>(Placing{inside_, row_.request, origin_, std::move(creation), Until::at_work, draft, next<OrderView>([](Import& it, const OrderView& view) {
                                              it.replayed_ = view.replayed;
                                              it.go_on(view);
                                            })}));
  }

  /// Does what comes next: the place works as it did then.
  void go_on(const OrderView& view) {
    const auto& family = *view.family;
    if (family.diary.parked)
      return done_(again("parked", "The order waits for a person: " + family.diary.parked->text));
    switch (family.order.status) {
    case order::Status::rejected:
      return done_(refused(family.order.why_rejected.value_or(Rejection{"rejected", "The order was refused.", {}})));
    case order::Status::cancelled:
      return done_(refused(family.order.why_cancelled.value_or(Rejection{"cancelled", "The order was cancelled.", {}})));
    case order::Status::completed:
      return finish(family);
    default:
      break;
    }
    auto open = std::ranges::find_if(family.fulfilments, [](const auto& entry) { return entry.second.status <= Status::delivered; });
    if (open != family.fulfilments.end())
      return work(family, open->first, open->second.status);
    again_later();
  }

  void work(const Family& family, int place, Status status) {
    switch (status) {
    case Status::offered:
      return act(family, place, "accept", fulfilment::Accept{});
    case Status::accepted:
    case Status::picking:
      return act(family, place, "pick", fulfilment::Pick{});
    case Status::picked:
      return act(family, place, "pack", fulfilment::Pack{{fulfilment::Parcel{}}});
    case Status::packed:
      return act(family, place, "ship", fulfilment::Ship{});
    case Status::shipped:
    case Status::delivered: // the order itself is not quite done: the same command again waits for it
      return act(family, place, "deliver", fulfilment::Deliver{}, Until::ended);
    default:
      again_later();
    }
  }

  void act(const Family& family, int place, const char* verb, fulfilment::Command command, Until until = Until::stored) {
    if (++steps_ > most_steps)
      return again_later();
    auto to = member(family.id, place);
    inside_->ports.act(to, AnyCommand{std::move(command)}, import_command(verb, to_text("", to)), origin_, until,
                       next<OrderView>([](Import& it, const OrderView& after) { it.go_on(after); }));
  }

  void again_later() { done_(again("not-finished", "The order is not finished yet; send the row again.")); }

  void finish(const Family& family) {
    const auto& agreed = family.order.agreement;
    done_({.order = OrderId{family.id}, .total = agreed.total, .replayed = replayed_, .refused_lines = refused_lines(lines_, agreed.lines, missing_)});
  }

  static constexpr int most_steps = 10;

  Shared inside_;
  gateway::Origin origin_;
  OrderRow row_;
  std::vector<order::BasketLine> lines_;
  Done done_;
  Missing missing_;
  int steps_ = 0;
  bool replayed_ = false;
};

} // namespace

void import_order(const Shared& inside, const gateway::Origin& origin, OrderRow row, Done done) {
  std::make_shared<Import>(inside, origin, std::move(row), std::move(done))->begin();
}

} // namespace entrepot::api::imports
