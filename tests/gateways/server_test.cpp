#include <future>

#include "gateways/http/client.hpp"
#include "gateways/http/server.hpp"
#include "tests/gateways/shop.hpp"
#include "tests/gateways/wire.hpp"

namespace entrepot::test {
namespace {

using namespace std::chrono_literals;
using http::Request;
using http::Responder;
using http::Response;

Response text(std::string body) { return {200, std::move(body), "text/plain", {}, false}; }

/// Says which path was asked for and what the body was.
void echo(Request& request, const Responder& responder) { responder.answer(text(std::string(request.path()) + ":" + request.body())); }

std::string get(const std::string& path) { return "GET " + path + " HTTP/1.1\r\nHost: here\r\n\r\n"; }

/// Holds requests back until the test lets them go.
class Held {
public:
  void operator()(Request& request, const Responder& responder) {
    std::lock_guard lock(mutex_);
    held_.emplace_back(std::string(request.path()), responder);
    changed_.notify_all();
  }
  void wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return held_.size() >= count; });
  }
  /// Answers all, from this thread.
  void answer() {
    std::lock_guard lock(mutex_);
    for (auto& [path, responder] : held_)
      responder.answer(text(path));
    held_.clear();
  }
  std::vector<Responder> take() {
    std::lock_guard lock(mutex_);
    std::vector<Responder> all;
    for (auto& [path, responder] : held_)
      all.push_back(std::move(responder));
    held_.clear();
    return all;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::pair<std::string, Responder>> held_;
};

http::Handler by(Held& held) {
  return [&held](Request& request, const Responder& responder) { held(request, responder); };
}

TEST(Server, keeps_a_connection_for_many_requests) {
  http::Server server(quick(), echo);
  Wire wire(server.port());
  for (int i = 1; i <= 50; ++i) {
    wire.send(get("/" + std::to_string(i)));
    EXPECT_NE(wire.read_until("/" + std::to_string(i) + ":").find("200 OK"), std::string::npos);
  }
  EXPECT_EQ(server.figures().connections, 1U);
  EXPECT_EQ(server.figures().answered, 50U);
}

TEST(Server, answers_pipelined_requests_in_their_order) {
  http::Server server(quick(), echo);
  Wire wire(server.port());
  std::string all;
  for (int i = 0; i < 100; ++i)
    all += get("/" + std::to_string(i));
  wire.send(all);
  auto answers = wire.read_answers(100);
  std::size_t at = 0;
  for (int i = 0; i < 100; ++i) {
    auto found = answers.find("/" + std::to_string(i) + ":", at);
    ASSERT_NE(found, std::string::npos) << i;
    at = found;
  }
}

TEST(Server, answers_in_order_even_if_the_answers_come_from_other_threads) {
  Held held;
  http::Server server(quick(), by(held));
  Wire wire(server.port());
  wire.send(get("/a") + get("/b"));
  held.wait_for(1);
  std::thread([&] { held.answer(); }).join();
  held.wait_for(1);
  std::thread([&] { held.answer(); }).join();
  auto answers = wire.read_answers(2);
  EXPECT_LT(answers.find("/a"), answers.find("/b"));
}

TEST(Server, closes_when_the_client_asks_for_it) {
  http::Server server(quick(), echo);
  Wire wire(server.port());
  wire.send("GET /x HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
  EXPECT_NE(wire.read_to_end().find("Connection: close"), std::string::npos);
}

TEST(Server, closes_after_a_request_of_http_1_0) {
  http::Server server(quick(), echo);
  Wire wire(server.port());
  wire.send("GET /x HTTP/1.0\r\n\r\n");
  EXPECT_NE(wire.read_to_end().find("/x:"), std::string::npos);
}

TEST(Server, reads_a_body_in_chunks) {
  http::Server server(quick(), echo);
  Wire wire(server.port());
  wire.send("POST /x HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
  wire.send("2\r\nde\r\n0\r\n\r\n");
  EXPECT_NE(wire.read_answers(1).find("/x:abcde"), std::string::npos);
}

TEST(Server, tells_a_careful_client_to_go_on) {
  http::Server server(quick(), echo);
  Wire wire(server.port());
  wire.send("POST /x HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_NE(wire.read_until("\r\n\r\n").find("100 Continue"), std::string::npos);
  wire.send("abc");
  EXPECT_NE(wire.read_until("/x:abc").find("/x:abc"), std::string::npos);
}

TEST(Server, says_the_date) {
  http::Server server(quick(), echo);
  EXPECT_EQ(http::Client("127.0.0.1", server.port()).get("/").header("date"), "Tue, 10 Mar 2026 09:00:00 GMT");
}

TEST(Server, sends_no_body_to_head) {
  http::Server server(quick(), echo);
  Wire wire(server.port());
  wire.send("HEAD /x HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
  auto answer = wire.read_to_end();
  EXPECT_NE(answer.find("Content-Length: 3"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST(Server, refuses_what_is_not_http) {
  http::Server server(quick(), echo);
  for (std::string_view bytes :
       {"HELLO\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /\r\n\r\n", "\x16\x03\x01\x02", "GET / HTTP/1.1\r\nHost here\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"}) {
    Wire wire(server.port());
    wire.send(bytes);
    wire.end();
    auto answer = wire.read_to_end();
    EXPECT_NE(answer.find("400 Bad Request"), std::string::npos) << bytes << " -> " << answer;
    EXPECT_NE(answer.find("\"code\":\"http-malformed\""), std::string::npos) << bytes;
  }
}

TEST(Server, wants_one_host) {
  http::Server server(quick(), echo);
  for (std::string_view bytes : {"GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"}) {
    Wire wire(server.port());
    wire.send(bytes);
    EXPECT_NE(wire.read_to_end().find("host-invalid"), std::string::npos) << bytes;
  }
}

TEST(Server, refuses_headers_beyond_the_limit) {
  http::Server server(quick(), echo);
  Wire wire(server.port());
  wire.send("GET / HTTP/1.1\r\nHost: here\r\nX-Long: " + std::string(http::limits::header_bytes, 'x') + "\r\n\r\n");
  auto answer = wire.read_to_end();
  EXPECT_NE(answer.find("431 "), std::string::npos) << answer;
  EXPECT_NE(answer.find("headers-too-large"), std::string::npos);
}

TEST(Server, refuses_a_body_beyond_the_limit_before_it_is_sent) {
  http::Server server(quick(), echo);
  Wire wire(server.port());
  wire.send("POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 1048577\r\n\r\n");
  EXPECT_NE(wire.read_to_end().find("body-too-large"), std::string::npos);
}

TEST(Server, refuses_a_body_beyond_the_limit_that_does_not_say_its_size) {
  http::Server server(quick(), echo);
  Wire wire(server.port());
  wire.send("POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 9; ++i)
    wire.send("20000\r\n" + std::string(0x20000, 'x') + "\r\n");
  EXPECT_NE(wire.read_to_end().find("413 "), std::string::npos);
}

TEST(Server, takes_a_body_of_just_the_limit) {
  http::Server server(quick(), echo);
  auto answer = http::Client("127.0.0.1", server.port()).post("/x", std::string(http::limits::body_bytes, 'x'));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body.size(), http::limits::body_bytes + 3);
}

TEST(Server, cuts_a_client_that_is_slow_with_its_headers) {
  http::Server server(quick(), echo);
  Wire wire(server.port());
  wire.send("GET / HTTP/1.1\r\nHost:");
  auto answer = wire.read_to_end();
  EXPECT_NE(answer.find("408 Request Timeout"), std::string::npos) << answer;
  EXPECT_NE(answer.find("request-timed-out"), std::string::npos);
  EXPECT_EQ(server.figures().cut, 1U);
}

TEST(Server, cuts_a_client_that_is_slow_with_its_body) {
  http::Server server(quick(), echo);
  Wire wire(server.port());
  wire.send("POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_NE(wire.read_to_end().find("408 "), std::string::npos);
}

TEST(Server, closes_a_silent_connection_without_a_word) {
  http::Server server(quick(), echo);
  Wire wire(server.port());
  EXPECT_EQ(wire.read_to_end(), "");
}

TEST(Server, answers_503_for_a_handler_that_does_not_answer_in_time) {
  Held held;
  http::Server server(quick(), by(held));
  http::Client client("127.0.0.1", server.port());
  problem_of(client.get("/"), 503, "timed-out");
  held.answer(); // too late: nobody hears it
  EXPECT_EQ(server.figures().timed_out, 1U);
}

TEST(Server, answers_503_for_a_handler_that_forgets_to_answer) {
  auto options = quick();
  options.answer_time = 1h;
  http::Server server(options, [](Request&, const Responder&) {});
  http::Client client("127.0.0.1", server.port());
  problem_of(client.get("/"), 503, "unavailable");
  problem_of(client.get("/"), 503, "unavailable"); // and the connection goes on
}

TEST(Server, answers_500_for_a_handler_that_throws_and_tells_only_the_operator) {
  auto options = quick();
  std::promise<std::string> told;
  options.defect = [&](const std::string& what) { told.set_value(what); };
  http::Server server(options, [](Request&, const Responder&) { throw std::runtime_error("the secret reason"); });
  auto answer = http::Client("127.0.0.1", server.port()).get("/");
  problem_of(answer, 500, "internal");
  EXPECT_EQ(answer.body.find("secret"), std::string::npos);
  EXPECT_EQ(told.get_future().get(), "the secret reason");
}

TEST(Server, answers_500_if_the_answer_cannot_be_made) {
  http::Server server(quick(),
                      [](Request&, const Responder& responder) { responder.answer_by([]() -> Response { throw std::runtime_error("no"); }); });
  problem_of(http::Client("127.0.0.1", server.port()).get("/"), 500, "internal");
}

TEST(Server, counts_the_first_answer_only) {
  http::Server server(quick(), [](Request&, const Responder& responder) {
    responder.answer(text("first"));
    responder.answer(text("second"));
  });
  http::Client client("127.0.0.1", server.port());
  EXPECT_EQ(client.get("/").body, "first");
  EXPECT_EQ(client.get("/").body, "first");
}

TEST(Server, lets_no_header_smuggle_in_another) {
  http::Server server(quick(), [](Request&, const Responder& responder) {
    auto response = text("x");
    responder.answer(std::move(response.with("Location", "/a\r\nSet-Cookie: b=c")));
  });
  auto answer = http::Client("127.0.0.1", server.port()).get("/");
  EXPECT_EQ(answer.header("set-cookie"), "");
  EXPECT_EQ(answer.header("location"), "/a  Set-Cookie: b=c");
}

TEST(Server, answers_503_when_as_many_requests_as_it_can_serve_are_under_way) {
  Held held;
  auto options = quick();
  options.max_in_flight = 2;
  options.answer_time = 1h;
  http::Server server(options, by(held));
  Wire first(server.port()), second(server.port());
  first.send(get("/1"));
  second.send(get("/2"));
  held.wait_for(2);
  problem_of(http::Client("127.0.0.1", server.port()).get("/3"), 503, "overloaded");
  held.answer();
  EXPECT_NE(first.read_answers(1).find("/1"), std::string::npos);
  EXPECT_NE(second.read_answers(1).find("/2"), std::string::npos);
  EXPECT_EQ(server.figures().overloaded, 1U);
}

TEST(Server, turns_connections_away_when_it_has_enough) {
  auto options = quick();
  options.max_connections = 1;
  options.header_time = 1h;
  options.idle_time = 1h;
  http::Server server(options, echo);
  Wire first(server.port());
  first.send(get("/1"));
  first.read_answers(1);
  Wire second(server.port());
  auto answer = second.read_to_end();
  EXPECT_NE(answer.find("503 "), std::string::npos);
  EXPECT_NE(answer.find("too-many-connections"), std::string::npos);
  EXPECT_NE(answer.find("Retry-After: 1"), std::string::npos);
}

TEST(Server, drains_by_finishing_what_is_under_way) {
  Held held;
  auto options = quick();
  options.answer_time = 1h;
  http::Server server(options, by(held));
  Wire busy(server.port()), idle(server.port());
  busy.send(get("/work"));
  held.wait_for(1);
  auto drained = std::async(std::launch::async, [&] { return server.drain(20s); });
  EXPECT_EQ(idle.read_to_end(), ""); // idle ones go at once, which also shows that draining has begun
  EXPECT_THROW(Wire{server.port()}, std::runtime_error);
  held.answer();
  auto answer = busy.read_to_end();
  EXPECT_NE(answer.find("/work"), std::string::npos);
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  EXPECT_TRUE(drained.get());
}

TEST(Server, does_not_wait_for_ever_when_it_drains) {
  Held held;
  auto options = quick();
  options.answer_time = 1h;
  http::Server server(options, by(held));
  Wire busy(server.port());
  busy.send(get("/work"));
  held.wait_for(1);
  EXPECT_FALSE(server.drain(10ms));
  EXPECT_EQ(busy.read_to_end().find("/work"), std::string::npos);
  held.answer(); // harmless: the server has gone
}

TEST(Server, may_go_before_the_last_answer_comes) {
  Held held;
  std::vector<Responder> late;
  {
    http::Server server(quick(), by(held));
    Wire busy(server.port());
    busy.send(get("/work"));
    held.wait_for(1);
    late = held.take();
  }
  ASSERT_EQ(late.size(), 1U);
  late[0].answer(text("nobody hears it"));
  late.clear();
}

TEST(Server, serves_clients_on_several_threads) {
  auto options = quick();
  options.io_threads = 3;
  http::Server server(options, echo);
  std::vector<std::future<int>> all;
  for (int c = 0; c < 12; ++c)
    all.push_back(std::async(std::launch::async, [&server, c] {
      http::Client client("127.0.0.1", server.port());
      int good = 0;
      for (int i = 0; i < 50; ++i) {
        auto path = "/" + std::to_string(c) + "-" + std::to_string(i);
        good += client.post(path, "body").body == path + ":body";
      }
      return good;
    }));
  for (auto& each : all)
    EXPECT_EQ(each.get(), 50);
}

TEST(Server, says_why_it_cannot_listen) {
  http::Server server(quick(), echo);
  auto options = quick();
  options.port = server.port();
  EXPECT_THROW(http::Server(options, echo), std::runtime_error);
  options.address = "nowhere";
  EXPECT_THROW(http::Server(options, echo), std::runtime_error);
}

TEST(Server, survives_clients_that_leave_in_the_middle) {
  Held held;
  http::Server server(quick(), by(held));
  for (int i = 0; i < 20; ++i) {
    Wire wire(server.port());
    wire.send(i % 2 ? "GET / HT" : get("/left"));
  }
  held.wait_for(10);
  held.answer();
  Wire wire(server.port());
  wire.send(get("/still-here"));
  held.wait_for(1);
  held.answer();
  EXPECT_NE(wire.read_answers(1).find("/still-here"), std::string::npos);
}

TEST(Client, opens_a_connection_anew_that_the_server_closed_while_idle) {
  auto options = quick();
  options.idle_time = 5ms;
  http::Server server(options, echo);
  http::Client client("127.0.0.1", server.port());
  EXPECT_EQ(client.get("/1").status, 200);
  Wire watch(server.port());
  watch.send(get("/w"));
  watch.read_to_end(); // this one, opened later, has been closed: so has the client's
  EXPECT_EQ(client.get("/2").body, "/2:");
}

TEST(Client, gives_up_on_a_server_that_says_nothing) {
  Held held;
  auto options = quick();
  options.answer_time = 1h;
  http::Server server(options, by(held));
  http::Client client("127.0.0.1", server.port(), 50ms);
  EXPECT_THROW(client.get("/"), http::ClientError);
}

TEST(Client, says_if_nobody_is_there) {
  std::uint16_t port = 0;
  {
    http::Server server(quick(), echo);
    port = server.port();
  }
  EXPECT_THROW(http::Client("127.0.0.1", port).get("/"), http::ClientError);
}

} // namespace
} // namespace entrepot::test
