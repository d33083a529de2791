// Random days. A failure prints its seed and a command that tells the story again; ENTREPOT_SEED plays another one.
#include <gtest/gtest.h>
#include <cstdlib>
#include <random>

#include "tests/simulation/days.hpp"

namespace entrepot::simulation {
namespace {

std::uint64_t seed_or(std::uint64_t usual) {
  const auto* given = std::getenv("ENTREPOT_SEED");
  return given ? std::strtoull(given, nullptr, 10) : usual;
}

void expect_sound(const Plan& plan) {
  auto outcome = play(plan);
  std::cout << "seed " << plan.seed << ": " << outcome.told.substr(0, outcome.told.find('\n')) << "\n";
  EXPECT_TRUE(outcome.sound) << outcome.trouble;
}

TEST(RandomDays, of_ten_thousand_orders_every_one_comes_to_its_end_and_stock_and_money_balance) { expect_sound({.seed = seed_or(1), .orders = 10'000, .days = 30}); }

TEST(RandomDays, nobody_knows_beforehand_are_sound_too) {
  std::random_device chance;
  for (int i = 0; i < 3; ++i)
    expect_sound({.seed = seed_or(chance()), .orders = 500, .days = 30});
}

TEST(RandomDays, are_the_same_for_the_same_seed) {
  const Plan plan{.seed = seed_or(7), .orders = 300, .days = 10};
  auto first = play(plan), second = play(plan);
  EXPECT_EQ(first.digest, second.digest);
  EXPECT_NE(first.digest, play({.seed = plan.seed + 1, .orders = 300, .days = 10}).digest);
}

} // namespace
} // namespace entrepot::simulation
