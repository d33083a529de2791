#include "domain/channel/channel.hpp"

#include <set>

#include "domain/country.hpp"

namespace entrepot::channel {
namespace {

/// Collects what is wrong with a definition, each with the field it is about.
class Faults {
public:
  void expect(bool right, std::string pointer, std::string text) {
    if (!right)
      found_.push_back({std::move(pointer), "channel-invalid", std::move(text)});
  }
  const std::vector<RejectionDetail>& found() const { return found_; }

private:
  std::vector<RejectionDetail> found_;
};

void inspect(Faults& faults, const Definition& channel) {
  faults.expect(static_cast<bool>(channel.code), "/code", "a channel has a code");
  faults.expect(!channel.name.empty(), "/name", "a channel has a name");
  faults.expect(static_cast<bool>(channel.organisation), "/organisation", "a channel belongs to a legal entity");
  faults.expect(channel.currency != Currency{}, "/currency", "a channel sells in one currency");
  faults.expect(!channel.price_list.empty(), "/price_list", "a channel has a price list");
  faults.expect(channel.country.empty() || is_country(channel.country), "/country", "a country is two capital letters");
}

void inspect_delivery(Faults& faults, const Definition& channel) {
  std::set<std::string> codes;
  for (std::size_t i = 0; i < channel.delivery.size(); ++i) {
    const auto& option = channel.delivery[i];
    auto at = "/delivery/" + std::to_string(i);
    faults.expect(Sku::from(option.code).has_value(), at + "/code", "a delivery option has a code, which its transport line shows");
    faults.expect(codes.insert(option.code).second, at + "/code", "a delivery option stands in the table once");
    faults.expect(!option.name.empty(), at + "/name", "a delivery option has a name, which its transport line shows");
    faults.expect(option.charge.currency == channel.currency, at + "/charge", "a charge is in the channel's currency");
    faults.expect(option.charge.amount >= 0 && option.charge.amount < price_limit, at + "/charge", "a charge is not negative and below the limit");
    faults.expect(option.charge.amount == 0 || !channel.tax_class_of_services.empty(), "/tax_class_of_services",
                  "a charged delivery has a tax class");
    faults.expect(!option.promise || *option.promise >= Duration{0}, at + "/promise_seconds", "a promise does not lie in the past");
    faults.expect(option.lead >= Duration{0}, at + "/lead_seconds", "a lead time is not negative");
    faults.expect(option.ship_from || !channel.sourcing.rules.empty(), at + "/ship_from", "a delivery leaves from a location, or the channel has rules to find one");
  }
  for (auto& [pointer, text] : sourcing::faults_of(channel.sourcing))
    faults.expect(false, "/sourcing" + pointer, std::move(text));
}

void inspect_transfers(Faults& faults, const Definition& channel) {
  faults.expect(channel.transfer_from.size() <= sourcing::max_transfer_sources, "/transfer_from", "a channel names " + std::to_string(sourcing::max_transfer_sources) + " sources at most");
  for (std::size_t i = 0; i < channel.transfer_from.size(); ++i) {
    const auto& source = channel.transfer_from[i];
    auto at = "/transfer_from/" + std::to_string(i);
    faults.expect(static_cast<bool>(source.location) != !source.group.empty(), at, "goods are brought from one place, or from those of a group");
    faults.expect(source.transit >= Duration{0} && source.transit <= sourcing::max_transit, at + "/transit_seconds", "they are on their way for 30 days at most");
  }
}

void inspect_payment(Faults& faults, const Definition& channel) {
  faults.expect(!channel.payment.empty(), "/payment", "a channel says how its orders are paid");
  for (std::size_t i = 0; i < channel.payment.size(); ++i) {
    const auto& rule = channel.payment[i];
    auto at = "/payment/" + std::to_string(i);
    faults.expect(!rule.shares.empty(), at + "/shares", "a payment rule says what is due at one moment at least");
    faults.expect(!rule.from || !rule.to || *rule.from < *rule.to, at + "/to", "a payment rule ends after it begins");
    for (std::size_t n = 0; n < rule.shares.size(); ++n) {
      const auto& share = rule.shares[n];
      auto in = at + "/shares/" + std::to_string(n);
      faults.expect(share.percent >= 1 && share.percent <= 100, in + "/percent", "a share is 1 to 100 percent");
      faults.expect(share.round_up_to >= 0 && share.round_up_to < price_limit, in + "/round_up_to",
                    "what a share is rounded up to is not negative and below the limit");
      faults.expect(!payment::is_taken_elsewhere(share.method) || share.moment == payment::Moment::on_order, in + "/moment", "what others take is taken on order");
      faults.expect(n == 0 || rule.shares[n - 1].moment <= share.moment, in + "/moment", "shares stand in the order of their moments");
    }
  }
}

void inspect_terms(Faults& faults, const Terms& terms) {
  faults.expect(terms.pay_within >= Duration{0} && terms.pay_within <= std::chrono::hours{72}, "/terms/pay_within_seconds", "units wait for money three days at most");
  faults.expect(terms.price_exception_percent >= 0 && terms.price_exception_percent <= 100, "/terms/price_exception_percent", "a price exception is 0 to 100 percent");
  faults.expect(terms.pickup_days_ahead >= 0 && terms.pickup_days_ahead <= most_pickup_days, "/terms/pickup_days_ahead", "a pickup lies 60 days ahead at most");
  faults.expect(!terms.pickup_time_required || terms.pickup_days_ahead > 0, "/terms/pickup_days_ahead", "who asks when a pickup is wanted says how far ahead it may be");
}

Decision<Event> activate(const State& channel, const Activate& command) {
  const auto& wanted = command.definition;
  if (channel.version > 0 && channel.definition.code != wanted.code)
    return reject("name-taken", "this number belongs to the channel " + channel.definition.code.text());
  Faults faults;
  inspect(faults, wanted);
  inspect_delivery(faults, wanted);
  inspect_transfers(faults, wanted);
  inspect_payment(faults, wanted);
  inspect_terms(faults, wanted.terms);
  if (!faults.found().empty())
    return reject("channel-invalid", faults.found().front().text, faults.found());
  if (channel.version > 0 && channel.definition == wanted)
    return std::vector<Event>{};
  return std::vector<Event>{Activated{channel.version + 1, wanted}};
}

} // namespace

Decision<Event> decide(const State& channel, const Command& command, Timestamp) {
  return std::visit(Overload{[&](const Activate& c) { return activate(channel, c); }}, command);
}

State evolve(State channel, const Event& event) {
  std::visit(Overload{[&](const Activated& e) {
               check(e.version == channel.version + 1, "versions of a channel follow each other");
               channel.definition = e.definition;
               channel.version = e.version;
             }},
             event);
  return channel;
}

} // namespace entrepot::channel
