// A small shop's journal in a database, without contradictions: one order of every fate. Tests break it in one place and ask the audit.
#pragma once

#include <chrono>
#include <string>

#include "persistence/audit.hpp"
#include "persistence/read_models/projector.hpp"
#include "tests/persistence/recorded.hpp"
#include "tests/support/test_database.hpp"

namespace entrepot::tests {

class StoredShop {
public:
  static constexpr auto now_text = "2026-03-10T09:00:30Z";

  StoredShop();

  /// Runs statements that the program would never run.
  void break_it(const std::string& statements) { database.connect().script(statements); }

  audit::Report audit(std::optional<std::filesystem::path> answers = {}) const {
    return audit::audit({.conninfo = database.conninfo(), .now = instant(now_text), .answers = std::move(answers)});
  }

  test::TestDatabase database;
  Happened happened;

  const LocationCode dc = *LocationCode::from("DC-1");
  const Sku mug = *Sku::from("MUG-1");
  const StreamId confirmed = order(1), submitted = order(2), refused = order(3), taken_back = order(4), taking_back = order(5), parked = order(6), at_once = order(7);

private:
  static StreamId order(int number) { return family_number(number * 500, instant("2026-03-10T09:00:00Z"), number); }

  void define_everything();
  void submit(StreamId family, int number);
  void at_location(const stock::Event& event) { happened.event(stream_of(dc), event); }
  void hold(StreamId family);
  void tell(StreamId family, int child, const AnyEvent& event) { happened.event(member(family, child), event); }
  void wake(StreamId family);
  void store_events();
  void store_what_stands_beside();
  void project();
};

} // namespace entrepot::tests
