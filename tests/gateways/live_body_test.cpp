// Answers that go on, over real sockets: server-sent events.
#include <condition_variable>
#include <future>

#include "gateways/http/client.hpp"
#include "gateways/http/live_body.hpp"
#include "gateways/http/server.hpp"
#include "tests/gateways/shop.hpp"
#include "tests/gateways/wire.hpp"

namespace entrepot::test {
namespace {

using namespace std::chrono_literals;
using http::LiveBody;
using http::Request;
using http::Responder;

/// Answers every request with a stream, and hands its end to the test.
class Source {
public:
  explicit Source(std::size_t most_bytes = http::limits::stream_queue_bytes) : most_bytes_(most_bytes) {}

  void operator()(Request&, const Responder& responder) {
    auto body = std::make_shared<LiveBody>(most_bytes_);
    body->keep(std::shared_ptr<void>(nullptr, [this](void*) {
      std::lock_guard lock(mutex_);
      ++gone_;
      changed_.notify_all();
    }));
    http::Response response;
    response.content_type = "text/event-stream";
    response.live = body;
    {
      std::lock_guard lock(mutex_);
      bodies_.push_back(body);
      changed_.notify_all();
    }
    responder.answer(std::move(response));
  }

  std::weak_ptr<LiveBody> wait_for_client(std::size_t number) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return bodies_.size() >= number; });
    return bodies_[number - 1];
  }
  void wait_until_gone(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return gone_ >= count; });
  }

private:
  std::size_t most_bytes_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::weak_ptr<LiveBody>> bodies_;
  std::size_t gone_ = 0;
};

bool push(const std::weak_ptr<LiveBody>& body, std::string_view text) {
  auto there = body.lock();
  return there && there->push(text);
}

const std::string ask = "GET /stream HTTP/1.1\r\nHost: here\r\n\r\n";

class Streams : public testing::Test {
protected:
  http::Server& serve(http::ServerOptions options = quick()) {
    server_ = std::make_unique<http::Server>(std::move(options), [this](Request& request, const Responder& responder) { source(request, responder); });
    return *server_;
  }
  Source source;

private:
  std::unique_ptr<http::Server> server_;
};

TEST_F(Streams, bring_text_while_the_request_is_open) {
  auto& server = serve();
  Wire wire(server.port());
  wire.send(ask);
  auto body = source.wait_for_client(1);
  auto head = wire.read_until("\r\n\r\n");
  EXPECT_NE(head.find("Content-Type: text/event-stream"), std::string::npos);
  EXPECT_NE(head.find("Transfer-Encoding: chunked"), std::string::npos);
  EXPECT_EQ(head.find("Content-Length"), std::string::npos);
  EXPECT_TRUE(push(body, "data: 1\n\n"));
  EXPECT_NE(wire.read_until("data: 1").find("9\r\ndata: 1\n\n\r\n"), std::string::npos);
  std::thread([&] { push(body, "data: 2\n\n"); }).join();
  EXPECT_NE(wire.read_until("data: 2").find("9\r\ndata: 2\n\n\r\n"), std::string::npos);
}

TEST_F(Streams, send_what_was_pushed_before_anybody_read) {
  auto& server = serve();
  Wire wire(server.port());
  wire.send(ask);
  auto body = source.wait_for_client(1).lock();
  for (int i = 0; i < 100; ++i)
    EXPECT_TRUE(body->push("data: " + std::to_string(i) + "\n\n"));
  body->end();
  EXPECT_FALSE(body->push("data: too late\n\n"));
  body.reset();
  auto all = wire.read_to_end();
  for (int i = 0; i < 100; ++i)
    EXPECT_NE(all.find("data: " + std::to_string(i) + "\n\n"), std::string::npos);
  EXPECT_TRUE(all.ends_with("0\r\n\r\n"));
}

TEST_F(Streams, count_as_connections_and_not_as_requests_under_way) {
  auto& server = serve();
  Wire wire(server.port());
  wire.send(ask);
  auto body = source.wait_for_client(1);
  push(body, "data: 1\n\n");
  wire.read_until("data: 1");
  EXPECT_EQ(server.figures().connections, 1U);
  EXPECT_EQ(server.figures().streams, 1U);
  EXPECT_EQ(server.figures().in_flight, 0U);
}

TEST_F(Streams, say_that_they_are_still_there_when_nothing_happens) {
  auto options = quick();
  options.heartbeat_time = 5ms;
  auto& server = serve(options);
  Wire wire(server.port());
  wire.send(ask);
  const std::string twice = "e\r\n: still here\n\n\r\ne\r\n: still here\n\n\r\n";
  EXPECT_NE(wire.read_until(twice).find(twice), std::string::npos);
}

TEST_F(Streams, outlive_every_deadline_of_a_request) {
  auto options = quick();
  options.answer_time = options.idle_time = options.write_time = options.header_time = 10ms;
  options.heartbeat_time = 40ms;
  auto& server = serve(options);
  Wire wire(server.port());
  wire.send(ask);
  auto body = source.wait_for_client(1);
  wire.read_until("still here");
  EXPECT_TRUE(push(body, "data: 1\n\n"));
  EXPECT_NE(wire.read_until("data: 1").find("data: 1"), std::string::npos);
  EXPECT_EQ(server.figures().cut, 0U);
}

TEST_F(Streams, tell_the_source_that_the_client_has_left) {
  auto& server = serve();
  {
    Wire wire(server.port());
    wire.send(ask);
    source.wait_for_client(1);
    wire.read_until("\r\n\r\n");
  }
  source.wait_until_gone(1);
  EXPECT_FALSE(push(source.wait_for_client(1), "data: nobody hears it\n\n"));
}

TEST_F(Streams, cut_a_client_that_does_not_read) {
  auto& server = serve();
  Wire wire(server.port()); // reads nothing
  wire.send(ask);
  auto body = source.wait_for_client(1);
  const std::string text(64 * 1024, 'x');
  while (push(body, text)) { // as long as the sockets' buffers and the queue take it
  }
  source.wait_until_gone(1);
  EXPECT_EQ(server.figures().streams, 0U);
  EXPECT_EQ(server.figures().cut, 1U);
}

TEST_F(Streams, cut_a_client_that_takes_too_long_for_one_piece) {
  auto options = quick();
  options.write_time = 20ms;
  constexpr std::size_t most = 64 * 1024 * 1024;
  Source patient(most);
  http::Server server(options, [&](Request& request, const Responder& responder) { patient(request, responder); });
  Wire wire(server.port());
  wire.send(ask);
  auto body = patient.wait_for_client(1).lock();
  wire.read_until("\r\n\r\n");
  EXPECT_TRUE(body->push(std::string(most, 'x'))); // more than the sockets take at once
  body.reset();
  patient.wait_until_gone(1);
  EXPECT_EQ(server.figures().cut, 1U);
}

TEST_F(Streams, end_when_the_server_drains) {
  auto& server = serve();
  Wire wire(server.port());
  wire.send(ask);
  auto body = source.wait_for_client(1);
  push(body, "data: 1\n\n");
  wire.read_until("data: 1");
  EXPECT_TRUE(server.drain(20s));
  EXPECT_TRUE(wire.read_to_end().ends_with("0\r\n\r\n"));
  source.wait_until_gone(1);
}

TEST_F(Streams, end_at_once_when_the_server_stops) {
  Wire wire(serve().port());
  wire.send(ask);
  auto body = source.wait_for_client(1);
  wire.read_until("\r\n\r\n");
  const std::string text(64 * 1024, 'x');
  push(body, text);
  push(body, text);
  serve(); // another one in its place: the first has been destroyed
  source.wait_until_gone(1);
  EXPECT_FALSE(push(body, "data: 1\n\n"));
}

TEST_F(Streams, go_without_chunks_to_a_client_of_http_1_0) {
  auto& server = serve();
  Wire wire(server.port());
  wire.send("GET /stream HTTP/1.0\r\n\r\n");
  auto body = source.wait_for_client(1).lock();
  body->push("data: 1\n\n");
  body->end();
  body.reset();
  auto all = wire.read_to_end();
  EXPECT_EQ(all.find("chunked"), std::string::npos);
  EXPECT_TRUE(all.ends_with("\r\n\r\ndata: 1\n\n"));
}

TEST_F(Streams, are_let_go_if_the_client_asks_for_the_head_only) {
  auto& server = serve();
  Wire wire(server.port());
  wire.send("HEAD /stream HTTP/1.1\r\nHost: here\r\n\r\n");
  EXPECT_TRUE(wire.read_to_end().ends_with("\r\n\r\n"));
  source.wait_until_gone(1);
}

TEST(LiveBody, lets_go_of_what_it_keeps_if_nobody_ever_read_it) {
  auto kept = std::make_shared<int>(1);
  std::weak_ptr<int> watch = kept;
  auto body = std::make_shared<LiveBody>();
  body->keep(std::move(kept));
  EXPECT_FALSE(watch.expired());
  body.reset();
  EXPECT_TRUE(watch.expired());
}

TEST(LiveBody, keeps_nothing_for_a_client_that_has_gone) {
  LiveBody body;
  body.close();
  auto kept = std::make_shared<int>(1);
  std::weak_ptr<int> watch = kept;
  body.keep(std::move(kept));
  EXPECT_TRUE(watch.expired());
}

TEST(LiveBody, takes_no_more_than_its_limit) {
  LiveBody body(10);
  EXPECT_TRUE(body.push("1234567890"));
  EXPECT_FALSE(body.push("1"));
  EXPECT_EQ(body.state(), LiveBody::State::overflowed);
}

} // namespace
} // namespace entrepot::test
