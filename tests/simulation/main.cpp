// simulate_days --seed S --orders N --days D --first F: plays random days and says what came of them. Exits 1 if something is not as it must be.
#include <cstdlib>
#include <iostream>
#include <string>

#include "tests/simulation/days.hpp"

int main(int count, char** arguments) {
  entrepot::simulation::Plan plan;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string name = arguments[i];
    const auto value = std::strtoull(arguments[i + 1], nullptr, 10);
    if (name == "--seed")
      plan.seed = value;
    else if (name == "--orders")
      plan.orders = static_cast<int>(value);
    else if (name == "--days")
      plan.days = static_cast<int>(value);
    else if (name == "--first")
      plan.first = static_cast<int>(value);
    else {
      std::cerr << "simulate_days [--seed S] [--orders N] [--days D] [--first F]\n";
      return 2;
    }
  }
  auto outcome = entrepot::simulation::play(plan);
  std::cout << outcome.told << "digest " << outcome.digest << "\n";
  if (!outcome.sound)
    std::cout << outcome.trouble;
  return outcome.sound ? 0 : 1;
}
