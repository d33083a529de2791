// The pages that the server itself serves.
#include <regex>
#include <set>

#include "gateways/web/pages.hpp"
#include "tests/gateways/shop.hpp"

namespace entrepot::test {
namespace {

class Pages : public testing::Test {
protected:
  http::Client client(web::PageOptions options = {}) {
    server_.reset();
    routes_ = http::Routes();
    web::add_pages(routes_, options);
    server_ = std::make_unique<http::Server>(quick(), [this](http::Request& request, http::Responder responder) { routes_.handle(request, std::move(responder)); });
    return {"127.0.0.1", server_->port()};
  }

private:
  http::Routes routes_;
  std::unique_ptr<http::Server> server_;
};

TEST_F(Pages, are_served_to_everybody) {
  auto browser = client();
  for (auto path : {"/store", "/shop"}) {
    auto page = browser.get(path);
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.header("content-type"), "text/html; charset=utf-8");
    EXPECT_NE(page.body.find("<!doctype html>"), std::string::npos);
  }
  EXPECT_EQ(browser.get("/web/base.css").header("content-type"), "text/css; charset=utf-8");
  EXPECT_EQ(browser.get("/web/store.js").header("content-type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(browser.get("/web/icon.svg").header("content-type"), "image/svg+xml");
  problem_of(browser.get("/web/none.js"), 404, "not-found");
}

TEST_F(Pages, are_not_sent_again_to_who_has_them) {
  auto browser = client();
  auto first = browser.get("/store");
  std::string tag(first.header("etag"));
  EXPECT_GT(tag.size(), 10U);
  auto again = browser.get("/store", {{"If-None-Match", tag}});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  EXPECT_NE(browser.get("/shop").header("etag"), tag);
}

TEST_F(Pages, may_load_nothing_from_elsewhere) {
  auto page = client().get("/store");
  EXPECT_TRUE(page.header("content-security-policy").starts_with("default-src 'self';"));
  EXPECT_EQ(page.header("x-content-type-options"), "nosniff");
}

TEST_F(Pages, have_no_script_or_style_of_their_own_inside) {
  const std::regex inline_script(R"(<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=)");
  const std::regex elsewhere(R"((https?:)?//(?!www\.w3\.org/2000/svg)[a-z0-9.-]+\.[a-z]{2,})");
  for (const auto& file : web::files()) {
    std::string text(file.text);
    if (file.name.ends_with(".html")) {
      EXPECT_FALSE(std::regex_search(text, inline_script)) << file.name;
    }
    EXPECT_FALSE(std::regex_search(text, elsewhere)) << file.name;
  }
}

TEST_F(Pages, name_only_files_that_are_there) {
  std::set<std::string> there;
  for (const auto& file : web::files())
    there.emplace(file.name);
  const std::regex reference(R"((?:/web/|from "\./|import\("\./)([a-z_]+\.[a-z]+))");
  std::size_t found = 0;
  for (const auto& file : web::files()) {
    std::string text(file.text);
    for (std::sregex_iterator at(text.begin(), text.end(), reference), end; at != end; ++at, ++found)
      EXPECT_TRUE(there.contains((*at)[1])) << file.name << " wants " << (*at)[1];
  }
  EXPECT_GT(found, 10U);
}

TEST_F(Pages, give_the_shop_its_key_only_if_the_server_has_one) {
  problem_of(client().get("/shop/session"), 404, "not-found");
  auto session = client({.shop_key = "key-of-the-shop"}).get("/shop/session");
  EXPECT_EQ(session.header("cache-control"), "no-store");
  EXPECT_EQ(Json::parse(session.body), Json::parse(R"({"key":"key-of-the-shop","channel":"web"})"));
}

} // namespace
} // namespace entrepot::test
