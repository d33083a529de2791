#include "gateways/api/phone.hpp"

#include <phonenumbers/phonenumberutil.h>

namespace entrepot::api {

std::optional<std::string> phone_in_e164(std::string_view text, std::string_view country) {
  using i18n::phonenumbers::PhoneNumberUtil;
  const auto& plans = *PhoneNumberUtil::GetInstance();
  i18n::phonenumbers::PhoneNumber number;
  auto region = std::string(country.empty() ? default_country : country);
  if (plans.Parse(std::string(text), region, &number) != PhoneNumberUtil::NO_PARSING_ERROR)
    return {};
  if (plans.IsPossibleNumberWithReason(number) != PhoneNumberUtil::IS_POSSIBLE) // also not one for local calls only: it is another's in the next town
    return {};
  std::string e164;
  plans.Format(number, PhoneNumberUtil::E164, &e164);
  return e164;
}

} // namespace entrepot::api
