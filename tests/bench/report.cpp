#include "tests/bench/report.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>
#include <unistd.h>

namespace entrepot::bench {

ProgressBar::ProgressBar(std::string title)
    : title_(std::move(title)), terminal_(isatty(STDERR_FILENO) == 1), last_(std::chrono::steady_clock::now()) {}

ProgressBar::~ProgressBar() {
  if (shown_)
    std::fputs("\r\033[K", stderr);
}

void ProgressBar::show(double done, std::uint64_t answers) {
  if (!terminal_)
    return;
  auto now = std::chrono::steady_clock::now();
  double seconds = std::chrono::duration<double>(now - last_).count();
  double rate = seconds > 0 && answers >= last_answers_ ? static_cast<double>(answers - last_answers_) / seconds : 0;
  last_ = now;
  last_answers_ = answers;
  constexpr int width = 30;
  auto filled = static_cast<int>(std::clamp(done, 0.0, 1.0) * width);
  std::fprintf(stderr, "\r\033[K%s [%s%s] %3d %%  %.0f answers/s", title_.c_str(), std::string(static_cast<std::size_t>(filled), '#').c_str(),
               std::string(static_cast<std::size_t>(width - filled), ' ').c_str(), static_cast<int>(done * 100), rate);
  shown_ = true;
}

void print(const nlohmann::ordered_json& figures, bool as_json, std::ostream& out) {
  if (as_json) {
    out << figures.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
    return;
  }
  for (const auto& [name, value] : figures.items()) {
    out << std::left << std::setw(28) << name << " ";
    out << (value.is_null()     ? "-"
            : value.is_string() ? value.get<std::string>()
                                : value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace))
        << "\n";
  }
}

nlohmann::ordered_json figure(std::optional<double> value, int places) {
  if (!value)
    return nullptr;
  double scale = std::pow(10.0, places);
  return std::round(*value * scale) / scale;
}

std::optional<double> read_model_lag_ms(const std::string& metrics) {
  std::optional<double> longest;
  std::istringstream lines(metrics);
  for (std::string line; std::getline(lines, line);) {
    std::size_t close = line.rfind("} ");
    if (line.rfind("entrepot_read_model_lag_seconds{", 0) != 0 || line.find("quantile=\"0.99\"") == std::string::npos || close == std::string::npos)
      continue;
    double seconds = 0;
    auto [end, error] = std::from_chars(line.data() + close + 2, line.data() + line.size(), seconds);
    if (error == std::errc{} && std::isfinite(seconds))
      longest = std::max(longest.value_or(0), seconds * 1000);
  }
  return longest;
}

} // namespace entrepot::bench
