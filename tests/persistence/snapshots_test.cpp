// States on pages, and pages bound into snapshots: what is read back is what was written, whichever pages were written when.
#include <gtest/gtest.h>

#include <random>

#include "domain/check.hpp"
#include "persistence/snapshots/binder.hpp"
#include "persistence/snapshots/location_pages.hpp"
#include "persistence/snapshots/remembered.hpp"
#include "persistence/snapshots/whole_pages.hpp"
#include "tests/support/orders.hpp"

namespace entrepot::snapshot {
namespace {

using namespace std::chrono_literals;
using test::entity;
using test::now;
using test::sku;

const StreamId dc = stream_of(test::location("DC"));

/// Where pages stand, as in the journal.
class Shelf {
public:
  /// Stores a change; returns how many pages of state and requests it wrote.
  std::size_t store(journal::SnapshotChange change) {
    if (!change.base)
      pages_.clear();
    else
      EXPECT_EQ(pages_.at(0).data, *change.base);
    for (auto number : change.gone)
      EXPECT_EQ(pages_.erase(number), 1u) << "what is gone has been there";
    for (auto& page : change.pages) {
      EXPECT_LE(page.data.size(), journal::max_page_bytes);
      pages_[page.number] = page;
    }
    change.done(true);
    return change.pages.size() - 1;
  }
  journal::Snapshot snapshot() const {
    journal::Snapshot all;
    for (const auto& [number, page] : pages_)
      all.pages.push_back(page);
    return all;
  }
  std::size_t count(std::string_view type) const {
    return static_cast<std::size_t>(std::ranges::count_if(pages_, [&](const auto& entry) { return entry.second.type == type; }));
  }
  std::map<std::int32_t, journal::Page>& pages() { return pages_; }

private:
  std::map<std::int32_t, journal::Page> pages_;
};

/// A location's life with its snapshots.
class Life {
public:
  void happens(const stock::Event& event) {
    pages.touch(state, event, at);
    stock::evolve(state, event, at);
    ++seq;
  }
  template <class Command>
  void command(const Command& command) {
    if (auto decision = stock::decide(state, command, at))
      for (const auto& event : *decision)
        happens(event);
  }
  std::size_t save() {
    Changes changes;
    pages.write(state, binder.needs_all(), changes);
    return shelf.store(binder.bind(dc, {seq, at}, std::move(changes)));
  }
  /// The location as the next actor finds it.
  Life again() const {
    Life next;
    next.shelf = shelf;
    const auto snapshot = shelf.snapshot();
    auto opened = next.binder.open(snapshot);
    EXPECT_TRUE(opened);
    next.pages.read(next.state, opened->state);
    next.seq = opened->cover.seq;
    next.at = opened->cover.last_at;
    return next;
  }

  stock::State state;
  Pages<stock::State> pages;
  Binder binder;
  Shelf shelf;
  std::int32_t seq = 0;
  Timestamp at = now;
};

Sku numbered(int n) { return sku("SKU-" + std::to_string(n)); }

Life a_life(int skus, std::int32_t units = 1'000'000) {
  Life life;
  life.happens(stock::Defined{test::a_warehouse()});
  stock::Received all{"ASN-1", {}};
  for (int n = 0; n < skus; ++n)
    all.movements.push_back({{entity("SHOP"), numbered(n)}, units});
  life.happens(all);
  return life;
}

TEST(LocationPages, give_back_the_location_whatever_happens_there) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    std::mt19937 random(seed);
    auto any = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
    auto life = a_life(700, 50);
    std::vector<OrderId> orders;
    for (int step = 0; step < 6'000; ++step) {
      life.at += Duration{any(2'000)};
      auto order = orders.empty() || any(3) == 0 ? OrderId{family_number(any(slice_count), life.at, any(families_per_second))} : orders[static_cast<std::size_t>(any(static_cast<int>(orders.size())))];
      const stock::Item item{entity("SHOP"), numbered(any(700))};
      const auto name = std::to_string(any(60));
      switch (any(15)) {
      case 8: life.command(stock::Adjust{"ADJ-" + std::to_string(any(2'000)), stock::Reason::correction, {{item, any(9) - 4}}}); break;
      case 9: life.command(stock::Count{"CNT-" + name, life.at - Duration{any(4'000)}, {{item, any(60)}}}); break;
      case 10: life.command(any(2) ? stock::Command{stock::ApproveCount{"CNT-" + name}} : stock::Command{stock::RejectCount{"CNT-" + name}}); break;
      case 11: life.command(stock::Sell{"T-1", "R-" + std::to_string(any(2'000)), life.at - Duration{any(4'000)}, {{item, Quantity{1 + any(30)}, test::money(900)}}, any(2) == 0}); break;
      case 12: life.command(stock::Feed{"wms" + std::to_string(any(3)), 1 + any(400), any(3) > 0, life.at - Duration{any(4'000)}, {{item, any(40)}}}); break;
      case 13: if (any(200) == 0) life.at += 13h; break;
      case 14: life.command(any(2) ? stock::Issue{order, 0} : stock::Issue{order, 0, {{1, numbered(0), Quantity{1}}}}); break;
      case 0: life.command(stock::Receive{any(20) ? "ASN-" + std::to_string(any(4'000)) : "", {{{entity(any(9) ? "SHOP" : "OTHER"), numbered(any(900))}, any(40)}}}); break;
      case 1: case 2: case 3:
        life.command(stock::Hold{order, 0, {{1, numbered(any(700)), Quantity{1 + any(3)}}, {2, numbered(any(700)), Quantity{1}}}, life.at + 1min, any(2) == 0});
        orders.push_back(order);
        break;
      case 4: life.command(stock::Allocate{order, 0}); break;
      case 5: case 6: life.command(stock::Release{order, 0, life.at + std::chrono::seconds{any(100)}}); break;
      default: life.command(stock::Define{test::a_warehouse()});
      }
      if (any(400) == 0)
        life.save();
      if (any(2'000) == 0) {
        life.save();
        auto next = life.again();
        ASSERT_EQ(next.state, life.state) << "seed " << seed << ", step " << step;
        life = std::move(next);
      }
    }
    life.save();
    ASSERT_EQ(life.again().state, life.state) << "seed " << seed;
    stock::check_counters(life.again().state);
  }
}

TEST(LocationPages, change_where_something_happened_and_nowhere_else) {
  auto life = a_life(20'000);
  EXPECT_GT(life.save(), 70u);
  life.command(test::a_hold(1, "SKU-77", 1));
  EXPECT_EQ(life.save(), 2u) << "a row and a claim";
  life.command(stock::Allocate{test::order_id(1), 0});
  EXPECT_EQ(life.save(), 2u);
  life.happens(stock::Defined{test::a_warehouse()});
  EXPECT_EQ(life.save(), 1u);
  EXPECT_EQ(life.again().state, life.state);
}

TEST(LocationPages, claims_of_one_hour_lie_together) {
  auto life = a_life(10);
  auto hold = [&](int number) { life.command(stock::Hold{{family_number(number % slice_count, life.at, 0)}, 0, {{1, numbered(number % 10), Quantity{1}}}, life.at}); };
  for (int n = 0; n < 10'000; ++n, life.at += 1s)
    hold(n);
  EXPECT_GT(life.save(), 78u);
  for (int n = 10'000; n < 10'100; ++n, life.at += 1s)
    hold(n);
  EXPECT_LE(life.save(), 1u + 2u) << "a page of rows; and a hundred new claims touch the newest pages, however many there are";
}

TEST(LocationPages, claims_that_go_take_their_pages_with_them) {
  auto life = a_life(10);
  std::vector<OrderId> orders;
  for (int n = 0; n < 5'000; ++n, life.at += 1s)
    orders.push_back({family_number(n % slice_count, life.at, 0)});
  life.at = now;
  for (auto order : orders)
    life.command(test::a_hold(order, {{1, numbered(1), Quantity{1}}}));
  life.save();
  EXPECT_GE(life.shelf.count("LocationClaims"), 39u);
  for (std::size_t n = 0; n < orders.size(); ++n)
    if (n % 50 != 0) // a few stay everywhere
      life.command(stock::Release{orders[n], 0, now});
  life.save();
  EXPECT_LE(life.shelf.count("LocationClaims"), 3u) << "what is left of many pages moves together";
  EXPECT_EQ(life.again().state, life.state);
  for (auto order : orders)
    life.command(stock::Release{order, 0, now});
  life.save();
  EXPECT_EQ(life.shelf.count("LocationClaims"), 0u);
  EXPECT_EQ(life.again().state, life.state);
}

TEST(LocationPages, a_bar_goes_when_its_time_has_passed) {
  auto life = a_life(10);
  for (int n = 1; n <= 2'000; ++n)
    life.command(stock::Release{test::order_id(n), 0, life.at + 1min});
  life.save();
  EXPECT_GE(life.shelf.count("LocationBars"), 3u);
  life.at += 1h;
  life.command(stock::Release{test::order_id(1), 1, life.at + 1min});
  life.save();
  EXPECT_EQ(life.shelf.count("LocationBars"), 1u);
  EXPECT_EQ(life.again().state, life.state);
}

stock::Receive delivery(int number) { return {"ASN-" + std::to_string(number), {{{entity("SHOP"), numbered(5)}, 1}}}; }

TEST(LocationPages, a_delivery_rewrites_one_page_of_references_however_many_there_are) {
  auto life = a_life(10);
  const auto limit = static_cast<int>(stock::remembered_references);
  for (int n = 0; n < limit / 2; ++n)
    life.command(delivery(n));
  EXPECT_GT(life.save(), 190u);
  life.command(delivery(limit));
  EXPECT_EQ(life.save(), 3u) << "a row, its moves and a reference";
  for (int n = limit / 2; n < limit; ++n)
    life.command(delivery(n));
  life.save();
  EXPECT_EQ(life.again().state, life.state);
  life.command(delivery(limit + 1));
  life.command(delivery(limit + 2));
  EXPECT_EQ(life.save(), 3u) << "the newest takes the place of the oldest";
  auto next = life.again();
  EXPECT_EQ(next.state, life.state);
  EXPECT_EQ(stock::decide(next.state, delivery(limit + 2), now)->size(), 0u);
  EXPECT_EQ(stock::decide(next.state, delivery(0), now)->size(), 1u) << "forgotten";
}

TEST(LocationPages, without_a_page_of_references_are_none) {
  auto life = a_life(10);
  for (int n = 0; n < 600; ++n)
    life.command(delivery(n));
  Changes changes;
  life.pages.write(life.state, true, changes);
  stock::State state;
  ASSERT_NO_THROW(Pages<stock::State>().read(state, changes.pages));
  std::erase_if(changes.pages, [](const auto& page) { return page.number == 4 * number::sort_size; });
  EXPECT_THROW(Pages<stock::State>().read(state, changes.pages), Unreadable);
}

TEST(LocationPages, are_split_before_they_grow_too_large) { // Shelf::store looks at every page
  auto life = a_life(0);
  const std::string tail(58, 'x');
  std::vector<stock::HoldLine> lines;
  for (int n = 0; n < 200; ++n) {
    auto code = sku("L" + std::to_string(n) + tail);
    life.happens(stock::Received{"ASN", {{{entity("SHOP" + tail), code}, 1'000'000}}});
    life.happens(stock::Received{"ASN", {{{entity("SHOP"), code}, 1'000'000}}});
    lines.push_back({n, code, Quantity{1}});
  }
  for (int n = 0; n < 300; ++n)
    life.command(test::a_hold(test::order_id(n), lines));
  life.save();
  EXPECT_EQ(life.again().state, life.state);
  for (int n = 0; n < 300; n += 7)
    life.command(stock::Allocate{test::order_id(n), 0});
  life.save();
  EXPECT_EQ(life.again().state, life.state);
}

/// Reads a shelf as an actor would; whether it is readable.
bool readable(const Shelf& shelf) {
  const auto snapshot = shelf.snapshot();
  Binder binder;
  auto opened = binder.open(snapshot);
  if (!opened)
    return false;
  try {
    stock::State state;
    Pages<stock::State>().read(state, opened->state);
    return true;
  } catch (const Unreadable&) {
    return false;
  }
}

TEST(Snapshot, pages_of_two_of_them_are_no_snapshot) {
  auto life = a_life(1'000);
  life.save();
  auto before = life.shelf;
  life.command(stock::Receive{"ASN-2", {{{entity("SHOP"), numbered(5)}, 7}, {{entity("SHOP"), numbered(995)}, 7}}});
  life.save();
  auto after = life.shelf;
  ASSERT_TRUE(readable(before) && readable(after));
  int mixtures = 0;
  for (const auto& [number, page] : after.pages()) {
    if (before.pages().at(number) == page)
      continue;
    auto mixed = after;
    mixed.pages()[number] = before.pages().at(number);
    EXPECT_FALSE(readable(mixed)) << number;
    ++mixtures;
  }
  EXPECT_EQ(mixtures, 6) << "two pages of rows, two of moves, one of references and the cover";
}

TEST(Snapshot, with_a_page_too_few_or_too_many_is_none) {
  auto life = a_life(1'000);
  life.save();
  for (const auto& [number, page] : life.shelf.pages()) {
    auto less = life.shelf, other = life.shelf, more = life.shelf;
    less.pages().erase(number);
    EXPECT_FALSE(readable(less)) << number;
    other.pages()[number].data.back() = ' ';
    EXPECT_FALSE(readable(other)) << number;
    more.pages()[number + 100] = page;
    more.pages()[number + 100].number = number + 100;
    EXPECT_FALSE(readable(more)) << number;
  }
  EXPECT_FALSE(readable(Shelf{}));
}

TEST(Snapshot, of_another_version_is_passed_over) {
  auto life = a_life(10);
  life.save();
  for (auto newer : {std::pair{0, "Cover"}, std::pair{number::state, "LocationProfile"}}) {
    Changes changes;
    Binder binder;
    for (auto page : life.shelf.snapshot().pages)
      if (page.number != 0) {
        page.version = static_cast<std::int16_t>(page.version + (page.number == newer.first));
        changes.pages.push_back(page);
      }
    Shelf shelf;
    shelf.store(binder.bind(dc, {life.seq, life.at}, std::move(changes)));
    if (newer.first == 0)
      ++shelf.pages()[0].version;
    EXPECT_FALSE(readable(shelf)) << newer.second;
  }
}

template <class State>
State through_pages(const State& state, std::size_t pages) {
  Pages<State> writer, reader;
  Changes changes;
  writer.write(state, true, changes);
  EXPECT_EQ(changes.pages.size(), pages);
  State again;
  reader.read(again, changes.pages);
  Changes none;
  reader.write(again, false, none);
  EXPECT_TRUE(none.pages.empty()) << "nothing has changed";
  return again;
}

TEST(WholePages, give_back_customers_products_and_channels) {
  customer::State customer{.profile = {.registered = true, .number = test::customer_number("C-1"), .contact = {{"sealed"}, {}, {"also"}}, .level = "gold", .source = test::channel_code("web"),
                                      .identities = {*identity::email_key("ann@x.com")}, .blocked = "unpaid", .credit_limit = test::money(50000), .credit_used = test::money(24700)},
                           .reserved = {{test::order_id(), test::money(24700)}}};
  EXPECT_EQ(through_pages(customer, 1), customer);
  product::State product{.definition = {.sku = sku("MUG-1"), .name = "Mug", .category = "home", .tax_class = "standard", .weight_grams = 350, .prices = {}}, .version = 3};
  EXPECT_EQ(through_pages(product, 1), product);
  channel::State channel{.definition = test::a_channel(), .version = 2};
  EXPECT_EQ(through_pages(channel, 1), channel);
}

TEST(WholePages, cut_a_long_text_and_take_away_what_is_left_over) {
  product::State product{.definition = {.sku = sku("MUG-1"), .name = std::string(150'000, 'm'), .category = {}, .tax_class = {}, .weight_grams = 0, .prices = {}}, .version = 1};
  EXPECT_EQ(through_pages(product, 3), product);
  Pages<product::State> pages;
  Changes first, second;
  pages.write(product, true, first);
  product.definition.name = "Mug";
  pages.touch(product, 0, now);
  pages.write(product, false, second);
  EXPECT_EQ(second.pages.size(), 1u);
  EXPECT_EQ(second.gone, (std::vector<std::int32_t>{2, 3}));
}

CommandId request(int n) { return {std::uint64_t{1} << 56, static_cast<std::uint64_t>(n)}; }

TEST(RememberedRequests, outlive_their_actor) {
  RememberedRequests requests(10'000);
  std::map<std::int32_t, journal::Page> stands;
  for (int n = 0; n < 40'000; ++n) {
    requests.add(request(n % 3 ? n : n / 2)); // some come again, long after or soon
    if (n % 1'777 != 0)
      continue;
    Changes changes;
    requests.write(n == 0, changes);
    EXPECT_LE(changes.pages.size(), 4u) << "only what is new";
    for (auto number : changes.gone)
      EXPECT_EQ(stands.erase(number), 1u);
    for (auto& page : changes.pages)
      stands[page.number] = page;
    EXPECT_LE(stands.size(), 12u);
    std::vector<journal::Page> pages;
    for (auto& [number, page] : stands)
      pages.push_back(page);
    RememberedRequests next(10'000);
    next.read(pages);
    ASSERT_EQ(next, requests) << n;
    requests = std::move(next);
  }
  EXPECT_TRUE(requests.contains(request(39'998)));
  EXPECT_FALSE(requests.contains(request(2)));
}

TEST(RememberedRequests, with_a_page_missing_are_unreadable) {
  RememberedRequests requests(10'000), next(10'000);
  for (int n = 0; n < 5'000; ++n)
    requests.add(request(n));
  Changes changes;
  requests.write(true, changes);
  ASSERT_GE(changes.pages.size(), 3u);
  changes.pages.erase(changes.pages.begin() + 1);
  EXPECT_THROW(next.read(changes.pages), Unreadable);
}

} // namespace
} // namespace entrepot::snapshot
