#include "gateways/partners/webhook_http.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <deque>
#include <map>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include "gateways/partners/cloud_event.hpp"
#include "gateways/partners/standard_webhook.hpp"

namespace entrepot::partners {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace ssl = boost::asio::ssl;
using Tcp = asio::ip::tcp;
using Steady = std::chrono::steady_clock;
using boost::system::error_code;
using Plain = beast::tcp_stream;
using Tls = beast::ssl_stream<beast::tcp_stream>;
using webhook::Address;
using webhook::Answer;
using webhook::Message;

constexpr std::uint32_t header_bytes = 16 * 1024; ///< of an answer
constexpr std::uint64_t body_bytes = 64 * 1024;   ///< of an answer, which nobody reads; a longer one costs the connection
constexpr auto body_time = std::chrono::seconds{1}; ///< for the rest of an answer whose status is known

/// Where nobody outside has any business, and machines in clouds keep their credentials.
bool is_forbidden(const asio::ip::address& address) {
  if (address.is_v4() || (address.is_v6() && address.to_v6().is_v4_mapped())) {
    auto v4 = address.is_v4() ? address.to_v4() : asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    return v4.is_unspecified() || v4.is_multicast() || (v4.to_uint() >> 16) == 0xa9fe;
  }
  auto v6 = address.to_v6();
  return v6.is_unspecified() || v6.is_multicast() || v6.is_link_local();
}

Plain& lowest(Plain& stream) { return stream; }
Plain& lowest(Tls& stream) { return beast::get_lowest_layer(stream); }

/// One connection with what was read too much of it.
template <class Stream>
struct Link {
  explicit Link(Stream its) : stream(std::move(its)) {}
  Stream stream;
  beast::flat_buffer buffer;
  Steady::time_point since{};
};
template <class Stream>
using LinkPtr = std::unique_ptr<Link<Stream>>;

/// Connections of the hosts that were spoken to lately, the newest last.
template <class Stream>
using Pool = std::map<std::string, std::deque<LinkPtr<Stream>>>;

struct Exchanged {
  Answer answer;
  bool keep = false;      ///< the connection is good for another message
  bool timed_out = false;
};

/// Everything but submit() and stop() runs on its thread.
class Core {
public:
  explicit Core(WebhookHttpOptions options) : options_(std::move(options)) {
    error_code ec;
    if (options_.ca_file.empty())
      trusted_.set_default_verify_paths(ec);
    else
      trusted_.load_verify_file(options_.ca_file, ec);
    if (ec)
      throw std::runtime_error("the certificates to be trusted cannot be read: " + ec.message());
    trusted_.set_verify_mode(ssl::verify_peer);
  }

  void run() {
    auto work = asio::make_work_guard(io_);
    io_.run();
  }
  void stop() { io_.stop(); }
  bool is_here() { return io_.get_executor().running_in_this_thread(); }

  void submit(Message message, std::function<void(Answer)> reply) {
    asio::co_spawn(
        io_,
        [this, message = std::move(message)]() -> asio::awaitable<Answer> { return deliver(message); },
        [reply = std::move(reply)](const std::exception_ptr&, Answer answer) { reply(answer); }); // a fault is no answer
  }

private:
  asio::awaitable<Answer> deliver(const Message& message) {
    auto to = webhook::address_from(message.url);
    if (!to)
      co_return Answer{};
    auto text = webhook_request(message, *to);
    auto deadline = Steady::now() + options_.time_out;
    Exchanged outcome;
    if (to->tls)
      outcome = co_await exchange(tls_, *to, text, deadline, message.at);
    else
      outcome = co_await exchange(plain_, *to, text, deadline, message.at);
    co_return outcome.answer;
  }

  /// Over a connection that is there; one that turns out to be closed is replaced, once.
  template <class Stream>
  asio::awaitable<Exchanged> exchange(Pool<Stream>& pool, const Address& to, const std::string& text, Steady::time_point deadline, Timestamp at) {
    const auto where = to.host + " " + to.port;
    Exchanged outcome;
    if (auto idle = take_idle(pool, where)) {
      outcome = co_await ask(*idle, text, deadline, at);
      if (outcome.keep)
        give_back(pool, where, std::move(idle));
      if (outcome.answer.status != 0 || outcome.timed_out)
        co_return outcome;
    }
    auto fresh = co_await connect<Stream>(to, deadline);
    if (!fresh)
      co_return Exchanged{};
    outcome = co_await ask(*fresh, text, deadline, at);
    if (outcome.keep)
      give_back(pool, where, std::move(fresh));
    co_return outcome;
  }

  template <class Stream>
  LinkPtr<Stream> take_idle(Pool<Stream>& pool, const std::string& where) {
    auto found = pool.find(where);
    if (found == pool.end())
      return {};
    auto& links = found->second;
    while (!links.empty() && Steady::now() - links.front()->since >= options_.idle_time)
      links.pop_front();
    LinkPtr<Stream> link;
    if (!links.empty()) {
      link = std::move(links.back());
      links.pop_back();
    }
    if (links.empty())
      pool.erase(found);
    return link;
  }

  template <class Stream>
  void give_back(Pool<Stream>& pool, const std::string& where, LinkPtr<Stream> link) {
    auto& links = pool[where];
    link->since = Steady::now();
    links.push_back(std::move(link));
    if (links.size() > options_.idle_connections)
      links.pop_front();
  }

  asio::awaitable<std::vector<Tcp::endpoint>> resolve(const Address& to, Steady::time_point deadline) {
    std::vector<Tcp::endpoint> found;
    error_code ec;
    auto port = static_cast<std::uint16_t>(std::stoi(to.port));
    if (auto literal = asio::ip::make_address(to.host, ec); !ec) {
      found.emplace_back(literal, port);
    } else {
      Tcp::resolver resolver(io_);
      asio::steady_timer patience(io_, deadline);
      patience.async_wait([&resolver](error_code cancelled) {
        if (!cancelled)
          resolver.cancel();
      });
      auto results = co_await resolver.async_resolve(to.host, to.port, asio::redirect_error(asio::use_awaitable, ec));
      patience.cancel();
      for (const auto& one : results)
        found.push_back(one.endpoint());
    }
    std::erase_if(found, [](const Tcp::endpoint& one) { return is_forbidden(one.address()); });
    co_return found;
  }

  template <class Stream>
  asio::awaitable<LinkPtr<Stream>> connect(const Address& to, Steady::time_point deadline) {
    auto endpoints = co_await resolve(to, deadline);
    if (endpoints.empty())
      co_return nullptr;
    error_code ec;
    Plain socket(io_);
    socket.expires_at(deadline);
    co_await socket.async_connect(endpoints, asio::redirect_error(asio::use_awaitable, ec));
    if (ec)
      co_return nullptr;
    socket.socket().set_option(Tcp::no_delay(true), ec);
    if constexpr (std::is_same_v<Stream, Tls>) {
      Tls secure(std::move(socket), trusted_);
      secure.set_verify_callback(ssl::host_name_verification(to.host));
      if (!SSL_set_tlsext_host_name(secure.native_handle(), to.host.c_str()))
        co_return nullptr;
      co_await secure.async_handshake(ssl::stream_base::client, asio::redirect_error(asio::use_awaitable, ec));
      if (ec)
        co_return nullptr;
      co_return std::make_unique<Link<Stream>>(std::move(secure));
    } else {
      co_return std::make_unique<Link<Stream>>(std::move(socket));
    }
  }

  template <class Stream>
  static asio::awaitable<Exchanged> ask(Link<Stream>& link, const std::string& text, Steady::time_point deadline, Timestamp at) {
    Exchanged outcome;
    error_code ec;
    lowest(link.stream).expires_at(deadline);
    co_await asio::async_write(link.stream, asio::buffer(text), asio::redirect_error(asio::use_awaitable, ec));
    beast::http::response_parser<beast::http::string_body> parser;
    parser.header_limit(header_bytes);
    parser.body_limit(body_bytes);
    if (!ec)
      co_await beast::http::async_read_header(link.stream, link.buffer, parser, asio::redirect_error(asio::use_awaitable, ec));
    if (ec) {
      outcome.timed_out = ec == beast::error::timeout;
      co_return outcome;
    }
    outcome.answer.status = static_cast<int>(parser.get().result_int());
    auto retry_after = parser.get()[beast::http::field::retry_after];
    outcome.answer.retry_after = retry_after_from({retry_after.data(), retry_after.size()}, at);
    lowest(link.stream).expires_after(body_time);
    co_await beast::http::async_read(link.stream, link.buffer, parser, asio::redirect_error(asio::use_awaitable, ec));
    outcome.keep = !ec && parser.get().keep_alive() && link.buffer.size() == 0;
    lowest(link.stream).expires_never();
    co_return outcome;
  }

  const WebhookHttpOptions options_;
  asio::io_context io_{1};
  ssl::context trusted_{ssl::context::tls_client};
  Pool<Plain> plain_;
  Pool<Tls> tls_;
};

/// The thread, as long as anybody can send.
class Running {
public:
  explicit Running(WebhookHttpOptions options) : core_(std::make_shared<Core>(std::move(options))), thread_([core = core_] { core->run(); }) {}
  ~Running() {
    core_->stop();
    if (core_->is_here())
      thread_.detach();
    else
      thread_.join();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  void send(Message message, std::function<void(Answer)> reply) { core_->submit(std::move(message), std::move(reply)); }

private:
  std::shared_ptr<Core> core_;
  std::thread thread_;
};

} // namespace

std::string webhook_request(const Message& message, const Address& to) {
  auto seconds = std::to_string(std::chrono::duration_cast<std::chrono::seconds>(message.at.time_since_epoch()).count());
  std::string signatures;
  for (const auto& secret : message.secrets)
    signatures.append(signatures.empty() ? "" : " ").append(webhook_signature(secret, {message.id, seconds, message.body}));
  auto is_default = to.port == (to.tls ? "443" : "80");
  auto host = to.host.find(':') == std::string::npos ? to.host : "[" + to.host + "]";
  std::string text = "POST " + to.target + " HTTP/1.1\r\nHost: " + host + (is_default ? "" : ":" + to.port) + "\r\nUser-Agent: Entrepot-Webhooks\r\nAccept: */*\r\nContent-Type: ";
  text.append(cloud_event_media_type).append("\r\nwebhook-id: ").append(message.id).append("\r\nwebhook-timestamp: ").append(seconds);
  text.append("\r\nwebhook-signature: ").append(signatures).append("\r\nContent-Length: ").append(std::to_string(message.body.size())).append("\r\n\r\n").append(message.body);
  return text;
}

std::optional<std::chrono::seconds> retry_after_from(std::string_view text, Timestamp now) {
  if (text.empty() || text.size() > 64)
    return {};
  std::int64_t seconds = 0;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (failed == std::errc{} && end == text.data() + text.size())
    return seconds < 0 ? std::nullopt : std::optional(std::chrono::seconds{std::min<std::int64_t>(seconds, 1'000'000'000)});
  std::tm date{};
  const auto copy = std::string(text);
  const auto* rest = strptime(copy.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date);
  if (!rest || *rest)
    return {};
  auto then = std::chrono::sys_seconds{std::chrono::seconds{timegm(&date)}};
  return std::max(std::chrono::seconds{0}, std::chrono::ceil<std::chrono::seconds>(then - now));
}

webhook::Sender make_http_webhook_sender(WebhookHttpOptions options) {
  auto running = std::make_shared<Running>(std::move(options));
  return [running](Message message, std::function<void(Answer)> reply) { running->send(std::move(message), std::move(reply)); };
}

} // namespace entrepot::partners
