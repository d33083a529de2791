#include "persistence/codecs/values.hpp"

#include <charconv>

namespace entrepot::codec {

const std::string& text_of(const nlohmann::json& from) {
  if (!from.is_string())
    throw Malformed(" is not a text");
  return from.get_ref<const std::string&>();
}

std::int64_t integer_of(const nlohmann::json& from, std::int64_t least, std::int64_t most) {
  if (!from.is_number_integer())
    throw Malformed(" is not a whole number");
  if (from.is_number_unsigned() && from.get<std::uint64_t>() > static_cast<std::uint64_t>(most))
    throw Malformed(" is too large");
  auto value = from.get<std::int64_t>();
  if (value < least || value > most)
    throw Malformed(" is out of range");
  return value;
}

Money money_of(const nlohmann::json& from) {
  const auto& text = text_of(from);
  Money money;
  auto end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, money.amount);
  auto currency = error == std::errc{} && stop != end && *stop == ' ' ? Currency::from({stop + 1, end}) : std::nullopt;
  if (!currency)
    throw Malformed(" is no money");
  money.currency = *currency;
  return money;
}

} // namespace entrepot::codec
