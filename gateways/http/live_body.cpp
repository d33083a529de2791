#include "gateways/http/live_body.hpp"

#include <utility>

#include "gateways/http/awaited.hpp"

namespace entrepot::http {

LiveBody::~LiveBody() { close(); }

bool LiveBody::push(std::string_view text) {
  std::unique_lock lock(mutex_);
  if (state_ != State::open)
    return false;
  if (text_.size() + text.size() > most_bytes_) {
    state_ = State::overflowed;
    text_ = {};
    wake(std::move(lock));
    return false;
  }
  text_ += text;
  wake(std::move(lock));
  return true;
}

void LiveBody::end() {
  std::unique_lock lock(mutex_);
  if (state_ != State::open)
    return;
  state_ = State::ended;
  wake(std::move(lock));
}

void LiveBody::keep(std::shared_ptr<void> thing) {
  std::lock_guard lock(mutex_);
  if (state_ != State::closed)
    kept_.push_back(std::move(thing));
}

void LiveBody::attach(std::weak_ptr<Home> home, std::function<void()> wake) {
  std::lock_guard lock(mutex_);
  home_ = std::move(home);
  wake_ = std::move(wake);
}

LiveBody::Taken LiveBody::take() {
  std::lock_guard lock(mutex_);
  woken_ = false;
  return {std::exchange(text_, {}), state_};
}

LiveBody::State LiveBody::state() const {
  std::lock_guard lock(mutex_);
  return state_;
}

void LiveBody::close() {
  std::vector<std::shared_ptr<void>> kept; // they go when nothing is locked: they may well ask us something
  std::function<void()> wake;
  std::lock_guard lock(mutex_);
  state_ = State::closed;
  text_ = {};
  kept.swap(kept_);
  wake.swap(wake_);
}

/// Posts the wake-up, outside the lock. What is pushed before the connection has attached is found by its first take().
void LiveBody::wake(std::unique_lock<std::mutex> lock) {
  if (!wake_ || std::exchange(woken_, true))
    return;
  auto home = home_.lock();
  auto call = wake_;
  lock.unlock();
  if (home)
    home->post(std::move(call));
}

} // namespace entrepot::http
