// The pages, as part of the program: plain HTML, CSS and modules, without a build step and without anything from elsewhere.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "gateways/http/routes.hpp"

namespace entrepot::web {

/// One file of gateways/web as it stands there.
struct File {
  std::string_view name; ///< "store.js"
  std::string_view text;
};

/// Returns all files (CMake makes pages_text.cpp of them).
std::span<const File> files();

struct PageOptions {
  std::string shop_key;             ///< given to everybody who opens /shop: a gateway key of `shop_channel` alone; empty: the page asks for one
  std::string shop_channel = "web"; ///< what /shop sells
};

/// Adds GET /store, /shop, /web/{file} and /shop/session; nobody is asked for a key. Every file has an ETag and is asked for again each time; no page may load anything
/// from elsewhere or run a script that is not a file of ours (Content-Security-Policy).
void add_pages(http::Routes& routes, const PageOptions& options);

} // namespace entrepot::web
