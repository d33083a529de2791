#include "gateways/api/phone.hpp"

#include <phonenumbers/phonenumberutil.h>

namespace entrepot::api {

std::optional<std::string> phone_in_e164(std::string_view text, std::string_view country) {
  using i18n::phonenumbers::PhoneNumberUtil;
  const auto& plans = *PhoneNumberUtil::GetInstance();
  i18n::phonenumbers::PhoneNumber number;
  auto region = std::string(country.empty() ? default_country : country);
  if (plans.Parse(std::string(text), region, &number) != PhoneNumberUtil::NO_PARSING_ERROR || !plans.IsValidNumber(number))
    return {};
  std::string e164;
  plans.Format(number, PhoneNumberUtil::E164, &e164);
  return e164;
}

} // namespace entrepot::api
