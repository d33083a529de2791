#include "gateways/api/json_reader.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "gateways/http/json_writer.hpp"
#include "gateways/http/limits.hpp"

namespace entrepot::api {
namespace {

namespace limits = http::limits;
using Kind = JsonDocument::Kind;
using Value = JsonDocument::Value;

constexpr std::size_t max_faults = 50; ///< told in one answer

/// Builds the row of values from nlohmann's events.
class Builder : public nlohmann::json_sax<nlohmann::json> {
public:
  explicit Builder(std::vector<Value>& values) : values_(values) { values_.reserve(64); }
  std::string why = "The body is not JSON.";

  bool null() override { return add(Kind::null) != nullptr; }
  bool boolean(bool truth) override { return number(Kind::truth, truth ? 1 : 0); }
  bool number_integer(number_integer_t integer) override { return number(Kind::integer, integer); }
  bool number_unsigned(number_unsigned_t integer) override {
    return integer <= INT64_MAX ? number(Kind::integer, static_cast<std::int64_t>(integer)) : refuse("A whole number does not fit into 64 bits.");
  }
  bool number_float(number_float_t real, const string_t& written) override {
    auto* value = add(Kind::real);
    if (!value)
      return false;
    value->real = real;
    value->text = written;
    return true;
  }
  bool string(string_t& text) override {
    if (text.find('\0') != string_t::npos)
      return refuse("A text has a NUL in it.");
    auto* value = add(Kind::text);
    if (value)
      value->text = std::move(text);
    return value != nullptr;
  }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return enter(Kind::object); }
  bool start_array(std::size_t) override { return enter(Kind::array); }
  bool end_object() override { return leave(); }
  bool end_array() override { return leave(); }
  bool key(string_t& name) override {
    if (name.find('\0') != string_t::npos)
      return refuse("A key has a NUL in it.");
    const auto& object = values_[open_.back()];
    if (object.count >= limits::json_members)
      return refuse("An object has more than " + std::to_string(limits::json_members) + " members.");
    for (auto at = object.first; at != 0; at = values_[at].next)
      if (values_[at].key == name)
        return refuse("The key '" + name.substr(0, 64) + "' stands twice in one object.");
    key_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t at, const std::string&, const nlohmann::detail::exception&) override {
    return refuse("The body is not JSON in UTF-8, at byte " + std::to_string(at) + "."); // the library's words would quote the body
  }

private:
  bool refuse(std::string text) {
    why = std::move(text);
    return false;
  }

  Value* add(Kind kind) {
    if (values_.size() >= limits::json_values) {
      refuse("The body has more than " + std::to_string(limits::json_values) + " values.");
      return nullptr;
    }
    auto at = static_cast<std::uint32_t>(values_.size());
    auto& value = values_.emplace_back();
    value.kind = kind;
    value.key = std::move(key_);
    key_.clear();
    if (!open_.empty()) {
      auto& parent = values_[open_.back()];
      value.parent = open_.back();
      (parent.count++ == 0 ? parent.first : values_[last_.back()].next) = at;
      last_.back() = at;
    }
    return &value;
  }

  bool number(Kind kind, std::int64_t integer) {
    auto* value = add(kind);
    if (value)
      value->number = integer;
    return value != nullptr;
  }

  bool enter(Kind kind) {
    if (open_.size() >= limits::json_depth)
      return refuse("The body is more than " + std::to_string(limits::json_depth) + " levels deep.");
    if (!add(kind))
      return false;
    open_.push_back(static_cast<std::uint32_t>(values_.size() - 1));
    last_.push_back(0);
    return true;
  }

  bool leave() {
    open_.pop_back();
    last_.pop_back();
    return true;
  }

  std::vector<Value>& values_;
  std::vector<std::uint32_t> open_, last_; ///< objects and arrays not closed yet, and the newest child of each
  std::string key_;
};

std::string_view a(Kind kind) {
  switch (kind) {
  case Kind::null:
    return "null";
  case Kind::truth:
    return "true or false";
  case Kind::integer:
    return "a whole number";
  case Kind::real:
    return "a number";
  case Kind::text:
    return "a text";
  case Kind::object:
    return "an object";
  case Kind::array:
    return "an array";
  }
  return "something else";
}

std::string expected(Kind kind) { return "This is to be " + std::string(a(kind)) + "."; }

std::string escaped(std::string_view key) { // RFC 6901
  std::string text;
  for (char c : key)
    text += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return text;
}

} // namespace

Result<JsonDocument> JsonDocument::parse(std::string_view text) {
  JsonDocument document;
  Builder builder(document.values_);
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder))
    return reject("json-malformed", builder.why);
  return document;
}

std::string JsonDocument::pointer(std::uint32_t at) const {
  if (at == 0)
    return {};
  const auto& value = values_[at];
  const auto& parent = values_[value.parent];
  if (parent.kind == Kind::object)
    return pointer(value.parent) + "/" + escaped(value.key);
  std::size_t place = 0;
  for (auto child = parent.first; child != at; child = values_[child].next)
    ++place;
  return pointer(value.parent) + "/" + std::to_string(place);
}

std::string JsonDocument::canonical() const {
  std::string out;
  append_canonical(out, 0);
  return out;
}

void JsonDocument::append_canonical(std::string& out, std::uint32_t at) const {
  const auto& value = values_[at];
  switch (value.kind) {
  case Kind::null:
    out += "null";
    return;
  case Kind::truth:
    out += value.number ? "true" : "false";
    return;
  case Kind::integer:
    http::append_number(out, value.number);
    return;
  case Kind::real:
    out += value.text;
    return;
  case Kind::text:
    http::append_json_text(out, value.text);
    return;
  case Kind::object:
  case Kind::array:
    break;
  }
  std::vector<std::uint32_t> children;
  children.reserve(value.count);
  for (auto child = value.first; child != 0; child = values_[child].next)
    children.push_back(child);
  auto is_object = value.kind == Kind::object;
  if (is_object)
    std::ranges::sort(children, {}, [&](auto child) -> std::string_view { return values_[child].key; });
  out += is_object ? '{' : '[';
  for (auto child : children) {
    if (child != children.front())
      out += ',';
    if (is_object) {
      http::append_json_text(out, values_[child].key);
      out += ':';
    }
    append_canonical(out, child);
  }
  out += is_object ? '}' : ']';
}

JsonObject JsonReader::root() {
  auto& root = document_.values().front();
  root.read = true;
  if (root.kind != Kind::object)
    note("", "type-wrong", expected(Kind::object));
  return {this, 0, root.kind == Kind::object};
}

void JsonReader::note(std::string pointer, std::string code, std::string text) {
  if (faults_.size() < max_faults)
    faults_.push_back({std::move(pointer), std::move(code), std::move(text)});
}

std::optional<Rejection> JsonReader::faults() {
  const auto& values = document_.values();
  for (std::uint32_t at = 1; at < values.size(); ++at)
    if (!values[at].read && !values[at].wrong && values[values[at].parent].read && values[values[at].parent].kind == Kind::object)
      note(document_.pointer(at), "field-unknown", "There is no such field here.");
  if (faults_.empty())
    return {};
  auto text = faults_.size() == 1 ? faults_.front().text : std::to_string(faults_.size()) + " fields are wrong; see errors.";
  return Rejection{faults_.front().code, std::move(text), std::move(faults_)};
}

std::uint32_t JsonObject::find(std::string_view key) const {
  if (!present_)
    return 0;
  auto& values = reader_->document_.values();
  for (auto at = values[at_].first; at != 0; at = values[at].next)
    if (values[at].key == key) {
      values[at].read = true;
      return values[at].kind == Kind::null ? 0 : at;
    }
  return 0;
}

bool JsonObject::is_null(std::string_view key) const {
  if (!present_)
    return false;
  const auto& values = reader_->document_.values();
  for (auto at = values[at_].first; at != 0; at = values[at].next)
    if (values[at].key == key)
      return values[at].kind == Kind::null;
  return false;
}

std::uint32_t JsonObject::expect(std::string_view key, Kind kind, bool required) const {
  auto at = find(key);
  if (at == 0) {
    if (required && present_)
      refuse(key, "field-missing", "This field is required.");
    return 0;
  }
  auto found = reader_->document_.values()[at].kind;
  if (found == kind || (kind == Kind::real && found == Kind::integer))
    return at;
  fault(at, "type-wrong", expected(kind));
  reader_->document_.values()[at].read = false;
  reader_->document_.values()[at].wrong = true;
  return 0;
}

const std::string& JsonObject::text_at(std::uint32_t at) const { return reader_->document_.values()[at].text; }

void JsonObject::fault(std::uint32_t at, std::string code, std::string text) const {
  reader_->note(reader_->document_.pointer(at), std::move(code), std::move(text));
}

void JsonObject::refuse(std::string_view key, std::string code, std::string text) const {
  reader_->note(reader_->document_.pointer(at_) + "/" + escaped(key), std::move(code), std::move(text));
}

std::string JsonObject::text(std::string_view key, std::size_t max) const {
  auto at = expect(key, Kind::text, true);
  if (at == 0)
    return {};
  if (text_at(at).empty() || text_at(at).size() > max) {
    fault(at, "text-invalid", "This text is to have 1 to " + std::to_string(max) + " bytes.");
    return {};
  }
  return text_at(at);
}

std::string JsonObject::optional_text(std::string_view key, std::size_t max) const {
  auto at = expect(key, Kind::text, false);
  if (at == 0)
    return {};
  if (text_at(at).size() > max) {
    fault(at, "text-invalid", "This text is to have at most " + std::to_string(max) + " bytes.");
    return {};
  }
  return text_at(at);
}

std::int64_t JsonObject::integer(std::string_view key, std::int64_t min, std::int64_t max) const {
  auto at = expect(key, Kind::integer, true);
  if (at == 0)
    return min;
  auto number = reader_->document_.values()[at].number;
  if (number >= min && number <= max)
    return number;
  fault(at, "value-out-of-range", "This number is to be " + std::to_string(min) + " to " + std::to_string(max) + ".");
  return min;
}

std::optional<std::int64_t> JsonObject::optional_integer(std::string_view key, std::int64_t min, std::int64_t max) const {
  if (!has(key))
    return {};
  return integer(key, min, max);
}

bool JsonObject::truth(std::string_view key) const {
  auto at = expect(key, Kind::truth, true);
  return at != 0 && reader_->document_.values()[at].number != 0;
}

double JsonObject::real(std::string_view key, double min, double max) const {
  auto at = expect(key, Kind::real, true);
  if (at == 0)
    return min;
  const auto& value = reader_->document_.values()[at];
  auto number = value.kind == Kind::integer ? static_cast<double>(value.number) : value.real;
  if (number >= min && number <= max)
    return number;
  fault(at, "value-out-of-range",
        "This number is to be " + std::to_string(static_cast<std::int64_t>(min)) + " to " + std::to_string(static_cast<std::int64_t>(max)) + ".");
  return min;
}

std::optional<Timestamp> JsonObject::optional_time(std::string_view key) const {
  auto at = expect(key, Kind::text, false);
  if (at == 0)
    return {};
  auto time = from_rfc3339(text_at(at));
  if (!time)
    fault(at, "time-invalid", "This is to be a time as RFC 3339 writes it, e.g. 2026-03-10T09:00:00Z.");
  return time;
}

Money JsonObject::money_of(std::uint32_t at) const {
  JsonObject money(reader_, at, true);
  return {money.integer("amount", 0, limits::unit_price - 1), money.currency("currency")};
}

Money JsonObject::money(std::string_view key) const {
  auto at = expect(key, Kind::object, true);
  return at == 0 ? Money{} : money_of(at);
}

std::optional<Money> JsonObject::optional_money(std::string_view key) const {
  if (!has(key))
    return {};
  return money(key);
}

Currency JsonObject::currency(std::string_view key) const {
  auto at = expect(key, Kind::text, true);
  if (at == 0)
    return {};
  auto currency = Currency::from(text_at(at));
  if (!currency)
    fault(at, "currency-invalid", "A currency is three capital letters, as ISO 4217 says.");
  return currency.value_or(Currency{});
}

JsonObject JsonObject::object(std::string_view key) const {
  auto at = expect(key, Kind::object, true);
  return {reader_, at, at != 0};
}

std::optional<JsonObject> JsonObject::optional_object(std::string_view key) const {
  if (!has(key))
    return {};
  return object(key);
}

std::vector<std::uint32_t> JsonObject::children(std::string_view key, std::size_t min, std::size_t max, Kind kind) const {
  auto at = expect(key, Kind::array, min > 0);
  if (at == 0)
    return {};
  auto& values = reader_->document_.values();
  if (values[at].count < min || values[at].count > max)
    fault(at, "value-out-of-range", "This list is to have " + std::to_string(min) + " to " + std::to_string(max) + " entries.");
  std::vector<std::uint32_t> found;
  found.reserve(values[at].count);
  for (auto child = values[at].first; child != 0; child = values[child].next) {
    if (values[child].kind == kind)
      found.push_back(child);
    else
      fault(child, "type-wrong", expected(kind));
    values[child].read = values[child].kind == kind;
  }
  return found;
}

std::vector<JsonObject> JsonObject::objects(std::string_view key, std::size_t min, std::size_t max) const {
  std::vector<JsonObject> found;
  for (auto at : children(key, min, max, Kind::object))
    found.push_back({reader_, at, true});
  return found;
}

std::vector<std::string> JsonObject::texts(std::string_view key, std::size_t min, std::size_t max) const {
  std::vector<std::string> found;
  for (auto at : children(key, min, max, Kind::text)) {
    if (text_at(at).empty() || text_at(at).size() > 64)
      fault(at, "text-invalid", "This text is to have 1 to 64 bytes.");
    found.push_back(text_at(at));
  }
  return found;
}

std::size_t JsonObject::one_of(std::string_view key, std::initializer_list<std::string_view> names, std::optional<std::size_t> otherwise) const {
  auto at = expect(key, Kind::text, !otherwise);
  if (at == 0)
    return otherwise.value_or(0);
  auto place = static_cast<std::size_t>(std::ranges::find(names, text_at(at)) - names.begin());
  if (place < names.size())
    return place;
  std::string list;
  for (auto name : names)
    list += (list.empty() ? "" : ", ") + std::string(name);
  fault(at, "value-unknown", "This is to be one of " + list + ".");
  return 0;
}

std::vector<std::pair<std::string, Money>> JsonObject::amounts(std::string_view key, std::size_t max) const {
  std::vector<std::pair<std::string, Money>> found;
  auto at = expect(key, Kind::object, true);
  if (at == 0)
    return found;
  if (reader_->document_.values()[at].count > max)
    fault(at, "value-out-of-range", "This table is to have at most " + std::to_string(max) + " entries.");
  JsonObject table(reader_, at, true);
  std::vector<std::string> names;
  for (auto child = reader_->document_.values()[at].first; child != 0; child = reader_->document_.values()[child].next)
    names.push_back(reader_->document_.values()[child].key);
  for (auto& name : names) {
    if (name.empty() || name.size() > 64)
      table.refuse(name, "text-invalid", "A name is to have 1 to 64 bytes.");
    auto amount = table.money(name);
    found.emplace_back(std::move(name), amount);
  }
  return found;
}

} // namespace entrepot::api
