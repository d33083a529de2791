#include "tests/bench/load.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <vector>

#include "tests/bench/http_answer.hpp"

namespace entrepot::bench {
namespace {

using namespace std::chrono_literals;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

/// One customer: a connection, and the request it waits for.
struct Client {
  enum class State : std::uint8_t { idle, connecting, sending, waiting, backing_off, finished } state = State::idle;
  int index = 0;
  int socket = -1;
  bool wants_out = false; ///< asks epoll for room to send, too
  int attempts = 0;
  bool in_window = false; ///< the request was begun while measuring
  std::string request;
  std::size_t sent = 0;
  std::string in = std::string(16 * 1024, '\0');
  std::size_t received = 0;
  AnswerHead head;
  Steady::time_point meant; ///< when the request was to be sent
  Steady::time_point wake;  ///< end of the back-off, or of the patience for an answer
};

class Driver {
public:
  Driver(const Load& load, Work& work);
  ~Driver();
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;
  Driven run();

private:
  // A request's way: begin -> transmit -> (receive) -> complete, or miscarry -> back off -> transmit
  void begin(Client& client, Steady::time_point meant);
  void transmit(Client& client);
  void connect(Client& client);
  void fail_to_connect(Client& client, int error);
  void send_rest(Client& client);
  void receive(Client& client);
  void take_answer(Client& client);
  void complete(Client& client);
  void miscarry(Client& client, const std::string& why);
  void finish_request(Client& client);

  void on_event(Client& client, std::uint32_t events);
  void on_time();
  void start_what_is_due();
  void sweep();
  bool over() const;
  timespec patience() const;
  void watch(Client& client, bool out);
  void disconnect(Client& client);
  Steady::time_point meant_at(std::uint64_t number) const;

  const Load& load_;
  Work& work_;
  Driven driven_;
  addrinfo* addresses_ = nullptr;
  addrinfo* address_ = nullptr; ///< the one that is tried: "localhost" has two
  int epoll_ = -1;
  std::vector<std::unique_ptr<Client>> clients_;
  std::deque<Client*> free_; ///< with a rate: who may send next
  std::uint64_t begun_ = 0;  ///< with a rate: requests begun
  int busy_ = 0, backing_off_ = 0;
  bool exhausted_ = false; ///< the work has no more requests
  bool measuring_ = false, ended_ = false;
  Steady::time_point now_, start_, window_start_, window_end_, next_sweep_, next_progress_, last_answer_;
};

Driver::Driver(const Load& load, Work& work) : load_(load), work_(work) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  if (int error = getaddrinfo(load.to.host.c_str(), load.to.port.c_str(), &hints, &addresses_); error != 0)
    throw std::system_error(std::make_error_code(std::errc::host_unreachable), load.to.authority() + ": " + gai_strerror(error));
  address_ = addresses_;
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  if (epoll_ < 0) {
    freeaddrinfo(addresses_);
    fail("epoll");
  }
  for (int i = 0; i < load.clients; ++i) {
    clients_.push_back(std::make_unique<Client>());
    clients_.back()->index = i;
  }
}

Driver::~Driver() {
  for (auto& client : clients_)
    if (client->socket >= 0)
      ::close(client->socket);
  ::close(epoll_);
  freeaddrinfo(addresses_);
}

Driven Driver::run() {
  now_ = start_ = last_answer_ = Steady::now();
  window_start_ = start_ + load_.warm_up;
  window_end_ = window_start_ + load_.duration;
  next_sweep_ = next_progress_ = start_;
  on_time();
  for (auto& client : clients_) {
    if (load_.rate > 0)
      free_.push_back(client.get());
    else
      begin(*client, now_);
  }
  std::vector<epoll_event> events(std::min<std::size_t>(clients_.size(), 1024));
  while (!over()) {
    start_what_is_due();
    timespec wait = patience();
    int count = epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &wait, nullptr);
    if (count < 0 && errno != EINTR)
      fail("epoll_pwait2");
    now_ = Steady::now();
    on_time();
    for (int i = 0; i < count; ++i)
      on_event(*static_cast<Client*>(events[static_cast<std::size_t>(i)].data.ptr), events[static_cast<std::size_t>(i)].events);
  }
  now_ = Steady::now();
  for (auto& client : clients_)
    if (client->state != Client::State::idle && client->state != Client::State::finished) {
      ++driven_.unanswered;
      if (client->in_window)
        driven_.latencies.add(now_ - client->meant);
      work_.unanswered(client->index, "no answer before the end");
    }
  if (!ended_) { // the work ended before its time
    driven_.seconds = std::chrono::duration<double>(std::max(last_answer_ - window_start_, Steady::duration{})).count();
    if (measuring_ && load_.on_end)
      load_.on_end();
  }
  return std::move(driven_);
}

/// Opens and closes the measured window, sweeps, shows progress.
void Driver::on_time() {
  if (!measuring_ && !ended_ && now_ >= window_start_) {
    measuring_ = true;
    driven_.latencies.reserve(1 << 20);
    if (load_.on_start)
      load_.on_start();
    now_ = window_start_ = Steady::now(); // what it took is not measured
    window_end_ = window_start_ + load_.duration;
  }
  if (measuring_ && now_ >= window_end_) {
    measuring_ = false;
    ended_ = true;
    driven_.seconds = std::chrono::duration<double>(now_ - window_start_).count();
    if (load_.on_end)
      load_.on_end();
  }
  if (now_ >= next_sweep_) {
    next_sweep_ = now_ + 2ms;
    sweep();
  }
  if (load_.progress && now_ >= next_progress_) {
    next_progress_ = now_ + 100ms;
    load_.progress(std::min(1.0, std::chrono::duration<double>(now_ - start_) / std::chrono::duration<double>(window_end_ - start_)),
                   driven_.answers);
  }
}

bool Driver::over() const {
  if (!ended_ && !exhausted_)
    return false;
  if (busy_ == 0)
    return true;
  auto end = ended_ ? window_end_ : last_answer_;
  return now_ >= end + (load_.ride_out ? ride_out_drain_timeout : drain_timeout);
}

Steady::time_point Driver::meant_at(std::uint64_t number) const {
  return start_ + std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>(static_cast<double>(number) / load_.rate));
}

void Driver::start_what_is_due() {
  if (load_.rate <= 0)
    return;
  while (!free_.empty() && !ended_ && !exhausted_) {
    auto meant = meant_at(begun_);
    if (meant > now_)
      return;
    Client& client = *free_.front();
    free_.pop_front();
    ++begun_;
    if (now_ - meant > 1ms)
      ++driven_.late;
    begin(client, meant);
  }
}

/// How long epoll may wait: until the next request is due, at most 2 ms while somebody backs off, at most 50 ms.
timespec Driver::patience() const {
  Steady::duration wait = backing_off_ > 0 ? Steady::duration(2ms) : Steady::duration(50ms);
  if (!ended_)
    wait = std::min(wait, (measuring_ ? window_end_ : window_start_) - now_);
  if (load_.rate > 0 && !free_.empty() && !ended_ && !exhausted_)
    wait = std::min(wait, meant_at(begun_) - Steady::now());
  auto nanoseconds = std::max<std::int64_t>(0, std::chrono::nanoseconds(wait).count());
  return {static_cast<time_t>(nanoseconds / 1'000'000'000), static_cast<long>(nanoseconds % 1'000'000'000)};
}

/// Wakes who has backed off long enough, and gives up connections that have been silent for too long.
void Driver::sweep() {
  for (auto& client : clients_) {
    if (client->wake > now_)
      continue;
    if (client->state == Client::State::backing_off) {
      --backing_off_;
      transmit(*client);
    } else if (client->state == Client::State::connecting || client->state == Client::State::sending || client->state == Client::State::waiting) {
      miscarry(*client, "no answer for " + std::to_string(answer_timeout.count()) + " s");
    }
  }
}

void Driver::begin(Client& client, Steady::time_point meant) {
  if (ended_ || exhausted_ || !work_.next(client.index, client.request)) {
    exhausted_ = exhausted_ || !ended_;
    client.state = Client::State::finished;
    return;
  }
  ++busy_;
  client.attempts = 0;
  client.meant = meant;
  client.in_window = measuring_;
  transmit(client);
}

void Driver::transmit(Client& client) {
  if (client.attempts++ > 0)
    ++driven_.retries;
  client.sent = client.received = 0;
  client.head = {};
  client.wake = now_ + answer_timeout;
  if (client.socket < 0)
    connect(client);
  else
    send_rest(client);
}

void Driver::connect(Client& client) {
  client.state = Client::State::connecting;
  client.socket = ::socket(address_->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (client.socket < 0)
    fail("socket");
  int on = 1;
  setsockopt(client.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(client.socket, address_->ai_addr, address_->ai_addrlen) != 0 && errno != EINPROGRESS) {
    fail_to_connect(client, errno);
    return;
  }
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT;
  event.data.ptr = &client;
  client.wants_out = true;
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, client.socket, &event) != 0)
    fail("epoll_ctl");
}

void Driver::fail_to_connect(Client& client, int error) {
  address_ = address_->ai_next ? address_->ai_next : addresses_;
  miscarry(client, std::string("connect: ") + std::strerror(error));
}

void Driver::send_rest(Client& client) {
  client.state = Client::State::sending;
  while (client.sent < client.request.size()) {
    auto count = ::send(client.socket, client.request.data() + client.sent, client.request.size() - client.sent, MSG_NOSIGNAL);
    if (count >= 0) {
      client.sent += static_cast<std::size_t>(count);
    } else if (errno == EAGAIN) {
      watch(client, true);
      return;
    } else if (errno != EINTR) {
      miscarry(client, std::string("send: ") + std::strerror(errno));
      return;
    }
  }
  watch(client, false);
  client.state = Client::State::waiting;
}

void Driver::on_event(Client& client, std::uint32_t events) {
  if (client.socket < 0)
    return; // given up by an earlier event of this round
  if (client.state == Client::State::connecting) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(client.socket, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0)
      fail_to_connect(client, error);
    else if (events & EPOLLOUT)
      send_rest(client);
  } else if (client.state == Client::State::sending && (events & EPOLLOUT)) {
    send_rest(client);
  } else if (events & (EPOLLIN | EPOLLERR | EPOLLHUP)) {
    receive(client);
  }
}

void Driver::receive(Client& client) {
  if (client.received == client.in.size())
    client.in.resize(client.in.size() * 2);
  auto count = ::recv(client.socket, client.in.data() + client.received, client.in.size() - client.received, 0);
  if (count < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  if (client.state != Client::State::waiting && client.state != Client::State::sending) {
    disconnect(client); // closed, or bytes nobody asked for, between two requests: the next one finds a new connection
    return;
  }
  if (count <= 0) {
    miscarry(client, count == 0 ? "the connection was closed without an answer" : std::string("receive: ") + std::strerror(errno));
    return;
  }
  client.received += static_cast<std::size_t>(count);
  take_answer(client);
}

void Driver::take_answer(Client& client) {
  if (client.head.kind == AnswerHead::Kind::incomplete)
    client.head = read_head({client.in.data(), client.received});
  const AnswerHead& head = client.head;
  bool too_large = client.received >= largest_answer || head.body_bytes >= largest_answer;
  if (head.kind == AnswerHead::Kind::not_understood || too_large) {
    miscarry(client, too_large ? "the answer is too large" : "the answer is not understood");
    return;
  }
  if (head.kind == AnswerHead::Kind::incomplete || client.received < head.head_bytes + head.body_bytes)
    return;
  bool again = head.http >= 500 || head.http == 429;
  if (again && (load_.ride_out || client.attempts < attempts_at_most)) {
    miscarry(client, "HTTP " + std::to_string(head.http));
    return;
  }
  complete(client);
}

void Driver::complete(Client& client) {
  last_answer_ = now_ = Steady::now();
  Answer answer{.http = client.head.http,
                .body = std::string_view(client.in).substr(client.head.head_bytes, client.head.body_bytes),
                .latency = now_ - client.meant,
                .attempts = client.attempts,
                .counts = measuring_ && now_ < window_end_};
  if (answer.counts)
    ++driven_.answers;
  if (client.in_window)
    driven_.latencies.add(answer.latency);
  work_.answered(client.index, answer);
  if (client.head.closes || client.sent < client.request.size()) // answered before it had read everything: what follows would be misread
    disconnect(client);
  finish_request(client);
}

/// The request has no answer yet: it is sent again later, or given up.
void Driver::miscarry(Client& client, const std::string& why) {
  bool connection_is_good = client.head.kind == AnswerHead::Kind::complete && !client.head.closes && client.state == Client::State::waiting;
  if (!connection_is_good)
    disconnect(client);
  if (!load_.ride_out && client.attempts >= attempts_at_most) {
    ++driven_.unanswered;
    if (client.in_window)
      driven_.latencies.add(now_ - client.meant);
    work_.unanswered(client.index, why);
    finish_request(client);
    return;
  }
  auto pause = std::min<Steady::duration>(longest_back_off, first_back_off * (1 << std::min(client.attempts - 1, 10)));
  client.wake = now_ + pause + std::chrono::microseconds(client.index % 64 * 150); // not all at once
  client.state = Client::State::backing_off;
  ++backing_off_;
}

void Driver::finish_request(Client& client) {
  --busy_;
  client.state = Client::State::idle;
  if (load_.rate > 0)
    free_.push_back(&client);
  else
    begin(client, now_);
}

void Driver::watch(Client& client, bool out) {
  if (client.wants_out == out)
    return;
  epoll_event event{};
  event.events = EPOLLIN | (out ? static_cast<std::uint32_t>(EPOLLOUT) : 0u);
  event.data.ptr = &client;
  client.wants_out = out;
  if (epoll_ctl(epoll_, EPOLL_CTL_MOD, client.socket, &event) != 0)
    fail("epoll_ctl");
}

void Driver::disconnect(Client& client) {
  if (client.socket >= 0)
    ::close(client.socket);
  client.socket = -1;
  client.wants_out = false;
}

} // namespace

Endpoint endpoint_of(std::string_view url) {
  constexpr std::string_view scheme = "http://";
  if (url.substr(0, scheme.size()) != scheme)
    throw std::invalid_argument("the load client needs a URL of the form http://host:port, not \"" + std::string(url) + "\"");
  std::string_view authority = url.substr(scheme.size());
  if (!authority.empty() && authority.back() == '/')
    authority.remove_suffix(1);
  if (authority.empty() || authority.find_first_of("/?#@") != std::string_view::npos)
    throw std::invalid_argument("the load client needs a URL of the form http://host:port, not \"" + std::string(url) + "\"");
  std::size_t colon = authority.rfind(':');
  if (colon == std::string_view::npos)
    return {std::string(authority), "80"};
  return {std::string(authority.substr(0, colon)), std::string(authority.substr(colon + 1))};
}

Driven drive(const Load& load, Work& work) { return Driver(load, work).run(); }

} // namespace entrepot::bench
