// What the load client reads of an answer.
#include <gtest/gtest.h>

#include "tests/bench/http_answer.hpp"
#include "tests/bench/load.hpp"
#include "tests/bench/told.hpp"

namespace entrepot::bench {
namespace {

using Kind = AnswerHead::Kind;

TEST(Told, order_tells_its_own_id_not_its_fulfilments) {
  auto said = told(R"({"fulfilments":[{"id":"ful_1","status":"accepted"}],"name":"a \"quoted, } thing\\","id" : "ord_1","status":"confirmed"})");
  EXPECT_EQ(said.id, "ord_1");
  EXPECT_EQ(said.status, "confirmed");
}

TEST(Told, refusal_tells_its_code_and_its_order) {
  auto said = told(R"({"type":"about:blank","status":409,"code":"stock-short","errors":[{"code":"inner"}],"order":"ord_2"})");
  EXPECT_EQ(said.code, "stock-short");
  EXPECT_EQ(said.order, "ord_2");
  EXPECT_EQ(said.status, "");
}

TEST(Told, words_in_values_are_no_members) {
  auto said = told(R"({"note":"id","list":["status","id"],"id":"ord_3"})");
  EXPECT_EQ(said.id, "ord_3");
  EXPECT_EQ(said.status, "");
}

TEST(Told, broken_body_tells_nothing) {
  for (auto body : {"", "{", "{\"id", "{\"id\":", "{\"id\":\"", "not json", "[\"id\"]", "{\"id\\"})
    EXPECT_EQ(told(body).status, "") << body;
}

TEST(AnswerHead, is_complete_when_its_empty_line_has_come) {
  std::string_view bytes = "HTTP/1.1 201 Created\r\ncontent-LENGTH: 12 \r\nETag: \"1\"\r\n\r\n{\"id\"";
  auto head = read_head(bytes);
  EXPECT_EQ(head.kind, Kind::complete);
  EXPECT_EQ(head.http, 201);
  EXPECT_EQ(head.body_bytes, 12u);
  EXPECT_EQ(bytes.substr(head.head_bytes), "{\"id\"");
  EXPECT_FALSE(head.closes);
  for (std::size_t cut = 0; cut < head.head_bytes; ++cut)
    EXPECT_EQ(read_head(bytes.substr(0, cut)).kind, Kind::incomplete) << cut;
}

TEST(AnswerHead, says_when_the_server_will_close) {
  EXPECT_TRUE(read_head("HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n").closes);
}

TEST(AnswerHead, without_length_is_not_guessed) {
  EXPECT_EQ(read_head("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").kind, Kind::not_understood);
  EXPECT_EQ(read_head("HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n").kind, Kind::not_understood);
  EXPECT_EQ(read_head("SSH-2.0-OpenSSH\r\n\r\n").kind, Kind::not_understood);
  EXPECT_EQ(read_head("HTTP/1.1 204 No Content\r\n\r\n").kind, Kind::complete);
}

TEST(Endpoint, is_read_from_a_url) {
  EXPECT_EQ(endpoint_of("http://127.0.0.1:8080").authority(), "127.0.0.1:8080");
  EXPECT_EQ(endpoint_of("http://shop.example/").authority(), "shop.example:80");
  for (auto wrong : {"https://shop.example", "shop.example", "http://", "http://shop.example/v1"})
    EXPECT_THROW(endpoint_of(wrong), std::invalid_argument) << wrong;
}

} // namespace
} // namespace entrepot::bench
