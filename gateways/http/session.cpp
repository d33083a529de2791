#include "gateways/http/session.hpp"

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
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/rfc7230.hpp>

namespace entrepot::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Tcp = asio::ip::tcp;
using Steady = std::chrono::steady_clock;
using beast::error_code;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t read_bytes = 8 * 1024; ///< asked of the socket at a time
constexpr auto never = Steady::time_point::max();

Method method_from(beast::http::verb verb) {
  switch (verb) {
  case beast::http::verb::get: return Method::get;
  case beast::http::verb::head: return Method::head;
  case beast::http::verb::post: return Method::post;
  case beast::http::verb::put: return Method::put;
  case beast::http::verb::patch: return Method::patch;
  case beast::http::verb::delete_: return Method::del;
  case beast::http::verb::options: return Method::options;
  default: return Method::other;
  }
}

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

/// Beast's grammar, our memory: fields go straight into the Request, without a node for each.
class RequestParser final : public beast::http::basic_parser<true> {
public:
  explicit RequestParser(Request& into) : into_(into) {
    eager(true);
    header_limit(limits::header_bytes);
    body_limit(limits::body_bytes);
  }
  bool is_1_1() const { return version_ == 11; }

private:
  void on_request_impl(beast::http::verb verb, beast::string_view, beast::string_view target, int version, error_code&) override {
    version_ = version;
    into_.start(method_from(verb), view(target));
  }
  void on_response_impl(int, beast::string_view, int, error_code&) override {}
  void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value, error_code&) override {
    into_.add_header(view(name), view(value));
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    if (length) // the limit has been checked by now; what is announced is not yet there, so only a part is set aside
      into_.body().reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*length, 64 * 1024)));
  }
  std::size_t on_body_impl(beast::string_view body, error_code&) override {
    into_.body().append(body.data(), body.size());
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view body, error_code& ec) override {
    if (into_.body().size() + body.size() > limits::body_bytes) {
      ec = beast::http::error::body_limit;
      return 0;
    }
    return on_body_impl(body, ec);
  }
  void on_finish_impl(error_code&) override {}

  Request& into_;
  int version_ = 0;
};

/// What to tell a client whose bytes are no request of ours.
Response refusal_for(const error_code& ec) {
  Response response;
  if (ec == beast::http::error::body_limit)
    response = refusal(413, "body-too-large", "The body is larger than " + std::to_string(limits::body_bytes) + " bytes.");
  else if (ec == beast::http::error::header_limit)
    response = refusal(431, "headers-too-large", "Request line and headers are larger than " + std::to_string(limits::header_bytes) + " bytes.");
  else
    response = refusal(400, "http-malformed", "This is not an HTTP/1.1 request.");
  response.close = true;
  return response;
}

/// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string imf_date(Timestamp at) {
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  auto day = std::chrono::floor<std::chrono::days>(at);
  std::chrono::year_month_day date{day};
  std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(at - day)};
  char text[40];
  std::snprintf(text, sizeof text, "%s, %02u %s %04d %02d:%02d:%02d GMT", days[std::chrono::weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
                months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
  return text;
}

class Session;

} // namespace

struct Loop::Core : std::enable_shared_from_this<Loop::Core> {
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
  bool is_here() { return io.get_executor().running_in_this_thread(); }
};

namespace {

/// The answer to one request, and the coroutine that waits for it.
class Awaited final : public Slot, public std::enable_shared_from_this<Awaited> {
public:
  explicit Awaited(std::shared_ptr<Loop::Core> core) : core_(core), shared_(core->shared) {}

  /// Returns a new handle on it, which counts as a request in flight as long as anybody holds it.
  Responder responder() {
    ++shared_->in_flight;
    std::shared_ptr<void> counted(nullptr, [shared = shared_](void*) { --shared->in_flight; });
    return {shared_from_this(), std::move(counted)};
  }

  void complete(std::function<Response()> render) override {
    if (taken_.exchange(true))
      return;
    auto core = core_.lock();
    if (!core)
      return; // the server has gone, and the connection with it
    if (!waiting_for_post_ && core->is_here())
      return deliver(render);
    asio::post(core->io, [self = shared_from_this(), render = std::move(render)] { self->deliver(render); });
  }

  void at_deadline(std::chrono::milliseconds after, std::function<void(Responder)> act) override {
    deadline_after = after;
    act_ = std::move(act);
  }

  // From here on: on the loop's thread only.

  /// The request's time is up. Returns whether it has got more.
  bool expire() {
    if (auto act = std::exchange(act_, nullptr)) {
      act(responder());
      return true;
    }
    if (!taken_.exchange(true)) {
      ++shared_->timed_out;
      deliver([] { return refusal(503, "timed-out", "Nobody answered in time. The request may still be carried out; send it again with the same key to learn."); });
    }
    return false;
  }

  void abandon() {
    if (!taken_.exchange(true))
      deliver([] { return refusal(503, "unavailable", "The server is going down."); });
  }

  /// Suspends until there is an answer.
  asio::awaitable<void> wait() {
    if (ready_)
      co_return;
    waiting_for_post_ = true;
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(
        [this](auto handler) { waiter_ = std::make_unique<WaiterOf<decltype(handler)>>(std::move(handler)); }, asio::use_awaitable);
  }

  Response take() { return std::move(response_); }
  std::chrono::milliseconds deadline_after{0}; ///< 0: the server's own

private:
  struct Waiter {
    virtual ~Waiter() = default;
    virtual void resume() = 0;
  };
  template <class Resumption> // Boost 1.81 has no any_completion_handler
  struct WaiterOf final : Waiter {
    explicit WaiterOf(Resumption its) : resumption(std::move(its)) {}
    void resume() override { std::move(resumption)(); }
    Resumption resumption;
  };

  void deliver(const std::function<Response()>& render) {
    try {
      response_ = render();
    } catch (const std::exception& defect) {
      if (shared_->options.defect)
        shared_->options.defect(defect.what());
      response_ = refusal(500, "internal", "The server could not make an answer.");
    }
    ready_ = true;
    act_ = nullptr; // it may hold on to us
    if (auto waiter = std::exchange(waiter_, nullptr))
      waiter->resume();
  }

  std::weak_ptr<Loop::Core> core_;
  std::shared_ptr<Shared> shared_;
  std::atomic<bool> taken_{false};
  std::atomic<bool> waiting_for_post_{false}; ///< the coroutine sleeps: it is woken by a post, never from inside another call
  bool ready_ = false;
  Response response_;
  std::unique_ptr<Waiter> waiter_;
  std::function<void(Responder)> act_;
};

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
      parser_.emplace(request_);
      auto outcome = co_await read();
      if (outcome == Read::closed)
        co_return;
      if (outcome == Read::complete)
        co_await answer();
      auto keep = outcome == Read::complete && parser_->keep_alive() && !response_.close && !core_->draining;
      ++core_->shared->answered;
      auto written = co_await write(response_, keep, request_.method() == Method::head);
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
  }

  void abandon() {
    error_code ignored;
    abandoned_ = true;
    socket_.close(ignored);
    if (phase_ == Phase::answering)
      awaited_->abandon();
  }

private:
  enum class Phase { idle, reading, answering, writing, lingering };
  enum class Read { complete, closed, refused };

  void enter(Phase phase, std::chrono::milliseconds time) {
    phase_ = phase;
    expired_ = false;
    deadline_ = Steady::now() + time;
  }

  /// Reads one request into request_; `refused` leaves what to answer in response_.
  asio::awaitable<Read> read() {
    request_.clear();
    auto started = buffer_.size() > 0;
    auto in_body = false;
    if (started)
      enter(Phase::reading, options_.header_time);
    else
      enter(Phase::idle, std::exchange(first_, false) ? options_.header_time : options_.idle_time);
    for (;;) {
      error_code ec;
      while (buffer_.size() > 0 && !parser_->is_done()) {
        auto used = parser_->put(buffer_.data(), ec);
        buffer_.consume(used);
        if (ec || used == 0)
          break;
      }
      if (ec && ec != beast::http::error::need_more) {
        response_ = refusal_for(ec);
        co_return Read::refused;
      }
      if (parser_->is_done())
        co_return is_ours() ? Read::complete : Read::refused;
      if (parser_->is_header_done() && !std::exchange(in_body, true)) {
        enter(Phase::reading, options_.body_time);
        if (beast::iequals(request_.header("expect"), "100-continue")) {
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

  /// Rules of HTTP/1.1 that the parser leaves to us.
  bool is_ours() {
    if (parser_->is_1_1() && request_.count("host") != 1)
      response_ = refusal(400, "host-invalid", "An HTTP/1.1 request has one Host header.");
    else if (request_.count("content-length") > 1)
      response_ = refusal(400, "http-malformed", "A request has one Content-Length.");
    else
      return true;
    response_.close = true;
    return false;
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
    awaited_ = std::make_shared<Awaited>(core_);
    try {
      shared.handler(request_, awaited_->responder());
    } catch (const std::exception& defect) {
      if (options_.defect)
        options_.defect(defect.what());
      response_ = refusal(500, "internal", "The server could not handle the request.");
      co_return;
    }
    deadline_ = Steady::now() + (awaited_->deadline_after.count() > 0 ? awaited_->deadline_after : options_.answer_time);
    co_await awaited_->wait();
    response_ = awaited_->take();
  }

  asio::awaitable<bool> write(const Response& response, bool keep_alive, bool head_only) {
    enter(Phase::writing, options_.write_time);
    out_.clear();
    append_head(out_, response, core_->date, keep_alive);
    if (!head_only)
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
  Phase phase_ = Phase::idle;
  Steady::time_point deadline_ = never;
  beast::flat_buffer buffer_;
  std::optional<RequestParser> parser_;
  Request request_;
  Response response_;
  std::shared_ptr<Awaited> awaited_;
  std::string out_;
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
      asio::post(loop->io, [loop, protocol, descriptor, welcome] { loop->adopt(protocol, descriptor, welcome); });
  }
}

void Loop::Core::adopt(Tcp protocol, int descriptor, bool welcome) {
  Tcp::socket socket(io, protocol, descriptor);
  if (draining)
    return;
  auto session = std::make_shared<Session>(shared_from_this(), std::move(socket), welcome);
  asio::co_spawn(io, [session]() -> asio::awaitable<void> { return session->run(); }, asio::detached);
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

void Loop::drain() {
  asio::post(core_->io, [core = core_] { core->drain(); });
}

void Loop::abandon() {
  asio::post(core_->io, [core = core_] { core->abandon(); });
}

} // namespace entrepot::http
