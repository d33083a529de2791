// Which events other systems are told.
#include "workflows/published.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>

namespace entrepot::workflow {
namespace {

template <class Of>
struct Every; // event of one aggregate
template <class... Events>
struct Every<std::variant<Events...>> {
  template <class Aggregate>
  static void name(std::multiset<std::string_view>& names) {
    (names.insert(published_as(AnyEvent{Aggregate{Events{}}})), ...);
  }
};

template <class Aggregate>
void name_all(std::multiset<std::string_view>& names) {
  Every<Aggregate>::template name<Aggregate>(names);
}

std::multiset<std::string_view> names_of_all_events() {
  std::multiset<std::string_view> names;
  name_all<order::Event>(names);
  name_all<payment::Event>(names);
  name_all<process::Event>(names);
  name_all<fulfilment::Event>(names);
  name_all<pickup::Event>(names);
  name_all<stock::Event>(names);
  name_all<product::Event>(names);
  name_all<channel::Event>(names);
  name_all<customer::Event>(names);
  name_all<identity::Event>(names);
  return names;
}

TEST(Published, is_every_event_or_deliberately_not) {
  auto names = names_of_all_events();
  std::set<std::string_view> told(names.begin(), names.end());
  told.erase("");
  EXPECT_EQ(std::vector<std::string_view>(told.begin(), told.end()), published_names());
  EXPECT_EQ(names.count("fulfilment.accepted.v1"), 2u) << "a warehouse is told, a store says yes: to others it is the same";
}

TEST(Published, names_are_past_tense_with_a_version_and_never_told_of_people_or_partners) {
  for (auto name : published_names()) {
    EXPECT_TRUE(name.ends_with(".v1")) << name;
    EXPECT_TRUE(std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || c == '.' || (c >= '0' && c <= '9'); })) << name;
    EXPECT_FALSE(name.starts_with("customer") || name.starts_with("process")) << name;
  }
}

TEST(Published, keeps_the_platforms_own_steps_to_itself) {
  EXPECT_EQ(published_as(fulfilment::Event{fulfilment::LabelAsked{}}), "");
  EXPECT_EQ(published_as(payment::Event{payment::OutcomeUnknown{}}), "");
  EXPECT_EQ(published_as(pickup::Event{pickup::WrongCodeGiven{}}), "");
  EXPECT_EQ(published_as(process::Event{process::Parked{}}), "");
}

} // namespace
} // namespace entrepot::workflow
