// The demo company: read from one file, made through the HTTP API.
#pragma once

#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>

namespace entrepot {

/// The file or the server says no; the text tells which line, or which thing and why.
struct DemoError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Called with how many requests are done, of how many.
using Progress = std::function<void(int done, int all)>;

/// Makes the company of `file` (deploy/demo/company.toml tells the format) at the server at `url` ("http://127.0.0.1:8080") with an admin's key:
/// locations, products, channels, customers and opening stock. What is there already stays: definitions that are the same change nothing, and
/// stock is received only where none of a product lies. Returns how many requests were sent. Throws DemoError.
int load_demo(const std::string& url, const std::string& admin_key, const std::filesystem::path& file, const Progress& progress = {});

} // namespace entrepot
