// What needs no socket: sealing, idempotency, JSON, the table of refusals.
#include <rapidcheck.h>

#include "gateways/api/idempotency.hpp"
#include "gateways/api/json_reader.hpp"
#include "gateways/api/people.hpp"
#include "gateways/api/problem.hpp"
#include "gateways/http/json_writer.hpp"
#include "tests/gateways/shop.hpp"

namespace entrepot::test {
namespace {

http::Request request_with(std::initializer_list<std::pair<std::string_view, std::string_view>> headers) {
  http::Request request;
  request.start(http::Method::post, "/v1/orders");
  for (auto [name, value] : headers)
    request.add_header(name, value);
  return request;
}

TEST(Sealing, gives_the_text_back_to_who_has_the_key_and_to_nobody_else) {
  rc::check([] {
    auto text = *rc::gen::string<std::string>();
    auto random = CountingBytes();
    auto key = api::new_person_key(random), other = api::new_person_key(random);
    auto sealed = api::seal(text, key, random);
    RC_ASSERT(api::open(sealed, key) == text);
    RC_ASSERT(text.empty() || !api::open(sealed, other));
  });
}

TEST(Sealing, notices_every_changed_character) {
  CountingBytes random;
  auto key = api::new_person_key(random);
  auto sealed = api::seal("17 Cherry Tree Lane", key, random);
  for (auto& c : sealed.text) {
    auto good = std::exchange(c, c == 'A' ? 'B' : 'A');
    EXPECT_FALSE(api::open(sealed, key));
    c = good;
  }
  EXPECT_TRUE(api::open(sealed, key));
  for (auto text : {"A", "AAAA", "====", "not base64!!", "AQ=="})
    EXPECT_FALSE(api::open(Sealed{text}, key)) << text;
}

TEST(Sealing, never_looks_the_same_twice) {
  CountingBytes random;
  auto key = api::new_person_key(random);
  EXPECT_NE(api::seal("Mary", key, random), api::seal("Mary", key, random));
}

TEST(Sha256, is_what_the_standard_says) {
  auto digest = api::sha256({"abc"});
  EXPECT_EQ(digest[0], 0xba);
  EXPECT_EQ(digest[1], 0x78);
  EXPECT_EQ(digest[31], 0xad);
  EXPECT_NE(api::sha256({"ab", "c"}), api::sha256({"a", "bc"}));
}

TEST(CommandIds, differ_by_client_key_and_route_and_say_that_a_request_made_them) {
  auto id = api::request_command("gw", "key", "POST /a");
  EXPECT_EQ(id, api::request_command("gw", "key", "POST /a"));
  EXPECT_NE(id, api::request_command("gw2", "key", "POST /a"));
  EXPECT_NE(id, api::request_command("gw", "key2", "POST /a"));
  EXPECT_NE(id, api::request_command("gw", "key", "POST /b"));
  EXPECT_NE(api::request_command("a", "bc", "r"), api::request_command("ab", "c", "r"));
  EXPECT_EQ(source_of(id), CommandSource::request);
}

TEST(CommandIds, of_a_put_without_a_key_are_new_every_time) {
  CountingBytes random;
  auto request = request_with({});
  auto first = api::request_command(request, "gw", random), second = api::request_command(request, "gw", random);
  EXPECT_NE(*first, *second);
  EXPECT_EQ(source_of(*first), CommandSource::request);
  auto with_key = request_with({{"Idempotency-Key", "k"}});
  EXPECT_EQ(*api::request_command(with_key, "gw", random), *api::request_command(with_key, "gw", random));
}

TEST(Prefer, is_read_as_its_rfc_says) {
  struct Case {
    const char* header;
    int seconds;
  };
  for (auto [header, seconds] : {Case{"wait=10", 10},
                                 {"WAIT=10", 10},
                                 {"wait=\"10\"", 10},
                                 {"respond-async, wait=10", 10},
                                 {"wait = 10", 10},
                                 {"wait=10;x=y", 10},
                                 {"wait=0", 0},
                                 {"wait=31", 30},
                                 {"wait=99999999999999999999", 0},
                                 {"wait=-1", 0},
                                 {"wait=abc", 0},
                                 {"wait=", 0},
                                 {"wait", 0},
                                 {"waiting=10", 0},
                                 {"", 0},
                                 {",,;=", 0},
                                 {"handling=lenient", 0},
                                 {"wait=x, wait=5", 5}})
    EXPECT_EQ(api::preferred_wait(request_with({{"Prefer", header}})).count(), seconds) << header;
}

TEST(BodyDigest, does_not_mind_blanks_and_the_order_of_keys) {
  auto digest = [](std::string_view text) { return api::body_digest(*api::JsonDocument::parse(text)); };
  EXPECT_EQ(digest(R"({"a":1,"b":[{"c":"x","d":null}]})"), digest(" { \"b\" : [ { \"d\":null , \"c\" : \"\\u0078\" } ] , \"a\" : 1 } "));
  EXPECT_NE(digest(R"({"a":[1,2]})"), digest(R"({"a":[2,1]})"));
  EXPECT_NE(digest(R"({"a":"1"})"), digest(R"({"a":1})"));
  EXPECT_EQ(digest("{}").size(), 16U);
}

TEST(JsonDocuments, are_read_as_nlohmann_reads_them) {
  rc::check([] {
    auto texts = *rc::gen::container<std::vector<std::string>>(rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127)));
    auto numbers = *rc::gen::arbitrary<std::vector<std::int64_t>>();
    Json json{{"texts", texts}, {"numbers", numbers}, {"nested", {{"z", true}, {"a", nullptr}, {"f", 0.5}}}};
    auto document = api::JsonDocument::parse(json.dump(1));
    RC_ASSERT(static_cast<bool>(document));
    RC_ASSERT(Json::parse(document->canonical()) == json);
  });
}

TEST(JsonDocuments, never_crash_on_damaged_bodies) {
  auto good = good_order().dump();
  rc::check([&] {
    auto body = good;
    for (int i = 0; i < 3; ++i)
      body[*rc::gen::inRange<std::size_t>(0, body.size())] = *rc::gen::arbitrary<char>();
    if (auto document = api::JsonDocument::parse(body)) {
      api::JsonReader reader(*document);
      auto root = reader.root();
      root.text("channel", 10);
      RC_ASSERT(reader.faults().has_value()); // somebody left fields unread
    }
  });
}

TEST(JsonDocuments, have_their_limits) {
  auto refused = [](const std::string& text) { return !api::JsonDocument::parse(text); };
  EXPECT_FALSE(refused(std::string(16, '[') + std::string(16, ']')));
  EXPECT_TRUE(refused(std::string(17, '[') + std::string(17, ']')));
  std::string members;
  for (int i = 0; i < 257; ++i)
    members += (i ? ",\"" : "\"") + std::to_string(i) + "\":0";
  EXPECT_TRUE(refused("{" + members + "}"));
  std::string values = "0";
  for (int i = 0; i < 100'000; ++i)
    values += ",0";
  EXPECT_TRUE(refused("[" + values + "]"));
}

TEST(JsonWriter, writes_what_nlohmann_reads) {
  rc::check([] {
    auto text = *rc::gen::container<std::string>(rc::gen::inRange<char>(0, 127));
    auto number = *rc::gen::arbitrary<std::int64_t>();
    std::string out;
    http::JsonWriter json(out);
    json.open()
        .field("text", text)
        .field("number", number)
        .key("list")
        .open('[')
        .number(1)
        .null()
        .truth(true)
        .open()
        .close()
        .close(']')
        .field_or_null("nothing", "")
        .close();
    RC_ASSERT(Json::parse(out) == (Json{{"text", text}, {"number", number}, {"list", {1, nullptr, true, Json::object()}}, {"nothing", nullptr}}));
  });
}

TEST(Problems, are_409_unless_the_table_knows_better) {
  EXPECT_EQ(api::status_of("stock-short", true), 409);
  EXPECT_EQ(api::status_of("something-nobody-has-thought-of", false), 409);
  EXPECT_EQ(api::status_of("location-unknown", false), 404);
  EXPECT_EQ(api::status_of("location-unknown", true), 422);
  EXPECT_EQ(api::status_of("idempotency-key-reused", false), 422);
}

TEST(Problems, of_faults_are_503_and_tell_nothing_of_the_inside) {
  using gateway::Fault;
  struct Case {
    Fault::Kind kind;
    const char* code;
  };
  for (auto [kind, code] :
       {Case{Fault::Kind::unavailable, "unavailable"}, {Fault::Kind::overloaded, "overloaded"}, {Fault::Kind::timed_out, "timed-out"}}) {
    auto response = api::to_response(Fault{kind, "lane 2 at db.internal"}, "/v1/orders");
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(Json::parse(response.body)["code"], code);
    EXPECT_EQ(response.body.find("lane"), std::string::npos);
  }
}

TEST(Utf8, is_told_from_what_only_looks_like_it) {
  for (std::string_view good : {"", "abc", "caf\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xed\x9f\xbf"})
    EXPECT_TRUE(http::is_utf8(good));
  for (std::string_view bad : {"\xff", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc3", "\xe2\x82", "\x80"})
    EXPECT_FALSE(http::is_utf8(bad));
}

} // namespace
} // namespace entrepot::test
