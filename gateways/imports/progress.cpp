#include "gateways/imports/progress.hpp"

#include <algorithm>
#include <utility>

namespace entrepot::imports {
namespace {
constexpr std::uint64_t bar_width = 30;
} // namespace

std::string grouped(std::uint64_t number) {
  auto digits = std::to_string(number);
  for (auto at = digits.size(); at > 3; at -= 3)
    digits.insert(at - 3, ",");
  return digits;
}

std::string clock_text(std::chrono::seconds time) {
  auto seconds = std::max<std::int64_t>(time.count(), 0);
  auto two = [](std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  auto below_hour = seconds < 3600 ? std::to_string(seconds / 60) : std::to_string(seconds / 3600) + ":" + two(seconds / 60 % 60);
  return below_hour + ":" + two(seconds % 60);
}

std::string pounds(std::int64_t pence) {
  auto positive = static_cast<std::uint64_t>(pence < 0 ? -pence : pence);
  auto rest = positive % 100;
  return (pence < 0 ? "-" : "") + grouped(positive / 100) + "." + (rest < 10 ? "0" : "") + std::to_string(rest) + " GBP";
}

Progress::Progress(std::ostream& out, bool terminal, std::function<Time()> now) : out_(out), terminal_(terminal), now_(std::move(now)), began_(now_()), last_(began_) {}

bool Progress::is_time() {
  auto now = now_();
  if (now - last_ < (terminal_ ? bar_every : line_every))
    return false;
  last_ = now;
  return true;
}

void Progress::say(const std::string& text) {
  if (!terminal_) {
    out_ << text << std::endl;
    return;
  }
  auto blanks = width_ > text.size() ? width_ - text.size() : 0;
  out_ << '\r' << text << std::string(blanks, ' ') << std::flush;
  width_ = text.size();
  shown_ = true;
}

void Progress::reading(std::uint64_t rows) {
  if (is_time())
    say("reading: " + grouped(rows) + " rows");
}

void Progress::begin(std::uint64_t done, std::uint64_t all) {
  began_ = now_();
  at_first_ = done;
  all_ = all;
}

void Progress::show(std::uint64_t done) {
  if (!is_time())
    return;
  auto filled = all_ == 0 ? bar_width : bar_width * done / all_;
  auto text = "[" + std::string(filled, '#') + std::string(bar_width - filled, ' ') + "] " + grouped(done) + " of " + grouped(all_) + " rows";
  auto milliseconds = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now_() - began_).count());
  if (auto sent = done - at_first_; sent > 0 && milliseconds > 0)
    text += ", " + grouped(sent * 1000 / milliseconds) + " rows/s, " + clock_text(std::chrono::seconds((all_ - done) * milliseconds / sent / 1000)) + " left";
  say(text);
}

void Progress::waiting(const std::string& why) {
  if (is_time())
    say("waiting: " + why.substr(0, 100));
}

void Progress::end() {
  if (std::exchange(shown_, false))
    out_ << '\r' << std::string(width_, ' ') << '\r' << std::flush;
}

} // namespace entrepot::imports
