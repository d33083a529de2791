#include "gateways/web/pages.hpp"

#include <algorithm>
#include <iterator>

#include "gateways/api/digest.hpp"
#include "gateways/http/json_writer.hpp"

namespace entrepot::web {
namespace {

using http::Request;
using http::Responder;
using http::Response;

constexpr auto policy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
constexpr std::size_t tag_bytes = 12;

std::string_view type_of(std::string_view name) {
  constexpr std::pair<std::string_view, std::string_view> types[] = {{".html", "text/html; charset=utf-8"},
                                                                     {".css", "text/css; charset=utf-8"},
                                                                     {".js", "text/javascript; charset=utf-8"},
                                                                     {".svg", "image/svg+xml"}};
  for (const auto& [ending, type] : types)
    if (name.ends_with(ending))
      return type;
  return "text/plain; charset=utf-8";
}

std::string etag_of(std::string_view text) {
  static constexpr char hex[] = "0123456789abcdef";
  auto digest = api::sha256({text});
  std::string tag = "\"";
  for (std::size_t i = 0; i < tag_bytes; ++i) {
    auto byte = static_cast<unsigned char>(digest[i]);
    tag += hex[byte >> 4];
    tag += hex[byte & 15];
  }
  return tag + '"';
}

/// A file with what goes along with it, made once.
struct Served {
  File file;
  std::string etag;

  Response answer(const Request& request) const {
    Response response;
    response.content_type = type_of(file.name);
    if (request.header("if-none-match") == etag)
      response.status = 304;
    else
      response.body = file.text;
    response.with("ETag", etag).with("Cache-Control", "no-cache").with("Content-Security-Policy", policy).with("X-Content-Type-Options", "nosniff");
    response.with("Referrer-Policy", "no-referrer");
    return response;
  }
};

using Shelf = std::vector<Served>;

void answer_file(const Shelf& shelf, std::string_view name, const Request& request, const Responder& responder) {
  auto found = std::ranges::find(shelf, name, [](const Served& served) { return served.file.name; });
  responder.answer(found == shelf.end() ? http::refusal(404, "not-found", "There is nothing at this path.") : found->answer(request));
}

Response session(const PageOptions& options) {
  if (options.shop_key.empty())
    return http::refusal(404, "not-found", "This server gives no key to the shop page.");
  Response response;
  http::JsonWriter(response.body).open().field("key", options.shop_key).field("channel", options.shop_channel).close();
  response.with("Cache-Control", "no-store");
  return response;
}

} // namespace

void add_pages(http::Routes& routes, const PageOptions& options) {
  auto shelf = std::make_shared<Shelf>();
  std::ranges::transform(files(), std::back_inserter(*shelf), [](const File& file) { return Served{file, etag_of(file.text)}; });
  auto add = [&](std::string pattern, http::Handler handler) { routes.add(http::Method::get, std::move(pattern), http::Allowed::everyone(), std::move(handler)); };
  for (std::string name : {"store", "shop"})
    add("/" + name, [shelf, file = name + ".html"](Request& request, const Responder& responder) { answer_file(*shelf, file, request, responder); });
  add("/web/{file}", [shelf](Request& request, const Responder& responder) { answer_file(*shelf, request.param("file"), request, responder); });
  add("/shop/session", [options](Request&, const Responder& responder) { responder.answer(session(options)); });
}

} // namespace entrepot::web
