// Reads JSON bodies strictly, and finds every fault in one go. Past this file there are no raw numbers, codes or dates.
//
//   JsonReader body(document);
//   auto root = body.root();
//   auto quantity = root.integer("quantity", 1, 1'000'000);
//   if (auto wrong = body.faults()) ...
//
// A field that is missing or wrong is noted and read as something harmless, so reading goes on; nothing that was read may be used if there are
// faults.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/ids.hpp"
#include "domain/money.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"

namespace entrepot::api {

/// A parsed body: all values in one row, an object's members behind one another by links.
class JsonDocument {
public:
  enum class Kind : std::uint8_t { null, truth, integer, real, text, object, array };
  struct Value {
    Kind kind = Kind::null;
    bool read = false;        ///< somebody asked for it: what nobody asks for is an unknown field
    bool wrong = false;       ///< of another kind than expected: said once, and not looked into
    std::uint32_t parent = 0; ///< the root is its own
    std::uint32_t next = 0;   ///< sibling; 0: none
    std::uint32_t first = 0;  ///< child; 0: none
    std::uint32_t count = 0;  ///< of children
    std::int64_t number = 0;  ///< also of truth
    double real = 0;
    std::string key;  ///< in an object
    std::string text; ///< of a text; of a real, as it was written
  };

  /// Refuses `json-malformed`: not JSON, not UTF-8, a NUL in a text, a key twice in an object, a number that no type of ours holds, too deep, too
  /// many members or values.
  static Result<JsonDocument> parse(std::string_view text);

  /// The same values with keys in order and no blanks: two bodies that mean the same have the same canonical text.
  std::string canonical() const;
  /// JSON pointer of a value, e.g. "/lines/0/sku".
  std::string pointer(std::uint32_t at) const;

  std::vector<Value>& values() { return values_; }
  const std::vector<Value>& values() const { return values_; }

private:
  void append_canonical(std::string& out, std::uint32_t at) const;
  std::vector<Value> values_;
};

class JsonReader;

/// An object being read. One that is missing or is none reads as if all its fields were there and harmless.
class JsonObject {
public:
  /// Whether the field is there and not null.
  bool has(std::string_view key) const { return find(key) != 0; }
  /// Whether the field is there and is null: said, not left out.
  bool is_null(std::string_view key) const;

  /// 1 to `max` bytes.
  std::string text(std::string_view key, std::size_t max) const;
  /// 0 to `max` bytes; missing or null: empty.
  std::string optional_text(std::string_view key, std::size_t max) const;
  std::int64_t integer(std::string_view key, std::int64_t min, std::int64_t max) const;
  std::optional<std::int64_t> optional_integer(std::string_view key, std::int64_t min, std::int64_t max) const;
  bool truth(std::string_view key) const;
  double real(std::string_view key, double min, double max) const;
  std::optional<Timestamp> optional_time(std::string_view key) const;
  /// An amount of 0 to below 10^11 minor units.
  Money money(std::string_view key) const;
  std::optional<Money> optional_money(std::string_view key) const;
  Currency currency(std::string_view key) const;
  JsonObject object(std::string_view key) const;
  std::optional<JsonObject> optional_object(std::string_view key) const;
  /// `min` to `max` objects.
  std::vector<JsonObject> objects(std::string_view key, std::size_t min, std::size_t max) const;
  /// A short code; `optional`: missing or null is the empty one.
  template <class Code>
  Code code(std::string_view key) const {
    return checked_code<Code>(key, text(key, 64));
  }
  template <class Code>
  Code optional_code(std::string_view key) const {
    return has(key) ? code<Code>(key) : Code{};
  }
  template <class Code>
  std::vector<Code> codes(std::string_view key, std::size_t max) const {
    std::vector<Code> found;
    for (auto at : children(key, 0, max, JsonDocument::Kind::text))
      if (auto code = Code::from(text_at(at)))
        found.push_back(*code);
      else
        fault(at, "code-invalid", code_rule);
    return found;
  }
  /// One of `names`, by its place; `otherwise` if it is missing or null, which without `otherwise` is a fault.
  std::size_t one_of(std::string_view key, std::initializer_list<std::string_view> names, std::optional<std::size_t> otherwise = {}) const;
  std::vector<std::string> texts(std::string_view key, std::size_t min, std::size_t max) const;
  /// Every member's name with its amount: a table of prices.
  std::vector<std::pair<std::string, Money>> amounts(std::string_view key, std::size_t max) const;

  /// Notes a fault of a field that only the caller can see.
  void refuse(std::string_view key, std::string code, std::string text) const;

private:
  friend class JsonReader;
  static constexpr const char* code_rule = "A code is 1 to 64 letters, digits, '.', '_' or '-'.";
  JsonObject(JsonReader* reader, std::uint32_t at, bool present) : reader_(reader), at_(at), present_(present) {}

  template <class Code>
  Code checked_code(std::string_view key, const std::string& value) const {
    auto code = Code::from(value);
    if (!code && !value.empty()) // an empty one has been noted already
      refuse(key, "code-invalid", code_rule);
    return code.value_or(Code{});
  }
  std::uint32_t find(std::string_view key) const;
  /// The field if it is there and of that kind; 0 and a fault if not. A null counts as missing.
  std::uint32_t expect(std::string_view key, JsonDocument::Kind kind, bool required) const;
  std::vector<std::uint32_t> children(std::string_view key, std::size_t min, std::size_t max, JsonDocument::Kind kind) const;
  const std::string& text_at(std::uint32_t at) const;
  Money money_of(std::uint32_t at) const;
  void fault(std::uint32_t at, std::string code, std::string text) const;

  JsonReader* reader_;
  std::uint32_t at_;
  bool present_;
};

/// Reads one document and gathers its faults.
class JsonReader {
public:
  explicit JsonReader(JsonDocument& document) : document_(document) {}
  JsonReader(const JsonReader&) = delete;

  /// The body as an object; `type-wrong` if it is none.
  JsonObject root();

  /// Returns every fault: those noted and a `field-unknown` for each field that nobody asked for. The first gives the code. Nothing: the body was as
  /// it should be.
  std::optional<Rejection> faults();

private:
  friend class JsonObject;
  void note(std::string pointer, std::string code, std::string text);
  JsonDocument& document_;
  std::vector<RejectionDetail> faults_;
};

} // namespace entrepot::api
