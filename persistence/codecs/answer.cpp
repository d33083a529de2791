#include "persistence/codecs/answer.hpp"

#include <nlohmann/json.hpp>

namespace entrepot::codec {

std::optional<Answer> answer_from(std::string_view line) {
  auto json = nlohmann::json::parse(line, nullptr, false);
  if (!json.is_object())
    return {};
  auto text = [&](const char* name) {
    auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  return Answer{text("key"), text("id"), text("status")};
}

} // namespace entrepot::codec
