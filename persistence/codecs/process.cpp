#include "persistence/codecs/process.hpp"

#include "persistence/codecs/stock_fields.hpp"

namespace entrepot::codec {

template <>
struct Fields<process::CompensationBegun> {
  static constexpr auto list = std::tuple{field<"steps">(&process::CompensationBegun::steps)};
};

template <>
struct Fields<process::CompensationEnded> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Fields<process::Parked> {
  static constexpr auto list = std::tuple{
      field<"step">(&process::Parked::step),
      field<"code">(&process::Parked::code),
      field<"text">(&process::Parked::text),
  };
};

template <>
struct Fields<process::Resumed> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Word<sourcing::Outcome> {
  static constexpr auto from = sourcing::outcome_from;
};

template <>
struct Fields<sourcing::Part> {
  static constexpr auto list = std::tuple{
      field<"location">(&sourcing::Part::location),
      field<"lines">(&sourcing::Part::lines),
      spare<"answer_by">(&sourcing::Part::answer_by),
      spare<"to">(&sourcing::Part::to),
      spare<"owner">(&sourcing::Part::owner),
  };
};

template <>
struct Fields<sourcing::Considered> {
  static constexpr auto list = std::tuple{
      field<"location">(&sourcing::Considered::location),
      field<"metres">(&sourcing::Considered::metres),
      spare<"against">(&sourcing::Considered::against),
  };
};

template <>
struct Fields<sourcing::Choice> {
  static constexpr auto list = std::tuple{
      field<"attempt">(&sourcing::Choice::attempt),
      field<"outcome">(&sourcing::Choice::outcome),
      spare<"rule">(&sourcing::Choice::rule),
      field<"parts">(&sourcing::Choice::parts),
      spare<"missing">(&sourcing::Choice::missing),
      spare<"until">(&sourcing::Choice::until),
      field<"candidates">(&sourcing::Choice::candidates),
      spare<"others">(&sourcing::Choice::others),
      spare<"behind_promise">(&sourcing::Choice::behind_promise),
      spare<"customers_choice">(&sourcing::Choice::customers_choice),
      spare<"ready_by">(&sourcing::Choice::ready_by),
      spare<"leave_by">(&sourcing::Choice::leave_by),
      spare<"there_by">(&sourcing::Choice::there_by),
  };
};

template <>
struct Fields<process::PlacesChosen> {
  static constexpr auto list = std::tuple{field<"choice">(&process::PlacesChosen::choice)};
};

template <>
struct Fields<process::PlaceRefused> {
  static constexpr auto list = std::tuple{
      field<"place">(&process::PlaceRefused::place),
      field<"code">(&process::PlaceRefused::code),
      spare<"lines">(&process::PlaceRefused::lines),
  };
};

template <>
struct Released<process::PlacesChosen> : As<"ProcessPlacesChosen"> {};
template <>
struct Released<process::PlaceRefused> : As<"ProcessPlaceRefused"> {};
template <>
struct Released<process::CompensationBegun> : As<"ProcessCompensationBegun"> {};
template <>
struct Released<process::CompensationEnded> : As<"ProcessCompensationEnded"> {};
template <>
struct Released<process::Parked> : As<"ProcessParked"> {};
template <>
struct Released<process::Resumed> : As<"ProcessResumed"> {};

template <>
struct Fields<process::ClaimCut> {
  static constexpr auto list = std::tuple{
      field<"place">(&process::ClaimCut::place),
      field<"cause">(&process::ClaimCut::cause),
      field<"reference">(&process::ClaimCut::reference),
      field<"left">(&process::ClaimCut::left),
      spare<"in_hand">(&process::ClaimCut::in_hand),
  };
};
template <>
struct Released<process::ClaimCut> : As<"ProcessClaimCut"> {};
template <>
struct Fields<process::ClaimKept> {
  static constexpr auto list = std::tuple{field<"place">(&process::ClaimKept::place)};
};
template <>
struct Released<process::ClaimKept> : As<"ProcessClaimKept"> {};

std::span<const EventType> types_of(const process::Event&) { return event_types<process::Event>(); }

} // namespace entrepot::codec
