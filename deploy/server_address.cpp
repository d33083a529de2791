#include "deploy/server_address.hpp"

#include <charconv>
#include <string_view>

namespace entrepot {

http::Client client_for(const std::string& url, std::chrono::milliseconds time_out) {
  constexpr std::string_view scheme = "http://";
  auto address = std::string_view(url);
  if (address.ends_with('/'))
    address.remove_suffix(1);
  auto colon = address.rfind(':');
  std::uint16_t port = 0;
  if (!address.starts_with(scheme) || colon <= scheme.size())
    throw std::runtime_error("\"" + url + "\" is no address of a server, e.g. http://127.0.0.1:8080");
  auto digits = address.substr(colon + 1);
  if (auto read = std::from_chars(digits.data(), digits.data() + digits.size(), port); read.ec != std::errc{} || read.ptr != digits.data() + digits.size())
    throw std::runtime_error("\"" + url + "\" has no port, e.g. http://127.0.0.1:8080");
  return http::Client(std::string(address.substr(scheme.size(), colon - scheme.size())), port, time_out);
}

} // namespace entrepot
