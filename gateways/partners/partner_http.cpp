#include "gateways/partners/partner_http.hpp"

#include <algorithm>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/connect.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "domain/check.hpp"
#include "gateways/partners/circuit_breaker.hpp"

namespace entrepot::partners {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Tcp = asio::ip::tcp;
using Steady = std::chrono::steady_clock;
using boost::system::error_code;

constexpr std::size_t read_bytes = 2 * 1024;     ///< asked of the socket at a time: an answer is smaller
constexpr std::uint32_t header_bytes = 8 * 1024; ///< of an answer
constexpr std::uint64_t body_bytes = 64 * 1024;  ///< of an answer

/// One question under way.
struct Pending {
  std::string message;
  PartnerHttp::Reply reply;
  Steady::time_point deadline;
  bool again = false; ///< its first connection was closed before a byte of it was written
};
using PendingPtr = std::unique_ptr<Pending>;

/// Beast's grammar without its map of headers: nothing of the head matters but the status.
class AnswerParser final : public beast::http::basic_parser<false> {
public:
  AnswerParser() {
    eager(true);
    header_limit(header_bytes);
    body_limit(body_bytes);
  }
  int status() const { return status_; }
  const std::string& body() const { return body_; }

private:
  void on_request_impl(beast::http::verb, beast::string_view, beast::string_view, int, error_code&) override {}
  void on_response_impl(int code, beast::string_view, int, error_code&) override { status_ = code; }
  void on_field_impl(beast::http::field, beast::string_view, beast::string_view, error_code&) override {}
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(beast::string_view text, error_code&) override {
    body_.append(text.data(), text.size());
    return text.size();
  }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view text, error_code&) override {
    body_.append(text.data(), text.size());
    return text.size();
  }
  void on_finish_impl(error_code&) override {}

  int status_ = 0;
  std::string body_;
};

class Connection;

} // namespace

/// What lives on the thread: connections, the queue, the breaker. Everything but submit() and stop() runs there.
class PartnerHttp::Core : public std::enable_shared_from_this<Core> {
public:
  explicit Core(PartnerHttpOptions its_options);

  void run();
  void submit(std::string message, Reply reply);
  void stop();
  bool is_here() { return io.get_executor().running_in_this_thread(); }

  void answered(PendingPtr pending, int status, const std::string& body);
  void failed(PendingPtr pending);
  void again(PendingPtr pending);
  void released(const std::shared_ptr<Connection>& connection);
  void gone(const Connection* connection);

  const PartnerHttpOptions options;
  asio::io_context io{1};
  Tcp::resolver::results_type addresses;
  std::string host;

private:
  void take_inbox();
  void dispatch(PendingPtr pending);
  void start(PendingPtr pending);
  void next();
  void tick();
  void end();
  void count_failure();

  CircuitBreaker breaker_;
  std::vector<std::shared_ptr<Connection>> connections_;
  std::vector<std::shared_ptr<Connection>> idle_; // the one used last is taken first: the others may grow cold and go
  std::deque<PendingPtr> waiting_;
  asio::steady_timer timer_{io};
  bool ended_ = false;

  std::mutex mutex_;
  std::vector<PendingPtr> inbox_; // from any thread; a wake-up is posted when it stops being empty
};

namespace {

void tell_silence(Pending& pending) { pending.reply(0, {}); }

/// One connection, kept alive. A read is always pending, so that a connection the provider closes is known as soon as it can be.
class Connection : public std::enable_shared_from_this<Connection> {
public:
  using Core = PartnerHttp::Core;

  explicit Connection(const std::shared_ptr<Core>& core) : core_(core), socket_(core->io) {}

  void connect(PendingPtr pending) {
    pending_ = std::move(pending);
    asio::async_connect(socket_, core_->addresses, [self = shared_from_this()](error_code ec, const Tcp::endpoint&) {
      if (self->closed_)
        return;
      if (ec)
        return self->close();
      self->socket_.set_option(Tcp::no_delay(true), ec);
      self->socket_.non_blocking(true, ec);
      self->read();
      self->send();
    });
  }

  /// @pre it is idle
  void ask(PendingPtr pending) {
    pending_ = std::move(pending);
    reused_ = true;
    send();
  }

  bool is_idle() const { return !pending_; }

  void sweep(Steady::time_point now) {
    if (pending_ ? now >= pending_->deadline : now - since_ >= core_->options.idle_time)
      close();
  }

  /// Closes; whoever waits for an answer gets none.
  void close() {
    if (std::exchange(closed_, true))
      return;
    error_code ignored;
    socket_.close(ignored);
    auto core = core_;
    auto pending = std::move(pending_);
    core->gone(this);
    if (pending)
      core->failed(std::move(pending));
  }

private:
  /// Writes at once what the socket takes, which is nearly always everything.
  void send() {
    parser_ = std::make_unique<AnswerParser>();
    error_code ec;
    out_ = pending_->message; // a copy: if the connection is found closed, the question goes to another one
    auto sent = socket_.write_some(asio::buffer(out_), ec);
    if (ec && ec != asio::error::would_block && ec != asio::error::try_again)
      return broken_before_a_byte();
    writing_ = sent < out_.size();
    if (writing_)
      asio::async_write(socket_, asio::buffer(out_.data() + sent, out_.size() - sent), [self = shared_from_this()](error_code failed, std::size_t) {
        self->writing_ = false;
        if (failed)
          self->close();
      });
  }

  void broken_before_a_byte() {
    auto core = core_;
    auto pending = reused_ ? std::move(pending_) : nullptr;
    close();
    if (pending)
      core->again(std::move(pending));
  }

  void read() {
    socket_.async_read_some(buffer_.prepare(read_bytes), [self = shared_from_this()](error_code ec, std::size_t count) {
      if (self->closed_)
        return;
      self->buffer_.commit(count);
      // A provider who talks without being asked is one whose next answer cannot be told from that.
      if (ec || self->is_idle() || !self->parse())
        return self->close();
      if (!self->closed_)
        self->read();
    });
  }

  /// Returns whether the connection is still of use.
  bool parse() {
    error_code ec;
    auto& parser = *parser_;
    while (buffer_.size() > 0 && !parser.is_done()) {
      auto used = parser.put(buffer_.data(), ec);
      buffer_.consume(used);
      if (ec == beast::http::error::need_more)
        return true;
      if (ec)
        return false;
    }
    if (!parser.is_done())
      return true;
    if (buffer_.size() > 0)
      return false;
    auto keep = parser.keep_alive() && !writing_; // an answer before the question was out: the rest of it is still being written
    auto pending = std::move(pending_);
    auto finished = std::move(parser_);
    since_ = Steady::now();
    auto self = shared_from_this();
    if (keep)
      core_->released(self); // first, so that a reply that asks on finds it
    core_->answered(std::move(pending), finished->status(), finished->body());
    return keep;
  }

  std::shared_ptr<Core> core_;
  Tcp::socket socket_;
  PendingPtr pending_;
  bool reused_ = false, writing_ = false, closed_ = false;
  Steady::time_point since_{};
  beast::flat_buffer buffer_;
  std::unique_ptr<AnswerParser> parser_;
  std::string out_;
};

std::pair<std::string, std::string> host_and_port(const std::string& url) {
  constexpr std::string_view scheme = "http://";
  std::string_view rest = url;
  if (!rest.starts_with(scheme))
    throw std::runtime_error("the partner's address is http://HOST:PORT, not '" + url + "'");
  rest.remove_prefix(scheme.size());
  if (rest.ends_with('/'))
    rest.remove_suffix(1);
  auto colon = rest.rfind(':');
  auto port = colon == std::string_view::npos ? std::string_view{"80"} : rest.substr(colon + 1);
  auto is_number = !port.empty() && std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
  if (!is_number || rest.substr(0, colon).empty())
    throw std::runtime_error("the partner's address is http://HOST:PORT, not '" + url + "'");
  return {std::string(rest.substr(0, colon)), std::string(port)};
}

} // namespace

PartnerHttp::Core::Core(PartnerHttpOptions its_options) : options(std::move(its_options)), breaker_(options.failures_to_open, options.open_for) {
  check(options.connections > 0, "a partner is asked over at least one connection");
  auto [name, port] = host_and_port(options.url);
  host = name + ":" + port;
  error_code ec;
  addresses = Tcp::resolver(io).resolve(name, port, ec);
  if (ec)
    throw std::runtime_error("the partner's host " + name + " is not known: " + ec.message());
}

void PartnerHttp::Core::run() {
  auto work = asio::make_work_guard(io);
  tick();
  while (!ended_)
    io.run_one();
  io.poll(); // what was cancelled at the end lets go of its connections
}

void PartnerHttp::Core::submit(std::string message, Reply reply) {
  auto pending = std::make_unique<Pending>(Pending{std::move(message), std::move(reply), Steady::now() + options.time_out, false});
  bool first = false;
  {
    std::lock_guard lock(mutex_);
    first = inbox_.empty();
    inbox_.push_back(std::move(pending));
  }
  if (first)
    asio::post(io, [core = shared_from_this()] { core->take_inbox(); });
}

void PartnerHttp::Core::stop() {
  asio::post(io, [core = shared_from_this()] { core->end(); });
}

void PartnerHttp::Core::take_inbox() {
  std::vector<PendingPtr> taken;
  {
    std::lock_guard lock(mutex_);
    taken.swap(inbox_);
  }
  for (auto& pending : taken)
    dispatch(std::move(pending));
}

void PartnerHttp::Core::dispatch(PendingPtr pending) {
  if (ended_ || !breaker_.lets_through(Steady::now()))
    return tell_silence(*pending);
  start(std::move(pending));
}

void PartnerHttp::Core::start(PendingPtr pending) {
  if (ended_)
    return tell_silence(*pending);
  if (!idle_.empty()) {
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    return connection->ask(std::move(pending));
  }
  if (connections_.size() < options.connections) {
    connections_.push_back(std::make_shared<Connection>(shared_from_this()));
    return connections_.back()->connect(std::move(pending));
  }
  if (waiting_.size() >= options.waiting)
    return tell_silence(*pending);
  waiting_.push_back(std::move(pending));
}

void PartnerHttp::Core::again(PendingPtr pending) {
  if (ended_ || std::exchange(pending->again, true))
    return failed(std::move(pending));
  if (connections_.size() >= options.connections)
    return waiting_.push_front(std::move(pending));
  connections_.push_back(std::make_shared<Connection>(shared_from_this()));
  connections_.back()->connect(std::move(pending));
}

void PartnerHttp::Core::next() {
  if (waiting_.empty() || ended_)
    return;
  auto pending = std::move(waiting_.front());
  waiting_.pop_front();
  start(std::move(pending));
}

void PartnerHttp::Core::answered(PendingPtr pending, int status, const std::string& body) {
  if (pending->reply(status, body))
    breaker_.succeeded();
  else
    count_failure();
}

void PartnerHttp::Core::failed(PendingPtr pending) {
  tell_silence(*pending);
  count_failure();
}

void PartnerHttp::Core::count_failure() {
  if (!breaker_.failed(Steady::now()))
    return;
  for (auto given_up = std::exchange(waiting_, {}); auto& one : given_up)
    tell_silence(*one);
}

void PartnerHttp::Core::released(const std::shared_ptr<Connection>& connection) {
  idle_.push_back(connection);
  next();
}

void PartnerHttp::Core::gone(const Connection* connection) {
  auto is_it = [connection](const std::shared_ptr<Connection>& one) { return one.get() == connection; };
  std::erase_if(idle_, is_it);
  std::erase_if(connections_, is_it);
  next();
}

void PartnerHttp::Core::tick() {
  auto now = Steady::now();
  auto all = connections_; // those that are closed leave the list
  for (auto& connection : all)
    connection->sweep(now);
  while (!waiting_.empty() && now >= waiting_.front()->deadline) { // the first was asked first
    auto late = std::move(waiting_.front());
    waiting_.pop_front();
    failed(std::move(late));
  }
  timer_.expires_after(options.tick);
  timer_.async_wait([core = shared_from_this()](error_code ec) {
    if (!ec && !core->ended_)
      core->tick();
  });
}

void PartnerHttp::Core::end() {
  ended_ = true;
  timer_.cancel();
  take_inbox();
  for (auto all = connections_; auto& connection : all)
    connection->close();
  for (auto given_up = std::exchange(waiting_, {}); auto& one : given_up)
    tell_silence(*one);
}

PartnerHttp::PartnerHttp(PartnerHttpOptions options) : core_(std::make_shared<Core>(std::move(options))), thread_([core = core_] { core->run(); }) {}

PartnerHttp::~PartnerHttp() {
  core_->stop();
  if (core_->is_here()) // a reply let go of the last copy
    thread_.detach();
  else
    thread_.join();
}

const std::string& PartnerHttp::host() const { return core_->host; }

void PartnerHttp::ask(std::string message, Reply reply) { core_->submit(std::move(message), std::move(reply)); }

} // namespace entrepot::partners
