#include "persistence/metadata.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace entrepot::journal {
namespace {

bool plain(std::string_view text) {
  for (unsigned char c : text)
    if (c < 0x20 || c > 0x7e || c == '"' || c == '\\')
      return false;
  return true;
}

void append(std::string& json, std::string_view name, std::string_view text) {
  json += json.size() > 1 ? ",\"" : "\"";
  json += name;
  json += "\":";
  if (plain(text)) { // ids and times nearly always are: no need to build a document
    json += '"';
    json += text;
    json += '"';
  } else {
    json += nlohmann::json(text).dump();
  }
}

} // namespace

std::string encode(const Metadata& metadata) {
  std::string json = "{";
  if (!metadata.by.empty())
    append(json, "by", metadata.by);
  if (metadata.occurred_at)
    append(json, "occurred_at", to_rfc3339(*metadata.occurred_at));
  if (!metadata.traceparent.empty())
    append(json, "traceparent", metadata.traceparent);
  json += '}';
  return json;
}

Metadata decode_metadata(std::string_view text) {
  auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object())
    throw std::invalid_argument("an event's metadata is a JSON object");
  Metadata metadata;
  metadata.by = json.value("by", "");
  metadata.traceparent = json.value("traceparent", "");
  if (json.contains("occurred_at"))
    metadata.occurred_at = from_rfc3339(json.value("occurred_at", ""));
  return metadata;
}

} // namespace entrepot::journal
