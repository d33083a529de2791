#include "tests/simulation/office.hpp"

#include "workflows/notices.hpp"

namespace entrepot::simulation {
namespace {

constexpr int one_in = 8; // notices cost a look at the order's history: those of a part of the orders are written

bool is_written(StreamId stream) { return stable_hash(std::to_string(family_of(stream).value)) % one_in == 0; }

std::string words(StreamId stream, const AnyEvent& event, const Family& family) { return is_written(stream) ? workflow::notice_of(event, family) : std::string(); }

} // namespace

Office::Office(World& world) : world_(world) {
  world_.listen([this](const journal::Record& record, const AnyEvent& event) { note(record, event); });
  world_.when_at_rest([this] { write(); });
}

void Office::note(const journal::Record& record, const AnyEvent& event) {
  if (feed_)
    feed_->offer(shard_of(record.stream), {&record, 1});
  const auto* of_process = std::get_if<process::Event>(&event);
  if (!of_process || !std::holds_alternative<process::Parked>(*of_process))
    return;
  ++parked_;
  world_.after(world_.chance().mostly_short(10min, 20h), [this, process = record.stream] { look_at(process); });
}

void Office::look_at(StreamId process) {
  if (world_.family(process)->diary.parked)
    world_.act(process, process::Command{process::Retry{}}, "operator");
}

/// A node that takes over writes again what its predecessor may not have sent.
void Office::begin_writing() {
  life_ = world_.life();
  feed_ = std::make_unique<consequences::Feed>(world_.journal());
  writer_ = std::make_unique<consequences::NoticeWriter>(world_.journal(), words, [] { return false; });
  feed_->begin(told_);
}

/// Reads what has been committed since the last look back from the journal.
void Office::write() {
  if (life_ != world_.life())
    begin_writing();
  while (auto stretch = feed_->next()) {
    for (const auto& occurrence : stretch->occurrences)
      if (auto notice = writer_->write(occurrence)) {
        auto [at, is_new] = sent_.try_emplace({notice->family, notice->pos}, notice->text);
        if (at->second != notice->text)
          throw Broken(notice->family, "one notice is told in two ways");
        if (is_new && std::exchange(last_[notice->family], notice->pos) > notice->pos)
          throw Broken(notice->family, "notices of an order come in another order than what they tell of");
      }
    told_[static_cast<std::size_t>(stretch->shard)] = stretch->last;
  }
}

} // namespace entrepot::simulation
