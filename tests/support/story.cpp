#include "tests/support/story.hpp"

namespace entrepot::test {

Story::Story() { family_.id = order_id().family; }
Story::Story(const Story&) = default;
Story::Story(Story&&) noexcept = default;
Story& Story::operator=(const Story&) = default;
Story& Story::operator=(Story&&) noexcept = default;
Story::~Story() = default;

Story& Story::submits(order::Agreement agreement) {
  return tells(child::order, order::Command{order::Submit{std::move(agreement)}});
}

Story& Story::tells(int child, AnyCommand command) {
  return take(workflow::Told{child, std::move(command)});
}

Story& Story::yes() {
  auto id = last_question().id;
  answered_ = questions_.size();
  return take(workflow::Answered{id, {}});
}

Story& Story::no_to(StreamId place, const std::string& code) {
  auto asked = std::find_if(questions_.rbegin(), questions_.rend(), [&](const auto& question) { return question.to == place; });
  if (asked == questions_.rend())
    throw std::runtime_error("the process did not ask that place");
  auto id = asked->id;
  return take(workflow::Answered{id, reject(code, "because")});
}

Story& Story::provider_until_captured() {
  for (int tries = 0; tries < 5 && family_.payment.tenders.front().status != payment::Status::captured; ++tries) {
    if (!calls_.empty())
      provider(payment::ProviderAnswer::Kind::captured);
    else
      silence(10s);
  }
  return *this;
}

Story& Story::all_yes() {
  while (answered_ < questions_.size()) {
    auto before = events();
    auto id = questions_[answered_++].id;
    take(workflow::Answered{id, {}});
    if (events() == before && crashes_)
      break; // the answer was forgotten in the crash and is asked for again
  }
  return *this;
}

Story& Story::crashes_after(int turn) {
  crashes_ = turn;
  return *this;
}

Story& Story::no(const std::string& code) {
  return take(workflow::Answered{last_question().id, reject(code, "because")});
}

Story& Story::staff(fulfilment::Command command, int index) {
  return tells(child::first_fulfilment + index, std::move(command));
}

Story& Story::store(pickup::Command command, int index) {
  return tells(child::first_fulfilment + index, std::move(command));
}

std::string Story::refused(int child, AnyCommand command) {
  auto turn = workflow::take(family_, memory_, workflow::Told{child, std::move(command)}, now_, partners_);
  if (!turn)
    return turn.error().code;
  auto code = turn->refused ? turn->refused->code : std::string();
  note(*turn);
  return code;
}

Story& Story::provider(payment::ProviderAnswer answer) {
  return take(workflow::PartnerAnswered{calls_.back().key, std::move(answer)});
}

Story& Story::provider(payment::ProviderAnswer::Kind kind, std::string code) {
  return provider({kind, "P-1", std::move(code), calls_.back().amount});
}

Story& Story::with_places(sourcing::Routing routing, std::map<std::string, std::map<std::string, std::int32_t>> stock) {
  stock_ = std::move(stock);
  partners_.sourcing = [this, routing = std::move(routing)](const ChannelCode&, const sourcing::Demand& demand, Timestamp now) {
    std::vector<sourcing::Place> places;
    for (const auto& [code, units] : stock_) {
      auto profile = code == "DC" ? a_warehouse(code) : a_store(code);
      sourcing::Place place{.profile = std::make_shared<const stock::Profile>(std::move(profile)), .available = {}};
      for (const auto& line : demand.lines) {
        auto found = units.find(line.sku.text());
        place.available.push_back(found == units.end() ? 0 : found->second);
      }
      places.push_back(std::move(place));
    }
    ++looks_;
    if (demand.to_store)
      return sourcing::choose_transfer(demand, sources_, places, now);
    return sourcing::choose(demand, routing, places, now);
  };
  return *this;
}

Story& Story::brought_from(std::vector<sourcing::TransferSource> sources) {
  sources_ = std::move(sources);
  return *this;
}

Story& Story::units_come(const std::string& place, const std::string& code, std::int32_t units) {
  stock_[place][code] += units;
  return tells(child::process, process::Command{process::LookAgain{}});
}

Story& Story::with_carrier() {
  partners_.carrier = true;
  return *this;
}

Story& Story::carrier(fulfilment::LabelAnswer answer) {
  return take(workflow::CarrierAnswered{labels_.back().child, labels_.back().request.key, std::move(answer)});
}

Story& Story::carrier(fulfilment::LabelAnswer::Kind kind) {
  return carrier({kind, "TRK-7", "https://carrier.example/7", "address-invalid"});
}

Story& Story::carrier(const std::string& key, fulfilment::LabelAnswer::Kind kind) {
  return take(workflow::CarrierAnswered{child::first_fulfilment, key, {kind, "TRK-" + key, {}, "address-invalid"}});
}

Story& Story::answer(const workflow::Question& question, std::optional<Rejection> refused) {
  return take(workflow::Answered{question.id, std::move(refused)});
}

Story& Story::answer(const payment::ProviderRequest& call, payment::ProviderAnswer::Kind kind, std::string code) {
  return take(workflow::PartnerAnswered{call.key, {kind, "P-1", std::move(code), call.amount}});
}

Story& Story::silence(Duration length) {
  auto until = now_ + length;
  while (wake_up_ && *wake_up_ <= until) {
    now_ = *wake_up_;
    take(workflow::Awoken{});
  }
  now_ = until;
  return *this;
}

Story& Story::crash() {
  memory_ = {};
  questions_.clear();
  answered_ = 0;
  calls_.clear();
  labels_.clear();
  Family folded;
  folded.id = family_.id;
  for (auto& [child, event, at] : history_)
    evolve(folded, child, event, at);
  EXPECT_EQ(folded, family_) << "folding the events again gives another order";
  family_ = folded;
  return take(workflow::Awoken{});
}

const workflow::Question& Story::last_question() const {
  if (questions_.empty())
    throw std::runtime_error("the process asked nothing");
  return questions_.back();
}

std::vector<fulfilment::LabelRequest> Story::labels() const {
  std::vector<fulfilment::LabelRequest> requests;
  for (const auto& call : labels_)
    requests.push_back(call.request);
  return requests;
}

std::string Story::told_in_words() const {
  std::string text;
  for (auto& [child, event, at] : history_)
    text += workflow::in_words(event) + "\n";
  return text;
}

Story& Story::take(const workflow::Input& input) {
  auto turn = workflow::take(family_, memory_, input, now_, partners_);
  if (!turn) {
    ADD_FAILURE() << "refused: " << turn.error().code;
    return *this;
  }
  note(*turn);
  ++turns_;
  if (crashes_ && !crashing_ && (*crashes_ == 0 || *crashes_ == turns_)) {
    crashing_ = true;
    crash();
    crashing_ = false;
    --turns_; // waking up again is no turn of the story
  }
  return *this;
}

void Story::note(workflow::Turn& turn) {
  for (auto& [child, event] : turn.events)
    history_.push_back({child, event, now_});
  for (auto& question : turn.questions)
    questions_.push_back(std::move(question));
  for (auto& call : turn.calls)
    calls_.push_back(std::move(call));
  for (auto& label : turn.labels)
    labels_.push_back(std::move(label));
  wake_up_ = turn.wake_up;
  expect_a_clock();
}

void Story::expect_a_clock() const {
  auto awaited = workflow::awaited(family_);
  auto asks_provider = std::ranges::any_of(family_.payment.tenders, [](auto& tender) { return payment::is_open(tender.status); });
  auto refund_failed = std::ranges::any_of(family_.payment.tenders, [](auto& tender) { return tender.status == payment::Status::refund_failed; });
  auto under_way = std::ranges::any_of(family_.transfers, [](auto& entry) { return transfer::is_under_way(entry.second); });
  auto is_over = !under_way && (family_.order.status == order::Status::none || order::is_terminal(family_.order.status));
  if (family_.order.agreement.credit_limited && family_.order.status == order::Status::cancelled)
    return; // the customer's credit is being freed, or is free: no event tells which
  if (family_.diary.parked) {
    EXPECT_EQ(wake_up_.has_value(), asks_provider) << "a person decides; only the provider is still listened to\n" << told_in_words();
    return;
  }
  EXPECT_EQ(wake_up_.has_value(), !awaited.empty()) << "awaited: " << awaited << "\n" << told_in_words();
  EXPECT_EQ(wake_up_.has_value(), !is_over || asks_provider || refund_failed || any_awaits_restocking(family_) || !family_.diary.contested.empty() || !family_.diary.to_undo.empty()) << told_in_words();
  if (wake_up_) {
    EXPECT_GT(*wake_up_, now_) << "a clock that has run down already\n" << told_in_words();
  }
}

} // namespace entrepot::test
