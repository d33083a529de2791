// What a business process is made of: two tables of named steps.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "domain/order/family.hpp"

namespace entrepot::workflow {

/// A command to a member of the order's own family: decided in the same turn.
struct Tell {
  int child = 0;
  AnyCommand command;
};

/// A command to an actor of its own, e.g. a stock location. Asked until it is answered; the same step and round have the same command id.
struct Ask {
  StreamId to;
  AnyCommand command;
};

/// A step has nothing to do for this order.
struct Nothing {};

using Action = std::variant<Nothing, Tell, Ask>;

/// One line of a process, readable by who runs the business.
struct Step {
  std::string_view name;                                        ///< a sentence: "the warehouse holds the units"
  Action (*act)(const Family&, int fulfilment, Timestamp now);  ///< what it asks; `fulfilment` is the child, 0 until the promise
  bool (*done)(const Family&, int fulfilment);                  ///< what the family's own events say; an answer in memory counts too
  Duration within = std::chrono::seconds{10};                   ///< silence after which it is asked again
  Duration at_most = std::chrono::minutes{1};                   ///< the longest pause between two askings; each is twice the one before
  Action (*undo)(const Family&, int fulfilment, Timestamp now) = nullptr; ///< what takes it back if a later step is refused
  bool no_return = false;                                       ///< after it nothing before it is taken back
};

struct Definition {
  std::string_view name;             ///< "bodah"
  std::int32_t version = 1;
  std::span<const Step> until_the_promise;
  std::span<const Step> per_fulfilment;
};

} // namespace entrepot::workflow
