#include "domain/sourcing/rules.hpp"

#include <set>

#include "domain/words.hpp"

namespace entrepot::sourcing {
namespace {

constexpr Words<Sort, 5> sorts{{"cost", "distance", "promise", "balance", "ageing_stock"}};
constexpr Words<After, 5> afters{{"next_rule", "split", "wait", "back_order", "cancel"}};

/// Whether nothing ever gets behind this rule. Who waits does, when the time is over.
bool ends_here(const Rule& rule) { return rule.otherwise == After::back_order || rule.otherwise == After::cancel; }

} // namespace

std::string_view name_of(Sort sort) { return sorts.of(sort); }
std::optional<Sort> sort_from(std::string_view name) { return sorts.from(name); }
std::string_view name_of(After after) { return afters.of(after); }
std::optional<After> after_from(std::string_view name) { return afters.from(name); }

std::vector<Fault> faults_of(const Routing& routing) {
  std::vector<Fault> faults;
  auto expect = [&](bool right, std::string pointer, const char* text) {
    if (!right)
      faults.push_back({std::move(pointer), text});
  };
  expect(routing.rules.size() <= max_rules, "/rules", "there are too many rules");
  expect(routing.most_attempts >= 1 && routing.most_attempts <= max_attempts, "/most_attempts", "1 to 10 places are asked for the same units");
  std::set<std::string> names;
  for (std::size_t i = 0; i < routing.rules.size(); ++i) {
    const auto& rule = routing.rules[i];
    auto at = "/rules/" + std::to_string(i);
    auto has_time = rule.otherwise == After::wait || rule.otherwise == After::back_order;
    expect(!rule.name.empty(), at + "/name", "a rule has a name, by which choices are explained");
    expect(names.insert(rule.name).second, at + "/name", "another rule has this name");
    expect(!rule.within_km || *rule.within_km >= 1, at + "/within_km", "a distance is at least one kilometre");
    expect(rule.keep_back >= 0, at + "/keep_back", "what is kept back is not negative");
    expect(rule.least_part >= 0, at + "/least_part", "a value is not negative");
    expect(rule.most_parts >= 1 && rule.most_parts <= max_parts, at + "/most_parts", "an order goes out in 1 to 8 parts");
    expect(has_time == (rule.patience > Duration::zero()), at + "/patience_seconds", "who waits or promises for later says how long, nobody else does");
    expect(i + 1 == routing.rules.size() || !ends_here(rule), at + "/otherwise", "no order ever comes to the rules behind this one");
  }
  return faults;
}

} // namespace entrepot::sourcing
