#include "gateways/http/client.hpp"

#include <algorithm>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

namespace entrepot::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Tcp = asio::ip::tcp;
using beast::error_code;

constexpr std::uint64_t answer_bytes = 256 * 1024 * 1024; ///< a tool may ask for a long list

std::string lower(std::string_view text) {
  std::string low(text);
  std::ranges::transform(low, low.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return low;
}

} // namespace

std::string_view Answer::header(std::string_view name) const {
  for (const auto& [known, value] : headers)
    if (known == name)
      return value;
  return {};
}

struct Client::State {
  std::string host;
  std::uint16_t port;
  std::chrono::milliseconds time_out;
  Headers always;
  asio::io_context io{1};
  std::unique_ptr<beast::tcp_stream> stream;
  beast::flat_buffer buffer;

  /// Runs one operation to its end, within the time-out; `start` gets the handler to call.
  template <class Start>
  error_code await(Start start) {
    error_code outcome;
    stream->expires_after(time_out);
    start([&](error_code ec, auto&&...) { outcome = ec; });
    io.restart();
    io.run();
    return outcome;
  }

  void connect() {
    error_code ec;
    Tcp::resolver resolver(io);
    auto found = resolver.resolve(host, std::to_string(port), ec);
    if (ec)
      throw ClientError("cannot find " + host + ": " + ec.message());
    stream = std::make_unique<beast::tcp_stream>(io);
    buffer.clear();
    ec = await([&](auto handler) { stream->async_connect(found, handler); });
    if (ec) {
      stream.reset();
      throw ClientError("cannot connect to " + host + " port " + std::to_string(port) + ": " + ec.message());
    }
    stream->socket().set_option(Tcp::no_delay(true), ec);
  }

  std::string head(Method method, std::string_view target, std::size_t body, const Headers& headers) const {
    auto text = std::string(name_of(method)) + " " + std::string(target) + " HTTP/1.1\r\nHost: " + host + "\r\n";
    for (const auto* list : std::initializer_list<const Headers*>{&always, &headers})
      for (const auto& [name, value] : *list)
        text += name + ": " + value + "\r\n";
    auto says_type = std::ranges::any_of(headers, [](const auto& header) { return lower(header.first) == "content-type"; });
    if (body > 0 && !says_type)
      text += "Content-Type: application/json\r\n";
    if (body > 0 || method == Method::post || method == Method::put)
      text += "Content-Length: " + std::to_string(body) + "\r\n";
    return text + "\r\n";
  }

  /// Sends and reads. `untouched` tells whether the connection had gone before anything was answered.
  error_code exchange(Method method, const std::string& message, Answer& answer, bool& untouched) {
    untouched = false;
    auto ec = await([&](auto handler) { asio::async_write(*stream, asio::buffer(message), handler); });
    if (ec) {
      untouched = ec != beast::error::timeout;
      return ec;
    }
    beast::http::response_parser<beast::http::string_body> parser;
    parser.body_limit(answer_bytes);
    parser.skip(method == Method::head);
    ec = await([&](auto handler) { beast::http::async_read(*stream, buffer, parser, handler); });
    if (ec) {
      untouched = !parser.got_some() && ec != beast::error::timeout;
      if (parser.is_header_done()) {
        answer.status = static_cast<int>(parser.get().result_int());
        answer.body = std::move(parser.get().body());
      }
      return ec;
    }
    auto response = parser.release();
    answer.status = static_cast<int>(response.result_int());
    for (const auto& field : response)
      answer.headers.emplace_back(lower({field.name_string().data(), field.name_string().size()}), std::string(field.value()));
    answer.body = std::move(response.body());
    if (!response.keep_alive())
      stream.reset();
    return {};
  }
};

Client::Client(std::string host, std::uint16_t port, std::chrono::milliseconds time_out) : state_(std::make_unique<State>()) {
  state_->host = std::move(host);
  state_->port = port;
  state_->time_out = time_out;
}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

void Client::always(std::string name, std::string value) { state_->always.emplace_back(std::move(name), std::move(value)); }

Answer Client::send(Method method, std::string_view target, std::string_view body, const Headers& headers) {
  auto message = state_->head(method, target, body.size(), headers);
  message += body;
  for (;;) {
    auto reused = state_->stream != nullptr;
    if (!reused)
      state_->connect();
    Answer answer;
    auto untouched = false;
    auto ec = state_->exchange(method, message, answer, untouched);
    if (!ec)
      return answer;
    state_->stream.reset();
    if (!reused || !untouched)
      throw ClientError("no answer from " + state_->host + ": " + ec.message(), std::move(answer));
  }
}

} // namespace entrepot::http
