// Which page each item of a large state lies on. Items that come together lie together, and stay: orders of one morning are held, allocated and issued at about
// the same time, so a snapshot writes few pages, however many there are. A page too full is split, one nearly empty is given up.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "persistence/codecs/writer.hpp"
#include "persistence/snapshots/pages.hpp"

namespace entrepot::snapshot {

/// One sort of items.
struct Sort {
  std::string_view type;        ///< of its pages
  std::int16_t version = 1;
  std::int32_t first_number = 0;
  std::size_t items_per_page = 0; ///< when a new page is begun
};

template <class Key, class Hash, class Equal = std::equal_to<>>
class PageIndex {
public:
  explicit PageIndex(const Sort& sort) : sort_(sort) {}

  /// The item is new or about to change. `make` returns its key if it is new.
  template <class View, class Make>
  void touch(const View& item, Make make) {
    auto found = page_of_.find(item);
    if (found != page_of_.end())
      return mark(found->second);
    put(make());
  }
  void touch(const Key& item) {
    touch(item, [&] { return item; });
  }

  /// The item goes.
  void remove(const Key& item) {
    auto found = page_of_.find(item);
    if (found == page_of_.end())
      return;
    auto& items = sheets_[found->second].items;
    auto at = std::ranges::find_if(items, [&](const Key& one) { return Equal{}(one, item); });
    std::swap(*at, items.back());
    items.pop_back();
    mark(found->second);
    page_of_.erase(found);
  }

  /// The item lies on this page of a snapshot that is being read. Throws Unreadable.
  void put_back(const Key& item, std::int32_t number) {
    auto sheet = static_cast<std::size_t>(number - sort_.first_number);
    if (number < sort_.first_number || sheet >= static_cast<std::size_t>(number::sort_size))
      throw Unreadable("a page has another sort's number");
    if (sheet >= sheets_.size())
      sheets_.resize(sheet + 1);
    if (!page_of_.emplace(item, sheet).second)
      throw Unreadable("an item lies on two pages");
    sheets_[sheet].items.push_back(item);
    sheets_[sheet].stored = true;
  }
  /// After the last put_back().
  void all_put_back() {
    for (std::size_t sheet = sheets_.size(); sheet-- > 0;)
      if (sheets_[sheet].items.empty())
        free_.push_back(sheet);
    open_ = sheets_.empty() ? none : sheets_.size() - 1;
  }

  /// Adds what has changed, or all. `write_item` appends an item to a text, or returns false if there is no such item any more.
  template <class WriteItem>
  void write(bool all, Changes& changes, WriteItem write_item) {
    for (std::size_t sheet = 0; all && sheet < sheets_.size(); ++sheet)
      if (!sheets_[sheet].items.empty())
        mark(sheet);
    for (std::size_t next = 0, known = changed_.size(); next < known; ++next)
      give_up_if_nearly_empty(changed_[next]);
    for (std::size_t next = 0; next < changed_.size(); ++next) // grows where a page is split
      write_sheet(changed_[next], changes, write_item);
    for (auto sheet : changed_)
      finish(sheet, changes);
    changed_.clear();
  }

  std::size_t pages() const { return sheets_.size() - free_.size(); }

private:
  static constexpr auto none = static_cast<std::size_t>(-1);
  struct Sheet {
    std::vector<Key> items;
    bool changed = false;
    bool stored = false; ///< it stands in the last snapshot
  };

  void mark(std::size_t sheet) {
    if (!std::exchange(sheets_[sheet].changed, true))
      changed_.push_back(sheet);
  }

  std::size_t fresh() {
    if (free_.empty()) {
      sheets_.emplace_back();
      return sheets_.size() - 1;
    }
    auto sheet = free_.back();
    free_.pop_back();
    return sheet;
  }

  void put(Key item) {
    if (open_ == none || sheets_[open_].items.size() >= sort_.items_per_page)
      open_ = fresh();
    page_of_.insert_or_assign(item, open_);
    sheets_[open_].items.push_back(std::move(item));
    mark(open_);
  }

  /// Moves the last few items of a page to where new ones go.
  void give_up_if_nearly_empty(std::size_t sheet) {
    if (sheet == open_ || sheets_[sheet].items.size() >= sort_.items_per_page / 4)
      return;
    for (auto& item : std::exchange(sheets_[sheet].items, {}))
      put(std::move(item));
  }

  template <class WriteItem>
  void write_sheet(std::size_t sheet, Changes& changes, WriteItem write_item) {
    std::string data = "[";
    std::erase_if(sheets_[sheet].items, [&](const Key& item) {
      if (write_item(data, item)) {
        data += ',';
        return false;
      }
      page_of_.erase(item);
      return true;
    });
    auto count = sheets_[sheet].items.size();
    if (count == 0)
      return;
    codec::close(data, ']');
    if (data.size() > journal::max_page_bytes && count > 1) {
      split(sheet);
      return write_sheet(sheet, changes, write_item);
    }
    sheets_[sheet].stored = true;
    changes.pages.push_back({.number = sort_.first_number + static_cast<std::int32_t>(sheet), .version = sort_.version, .seq = 0, .type = std::string(sort_.type), .data = std::move(data)});
  }

  /// The second half moves to a page of its own, which is written in its turn.
  void split(std::size_t sheet) {
    auto other = fresh();
    auto& items = sheets_[sheet].items;
    auto half = items.begin() + static_cast<std::ptrdiff_t>(items.size() / 2);
    sheets_[other].items.assign(std::make_move_iterator(half), std::make_move_iterator(items.end()));
    items.erase(half, items.end());
    for (auto& item : sheets_[other].items)
      page_of_.insert_or_assign(item, other);
    mark(other);
  }

  void finish(std::size_t sheet, Changes& changes) {
    sheets_[sheet].changed = false;
    if (!sheets_[sheet].items.empty())
      return;
    if (std::exchange(sheets_[sheet].stored, false))
      changes.gone.push_back(sort_.first_number + static_cast<std::int32_t>(sheet));
    if (sheet != open_)
      free_.push_back(sheet);
  }

  Sort sort_;
  std::unordered_map<Key, std::size_t, Hash, Equal> page_of_;
  std::vector<Sheet> sheets_;
  std::vector<std::size_t> changed_, free_;
  std::size_t open_ = none; ///< where new items go
};

} // namespace entrepot::snapshot
