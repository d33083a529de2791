#include "gateways/http/session.hpp"

#include <optional>
#include <tuple>
#include <unordered_set>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include "gateways/http/awaited.hpp"
#include "gateways/http/live_body.hpp"
#include "gateways/http/request_reader.hpp"

namespace entrepot::http {
namespace {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;
using Steady = std::chrono::steady_clock;
using boost::system::error_code;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t read_bytes = 8 * 1024; ///< asked of the socket at a time
constexpr std::size_t kept_bytes = 64 * 1024; ///< of memory for answers, from one to the next
constexpr std::string_view heartbeat = ": still here\n\n"; ///< a comment of text/event-stream
constexpr auto never = Steady::time_point::max();

/// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string imf_date(Timestamp at) {
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  auto day = std::chrono::floor<std::chrono::days>(at);
  std::chrono::year_month_day date{day};
  std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(at - day)};
  char text[40];
  std::snprintf(text, sizeof text, "%s, %02u %s %04d %02d:%02d:%02d GMT", days[std::chrono::weekday{day}.c_encoding()],
                static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
  return text;
}

class Session;

} // namespace

struct Loop::Core final : Home, std::enable_shared_from_this<Loop::Core> {
  explicit Core(std::shared_ptr<Shared> its_shared) : shared(std::move(its_shared)) {}

  asio::io_context io{1};
  std::shared_ptr<Shared> shared;
  Tcp::acceptor acceptor{io};
  asio::steady_timer timer{io};
  std::unordered_set<Session*> sessions;
  std::string date;
  Timestamp date_second{};
  bool draining = false;

  asio::awaitable<void> tick();
  asio::awaitable<void> accept(std::vector<std::shared_ptr<Core>> loops);
  void adopt(Tcp protocol, int descriptor, bool welcome);
  void sweep(Steady::time_point now);
  void drain();
  void abandon();
  void end_if_empty() {
    if (draining && sessions.empty())
      timer.cancel();
  }
  bool is_here() override { return io.get_executor().running_in_this_thread(); }
  void post(std::function<void()> work) override { asio::post(io, std::move(work)); }
};

namespace {

/// One connection: reads a request, has it answered, writes, and again.
class Session : public std::enable_shared_from_this<Session> {
public:
  Session(std::shared_ptr<Loop::Core> core, Tcp::socket socket, bool welcome)
      : core_(std::move(core)), options_(core_->shared->options), socket_(std::move(socket)), welcome_(welcome) {
    ++core_->shared->connections;
    core_->sessions.insert(this);
  }

  ~Session() {
    core_->sessions.erase(this);
    --core_->shared->connections;
    core_->end_if_empty();
  }

  asio::awaitable<void> run() {
    error_code ignored;
    socket_.set_option(Tcp::no_delay(true), ignored);
    socket_.non_blocking(true, ignored);
    if (!welcome_) {
      ++core_->shared->turned_away;
      response_ = refusal(503, "too-many-connections", "The server has as many connections as it can serve.");
      auto written = co_await write(response_, false, false);
      if (written)
        co_await linger();
      co_return;
    }
    for (bool more = true; more;) {
      auto outcome = co_await read();
      if (outcome == Read::closed)
        co_return;
      if (outcome == Read::complete)
        co_await answer();
      if (outcome == Read::complete && response_.status == 0)
        co_return;
      if (response_.live && reader_.knows_chunks())
        response_.with("Transfer-Encoding", "chunked");
      auto keep = outcome == Read::complete && reader_.keep_alive() && !response_.close && !response_.live && !core_->draining;
      ++core_->shared->answered;
      auto written = co_await write(response_, keep, request_.method() == Method::head);
      if (response_.live) {
        if (written && request_.method() != Method::head)
          co_await go_on();
        response_.live->close();
      }
      more = written && keep;
      if (outcome == Read::refused)
        co_await linger();
    }
    socket_.shutdown(Tcp::socket::shutdown_send, ignored);
  }

  void sweep(Steady::time_point now) {
    if (now < deadline_)
      return;
    deadline_ = never;
    if (phase_ == Phase::answering) {
      if (awaited_->expire())
        deadline_ = now + options_.answer_time;
      return;
    }
    expired_ = true;
    error_code ignored;
    socket_.cancel(ignored);
  }

  void drain() {
    error_code ignored;
    if (phase_ == Phase::idle)
      socket_.cancel(ignored);
    ring();
  }

  void abandon() {
    error_code ignored;
    abandoned_ = true;
    socket_.close(ignored);
    if (phase_ == Phase::answering)
      awaited_->abandon();
  }

private:
  enum class Phase { idle, reading, answering, writing, flowing, lingering };
  enum class Read { complete, closed, refused };

  void enter(Phase phase, std::chrono::milliseconds time) {
    phase_ = phase;
    expired_ = false;
    deadline_ = Steady::now() + time;
  }

  /// Reads one request into request_; `refused` leaves what to answer in response_.
  asio::awaitable<Read> read() {
    using State = RequestReader::State;
    reader_.begin();
    auto started = buffer_.size() > 0;
    auto in_body = false;
    if (started)
      enter(Phase::reading, options_.header_time);
    else
      enter(Phase::idle, std::exchange(first_, false) ? options_.header_time : options_.idle_time);
    for (;;) {
      auto bytes = buffer_.cdata();
      buffer_.consume(reader_.take({static_cast<const char*>(bytes.data()), bytes.size()}));
      if (reader_.state() == State::complete)
        co_return Read::complete;
      if (reader_.state() == State::refused) {
        response_ = reader_.refusal();
        co_return Read::refused;
      }
      if (reader_.state() == State::reading_body && !std::exchange(in_body, true)) {
        enter(Phase::reading, options_.body_time);
        if (reader_.awaits_go_ahead()) {
          auto sent = co_await send("HTTP/1.1 100 Continue\r\n\r\n");
          if (!sent)
            co_return Read::closed;
        }
      }
      if (!started && core_->draining)
        co_return Read::closed;
      auto [failed, count] = co_await socket_.async_read_some(buffer_.prepare(read_bytes), as_result);
      buffer_.commit(count);
      if (expired_ && started && !abandoned_) {
        ++core_->shared->cut;
        response_ = refusal(408, "request-timed-out", "The request did not arrive in time.");
        response_.close = true;
        co_return Read::refused;
      }
      if (failed || expired_)
        co_return Read::closed;
      if (!std::exchange(started, true))
        enter(Phase::reading, options_.header_time);
    }
  }

  /// Has the request answered: the answer is in response_.
  asio::awaitable<void> answer() {
    auto& shared = *core_->shared;
    if (shared.in_flight >= options_.max_in_flight) {
      ++shared.overloaded;
      response_ = refusal(503, "overloaded", "The server has as many requests under way as it can serve.");
      co_return;
    }
    phase_ = Phase::answering;
    awaited_ = std::make_shared<Awaited>(core_, core_->shared);
    try {
      shared.handler(request_, awaited_->responder());
    } catch (const std::exception& defect) {
      if (options_.defect)
        options_.defect(defect.what());
      response_ = refusal(500, "internal", "The server could not handle the request.");
      co_return;
    }
    auto own = awaited_->deadline_after();
    deadline_ = Steady::now() + (own.count() > 0 ? own : options_.answer_time);
    if (!awaited_->ready())
      co_await sleep_until_ready();
    response_ = awaited_->take();
  }

  /// Suspends until the answer is there. The resumption is kept in a function, which has to be copyable, and it is not: hence the pointer.
  asio::awaitable<void> sleep_until_ready() {
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(
        [this](auto resumption) {
          auto kept = std::make_shared<decltype(resumption)>(std::move(resumption));
          awaited_->when_ready([kept] { std::move (*kept)(); });
        },
        asio::use_awaitable);
  }

  asio::awaitable<bool> write(const Response& response, bool keep_alive, bool head_only) {
    enter(Phase::writing, options_.write_time);
    if (out_.capacity() > kept_bytes)
      out_ = {};
    out_.clear();
    append_head(out_, response, core_->date, keep_alive);
    if (!head_only && !response.live)
      out_ += response.body;
    co_return co_await send(out_);
  }

  /// Sends at once what the socket takes, which is nearly always everything, and waits for the rest.
  asio::awaitable<bool> send(std::string_view text) {
    error_code ec;
    auto sent = socket_.write_some(asio::buffer(text), ec);
    if (sent == text.size())
      co_return true;
    if (ec && ec != asio::error::would_block && ec != asio::error::try_again)
      co_return false;
    auto [failed, count] = co_await asio::async_write(socket_, asio::buffer(text.substr(sent)), as_result);
    co_return !failed;
  }

  /// Sends the body that goes on, until it ends, the client leaves or is too slow, or the server drains.
  asio::awaitable<void> go_on() {
    auto& body = *response_.live;
    auto& shared = *core_->shared;
    ++shared.streams;
    bell_.emplace(core_->io);
    body.attach(core_, [weak = weak_from_this()] {
      if (auto self = weak.lock())
        self->ring();
    });
    asio::co_spawn(
        core_->io, [self = shared_from_this()]() -> asio::awaitable<void> { return self->notice_leaving(); }, asio::detached);
    error_code ignored;
    for (auto more = true; more && !left_ && !abandoned_;) {
      auto taken = body.take();
      auto last = core_->draining || taken.state == LiveBody::State::ended;
      if (taken.state == LiveBody::State::overflowed)
        break;
      if (taken.text.empty() && !last) {
        phase_ = Phase::flowing;
        deadline_ = never;
        bell_->expires_after(options_.heartbeat_time);
        auto [rung] = co_await bell_->async_wait(as_result);
        if (rung)
          continue;
        taken.text = heartbeat;
      }
      enter(Phase::writing, options_.write_time);
      more = co_await send(chunk(taken.text, last)) && !last;
    }
    if (expired_ || body.state() == LiveBody::State::overflowed)
      ++shared.cut;
    --shared.streams;
    deadline_ = never;
    socket_.shutdown(Tcp::socket::shutdown_send, ignored);
    socket_.close(ignored); // ends notice_leaving(), too
  }

  /// Returns the text as the wire wants it. HTTP/1.0 knows no chunks: there the end of the connection is the end of the body.
  std::string_view chunk(std::string_view text, bool last) {
    out_.clear();
    if (!reader_.knows_chunks()) {
      out_ += text;
      return out_;
    }
    char size[24];
    if (!text.empty())
      out_.append(size, static_cast<std::size_t>(std::snprintf(size, sizeof size, "%zx\r\n", text.size()))).append(text).append("\r\n");
    if (last)
      out_ += "0\r\n\r\n";
    return out_;
  }

  /// Reads what a client of a stream may still say, which is nothing that matters, until it goes.
  asio::awaitable<void> notice_leaving() {
    for (auto failed = error_code{}; !failed;) {
      buffer_.clear();
      std::tie(failed, std::ignore) = co_await socket_.async_read_some(buffer_.prepare(read_bytes), as_result);
    }
    left_ = true;
    ring();
  }

  /// Something about the stream has changed: looks at it now. A client that is too slow is cut, even in the middle of a write.
  void ring() {
    if (!bell_)
      return;
    error_code ignored;
    if (left_ || (response_.live && response_.live->state() == LiveBody::State::overflowed))
      socket_.close(ignored);
    bell_->cancel();
  }

  /// Reads on for a moment and forgets it: closing with unread bytes would reset the connection before the client has read why.
  asio::awaitable<void> linger() {
    enter(Phase::lingering, options_.linger_time);
    error_code ignored;
    socket_.shutdown(Tcp::socket::shutdown_send, ignored);
    while (!expired_) {
      buffer_.clear();
      auto [failed, count] = co_await socket_.async_read_some(buffer_.prepare(read_bytes), as_result);
      if (failed)
        co_return;
    }
  }

  std::shared_ptr<Loop::Core> core_;
  const ServerOptions& options_;
  Tcp::socket socket_;
  bool welcome_;
  bool first_ = true, expired_ = false, abandoned_ = false;
  bool left_ = false; ///< the client of a stream has gone
  Phase phase_ = Phase::idle;
  Steady::time_point deadline_ = never;
  boost::beast::flat_buffer buffer_;
  Request request_;
  RequestReader reader_{request_};
  Response response_;
  std::shared_ptr<Awaited> awaited_;
  std::string out_;
  std::optional<asio::steady_timer> bell_; ///< of a stream: rings when there is something to do, and for the heartbeat
};

} // namespace

asio::awaitable<void> Loop::Core::tick() {
  while (!(draining && sessions.empty())) {
    if (shared->options.clock) {
      auto second = Timestamp{std::chrono::floor<std::chrono::seconds>(shared->options.clock())};
      if (second != std::exchange(date_second, second))
        date = imf_date(second);
    }
    sweep(Steady::now());
    timer.expires_after(shared->options.tick);
    co_await timer.async_wait(as_result);
  }
}

asio::awaitable<void> Loop::Core::accept(std::vector<std::shared_ptr<Core>> loops) {
  auto protocol = acceptor.local_endpoint().protocol();
  for (std::size_t next = 0; !draining;) {
    auto [failed, socket] = co_await acceptor.async_accept(as_result);
    if (!acceptor.is_open())
      co_return;
    if (failed) { // out of descriptors, most likely: those who are here have to go first
      asio::steady_timer pause(io, shared->options.tick);
      co_await pause.async_wait(as_result);
      continue;
    }
    auto welcome = shared->connections < shared->options.max_connections;
    auto& loop = loops[next++ % loops.size()];
    auto descriptor = socket.release();
    if (loop.get() == this)
      adopt(protocol, descriptor, welcome);
    else
      asio::post(loop->io, [weak = std::weak_ptr(loop), protocol, descriptor, welcome] {
        if (auto there = weak.lock())
          there->adopt(protocol, descriptor, welcome);
      });
  }
}

void Loop::Core::adopt(Tcp protocol, int descriptor, bool welcome) {
  Tcp::socket socket(io, protocol, descriptor);
  if (draining)
    return;
  auto session = std::make_shared<Session>(shared_from_this(), std::move(socket), welcome);
  asio::co_spawn(
      io, [session]() -> asio::awaitable<void> { return session->run(); }, asio::detached);
}

void Loop::Core::sweep(Steady::time_point now) {
  for (auto* session : sessions)
    session->sweep(now);
}

void Loop::Core::drain() {
  error_code ignored;
  draining = true;
  acceptor.close(ignored);
  for (auto* session : sessions)
    session->drain();
  end_if_empty();
}

void Loop::Core::abandon() {
  drain();
  auto all = sessions; // a session may end while we go through them
  for (auto* session : all)
    if (sessions.contains(session))
      session->abandon();
}

Loop::Loop(std::shared_ptr<Shared> shared) : core_(std::make_shared<Core>(std::move(shared))) {}
Loop::~Loop() = default;

std::uint16_t Loop::listen(std::span<const std::unique_ptr<Loop>> loops) {
  const auto& options = core_->shared->options;
  error_code ec;
  auto address = asio::ip::make_address(options.address, ec);
  if (ec)
    throw std::runtime_error("cannot listen: '" + options.address + "' is not an IP address");
  Tcp::endpoint endpoint(address, options.port);
  auto& acceptor = core_->acceptor;
  acceptor.open(endpoint.protocol(), ec);
  if (!ec)
    acceptor.set_option(asio::socket_base::reuse_address(true), ec);
  if (!ec)
    acceptor.bind(endpoint, ec);
  if (!ec)
    acceptor.listen(asio::socket_base::max_listen_connections, ec);
  if (ec)
    throw std::runtime_error("cannot listen on " + options.address + " port " + std::to_string(options.port) + ": " + ec.message());
  std::vector<std::shared_ptr<Core>> cores;
  for (const auto& loop : loops)
    cores.push_back(loop->core_);
  asio::co_spawn(core_->io, core_->accept(std::move(cores)), asio::detached);
  return acceptor.local_endpoint().port();
}

void Loop::run() {
  asio::co_spawn(core_->io, core_->tick(), asio::detached);
  core_->io.run();
}

// What is posted to a loop that has ended lies there for ever: it must not keep the loop alive.

void Loop::drain() {
  asio::post(core_->io, [weak = std::weak_ptr(core_)] {
    if (auto core = weak.lock())
      core->drain();
  });
}

void Loop::abandon() {
  asio::post(core_->io, [weak = std::weak_ptr(core_)] {
    if (auto core = weak.lock())
      core->abandon();
  });
}

} // namespace entrepot::http
