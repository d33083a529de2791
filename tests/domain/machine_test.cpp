#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "domain/fulfilment/fulfilment.hpp"
#include "domain/fulfilment/pickup.hpp"
#include "domain/order/order.hpp"
#include "domain/payment/plan.hpp"
#include "domain/transfer/transfer.hpp"
#include "domain/words.hpp"

namespace entrepot::machine {
namespace {

// A door, to try the machinery on its own.
struct Door {
  bool locked = false;
};
struct Open {};
struct Close {};
using Command = std::variant<Open, Close>;
enum class Status : std::uint8_t { closed, open };
enum class Verb : std::uint8_t { open, close };
std::string_view name_of(Status status) { return status == Status::open ? "open" : "closed"; }
std::string_view name_of(Verb verb) { return verb == Verb::open ? "open" : "close"; }
using Row = Transition<Door, Command, Status, Verb>;
constexpr Guard<Door, Command> unlocked{"it is not locked", [](const Door& door, const Command&) { return !door.locked; }};
constexpr std::array door{
    Row::goes(Status::closed, Verb::open, Status::open, unlocked, "door-locked"),
    Row::already(any_other, Verb::open),
    Row::goes(Status::open, Verb::close, Status::closed),
    Row::refused(any_other, Verb::close, "door-closed"),
};
template <std::size_t size>
constexpr bool whole(const std::array<Row, size>& table) {
  return answers_everything(std::span<const Row>{table}, 2);
}
Result<Answer> ask(Status status, const Command& command, bool locked = false) {
  return judge(std::span<const Row>{door}, "the door", status, Door{locked}, command);
}

TEST(Machine, says_whether_a_command_happens) {
  EXPECT_EQ(*ask(Status::closed, Open{}), Answer::event);
  EXPECT_EQ(*ask(Status::open, Open{}), Answer::already);
  EXPECT_EQ(*ask(Status::open, Close{}), Answer::event);
  EXPECT_EQ(ask(Status::closed, Close{}).error().code, "door-closed");
}

TEST(Machine, refuses_with_the_guards_name) {
  EXPECT_EQ(ask(Status::closed, Open{}, true).error(),
            (Rejection{"door-locked", "the door is closed: open is not possible unless it is not locked", {}}));
}

TEST(Machine, wants_one_answer_to_every_command_in_every_status) {
  static_assert(whole(door));
  static_assert(!whole(std::array{door[0], door[2], door[3]}), "open in open has no answer");
  static_assert(!whole(std::array{door[0], door[1], door[2], door[3], door[3]}), "close in closed has two");
  static_assert(!whole(std::array{door[0], door[1], door[2], Row::refused(any_other, Verb::close, "")}), "a refusal has a code");
  static_assert(!whole(std::array{Row::goes(Status::closed, Verb::open, Status::open, {}, "never-said"), door[1], door[2], door[3]}),
                "a code is said");
  EXPECT_TRUE(whole(door));
}

TEST(Machine, is_printed_as_a_table) {
  EXPECT_EQ(to_markdown(std::span<const Row>{door}), "| in status | command | becomes | if | else refused with |\n|---|---|---|---|---|\n"
                                                     "| closed | open | open | it is not locked | `door-locked` |\n"
                                                     "| any other | open | already so |  |  |\n"
                                                     "| open | close | closed |  |  |\n"
                                                     "| any other | close | - |  | `door-closed` |\n");
}

std::string readme() {
  auto root = std::filesystem::path(ENTREPOT_ROOT);
  std::ifstream file(root / "domain" / "README.md");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(Machine, readme_shows_the_tables_as_they_are) {
  auto text = readme();
  ASSERT_FALSE(text.empty());
  for (const auto& table : {to_markdown(order::transitions()), to_markdown(fulfilment::transitions()), to_markdown(pickup::transitions()), to_markdown(payment::transitions()), to_markdown(transfer::transitions())})
    EXPECT_NE(text.find(table), std::string::npos) << "domain/README.md should contain:\n" << table;
}

} // namespace
} // namespace entrepot::machine
