// What stands both in a customer's events and on the pages of its snapshots.
#pragma once

#include "domain/customer/customer.hpp"
#include "persistence/codecs/terms.hpp"

namespace entrepot::codec {

template <>
struct Json<StreamId> { // of an identity key: all that is stored of its text is what the text leads to
  static constexpr std::string_view prefix = "key_";
  static void write(std::string& out, StreamId value) {
    out += '"';
    out += to_text(prefix, value);
    out += '"';
  }
  static StreamId read(const nlohmann::json& from) {
    auto stream = stream_from_text(prefix, text_of(from));
    if (!stream || !is_named(*stream) || kind_of(*stream) != Kind::identity_key)
      throw Malformed(" is no identity key");
    return *stream;
  }
};

template <>
struct Fields<identity::Key> {
  static constexpr auto list = std::tuple{
      field<"form">(&identity::Key::form),
      spare<"channel">(&identity::Key::channel),
      field<"stream">(&identity::Key::stream),
  };
};

} // namespace entrepot::codec
