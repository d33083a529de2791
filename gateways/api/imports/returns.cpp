#include "gateways/api/imports/returns.hpp"

#include <algorithm>

#include "gateways/api/idempotency.hpp"

namespace entrepot::api::imports {
namespace {

using gateway::OrderView;
using gateway::Until;

/// What comes back of one order.
struct Share {
  OrderId order;
  std::vector<order::LineUnits> lines;
  Money credit;
  std::optional<Rejection> objection = {}; ///< why so much cannot come back, unless this very row was begun before
};

std::vector<Share> by_order(const std::vector<ReturnPart>& parts) {
  std::vector<Share> shares;
  for (const auto& part : parts) {
    auto share = std::ranges::find(shares, part.order, &Share::order);
    if (share == shares.end())
      share = shares.insert(shares.end(), {part.order, {}, Money{0, part.credit.currency}});
    auto line = std::ranges::find(share->lines, part.line, &order::LineUnits::line);
    if (line == share->lines.end())
      share->lines.push_back({part.line, part.quantity});
    else
      line->units += part.quantity;
    share->credit += part.credit;
  }
  return shares;
}

/// Returns the newest bill of which so much is still owed; the newest of all if there is none, nullptr if the plan has no instalment.
const payment::Tender* bill_for(const payment::State& plan, Money credit) {
  for (auto tender = plan.tenders.rbegin(); tender != plan.tenders.rend(); ++tender)
    if (tender->status == payment::Status::billed && !less(tender->due - tender->credited, credit))
      return &*tender;
  return plan.tenders.empty() ? nullptr : &plan.tenders.back();
}
bool is_owed(const payment::Tender* bill, Money credit) { return bill && bill->status == payment::Status::billed && !less(bill->due - bill->credited, credit); }

bool can_come_back(const Family& family, const order::LineUnits& line) {
  auto index = static_cast<std::size_t>(line.line - 1);
  if (index >= family.order.units.size())
    return false;
  const auto& units = family.order.units[index];
  return line.units.units() <= units.delivered.units() - units.return_pending.units() - units.returned.units();
}

/// Nothing, or why an order cannot take its share back.
std::optional<Rejection> objection(const Family& family, const Share& share) {
  for (const auto& line : share.lines)
    if (!can_come_back(family, line))
      return reject("quantity-exceeded", "of line " + std::to_string(line.line) + " fewer units were delivered and have not come back");
  auto currency = family.order.agreement.total.currency;
  if (share.credit.currency != currency)
    return reject("currency-mismatch", "the order was paid in " + std::string(currency.code()));
  if (share.credit.amount > 0 && !is_owed(bill_for(family.payment, share.credit), share.credit))
    return reject("credit-exceeds-bill", "no bill of the order is still owed " + to_text(share.credit));
  return {};
}

/// The goods that come back, as the place of the order takes them in.
std::vector<stock::Movement> movements(const Family& family, const Share& share) {
  std::vector<stock::Movement> found;
  for (const auto& line : share.lines)
    if (const auto& agreed = family.order.agreement.lines[static_cast<std::size_t>(line.line - 1)]; !agreed.service)
      found.push_back({{{}, agreed.sku}, line.units.units()});
  return found;
}

/// One return on its way through: every order is looked at before the first is touched.
class Import : public std::enable_shared_from_this<Import> {
public:
  Import(Shared inside, gateway::Origin origin, ReturnRow row, Done done)
      : inside_(std::move(inside)), origin_(std::move(origin)), row_(std::move(row)), done_(std::move(done)), shares_(by_order(row_.parts)) {
    origin_.occurred_at = row_.occurred_at;
  }

  void look(std::size_t at = 0) {
    if (at == shares_.size())
      return begin();
    inside_->ports.read_order(shares_[at].order, next<OrderView>([at](Import& it, const OrderView& view) {
                                if (view.family->order.agreement.channel != it.row_.channel)
                                  return it.done_(refused(reject("out-of-scope", "The order is of another channel.")));
                                it.shares_[at].objection = objection(*view.family, it.shares_[at]);
                                it.look(at + 1);
                              }));
  }

private:
  template <class T, class Step>
  gateway::Reply<T> next(Step step) {
    return [self = shared_from_this(), step = std::move(step)](gateway::Outcome<T> outcome) {
      std::visit(Overload{[&](const T& value) { step(*self, value); }, [&](const auto& no) { self->done_(outcome_of(no)); }}, outcome);
    };
  }

  /// An order with an objection comes first: if it remembers this very row, the row was begun before and goes on; else it is refused before anything is booked.
  void begin() {
    std::ranges::stable_partition(shares_, [](const Share& share) { return share.objection.has_value(); });
    reserve(0);
  }

  void reserve(std::size_t at) {
    if (at == shares_.size())
      return take_in(0);
    const auto& share = shares_[at];
    auto lines = share.objection ? std::vector<order::LineUnits>{{0, Quantity{1}}} : share.lines; // what is no line is refused, unless the command has been done before
    inside_->ports.act(share.order.family, AnyCommand{order::Command{order::ReserveForReturn{row_.reference, std::move(lines)}}}, id("reserve", share), origin_, Until::stored,
                       [self = shared_from_this(), at](gateway::Outcome<OrderView> outcome) {
                         if (const auto* fault = std::get_if<gateway::Fault>(&outcome))
                           return self->done_(outcome_of(*fault));
                         if (const auto* no = std::get_if<Rejection>(&outcome))
                           return self->done_(refused(self->shares_[at].objection.value_or(*no)));
                         self->replayed_ = std::get<OrderView>(outcome).replayed;
                         self->reserve(at + 1);
                       });
  }

  void take_in(std::size_t at) {
    if (at == shares_.size())
      return done_({.replayed = replayed_});
    inside_->ports.read_order(shares_[at].order, next<OrderView>([at](Import& it, const OrderView& view) { it.receive(at, *view.family); }));
  }

  void receive(std::size_t at, const Family& family) {
    auto goods = movements(family, shares_[at]);
    if (goods.empty())
      return take_back(at);
    auto reference = row_.reference + "/" + to_text(shares_[at].order);
    auto command = stock::Command{stock::TakeBack{reference, std::move(goods)}};
    inside_->ports.command(stream_of(order::place_of(family.order.agreement)), AnyCommand{std::move(command)}, id("take-in", shares_[at]), origin_, {},
                           next<std::int64_t>([at](Import& it, std::int64_t) { it.take_back(at); }));
  }

  void take_back(std::size_t at) {
    const auto& share = shares_[at];
    act(share.order.family, "take-back", share, order::Command{order::TakeBack{row_.reference, share.lines}}, [at](Import& it, const OrderView& view) { it.credit(at, *view.family); });
  }

  void credit(std::size_t at, const Family& family) {
    const auto& share = shares_[at];
    const auto* bill = bill_for(family.payment, share.credit);
    if (share.credit.amount == 0 || !bill)
      return take_in(at + 1);
    act(member(family.id, child::payment), "credit", share, payment::Command{payment::Credit{bill->agreed.number, row_.reference, share.credit}},
        [at](Import& it, const OrderView&) { it.take_in(at + 1); });
  }

  CommandId id(const char* verb, const Share& share) const { return import_command(verb, row_.channel.text() + "/" + row_.reference + "/" + to_text(share.order)); }

  template <class Step>
  void act(StreamId to, const char* verb, const Share& share, AnyCommand command, Step step) {
    inside_->ports.act(to, std::move(command), id(verb, share), origin_, Until::stored, next<OrderView>(std::move(step)));
  }

  Shared inside_;
  gateway::Origin origin_;
  ReturnRow row_;
  Done done_;
  std::vector<Share> shares_;
  bool replayed_ = false;
};

} // namespace

void import_return(const Shared& inside, const gateway::Origin& origin, ReturnRow row, Done done) {
  std::make_shared<Import>(inside, origin, std::move(row), std::move(done))->look();
}

} // namespace entrepot::api::imports
