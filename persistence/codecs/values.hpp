// How the domain's small types look in JSON: money "12100 GBP" (minor units), instants RFC 3339, orders "ord_...", codes and words as they are.
#pragma once

#include <concepts>
#include <limits>
#include <map>
#include <optional>
#include <vector>

#include "domain/ids.hpp"
#include "domain/money.hpp"
#include "domain/quantity.hpp"
#include "domain/sealed.hpp"
#include "domain/time.hpp"
#include "persistence/codec.hpp"
#include "persistence/codecs/fields.hpp"

namespace entrepot::codec {

/// Throws Malformed unless `from` is a string.
const std::string& text_of(const nlohmann::json& from);
/// Throws Malformed unless `from` is a whole number between `least` and `most`.
std::int64_t integer_of(const nlohmann::json& from, std::int64_t least, std::int64_t most);
/// Reads "12100 GBP". Throws Malformed.
Money money_of(const nlohmann::json& from);

template <std::signed_integral T>
struct Json<T> {
  static void write(std::string& out, T value) { write_integer(out, value); }
  static T read(const nlohmann::json& from) {
    return static_cast<T>(integer_of(from, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
  }
};

template <>
struct Json<bool> {
  static void write(std::string& out, bool value) { out += value ? "true" : "false"; }
  static bool read(const nlohmann::json& from) {
    if (!from.is_boolean())
      throw Malformed(" is neither true nor false");
    return from.get<bool>();
  }
};

template <>
struct Json<std::string> {
  static void write(std::string& out, const std::string& value) { write_string(out, value); }
  static std::string read(const nlohmann::json& from) { return text_of(from); }
};

template <>
struct Json<Sealed> {
  static void write(std::string& out, const Sealed& value) { write_string(out, value.text); }
  static Sealed read(const nlohmann::json& from) { return {text_of(from)}; }
};

template <class Tag>
struct Json<Code<Tag>> {
  static void write(std::string& out, const Code<Tag>& value) { // letters, digits and ".-_": nothing to escape
    out += '"';
    out += value.text();
    out += '"';
  }
  static Code<Tag> read(const nlohmann::json& from) {
    const auto& text = text_of(from);
    if (text.empty())
      return {};
    auto code = Code<Tag>::from(text);
    if (!code)
      throw Malformed(" is no code");
    return *code;
  }
};

template <>
struct Json<OrderId> {
  static void write(std::string& out, OrderId value) {
    out += '"';
    out += to_text(value);
    out += '"';
  }
  static OrderId read(const nlohmann::json& from) {
    auto order = order_id_from(text_of(from));
    if (!order)
      throw Malformed(" is no order");
    return *order;
  }
};

template <>
struct Json<Quantity> {
  static void write(std::string& out, Quantity value) { write_integer(out, value.units()); }
  static Quantity read(const nlohmann::json& from) {
    return Quantity{static_cast<std::int32_t>(integer_of(from, 0, std::numeric_limits<std::int32_t>::max()))};
  }
};

template <>
struct Json<Currency> {
  static void write(std::string& out, Currency value) {
    out += '"';
    out += value.code();
    out += '"';
  }
  static Currency read(const nlohmann::json& from) {
    auto currency = Currency::from(text_of(from));
    if (!currency)
      throw Malformed(" is no currency");
    return *currency;
  }
};

template <>
struct Json<Money> {
  static void write(std::string& out, Money value) {
    out += '"';
    write_integer(out, value.amount);
    out += ' ';
    out += value.currency.code();
    out += '"';
  }
  static Money read(const nlohmann::json& from) { return money_of(from); }
};

template <>
struct Json<Timestamp> {
  static void write(std::string& out, Timestamp value) { write_timestamp(out, value); }
  static Timestamp read(const nlohmann::json& from) {
    auto at = from_rfc3339(text_of(from));
    if (!at)
      throw Malformed(" is no instant");
    return *at;
  }
};

template <>
struct Json<Duration> { // milliseconds: the field's name ends in _ms
  static void write(std::string& out, Duration value) { write_integer(out, value.count()); }
  static Duration read(const nlohmann::json& from) { return Duration{Json<std::int64_t>::read(from)}; }
};

/// How the words of an enumeration are read; they are written by its name_of.
template <class E>
struct Word; ///< `from`: a function from text to std::optional<E>

template <class E>
  requires std::is_enum_v<E>
struct Json<E> {
  static void write(std::string& out, E value) {
    out += '"';
    out += name_of(value);
    out += '"';
  }
  static E read(const nlohmann::json& from) {
    auto value = Word<E>::from(text_of(from));
    if (!value)
      throw Malformed(" is an unknown word");
    return *value;
  }
};

template <class T>
struct Json<std::optional<T>> { // used in spare fields only: nothing is no field
  static void write(std::string& out, const std::optional<T>& value) { Json<T>::write(out, *value); }
  static std::optional<T> read(const nlohmann::json& from) { return Json<T>::read(from); }
};

template <class T>
struct Json<std::vector<T>> {
  static void write(std::string& out, const std::vector<T>& values) {
    out += '[';
    for (const auto& value : values) {
      Json<T>::write(out, value);
      out += ',';
    }
    close(out, ']');
  }
  static std::vector<T> read(const nlohmann::json& from) {
    if (!from.is_array())
      throw Malformed(" is not a list");
    std::vector<T> values;
    values.reserve(from.size());
    for (const auto& value : from) {
      try {
        values.push_back(Json<T>::read(value));
      } catch (const Malformed& why) {
        throw Malformed("/" + std::to_string(values.size()) + why.what());
      }
    }
    return values;
  }
};

template <class T>
struct Json<std::map<std::string, T>> {
  static void write(std::string& out, const std::map<std::string, T>& values) {
    out += '{';
    for (const auto& [name, value] : values) {
      write_string(out, name);
      out += ':';
      Json<T>::write(out, value);
      out += ',';
    }
    close(out, '}');
  }
  static std::map<std::string, T> read(const nlohmann::json& from) {
    if (!from.is_object())
      throw Malformed(" is not an object");
    std::map<std::string, T> values;
    for (const auto& [name, value] : from.items()) {
      try {
        values.emplace(name, Json<T>::read(value));
      } catch (const Malformed& why) {
        throw Malformed("/" + name + why.what());
      }
    }
    return values;
  }
};

} // namespace entrepot::codec
