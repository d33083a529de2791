#include "persistence/webhooks/queue.hpp"

#include <algorithm>
#include <utility>

#include "domain/check.hpp"

namespace entrepot::webhook {

std::optional<Timestamp> Queue::oldest() const { return times_.empty() ? std::nullopt : std::optional(*times_.begin()); }

void Queue::add(Delivery fresh, Timestamp now) {
  if (items_.contains(fresh.place))
    return; // the table had it: it was set aside before the checkpoint came past
  fresh.due = now;
  insert(std::move(fresh), true);
}

void Queue::restore(Delivery kept) {
  if (items_.contains(kept.place))
    return;
  kept.body.clear();
  insert(std::move(kept), false);
}

void Queue::insert(Delivery delivery, bool fresh) {
  auto place = delivery.place;
  auto& line = lines_[delivery.family];
  times_.insert(delivery.at);
  auto follows_set_aside = std::ranges::any_of(line.places, [&](Place other) { return !is_fresh(other); });
  auto item = items_.emplace(place, Item{std::move(delivery), false, false}).first;
  line.places.insert(place);
  if (fresh)
    fresh_.insert(place);
  if (fresh && follows_set_aside)
    set_aside(item);
  schedule_head(line);
}

void Queue::unschedule(Place place) {
  if (auto known = scheduled_.find(place); known != scheduled_.end()) {
    due_.erase({known->second, place});
    scheduled_.erase(known);
  }
}

/// Its first message is due, and no other, unless one is on its way.
void Queue::schedule_head(const Line& line) {
  auto head = line.places.begin();
  if (auto former = std::next(head); former != line.places.end())
    unschedule(*former);
  if (line.on_the_way)
    return unschedule(*head);
  if (scheduled_.contains(*head))
    return;
  auto due = items_.at(*head).delivery.due;
  due_.emplace(due, *head);
  scheduled_.emplace(*head, due);
}

std::optional<Timestamp> Queue::next_due(Timestamp now) const {
  if (due_.empty() || on_the_way_ >= limits_.in_flight || (rests_until_ && on_the_way_ > 0))
    return {};
  return std::max({due_.begin()->first, rests_until_.value_or(now), now});
}

std::optional<Delivery> Queue::take_due(Timestamp now) {
  auto when = next_due(now);
  if (!when || *when > now)
    return {};
  auto place = due_.begin()->second;
  unschedule(place);
  auto& item = items_.at(place);
  item.on_the_way = true;
  lines_.at(item.delivery.family).on_the_way = place;
  ++on_the_way_;
  return item.delivery;
}

void Queue::put_back(Place place) {
  auto& item = items_.at(place);
  check(std::exchange(item.on_the_way, false), "what is put back was on its way");
  --on_the_way_;
  auto& line = lines_.at(item.delivery.family);
  line.on_the_way.reset();
  schedule_head(line);
}

void Queue::drop(Place place) {
  auto item = items_.find(place);
  check(item != items_.end() && item->second.on_the_way, "what is dropped was on its way");
  --on_the_way_;
  erase(item);
}

Queue::Outcome Queue::settle(Place place, const Answer& answer, Timestamp now) {
  auto item = items_.find(place);
  check(item != items_.end() && item->second.on_the_way, "what is settled was on its way");
  if (is_acknowledged(answer)) {
    --on_the_way_;
    if (!is_fresh(place))
      acknowledged_.push_back(place);
    erase(item);
    end_rest(now);
    return Outcome::acknowledged;
  }
  auto& delivery = item->second.delivery;
  ++delivery.tries;
  delivery.last_status = answer.status;
  if (!delivery.first_try)
    delivery.first_try = now;
  rest_after_failure(now, answer);
  auto pause = pause_after(delivery.tries, chance_());
  if (answer.retry_after)
    pause = std::chrono::milliseconds{std::clamp(*answer.retry_after, shortest_retry_after, longest_retry_after)};
  delivery.due = now + pause;
  auto& line = lines_.at(delivery.family);
  set_line_aside(line);
  if (now - *delivery.first_try >= give_up_after) {
    delivery.fate = Fate::dead;
    --on_the_way_;
    erase(item); // what is to be written of it was noted before
    return Outcome::died;
  }
  put_back(place);
  return Outcome::failed;
}

void Queue::set_line_aside(const Line& line) {
  for (auto place : line.places)
    if (auto item = items_.find(place); is_fresh(place) || item->second.on_the_way)
      set_aside(item);
}

void Queue::set_aside(Items::iterator item) {
  fresh_.erase(item->first);
  if (!std::exchange(item->second.changed, true))
    changed_.push_back(item->first);
}

/// The next of that order may go.
void Queue::erase(Items::iterator item) {
  auto place = item->first;
  auto found = lines_.find(item->second.delivery.family);
  auto& line = found->second;
  line.places.erase(place);
  line.on_the_way.reset();
  fresh_.erase(place);
  times_.erase(times_.find(item->second.delivery.at));
  if (item->second.changed && item->second.delivery.fate == Fate::dead)
    dead_.push_back(item->second.delivery);
  items_.erase(item);
  if (line.places.empty())
    lines_.erase(found);
  else
    schedule_head(line);
}

std::chrono::milliseconds Queue::part_of(std::chrono::milliseconds whole) const {
  return whole / 2 + std::chrono::milliseconds{static_cast<std::int64_t>(chance_() * static_cast<double>(whole.count()) / 2)};
}

void Queue::rest_after_failure(Timestamp now, const Answer& answer) {
  ++failures_;
  auto is_told_to = answer.retry_after && (answer.status == 429 || answer.status == 503); // it speaks of itself, not of this message
  if (!rests_until_ && failures_ < failures_to_rest && !is_told_to)
    return;
  if (is_told_to)
    rests_until_ = std::max(rests_until_.value_or(now), now + std::clamp(*answer.retry_after, shortest_retry_after, longest_retry_after));
  if (rests_until_ && now < *rests_until_)
    return; // the others that were on their way when it fell silent tell nothing new
  rests_until_ = now + part_of(rest_);
  rest_ = std::min(rest_ * 2, longest_rest);
}

/// It takes messages again: what waited out its own pause because of that goes now, a little apart.
void Queue::end_rest(Timestamp now) {
  failures_ = 0;
  rest_ = first_rest;
  if (!std::exchange(rests_until_, std::nullopt))
    return;
  auto waited = std::exchange(due_, {});
  scheduled_.clear();
  for (const auto& [due, place] : waited) {
    auto sooner = std::min(due, now + std::chrono::milliseconds{static_cast<std::int64_t>(chance_() * static_cast<double>(first_pause.count()))});
    due_.emplace(sooner, place);
    scheduled_.emplace(place, sooner);
  }
}

std::vector<Delivery> Queue::take_changed() {
  auto changed = std::exchange(dead_, {});
  for (auto place : std::exchange(changed_, {}))
    if (auto item = items_.find(place); item != items_.end()) {
      changed.push_back(item->second.delivery);
      item->second.changed = false;
      item->second.delivery.body.clear(); // the table has it from now on
    }
  return changed;
}

std::vector<Place> Queue::take_acknowledged() { return std::exchange(acknowledged_, {}); }

consequences::Positions Queue::acknowledged(consequences::Positions read) const {
  for (int shard = 0; shard < shard_count; ++shard)
    if (auto first = fresh_.lower_bound({shard, 0}); first != fresh_.end() && first->shard == shard) {
      auto& position = read[static_cast<std::size_t>(shard)];
      position = std::min(position, first->pos - 1);
    }
  return read;
}

} // namespace entrepot::webhook
