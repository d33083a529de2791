// One list of fields a type serves writing and reading. To store a new event: list its fields, one line each, and give it a name.
//
//   template <> struct Fields<order::Rejected> {
//     static constexpr auto list = std::tuple{field<"code">(&order::Rejected::code), spare<"details">(&order::Rejected::details)};
//   };
//   template <> struct Released<order::Rejected> : As<"OrderRejected"> {};
//
// Reading is strict: a missing field, an unknown one, a wrong type or a number out of range makes the event undecodable. A released event never changes, so
// anything else in a row was written by a newer program or by hand, and to pass over it would be to lose a fact in silence.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include <nlohmann/json.hpp>

#include "persistence/codecs/event_type.hpp"
#include "persistence/codecs/writer.hpp"

namespace entrepot::codec {

/// What is wrong with a stored value; becomes Undecodable where the event's type is known.
struct Malformed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A field's name as a template argument, so that its bytes in JSON are a constant.
template <std::size_t size>
struct Name {
  char text[size]{};
  consteval Name(const char (&from)[size]) {
    for (std::size_t i = 0; i < size; ++i)
      text[i] = from[i];
  }
  constexpr std::string_view view() const { return {text, size - 1}; }
};

template <Name name>
inline constexpr auto key_bytes = [] {
  constexpr auto length = name.view().size();
  std::array<char, length + 3> bytes{};
  bytes[0] = '"';
  for (std::size_t i = 0; i < length; ++i)
    bytes[i + 1] = name.view()[i];
  bytes[length + 1] = '"';
  bytes[length + 2] = ':';
  return bytes;
}();

template <Name name_, bool spare_, class Object, class Value>
struct Field {
  static constexpr auto name = name_;
  static constexpr bool spare = spare_;
  using value_type = Value;
  Value Object::*member;
};

/// A field that is always written.
template <Name name, class Object, class Value>
constexpr auto field(Value Object::*member) {
  return Field<name, false, Object, Value>{member};
}
/// A field that is left out while it has its default value.
template <Name name, class Object, class Value>
constexpr auto spare(Value Object::*member) {
  return Field<name, true, Object, Value>{member};
}

template <class T>
struct Fields; ///< `list`: a tuple of fields
template <class T>
struct Json; ///< write(out, value) and read(json)

template <class T>
concept Listed = requires { Fields<T>::list; };

template <class F, class Object>
void write_field(std::string& out, const F& f, const Object& object) {
  const auto& value = object.*f.member;
  if constexpr (F::spare)
    if (value == typename F::value_type{})
      return;
  out.append(key_bytes<F::name>.data(), key_bytes<F::name>.size());
  Json<typename F::value_type>::write(out, value);
  out += ',';
}

/// Reads one field if it is there; returns how many were.
template <class F, class Object>
std::size_t read_field(const nlohmann::json& from, const F& f, Object& object) {
  auto found = from.find(F::name.view());
  if (found == from.end()) {
    if (F::spare)
      return 0;
    throw Malformed("/" + std::string(F::name.view()) + " is missing");
  }
  try {
    object.*f.member = Json<typename F::value_type>::read(*found);
  } catch (const Malformed& why) {
    throw Malformed("/" + std::string(F::name.view()) + why.what());
  }
  return 1;
}

[[noreturn]] void throw_unknown_field(const nlohmann::json& object, std::span<const std::string_view> known);

template <Listed T>
struct Json<T> {
  static void write(std::string& out, const T& value) {
    out += '{';
    std::apply([&](const auto&... fields) { (write_field(out, fields, value), ...); }, Fields<T>::list);
    close(out, '}');
  }
  static T read(const nlohmann::json& from) {
    if (!from.is_object())
      throw Malformed(" is not an object");
    T value{};
    std::apply(
        [&](const auto&... fields) {
          auto found = (std::size_t{0} + ... + read_field(from, fields, value));
          if (found != from.size()) {
            const std::array<std::string_view, sizeof...(fields)> known{std::decay_t<decltype(fields)>::name.view()...};
            throw_unknown_field(from, known);
          }
        },
        Fields<T>::list);
    return value;
  }
};

/// A released name. Each upcaster turns the JSON of one version into that of the next, so the version is one more than there are upcasters and
/// no chain can have a hole.
template <Name name_, Upcaster... steps>
struct As {
  static constexpr std::string_view name = name_.view();
  static constexpr std::int16_t version = 1 + static_cast<std::int16_t>(sizeof...(steps));
  static constexpr std::array<Upcaster, sizeof...(steps)> upcasters{steps...};
};

template <class E>
struct Released; ///< derives from As<"...">

template <class Event, std::size_t index>
constexpr EventType event_type() {
  using E = std::variant_alternative_t<index, Event>;
  return {
      .name = Released<E>::name,
      .version = Released<E>::version,
      .upcasters = Released<E>::upcasters,
      .encode = [](const AnyEvent& event, std::string& out) { Json<E>::write(out, std::get<index>(std::get<Event>(event))); },
      .decode = [](const nlohmann::json& data) -> AnyEvent { return Event{std::in_place_index<index>, Json<E>::read(data)}; },
  };
}

/// Returns the types of all events of an aggregate, in the order of its variant. An event without fields or name does not compile.
template <class Event>
std::span<const EventType> event_types() {
  static constexpr auto all = []<std::size_t... index>(std::index_sequence<index...>) {
    return std::array{event_type<Event, index>()...};
  }(std::make_index_sequence<std::variant_size_v<Event>>{});
  return all;
}

} // namespace entrepot::codec
