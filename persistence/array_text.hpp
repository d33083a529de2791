// An array as PostgreSQL reads it from text: one parameter for the whole column of a batch.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "domain/time.hpp"

namespace entrepot::sql {

class ArrayText {
public:
  void add(std::int64_t value);
  void add_text(std::string_view value);
  /// Empty is SQL's null.
  void add_text_or_null(std::string_view value);
  void add_time(Timestamp at);

  /// Closes the array and returns it. Nothing may be added after it.
  const std::string& text();

private:
  void separate();
  std::string text_ = "{";
  bool closed_ = false;
};

} // namespace entrepot::sql
