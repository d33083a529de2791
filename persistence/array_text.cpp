#include "persistence/array_text.hpp"

#include "domain/check.hpp"
#include "persistence/codecs/writer.hpp"

namespace entrepot::sql {

void ArrayText::separate() {
  check(!closed_, "nothing is added to an array that was sent");
  if (text_.size() > 1)
    text_ += ',';
}

void ArrayText::add(std::int64_t value) {
  separate();
  codec::write_integer(text_, value);
}

void ArrayText::add_text(std::string_view value) {
  separate();
  text_ += '"';
  for (char c : value) {
    if (c == '"' || c == '\\')
      text_ += '\\';
    text_ += c;
  }
  text_ += '"';
}

void ArrayText::add_time(Timestamp at) {
  separate();
  codec::write_timestamp(text_, at);
}

void ArrayText::add_text_or_null(std::string_view value) {
  if (!value.empty())
    return add_text(value);
  separate();
  text_ += "NULL";
}

const std::string& ArrayText::text() {
  if (!closed_)
    text_ += '}';
  closed_ = true;
  return text_;
}

} // namespace entrepot::sql
