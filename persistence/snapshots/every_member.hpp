// Proof that a list of fields names every member: what is left out of a snapshot would be lost in silence.
#pragma once

#include <cstddef>
#include <tuple>

#include "persistence/codecs/fields.hpp"

namespace entrepot::snapshot {

struct AnyMember {
  template <class T>
  operator T() const;
};

/// Returns how many members an aggregate has, by trying with how many it can be made.
template <class T, class... Given>
consteval std::size_t members_of() {
  if constexpr (requires { T{Given{}..., AnyMember{}}; })
    return members_of<T, Given..., AnyMember>();
  else
    return sizeof...(Given);
}

template <class T>
inline constexpr bool lists_every_member = members_of<T>() == std::tuple_size_v<std::remove_const_t<decltype(codec::Fields<T>::list)>>;

} // namespace entrepot::snapshot
