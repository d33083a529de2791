// A small state as one text; a long text is cut into pages.
#pragma once

#include <string>

#include "domain/catalogue/product.hpp"
#include "domain/channel/channel.hpp"
#include "domain/customer/customer.hpp"
#include "persistence/snapshots/pages.hpp"

namespace entrepot::snapshot {

template <class State>
class WholePages {
public:
  template <class Event>
  void touch(const State&, const Event&, Timestamp) { changed_ = true; }
  void write(const State& state, bool all, Changes& changes);
  void read(State& state, std::span<const journal::Page> pages);

private:
  bool changed_ = true;
  std::int32_t stored_ = 0; ///< pages of the last snapshot
};

template <>
class Pages<customer::State> : public WholePages<customer::State> {};
template <>
class Pages<product::State> : public WholePages<product::State> {};
template <>
class Pages<channel::State> : public WholePages<channel::State> {};

} // namespace entrepot::snapshot
