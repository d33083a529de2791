// Brings rows to POST /v1/imports until each has its answer: through lost connections, restarts and rows that are not finished yet.
#pragma once

#include <chrono>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "gateways/http/client.hpp"
#include "gateways/imports/answers.hpp"
#include "gateways/imports/import_rows.hpp"

namespace entrepot::imports {

namespace limits {
using namespace std::chrono_literals;
inline constexpr std::size_t request_rows = 400;           ///< of 1,000 that the server takes
inline constexpr std::size_t request_bytes = 900'000;      ///< of 1 MB
inline constexpr std::size_t receipt_lines = 500;          ///< movements of one receipt
inline constexpr std::chrono::milliseconds answer_time = 120s; ///< for a whole request; then the connection counts as lost
inline constexpr std::chrono::milliseconds first_pause = 100ms; ///< before the same rows are sent again; doubles
inline constexpr std::chrono::milliseconds longest_pause = 5s;
inline constexpr std::chrono::milliseconds patience = 10min; ///< without a single row answered
} // namespace limits

/// The import cannot go on, with a sentence that tells why: the server was away for too long, or refuses the requests themselves.
struct ImportStopped : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Courier {
public:
  /// All that is outside. `post` sends a body and may throw http::ClientError.
  struct Ways {
    std::function<http::Answer(std::string_view body)> post;
    std::function<std::chrono::steady_clock::time_point()> now;
    std::function<void(std::chrono::milliseconds)> pause;
    std::function<void(const std::string& why)> waiting = {}; ///< is told why the rows are sent again; may be empty
  };
  explicit Courier(Ways ways, std::chrono::milliseconds patience = limits::patience) : ways_(std::move(ways)), patience_(patience) {}

  /// Sends rows, positions growing, as one request, and what was not answered again. Returns an answer for each, none of them `again`. Throws ImportStopped.
  std::vector<RowAnswer> send(std::span<const ImportRow> rows);

  /// How often something was sent again.
  int repeats() const { return repeats_; }

private:
  struct Delivery;
  std::string attempt(Delivery& delivery);

  Ways ways_;
  std::chrono::milliseconds patience_;
  int repeats_ = 0;
};

/// A courier's way to a server: one kept-alive connection, which counts as lost after `silence`. Throws ImportStopped if `url` is no "http://HOST:PORT".
std::function<http::Answer(std::string_view body)> post_to(const std::string& url, const std::string& key, std::chrono::milliseconds silence = limits::answer_time);

} // namespace entrepot::imports
