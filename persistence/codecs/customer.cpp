#include "persistence/codecs/customer.hpp"

#include "persistence/codecs/customer_fields.hpp"

namespace entrepot::codec {

template <>
struct Fields<customer::Registered> {
  static constexpr auto list = std::tuple{
      field<"number">(&customer::Registered::number),
      spare<"contact">(&customer::Registered::contact),
      spare<"level">(&customer::Registered::level),
      spare<"source">(&customer::Registered::source),
  };
};

template <>
struct Released<customer::Registered> : As<"CustomerRegistered"> {};

template <>
struct Fields<customer::LevelSet> {
  static constexpr auto list = std::tuple{
      field<"level">(&customer::LevelSet::level),
  };
};

template <>
struct Released<customer::LevelSet> : As<"CustomerLevelSet"> {};

template <>
struct Fields<customer::IdentityLinked> {
  static constexpr auto list = std::tuple{
      field<"key">(&customer::IdentityLinked::key),
  };
};

template <>
struct Released<customer::IdentityLinked> : As<"CustomerIdentityLinked"> {};

template <>
struct Fields<customer::CreditLimitSet> {
  static constexpr auto list = std::tuple{
      spare<"limit">(&customer::CreditLimitSet::limit),
  };
};

template <>
struct Released<customer::CreditLimitSet> : As<"CustomerCreditLimitSet"> {};

template <>
struct Fields<customer::CreditReserved> {
  static constexpr auto list = std::tuple{
      field<"order">(&customer::CreditReserved::order),
      field<"amount">(&customer::CreditReserved::amount),
  };
};

template <>
struct Released<customer::CreditReserved> : As<"CustomerCreditReserved"> {};

template <>
struct Fields<customer::CreditReleased> {
  static constexpr auto list = std::tuple{
      field<"order">(&customer::CreditReleased::order),
  };
};

template <>
struct Released<customer::CreditReleased> : As<"CustomerCreditReleased"> {};

template <>
struct Fields<customer::CreditSettled> {
  static constexpr auto list = std::tuple{
      field<"order">(&customer::CreditSettled::order),
  };
};

template <>
struct Released<customer::CreditSettled> : As<"CustomerCreditSettled"> {};

template <>
struct Fields<customer::Blocked> {
  static constexpr auto list = std::tuple{
      spare<"reason">(&customer::Blocked::reason),
  };
};

template <>
struct Released<customer::Blocked> : As<"CustomerBlocked"> {};

template <>
struct Fields<customer::Unblocked> {
  static constexpr auto list = std::tuple{};
};

template <>
struct Released<customer::Unblocked> : As<"CustomerUnblocked"> {};

std::span<const EventType> types_of(const customer::Event&) { return event_types<customer::Event>(); }

} // namespace entrepot::codec
