#include "gateways/imports/answers.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

namespace entrepot::imports {
namespace {

using nlohmann::json;

std::string text_of(const json& object, const char* key) {
  auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

Refusal refusal_of(const json& object, const char* sentence) { return {text_of(object, "code"), text_of(object, sentence)}; }

std::vector<json> objects_of(const json& object, const char* key) {
  std::vector<json> all;
  if (auto found = object.find(key); found != object.end() && found->is_array())
    std::ranges::copy_if(*found, std::back_inserter(all), [](const json& item) { return item.is_object(); });
  return all;
}

std::optional<std::int64_t> number_of(const json& object, const char* key) {
  auto found = object.find(key);
  return found != object.end() && found->is_number_integer() ? std::optional(found->get<std::int64_t>()) : std::nullopt;
}

} // namespace

std::optional<RowAnswer> read_answer(std::string_view line) {
  auto body = json::parse(line, nullptr, false);
  if (!body.is_object())
    return {};
  RowAnswer answer;
  auto status = text_of(body, "status");
  if (status != "done" && status != "refused" && status != "again")
    return {};
  answer.status = status == "done" ? RowAnswer::Status::done : status == "refused" ? RowAnswer::Status::refused : RowAnswer::Status::again;
  answer.position = number_of(body, "position");
  answer.replayed = body.value("replayed", json(false)) == json(true);
  answer.order = text_of(body, "order");
  if (auto total = body.find("total"); total != body.end() && total->is_object())
    answer.total = number_of(*total, "amount");
  for (const auto& item : objects_of(body, "refused_lines"))
    answer.refused_lines.push_back({number_of(item, "line").value_or(0), refusal_of(item, "text")});
  answer.why = refusal_of(body, "text");
  for (const auto& item : objects_of(body, "errors"))
    answer.faults.push_back({text_of(item, "pointer"), refusal_of(item, "detail")});
  return answer;
}

std::optional<std::size_t> index_behind(std::string_view prefix, std::string_view pointer) {
  std::size_t index = 0;
  if (!pointer.starts_with(prefix))
    return {};
  const auto* end = pointer.data() + pointer.size();
  auto [stop, error] = std::from_chars(pointer.data() + prefix.size(), end, index);
  return error == std::errc{} && (stop == end || *stop == '/') ? std::optional(index) : std::nullopt;
}

std::string problem_text(std::string_view body) {
  constexpr std::size_t shown = 200;
  auto problem = json::parse(body, nullptr, false);
  if (!problem.is_object() || text_of(problem, "code").empty())
    return std::string(body.substr(0, shown));
  auto detail = text_of(problem, "detail");
  return text_of(problem, "code") + ": " + (detail.empty() ? text_of(problem, "title") : detail);
}

} // namespace entrepot::imports
