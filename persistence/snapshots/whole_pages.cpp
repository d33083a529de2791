#include "persistence/snapshots/whole_pages.hpp"

#include "persistence/codecs/channel_fields.hpp"
#include "persistence/codecs/product_fields.hpp"
#include "persistence/codecs/customer_fields.hpp"
#include "persistence/snapshots/every_member.hpp"

// A new member of one of these: list it, as `field`, not as `spare`, so that snapshots without it are passed over. A new meaning of an old event: raise the version.

namespace entrepot::codec {

template <>
struct Fields<customer::Profile> {
  static constexpr auto list = std::tuple{
      field<"registered">(&customer::Profile::registered),
      field<"number">(&customer::Profile::number),
      field<"contact">(&customer::Profile::contact),
      field<"level">(&customer::Profile::level),
      field<"source">(&customer::Profile::source),
      field<"identities">(&customer::Profile::identities),
      spare<"blocked">(&customer::Profile::blocked),
      spare<"credit_limit">(&customer::Profile::credit_limit),
      field<"credit_used">(&customer::Profile::credit_used),
  };
};

template <>
struct Json<std::map<OrderId, Money>> { // pairs: what is reserved for which order
  using Reserved = std::map<OrderId, Money>;
  static void write(std::string& out, const Reserved& reserved) {
    out += '[';
    for (const auto& [order, amount] : reserved) {
      out += '[';
      Json<OrderId>::write(out, order);
      out += ',';
      Json<Money>::write(out, amount);
      out += "],";
    }
    close(out, ']');
  }
  static Reserved read(const nlohmann::json& from) {
    Reserved reserved;
    for (const auto& pair : from) {
      if (!pair.is_array() || pair.size() != 2)
        throw Malformed(" is no pair");
      reserved.emplace(Json<OrderId>::read(pair[0]), Json<Money>::read(pair[1]));
    }
    return reserved;
  }
};

template <>
struct Fields<customer::State> {
  static constexpr auto list = std::tuple{field<"profile">(&customer::State::profile), field<"reserved">(&customer::State::reserved)};
};

template <>
struct Fields<product::State> {
  static constexpr auto list = std::tuple{
      field<"definition">(&product::State::definition),
      field<"version">(&product::State::version),
  };
};

template <>
struct Fields<channel::State> {
  static constexpr auto list = std::tuple{
      field<"definition">(&channel::State::definition),
      field<"version">(&channel::State::version),
  };
};

} // namespace entrepot::codec

namespace entrepot::snapshot {
namespace {

static_assert(lists_every_member<customer::State> && lists_every_member<customer::Profile> && lists_every_member<customer::Contact>, "every member stands on a page");
static_assert(lists_every_member<product::State> && lists_every_member<product::Definition>, "every member stands on a page");
static_assert(lists_every_member<channel::State> && lists_every_member<channel::Definition> && lists_every_member<channel::DeliveryOption> &&
                  lists_every_member<channel::PaymentRule>,
              "every member stands on a page");

template <class State>
struct Kept; ///< `type` and `version` of its pages
template <>
struct Kept<customer::State> {
  static constexpr std::string_view type = "Customer";
  static constexpr std::int16_t version = 1;
};
template <>
struct Kept<product::State> {
  static constexpr std::string_view type = "Product";
  static constexpr std::int16_t version = 1;
};
template <>
struct Kept<channel::State> {
  static constexpr std::string_view type = "Channel";
  static constexpr std::int16_t version = 1;
};

} // namespace

template <class State>
void WholePages<State>::write(const State& state, bool all, Changes& changes) {
  if (!std::exchange(changed_, false) && !all)
    return;
  std::string text;
  codec::Json<State>::write(text, state);
  std::int32_t count = 0;
  for (std::size_t from = 0; from < text.size(); from += journal::max_page_bytes, ++count)
    changes.pages.push_back({.number = number::state + count, .version = Kept<State>::version, .seq = 0, .type = std::string(Kept<State>::type),
                             .data = text.substr(from, journal::max_page_bytes)});
  for (auto stored = count; stored < stored_; ++stored)
    changes.gone.push_back(number::state + stored);
  stored_ = count;
}

template <class State>
void WholePages<State>::read(State& state, std::span<const journal::Page> pages) {
  std::string text;
  for (const auto& page : pages) {
    if (page.type != Kept<State>::type || page.version != Kept<State>::version || page.number != number::state + stored_++)
      throw Unreadable("a page is of another kind or version");
    text += page.data;
  }
  try {
    state = codec::Json<State>::read(nlohmann::json::parse(text));
  } catch (const codec::Malformed& why) {
    throw Unreadable(why.what());
  } catch (const nlohmann::json::exception& why) {
    throw Unreadable(why.what());
  }
  changed_ = false;
}

template class WholePages<customer::State>;
template class WholePages<product::State>;
template class WholePages<channel::State>;

} // namespace entrepot::snapshot
