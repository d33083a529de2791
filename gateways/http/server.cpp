#include "gateways/http/server.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "gateways/http/session.hpp"

namespace entrepot::http {

struct Server::State {
  std::shared_ptr<Shared> shared = std::make_shared<Shared>();
  std::vector<std::unique_ptr<Loop>> loops;
  std::vector<std::thread> threads;
  std::uint16_t port = 0;

  std::mutex mutex;
  std::condition_variable ended;
  std::size_t running = 0;

  void start() {
    running = loops.size();
    for (auto& loop : loops)
      threads.emplace_back([this, &loop] {
        loop->run();
        std::lock_guard lock(mutex);
        --running;
        ended.notify_all();
      });
  }

  bool all_ended_within(std::chrono::milliseconds bound) {
    std::unique_lock lock(mutex);
    return ended.wait_for(lock, bound, [this] { return running == 0; });
  }

  void join() {
    for (auto& thread : threads)
      thread.join();
    threads.clear();
  }
};

Server::Server(ServerOptions options, Handler handler) : state_(std::make_unique<State>()) {
  check(options.io_threads >= 1, "a server has at least one thread");
  state_->shared->options = std::move(options);
  state_->shared->handler = std::move(handler);
  for (int i = 0; i < state_->shared->options.io_threads; ++i)
    state_->loops.push_back(std::make_unique<Loop>(state_->shared));
  state_->port = state_->loops.front()->listen(state_->loops);
  state_->start();
}

Server::~Server() { drain(std::chrono::milliseconds{0}); }

std::uint16_t Server::port() const { return state_->port; }

ServerFigures Server::figures() const {
  const auto& shared = *state_->shared;
  return {shared.connections, shared.in_flight, shared.streams, shared.answered, shared.timed_out, shared.overloaded, shared.cut, shared.turned_away};
}

bool Server::drain(std::chrono::milliseconds bound) {
  for (auto& loop : state_->loops)
    loop->drain();
  auto in_time = state_->all_ended_within(bound);
  if (!in_time)
    for (auto& loop : state_->loops)
      loop->abandon();
  state_->join();
  return in_time;
}

} // namespace entrepot::http
