#include "persistence/snapshots/binder.hpp"

#include <algorithm>

#include "domain/check.hpp"
#include "persistence/codecs/values.hpp"
#include "persistence/snapshots/every_member.hpp"

namespace entrepot::snapshot {
namespace {

constexpr std::int16_t version = 1;
constexpr std::string_view type = "Cover";

struct OnCover {
  std::int32_t seq = 0;
  Timestamp last_at{};
  std::int64_t pages = 0;
  std::string checksum;
};

std::uint64_t mixed(std::uint64_t bits) { // so that two pages that change places, or twice the same change, do not cancel out
  bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9;
  bits = (bits ^ bits >> 27) * 0x94d049bb133111eb;
  return bits ^ bits >> 31;
}

std::uint64_t digest_of(const journal::Page& page) {
  return mixed(stable_hash(page.data) + mixed(static_cast<std::uint64_t>(page.number) << 32 | static_cast<std::uint32_t>(page.seq)) + stable_hash(page.type) +
               static_cast<std::uint64_t>(page.version));
}

} // namespace
} // namespace entrepot::snapshot

namespace entrepot::codec {
template <>
struct Fields<snapshot::OnCover> {
  static constexpr auto list = std::tuple{
      field<"seq">(&snapshot::OnCover::seq),
      field<"last_at">(&snapshot::OnCover::last_at),
      field<"pages">(&snapshot::OnCover::pages),
      field<"checksum">(&snapshot::OnCover::checksum),
  };
};
} // namespace entrepot::codec

namespace entrepot::snapshot {

static_assert(lists_every_member<OnCover>);

void Binder::take(const journal::Page& page) {
  drop(page.number);
  auto digest = digest_of(page);
  digests_.emplace(page.number, digest);
  checksum_ += digest;
}

void Binder::drop(std::int32_t number) {
  auto found = digests_.find(number);
  if (found == digests_.end())
    return;
  checksum_ -= found->second;
  digests_.erase(found);
}

std::optional<Opened> Binder::open(const journal::Snapshot& snapshot) {
  const auto pages = std::span(snapshot.pages);
  if (pages.empty() || pages.front().number != number::cover || pages.front().type != type || pages.front().version != version)
    return {};
  OnCover on_cover;
  try {
    on_cover = codec::Json<OnCover>::read(nlohmann::json::parse(pages.front().data));
  } catch (const std::exception&) {
    return {};
  }
  for (const auto& page : pages.subspan(1))
    take(page);
  auto whole = on_cover.seq == snapshot.seq() && on_cover.seq > 0 && on_cover.pages == static_cast<std::int64_t>(digests_.size()) && on_cover.checksum == std::to_string(checksum_);
  if (!whole) {
    *this = {};
    return {};
  }
  cover_ = pages.front().data;
  *state_ = State::stored;
  auto inner = pages.subspan(1);
  auto split = static_cast<std::size_t>(std::ranges::lower_bound(inner, number::remembered, {}, &journal::Page::number) - inner.begin());
  return Opened{{on_cover.seq, on_cover.last_at}, inner.first(split), inner.subspan(split)};
}

journal::SnapshotChange Binder::bind(StreamId stream, const Cover& cover, Changes changes) {
  check(!busy(), "one snapshot of a stream is on its way at a time");
  journal::SnapshotChange change{.stream = stream, .base = {}, .pages = std::move(changes.pages), .gone = std::move(changes.gone), .done = {}};
  if (needs_all()) {
    digests_.clear();
    checksum_ = 0;
  } else
    change.base = cover_;
  for (auto number : change.gone)
    drop(number);
  for (auto& page : change.pages) {
    page.seq = cover.seq;
    take(page);
  }
  cover_.clear();
  codec::Json<OnCover>::write(cover_, {cover.seq, cover.last_at, static_cast<std::int64_t>(digests_.size()), std::to_string(checksum_)});
  change.pages.insert(change.pages.begin(), {.number = number::cover, .version = version, .seq = cover.seq, .type = std::string(type), .data = cover_});
  *state_ = State::under_way;
  change.done = [state = state_](bool stored) { *state = stored ? State::stored : State::nothing; };
  return change;
}

} // namespace entrepot::snapshot
