// Parameters of a statement in PostgreSQL's binary format, arrays above all: one statement carries a whole batch.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/ids.hpp"
#include "domain/time.hpp"

namespace entrepot::journal::postgres {

/// Numbers of PostgreSQL's built-in types (pg_type); they never change.
namespace oid {
inline constexpr unsigned boolean = 16, bytea = 17, int8 = 20, int2 = 21, int4 = 23, text = 25, json = 114, timestamptz = 1184, uuid = 2950;
/// Returns the type of arrays of `element`.
unsigned array_of(unsigned element);
} // namespace oid

using Uuid = std::array<std::uint8_t, 16>;
Uuid to_uuid(CommandId command);
CommandId to_command(const Uuid& uuid);
std::string to_text(const Uuid& uuid);

/// Microseconds since 2000, as PostgreSQL counts.
std::int64_t to_postgres(Timestamp at);
Timestamp from_postgres(std::int64_t microseconds);

void put16(std::string& bytes, std::int16_t value);
void put32(std::string& bytes, std::int32_t value);
void put64(std::string& bytes, std::int64_t value);

/// A one-dimensional array. It keeps its memory when it is cleared, since batch follows batch.
class Array {
public:
  explicit Array(unsigned element);

  void clear();
  void add(bool value);
  void add(std::int16_t value);
  void add(std::int32_t value);
  void add(std::int64_t value);
  void add(Timestamp value) { add(to_postgres(value)); }
  void add(const Uuid& value) { add_bytes({reinterpret_cast<const char*>(value.data()), value.size()}); }
  void add_bytes(std::string_view value);
  void add_null();
  /// Adds the text, or null if there is none.
  void add_text_or_null(std::string_view value) { value.empty() ? add_null() : add_bytes(value); }

  unsigned element() const { return element_; }
  std::int32_t size() const { return count_; }
  /// Returns the array as it is sent; valid until the next change.
  std::string_view bytes();

private:
  unsigned element_;
  std::int32_t count_ = 0;
  bool has_null_ = false;
  std::string bytes_;
};

/// What is given to a statement for $1, $2, ...
class Parameters {
public:
  Parameters& add(bool value);
  Parameters& add(std::int16_t value);
  Parameters& add(std::int32_t value);
  Parameters& add(std::int64_t value);
  Parameters& add(const Uuid& value);
  Parameters& add(std::string_view text);
  Parameters& add(const char* text) { return add(std::string_view(text)); }
  /// The array must outlive the statement; it is not copied.
  Parameters& add(Array& array);

  struct Value {
    unsigned type;
    std::string own;         ///< empty if `borrowed`
    std::string_view borrowed;
    std::string_view bytes() const { return borrowed.data() ? borrowed : std::string_view(own); }
  };
  const std::vector<Value>& values() const { return values_; }

private:
  std::vector<Value> values_;
};

} // namespace entrepot::journal::postgres
