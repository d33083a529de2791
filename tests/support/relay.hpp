// A relay between a client and PostgreSQL that loses, holds or tears what a lane sends: what networks do, on purpose and at the worst moment.
#pragma once

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <condition_variable>
#include <cstring>
#include <functional>
#include <list>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

#include <libpq-fe.h>

#include "tests/support/temporary_folder.hpp"

namespace entrepot::test {

/// What happens to one append.
enum class Mishap : std::uint8_t {
  none,
  request_lost,  ///< never reaches the server; the client's connection breaks
  request_held,  ///< the client's connection breaks, the server's stays; deliver_held() hands the request over later
  answer_lost,   ///< the server does it, the client's connection breaks instead of an answer
  cut,           ///< handed over, and both connections break at once: done or not, nobody knows
  behind_held,   ///< waits until the held requests were delivered, to backends that may still do them
  torn,          ///< all but the last message (Sync) is handed over: a client frozen in the middle of sending. Nobody else gets through until thaw()
};

class Relay {
public:
  explicit Relay(const std::string& server_conninfo) : database_part_(server_conninfo) {
    find_server(server_conninfo);
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto path = (folder_.path() / ".s.PGSQL.5432").string();
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || ::listen(listener_, 64) != 0 || ::pipe(wake_) != 0)
      throw std::runtime_error("the relay cannot listen");
    thread_ = std::thread([this] { work(); });
  }
  ~Relay() {
    {
      std::lock_guard lock(mutex_);
      ended_ = true;
    }
    wake();
    thread_.join();
    for (auto& pair : pairs_)
      shut(pair.client), shut(pair.server);
    shut(listener_), shut(wake_[0]), shut(wake_[1]);
  }
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  /// Returns the server's conninfo with this relay in its way.
  std::string conninfo() const { return database_part_ + " host=" + folder_.path().string() + " port=5432 hostaddr='' sslmode=disable gssencmode=disable"; }

  /// Asked for each append of a lane, on the relay's thread.
  void on_append(std::function<Mishap()> choose) {
    std::lock_guard lock(mutex_);
    choose_ = std::move(choose);
  }
  /// The next append meets this, those after it nothing.
  void next_append(Mishap mishap) {
    on_append([mishap, first = true]() mutable { return std::exchange(first, false) ? mishap : Mishap::none; });
  }
  /// Returns when `count` appends have met a mishap in all.
  bool wait_for_mishaps(int count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds{30}, [&] { return mishaps_ >= count; });
  }
  /// Hands the held requests to their backends and returns when these have answered.
  bool deliver_held() {
    std::unique_lock lock(mutex_);
    deliver_ = true;
    wake();
    return changed_.wait_for(lock, std::chrono::seconds{30}, [&] { return !deliver_ && held_ == 0; });
  }

  /// Hands over what was withheld, and lets new connections through again.
  void thaw() {
    std::lock_guard lock(mutex_);
    for (auto& pair : pairs_)
      if (std::exchange(pair.frozen, false) && pair.server >= 0)
        hand_over(pair.server, std::exchange(pair.withheld, {}));
    isolated_ = false;
    wake();
  }

private:
  struct Pair {
    int client = -1, server = -1;
    bool lane = false, started = false, lose_answer = false, frozen = false, answering = false;
    std::string held;     ///< until deliver_held()
    std::string withheld; ///< until thaw()
    std::string delayed;  ///< until the held ones are answered
  };

  void find_server(const std::string& conninfo) {
    PGconn* connection = PQconnectdb(conninfo.c_str());
    if (PQstatus(connection) != CONNECTION_OK) {
      const std::string why = PQerrorMessage(connection);
      PQfinish(connection);
      throw std::runtime_error("the relay cannot reach PostgreSQL: " + why);
    }
    host_ = PQhost(connection);
    port_ = PQport(connection);
    PQfinish(connection);
  }

  int connect_to_server() const {
    if (host_.starts_with('/')) {
      const int file = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
      sockaddr_un address{};
      address.sun_family = AF_UNIX;
      std::strncpy(address.sun_path, (host_ + "/.s.PGSQL." + port_).c_str(), sizeof address.sun_path - 1);
      if (::connect(file, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0)
        return file;
      ::close(file);
      return -1;
    }
    addrinfo hints{}, *found = nullptr;
    hints.ai_socktype = SOCK_STREAM;
    if (::getaddrinfo(host_.c_str(), port_.c_str(), &hints, &found) != 0)
      return -1;
    int file = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(file, found->ai_addr, found->ai_addrlen) != 0)
      shut(file);
    ::freeaddrinfo(found);
    return file;
  }

  static void shut(int& file) {
    if (file >= 0)
      ::close(file);
    file = -1;
  }
  static void hand_over(int file, std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(file, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0)
        return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  void wake() const {
    if (::write(wake_[1], "x", 1) != 1)
      throw std::runtime_error("the relay's pipe is broken");
  }

  void work() {
    for (;;) {
      std::vector<pollfd> files{{wake_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
      std::vector<Pair*> of_file{nullptr, nullptr};
      for (auto& pair : pairs_)
        for (int file : {pair.client, pair.server})
          if (file >= 0 && !(pair.frozen && file == pair.client)) {
            files.push_back({file, POLLIN, 0});
            of_file.push_back(&pair);
          }
      ::poll(files.data(), files.size(), -1);
      std::lock_guard lock(mutex_);
      if (ended_)
        return;
      if (files[0].revents) {
        char byte[64];
        if (::read(wake_[0], byte, sizeof byte) > 0 && deliver_)
          deliver();
      }
      for (std::size_t at = 2; at < files.size(); ++at)
        if (files[at].revents)
          files[at].fd == of_file[at]->client ? from_client(*of_file[at]) : files[at].fd == of_file[at]->server ? from_server(*of_file[at]) : void();
      if (files[1].revents)
        if (const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC); client >= 0) {
          Pair pair;
          pair.client = client;
          pair.server = connect_to_server();
          if (pair.server < 0 || isolated_)
            shut(pair.client), shut(pair.server);
          pairs_.push_back(std::move(pair));
        }
      pairs_.remove_if([](const Pair& pair) { return pair.client < 0 && pair.server < 0; });
    }
  }

  void from_client(Pair& pair) {
    char buffer[1 << 16];
    const auto got = ::recv(pair.client, buffer, sizeof buffer, 0);
    if (got <= 0) {
      shut(pair.client);
      if (pair.held.empty() && !pair.frozen)
        shut(pair.server);
      return;
    }
    const std::string_view bytes(buffer, static_cast<std::size_t>(got));
    if (!std::exchange(pair.started, true))
      pair.lane = bytes.find("entrepot lane") != bytes.npos; // its start-up packet has its application_name
    using namespace std::string_view_literals;
    const bool append = pair.lane && bytes.find("\0append\0"sv) != bytes.npos && bytes.front() == 'B';
    meet(append && choose_ ? choose_() : Mishap::none, pair, bytes);
  }

  void meet(Mishap mishap, Pair& pair, std::string_view bytes) {
    switch (mishap) {
    case Mishap::none: return hand_over(pair.server, bytes);
    case Mishap::request_lost: shut(pair.client), shut(pair.server); break;
    case Mishap::request_held:
      pair.held = bytes;
      ++held_;
      shut(pair.client);
      break;
    case Mishap::answer_lost:
      hand_over(pair.server, bytes);
      pair.lose_answer = true;
      break;
    case Mishap::cut: hand_over(pair.server, bytes), shut(pair.client), shut(pair.server); break;
    case Mishap::torn:
      hand_over(pair.server, bytes.substr(0, bytes.size() - 5));
      pair.withheld = bytes.substr(bytes.size() - 5);
      pair.frozen = true;
      isolated_ = true;
      break;
    case Mishap::behind_held:
      pair.delayed = bytes;
      deliver();
      hand_over_delayed();
      break;
    }
    ++mishaps_;
    changed_.notify_all();
  }

  void from_server(Pair& pair) {
    char buffer[1 << 16];
    const auto got = ::recv(pair.server, buffer, sizeof buffer, 0);
    if (pair.answering && pair.client < 0) { // to a request that was held
      shut(pair.server);
      --held_;
      hand_over_delayed();
      changed_.notify_all();
      return;
    }
    if (got <= 0 && !pair.held.empty()) { // its backend was terminated before the request came
      pair.held.clear();
      --held_;
      hand_over_delayed();
      changed_.notify_all();
    }
    if (got <= 0 || pair.lose_answer) {
      shut(pair.client), shut(pair.server);
      return;
    }
    if (pair.client >= 0)
      hand_over(pair.client, {buffer, static_cast<std::size_t>(got)});
  }

  void deliver() {
    for (auto& pair : pairs_)
      if (!pair.held.empty()) {
        hand_over(pair.server, pair.held);
        pair.held.clear();
        pair.answering = true;
      }
    deliver_ = false;
    changed_.notify_all();
  }

  void hand_over_delayed() {
    if (held_ == 0)
      for (auto& pair : pairs_)
        if (pair.server >= 0)
          hand_over(pair.server, std::exchange(pair.delayed, {}));
  }

  std::string database_part_, host_, port_;
  TemporaryFolder folder_;
  int listener_ = -1, wake_[2] = {-1, -1};
  std::list<Pair> pairs_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::function<Mishap()> choose_;
  int mishaps_ = 0, held_ = 0;
  bool deliver_ = false, ended_ = false, isolated_ = false;
  std::thread thread_;
};

} // namespace entrepot::test
