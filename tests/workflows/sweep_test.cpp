// Everybody who is asked anything in the two processes says no, or never answers: one of them at a time, in every order there is. The order ends, is left to a person, or
// waits with a deadline; it is never forgotten.
#include <map>
#include <set>

#include "tests/support/tales.hpp"

namespace entrepot {
namespace {

using namespace test;

enum class Manner : std::uint8_t { willing, refuses, silent };

std::string name_of(const workflow::Question& question) {
  static constexpr std::array words{"define", "receive", "hold", "allocate", "release", "shrink", "issue", "take back"};
  const auto* stock = std::get_if<stock::Command>(&question.command);
  return stock ? std::string("the location: ") + words.at(stock->index()) : "somebody else";
}
std::string name_of(const payment::ProviderRequest& call) {
  static constexpr std::array words{"capture", "enquire", "void", "refund"};
  return std::string("the provider: ") + words.at(static_cast<std::size_t>(call.kind));
}

/// What is usually done next with an item of this status, and what is done by who does not want it; nothing: it is nobody's turn, or nobody can refuse.
template <class Command>
struct Turn {
  std::optional<Command> does, refuses;
};

Turn<fulfilment::Command> turn_of(const fulfilment::State& work) {
  using enum fulfilment::Status;
  const fulfilment::Command rejection = fulfilment::Reject{fulfilment::Reason::not_in_stock};
  switch (work.status) {
  case offered: return {fulfilment::Accept{}, rejection};
  case accepted: return {fulfilment::StartPick{}, rejection};
  case picking: return {fulfilment::Pick{}, rejection};
  case picked: return {fulfilment::Pack{{{900}}}, {}};
  case packed:
    if (work.stop_until && !work.stop_refused)
      return {fulfilment::ConfirmStop{}, fulfilment::RefuseStop{}};
    return {fulfilment::Ship{"T-1"}, {}};
  case shipped: return {fulfilment::Deliver{}, {}};
  default: return {};
  }
}

Turn<pickup::Command> turn_of(const pickup::State& work, Timestamp now) {
  using enum pickup::Status;
  const pickup::Command rejection = pickup::Reject{fulfilment::Reason::not_in_stock};
  switch (work.status) {
  case offered: return {pickup::Accept{}, rejection};
  case accepted: return {pickup::StartPick{}, rejection};
  case picking: return {pickup::Pick{}, rejection};
  case picked: return {pickup::Stage{"B-7", now + pickup::collection_window}, {}};
  case staged: return {pickup::Arrive{"bay 2"}, pickup::Refuse{}};
  case arrived: return {pickup::HandOver{{"1111", false}, codes}, pickup::Refuse{}};
  default: return {};
  }
}

/// Everybody around one order. All are willing, but one.
class World {
public:
  explicit World(order::Agreement agreement, std::string odd_one = {}, Manner manner = Manner::willing) : odd_one_(std::move(odd_one)), manner_(manner) {
    story.submits(std::move(agreement));
  }

  /// Goes on until nobody is asked anything and no deadline is set, or for a great many deadlines.
  World& live() {
    for (int slept = 0, acted = 0; slept < most_deadlines;) {
      if (++acted > most_acts) {
        ADD_FAILURE() << odd_one_ << ": it turns in a circle without a pause\n" << story.told_in_words();
        break;
      }
      if (somebody_acts())
        continue;
      if (!story.wake_up())
        break;
      story.silence(*story.wake_up() - story.now());
      ++slept;
    }
    return *this;
  }
  /// A person lets it go on, and whoever was odd is willing now.
  World& mended() {
    odd_one_.clear();
    story.tells(child::process, process::Command{process::Retry{}});
    return live();
  }

  bool is_over() const { return order::is_terminal(story.status()); }
  bool is_parked() const { return story.family().diary.parked.has_value(); }

  Story story;
  std::set<std::string> asked; ///< who was asked what

private:
  static constexpr int most_deadlines = 100, most_acts = 1'000;
  static constexpr int most_tries = 5; ///< of a person at one thing: whoever cannot pay at the counter goes home some time

  Manner manner_of(const std::string& name) {
    asked.insert(name);
    return name == odd_one_ ? manner_ : Manner::willing;
  }

  bool somebody_acts() { return a_location_answers() || the_provider_answers() || staff_work(); }

  bool a_location_answers() {
    if (questions_ == story.questions().size())
      return false;
    const auto question = story.questions()[questions_++];
    const auto manner = manner_of(name_of(question));
    if (manner != Manner::silent)
      story.answer(question, manner == Manner::refuses ? std::optional(reject("not-willing", "because")) : std::nullopt);
    return true;
  }

  bool the_provider_answers() {
    if (calls_ == story.calls().size())
      return false;
    using Asked = payment::ProviderRequest::Kind;
    const auto call = story.calls()[calls_++];
    const auto manner = manner_of(name_of(call));
    if (manner == Manner::silent) {
      story.answer(call, Said::no_answer); // the port's word for silence
      return true;
    }
    const bool is_willing = manner == Manner::willing;
    switch (call.kind) {
    case Asked::capture:
      if (is_willing)
        captured_.insert(call.key);
      story.answer(call, is_willing ? Said::captured : Said::declined, is_willing ? "" : "insufficient-funds");
      break;
    case Asked::enquire: story.answer(call, captured_.contains(call.key) && is_willing ? Said::captured : Said::never_heard); break;
    case Asked::void_: story.answer(call, is_willing ? Said::voided : Said::never_heard); break;
    case Asked::refund: story.answer(call, is_willing ? Said::refunded : Said::refund_failed, is_willing ? "" : "card-closed"); break;
    }
    return true;
  }

  bool staff_work() {
    for (const auto& [child, work] : story.family().fulfilments)
      if (acts(child, "the place: " + std::string(fulfilment::name_of(work.status)), turn_of(work)))
        return true;
    for (const auto& [child, work] : story.family().pickups)
      if (acts(child, "the store: " + std::string(pickup::name_of(work.status)), turn_of(work, story.now())))
        return true;
    return false;
  }

  template <class Command>
  bool acts(int child, const std::string& name, const Turn<Command>& turn) {
    if (!turn.does || tries_[name] == most_tries)
      return false;
    const auto manner = manner_of(name);
    const auto& command = manner == Manner::willing ? turn.does : manner == Manner::refuses ? turn.refuses : std::nullopt;
    if (!command)
      return false;
    const auto before = story.events();
    story.refused(child, AnyCommand{*command}); // it may have to wait, e.g. for the money
    if (story.events() == before)
      return false;
    ++tries_[name];
    return true;
  }

  std::string odd_one_;
  Manner manner_;
  std::size_t questions_ = 0, calls_ = 0;
  std::set<std::string> captured_;
  std::map<std::string, int> tries_;
};

const std::vector<std::pair<std::string, order::Agreement (*)()>> kinds{
    {"delivery by card", [] { return an_agreement(); }},           {"delivery on account", [] { return an_agreement_on_account(); }},
    {"delivery from a store", a_delivery_from_a_store},            {"delivery paid when it leaves", a_delivery_paid_when_it_leaves},
    {"pickup by card", a_pickup_by_card},                          {"pickup on account", a_pickup_on_account},
    {"pickup paid at the counter", a_pickup_paid_at_the_counter},
};

/// Plays each kind of order with each one who is ever asked anything being odd, in turn; who is asked only because another was odd gets a turn, too.
void sweep(Manner manner, const std::function<void(World&, const std::string&)>& judge) {
  for (const auto& [kind, agreement] : kinds) {
    World usual(agreement());
    EXPECT_EQ(usual.live().story.status(), order::Status::completed) << kind << "\n" << usual.story.told_in_words();
    std::vector<std::string> names(usual.asked.begin(), usual.asked.end());
    EXPECT_GT(names.size(), 5U);
    std::set<std::string> known = usual.asked;
    for (std::size_t i = 0; i < names.size(); ++i) {
      World world(agreement(), names[i], manner);
      world.live();
      judge(world, kind + ", " + names[i]);
      for (const auto& name : world.asked)
        if (known.insert(name).second)
          names.push_back(name);
    }
  }
}

void expect_not_forgotten(const World& world, const std::string& who) {
  EXPECT_TRUE(world.is_over() || world.is_parked() || world.story.wake_up()) << who << "\n" << world.story.told_in_words();
}

TEST(Sweep, whoever_refuses_the_order_ends_or_is_parked_or_waits_with_a_deadline) { sweep(Manner::refuses, expect_not_forgotten); }

TEST(Sweep, whoever_never_answers_the_order_ends_or_is_parked_or_waits_with_a_deadline) { sweep(Manner::silent, expect_not_forgotten); }

TEST(Sweep, what_was_parked_goes_on_to_its_end_when_a_person_retries_it) {
  int parked = 0;
  sweep(Manner::refuses, [&](World& world, const std::string& who) {
    if (!world.is_parked())
      return;
    ++parked;
    world.mended();
    EXPECT_TRUE(world.is_over()) << who << "\n" << world.story.told_in_words();
  });
  EXPECT_GT(parked, 0) << "no refusal of a place is settled without a person";
}

TEST(Sweep, whoever_refuses_an_order_that_is_over_keeps_no_money_for_units_that_nobody_got) {
  sweep(Manner::refuses, [](World& world, const std::string& who) {
    if (!world.is_over() || who.ends_with("refund") || who.ends_with("void"))
      return; // money that the provider does not give back is parked or tried again
    if (world.story.status() == order::Status::completed)
      return;
    for (const auto& tender : world.story.family().payment.tenders)
      EXPECT_EQ(tender.captured, tender.refunded) << who << "\n" << world.story.told_in_words();
  });
}

} // namespace
} // namespace entrepot
