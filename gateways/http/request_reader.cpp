#include "gateways/http/request_reader.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "gateways/http/limits.hpp"

namespace entrepot::http {
namespace {

namespace beast = boost::beast;
using beast::error_code;

constexpr std::size_t body_reserve = 64 * 1024; ///< set aside at once: what a client announces is not yet there

Method method_from(beast::http::verb verb) {
  switch (verb) {
  case beast::http::verb::get:
    return Method::get;
  case beast::http::verb::head:
    return Method::head;
  case beast::http::verb::post:
    return Method::post;
  case beast::http::verb::put:
    return Method::put;
  case beast::http::verb::patch:
    return Method::patch;
  case beast::http::verb::delete_:
    return Method::del;
  case beast::http::verb::options:
    return Method::options;
  default:
    return Method::other;
  }
}

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

Response refusal_for(const error_code& ec) {
  if (ec == beast::http::error::body_limit)
    return http::refusal(413, "body-too-large", "The body is larger than " + std::to_string(limits::body_bytes) + " bytes.");
  if (ec == beast::http::error::header_limit)
    return http::refusal(431, "headers-too-large", "Request line and headers are larger than " + std::to_string(limits::header_bytes) + " bytes.");
  return http::refusal(400, "http-malformed", "This is not an HTTP/1.1 request.");
}

} // namespace

/// Beast's grammar, our memory: fields go straight into the Request, without a node for each.
class RequestReader::Parser final : public beast::http::basic_parser<true> {
public:
  explicit Parser(Request& into) : into_(into) {
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
    if (!is_header_done()) // a trailer behind the chunks must not pass for a header
      into_.add_header(view(name), view(value));
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    if (length)
      into_.body().reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*length, body_reserve)));
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

RequestReader::RequestReader(Request& into) : into_(into) { begin(); }
RequestReader::~RequestReader() = default;

void RequestReader::begin() {
  into_.clear();
  parser_ = std::make_unique<Parser>(into_); // Beast's parsers are good for one message
  state_ = State::reading_head;
}

std::size_t RequestReader::take(std::string_view bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size() && state_ != State::complete && state_ != State::refused) {
    error_code ec;
    auto used = parser_->put(boost::asio::const_buffer(bytes.data() + taken, bytes.size() - taken), ec);
    taken += used;
    if (ec && ec != beast::http::error::need_more)
      refuse(refusal_for(ec));
    else if (parser_->is_header_done() && state_ == State::reading_head && !check_head())
      return taken;
    else if (parser_->is_done())
      state_ = State::complete;
    else if (parser_->is_header_done())
      state_ = State::reading_body;
    if (ec || used == 0)
      break;
  }
  return taken;
}

/// Rules of HTTP/1.1 that Beast leaves to us. Returns false if the head has been refused.
bool RequestReader::check_head() {
  if (parser_->is_1_1() && into_.count("host") != 1)
    refuse(http::refusal(400, "host-invalid", "An HTTP/1.1 request has one Host header."));
  else if (into_.count("content-length") > 1)
    refuse(http::refusal(400, "http-malformed", "A request has one Content-Length."));
  return state_ != State::refused;
}

void RequestReader::refuse(Response why) {
  refusal_ = std::move(why);
  refusal_.close = true; // where the next request would begin is not known
  state_ = State::refused;
}

bool RequestReader::awaits_go_ahead() const { return state_ == State::reading_body && beast::iequals(into_.header("expect"), "100-continue"); }
bool RequestReader::keep_alive() const { return parser_->keep_alive(); }
bool RequestReader::knows_chunks() const { return parser_->is_1_1(); }
Response RequestReader::refusal() const { return refusal_; }

} // namespace entrepot::http
