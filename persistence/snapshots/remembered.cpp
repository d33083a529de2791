#include "persistence/snapshots/remembered.hpp"

#include "persistence/codecs/values.hpp"

namespace entrepot::snapshot {
namespace {

// Request n (from 0) stands on page n / ids_per_page, for ever: a page is written while it fills and deleted when all on it are forgotten.
constexpr std::int64_t ids_per_page = 1'024;
constexpr std::int16_t version = 1;
constexpr std::string_view type = "RememberedRequests";

std::string text_of(CommandId id) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text(32, '0');
  for (std::size_t at = 0; at < 16; ++at) {
    text[15 - at] = digits[id.high >> (4 * at) & 15];
    text[31 - at] = digits[id.low >> (4 * at) & 15];
  }
  return text;
}

CommandId id_from(const std::string& text) {
  CommandId id;
  auto read = [&](std::size_t from, std::uint64_t& half) {
    auto [end, error] = std::from_chars(text.data() + from, text.data() + from + 16, half, 16);
    if (error != std::errc{} || end != text.data() + from + 16)
      throw Unreadable("a remembered request is no id");
  };
  if (text.size() != 32)
    throw Unreadable("a remembered request is no id");
  read(0, id.high);
  read(16, id.low);
  return id;
}

} // namespace

struct IdsOfPage {
  std::int64_t first = 0; ///< number of the first id on it
  std::vector<std::string> ids;
};

} // namespace entrepot::snapshot

namespace entrepot::codec {
template <>
struct Fields<snapshot::IdsOfPage> {
  static constexpr auto list = std::tuple{
      field<"first">(&snapshot::IdsOfPage::first),
      field<"ids">(&snapshot::IdsOfPage::ids),
  };
};
} // namespace entrepot::codec

namespace entrepot::snapshot {

void RememberedRequests::add(CommandId id) {
  if (!known_.insert(id).second)
    return;
  in_order_.push_back(id);
  ++ended_;
  forget();
}

void RememberedRequests::forget() {
  while (in_order_.size() > limit_) {
    known_.erase(in_order_.front());
    in_order_.pop_front();
  }
}

/// The first page also has ids that were forgotten and may have come again: from the newest back to the limit.
void RememberedRequests::take_newest(const std::vector<IdsOfPage>& pages) {
  if (!pages.empty())
    ended_ = pages.back().first + static_cast<std::int64_t>(pages.back().ids.size());
  for (auto page = pages.rbegin(); page != pages.rend(); ++page)
    for (auto text = page->ids.rbegin(); text != page->ids.rend(); ++text) {
      auto id = id_from(*text);
      if (in_order_.size() == limit_ || !known_.insert(id).second)
        return;
      in_order_.push_front(id);
    }
}

void RememberedRequests::write(bool all, Changes& changes) {
  auto first = ended_ - static_cast<std::int64_t>(in_order_.size());
  auto first_page = first / ids_per_page;
  auto past_page = (ended_ + ids_per_page - 1) / ids_per_page;
  for (auto page = all ? first_page : std::max(first_page, written_ / ids_per_page); page < past_page && (all || written_ < ended_); ++page) {
    IdsOfPage of_page{std::max(first, page * ids_per_page), {}};
    for (auto n = of_page.first; n < std::min(ended_, (page + 1) * ids_per_page); ++n)
      of_page.ids.push_back(text_of(in_order_[static_cast<std::size_t>(n - first)]));
    std::string data;
    codec::Json<IdsOfPage>::write(data, of_page);
    changes.pages.push_back({.number = number::remembered + static_cast<std::int32_t>(page), .version = version, .seq = 0, .type = std::string(type), .data = std::move(data)});
  }
  for (auto page = first_page_; page < std::min(past_page_, first_page); ++page)
    changes.gone.push_back(number::remembered + static_cast<std::int32_t>(page));
  first_page_ = first_page;
  past_page_ = past_page;
  written_ = ended_;
}

void RememberedRequests::read(std::span<const journal::Page> pages) {
  std::vector<IdsOfPage> all;
  try {
    for (const auto& page : pages) {
      if (page.type != type || page.version != version)
        throw Unreadable("a page is of another kind or version");
      auto of_page = codec::Json<IdsOfPage>::read(nlohmann::json::parse(page.data));
      if (!all.empty() && of_page.first != all.back().first + static_cast<std::int64_t>(all.back().ids.size()))
        throw Unreadable("requests are missing");
      all.push_back(std::move(of_page));
    }
  } catch (const codec::Malformed& why) {
    throw Unreadable(why.what());
  } catch (const nlohmann::json::exception& why) {
    throw Unreadable(why.what());
  }
  take_newest(all);
  first_page_ = pages.empty() ? 0 : pages.front().number - number::remembered;
  past_page_ = pages.empty() ? 0 : pages.back().number - number::remembered + 1;
  written_ = ended_;
}

} // namespace entrepot::snapshot
