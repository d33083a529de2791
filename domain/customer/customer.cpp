#include "domain/customer/customer.hpp"

#include <vector>

namespace entrepot::customer {
namespace {

Decision<Event> enrol(const State& customer, const Register& command) {
  check(static_cast<bool>(command.number), "a customer has a number");
  if (!customer.registered)
    return std::vector<Event>{Registered{command.number, command.contact, command.level, command.source}};
  if (customer.number != command.number)
    return reject("name-taken", "this number belongs to the customer " + customer.number.text());
  if (customer.contact == command.contact && customer.level == command.level && customer.source == command.source)
    return std::vector<Event>{};
  return reject("already-registered", "the customer " + customer.number.text() + " is registered with other data");
}

Decision<Event> set_level(const State& customer, const SetLevel& command) {
  if (!customer.registered)
    return reject("customer-unknown", "there is no such customer");
  if (customer.level == command.level)
    return std::vector<Event>{};
  return std::vector<Event>{LevelSet{command.level}};
}

} // namespace

Decision<Event> decide(const State& customer, const Command& command, Timestamp) {
  return std::visit(Overload{[&](const Register& c) { return enrol(customer, c); }, [&](const SetLevel& c) { return set_level(customer, c); }},
                    command);
}

State evolve(State customer, const Event& event) {
  std::visit(Overload{[&](const Registered& e) {
                        customer = State{true, e.number, e.contact, e.level, e.source};
                      },
                      [&](const LevelSet& e) { customer.level = e.level; }},
             event);
  return customer;
}

} // namespace entrepot::customer
