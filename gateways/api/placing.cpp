#include "gateways/api/placing.hpp"

#include "gateways/api/resolution.hpp"

namespace entrepot::api {
namespace {

using gateway::Outcome;
using gateway::PersonKey;

using PlacingPtr = std::shared_ptr<Placing>;

void submit(const PlacingPtr& placing) {
  placing->inside->ports.submit(std::move(placing->creation), placing->origin, placing->until, std::exchange(placing->reply, nullptr));
}

void seal_and_draft(Placing& placing, const PersonKey& key) {
  const auto& random = placing.inside->options.random;
  auto& basket = placing.request.basket;
  const auto& contact = placing.request.contact;
  auto sealed = seal_all({contact.name, contact.email, contact.phone, placing.request.address}, key, random);
  basket.contact = {std::move(sealed[0]), std::move(sealed[1]), std::move(sealed[2])};
  basket.address = std::move(sealed[3]);
  placing.creation.draft = placing.draft(basket);
}

/// Goes on with a value, or answers what came in its place.
template <class T, class Next>
gateway::Reply<T> then(const PlacingPtr& placing, Next next) {
  return [placing, next = std::move(next)](Outcome<T> outcome) {
    std::visit(
        Overload{[&](T& value) { next(placing, value); }, [&](const auto& no) { placing->reply(no); }},
        outcome);
  };
}

/// Nobody of that number is registered, or the key is erased. The port must see it all the same: a repeat finds the order that was made when there
/// was one.
void submit_unknown_customer(const PlacingPtr& placing) {
  auto text = "There is no customer " + placing->request.basket.customer.text() + ".";
  placing->creation.draft = reject("customer-unknown", text, {{"/customer", "customer-unknown", text}});
  submit(placing);
}

/// Nothing new from a blocked customer. A repeat of an order made before still finds it.
void submit_blocked(const PlacingPtr& placing, const CustomerNumber& number) {
  placing->creation.draft = reject("customer-blocked", "The customer " + number.text() + " is blocked.");
  submit(placing);
}

void place_for_customer(const PlacingPtr& placing) {
  auto& ports = placing->inside->ports;
  auto number = placing->request.basket.customer;
  ports.read_customer(number, then<gateway::CustomerView>(placing, [&ports, number](const PlacingPtr& it, gateway::CustomerView& view) {
                        if (!view.customer.registered)
                          return submit_unknown_customer(it);
                        if (view.customer.blocked)
                          return submit_blocked(it, number);
                        it->request.basket.customer_level = view.customer.level;
                        it->request.basket.credit_limited = view.customer.credit_limit.has_value();
                        ports.person_key(stream_of(number),
                                         then<std::optional<PersonKey>>(it, [](const PlacingPtr& its, std::optional<PersonKey>& key) {
                                           if (!key)
                                             return submit_unknown_customer(its);
                                           seal_and_draft(*its, *key);
                                           submit(its);
                                         }));
                      }));
}

void place_for_guest(const PlacingPtr& placing) {
  placing->request.basket.customer = {};
  placing->request.basket.customer_level.clear();
  placing->request.basket.credit_limited = false;
  auto key = new_person_key(placing->inside->options.random);
  seal_and_draft(*placing, key);
  placing->creation.guest_key = key;
  submit(placing);
}

/// What the person who orders is registered with; nobody is registered for an order that cannot be.
std::optional<Introduction> introduce(Placing& placing, const CustomerNumber& number) {
  placing.request.basket.customer = number;
  auto key = new_person_key(placing.inside->options.random);
  seal_and_draft(placing, key);
  if (!placing.creation.draft)
    return {};
  return Introduction{placing.request.basket.contact, key, placing.request.basket.channel};
}

/// A customer found by a key. One who has been erased orders as a guest, since nothing can be sealed for them any more.
void place_for_known(const PlacingPtr& placing, const gateway::CustomerView& view) {
  auto number = view.customer.number;
  if (view.customer.blocked)
    return submit_blocked(placing, number);
  placing->request.basket.customer = number;
  placing->request.basket.customer_level = view.customer.level;
  placing->request.basket.credit_limited = view.customer.credit_limit.has_value();
  placing->inside->ports.person_key(stream_of(number), then<std::optional<PersonKey>>(placing, [](const PlacingPtr& it, std::optional<PersonKey>& key) {
                                      if (!key)
                                        return place_for_guest(it);
                                      seal_and_draft(*it, *key);
                                      submit(it);
                                    }));
}

void place_for_whom_the_keys_name(const PlacingPtr& placing) {
  resolve_or_register({placing->inside, placing->origin}, std::move(placing->request.keys),
                      [placing](const CustomerNumber& number) { return introduce(*placing, number); },
                      then<Resolved>(placing, [](const PlacingPtr& it, Resolved& resolved) {
                        if (resolved.known)
                          return place_for_known(it, *resolved.known);
                        submit(it); // registered just now, or the draft says why not
                      }));
}

} // namespace

void place(std::shared_ptr<Placing> placing) {
  if (placing->request.basket.customer)
    place_for_customer(placing);
  else if (!placing->request.keys.empty())
    place_for_whom_the_keys_name(placing);
  else
    place_for_guest(placing);
}

} // namespace entrepot::api
