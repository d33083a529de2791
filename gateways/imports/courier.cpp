#include "gateways/imports/courier.hpp"

#include <algorithm>
#include <charconv>
#include <memory>

namespace entrepot::imports {

/// The rows of one request that have no answer yet.
struct Courier::Delivery {
  std::span<const ImportRow> rows;
  std::vector<RowAnswer> answers;
  std::vector<std::size_t> open; ///< indexes, growing

  explicit Delivery(std::span<const ImportRow> sent) : rows(sent), answers(sent.size()) {
    for (std::size_t i = 0; i < rows.size(); ++i)
      open.push_back(i);
  }

  std::string body() const {
    std::string text;
    for (auto index : open)
      text.append(rows[index].json).append("\n");
    return text;
  }

  /// Takes the lines of an answer, which stand in the order of the rows; what comes behind the last line end is a line only if the answer is whole.
  void take(std::string_view body, bool whole) {
    std::vector<std::size_t> left;
    std::size_t at = 0;
    for (; at < open.size() && !body.empty(); ++at) {
      auto end = body.find('\n');
      if (end == std::string_view::npos && !whole)
        break;
      take_line(body.substr(0, end), open[at], left);
      body.remove_prefix(end == std::string_view::npos ? body.size() : end + 1);
    }
    left.insert(left.end(), open.begin() + static_cast<std::ptrdiff_t>(at), open.end());
    open = std::move(left);
  }

private:
  void take_line(std::string_view line, std::size_t index, std::vector<std::size_t>& left) {
    auto answer = read_answer(line);
    if (!answer || (answer->position && *answer->position != rows[index].position))
      throw ImportStopped("the server's answer cannot be read: " + std::string(line.substr(0, 200)));
    if (answer->status == RowAnswer::Status::again)
      left.push_back(index);
    answers[index] = std::move(*answer);
  }
};

/// One request. Returns why rows are left, if there are.
std::string Courier::attempt(Delivery& delivery) {
  try {
    auto answer = ways_.post(delivery.body());
    if (answer.status == 200) {
      delivery.take(answer.body, true);
      return delivery.open.empty() ? "" : "the server has not finished yet: " + delivery.answers[delivery.open.front()].why.code;
    }
    auto says = "the server answers " + std::to_string(answer.status) + ", " + problem_text(answer.body);
    if (answer.status == 408 || answer.status == 429 || answer.status >= 500)
      return says;
    throw ImportStopped(says);
  } catch (const http::ClientError& why) {
    if (why.so_far.status == 200)
      delivery.take(why.so_far.body, false);
    return why.what();
  }
}

std::vector<RowAnswer> Courier::send(std::span<const ImportRow> rows) {
  Delivery delivery(rows);
  auto heard = ways_.now(); // of a row, the last time
  auto pause = limits::first_pause;
  while (!delivery.open.empty()) {
    auto before = delivery.open.size();
    auto why = attempt(delivery);
    if (delivery.open.empty())
      break;
    ++repeats_;
    if (delivery.open.size() < before) {
      heard = ways_.now();
      pause = limits::first_pause;
    } else if (ways_.now() - heard > patience_) {
      throw ImportStopped("no row was finished for " + std::to_string(std::chrono::duration_cast<std::chrono::seconds>(patience_).count()) + " s: " + why);
    }
    if (ways_.waiting)
      ways_.waiting(why);
    ways_.pause(pause);
    pause = std::min(2 * pause, limits::longest_pause);
  }
  return std::move(delivery.answers);
}

std::function<http::Answer(std::string_view body)> post_to(const std::string& url, const std::string& key, std::chrono::milliseconds silence) {
  constexpr std::string_view scheme = "http://";
  auto colon = url.rfind(':');
  std::uint16_t port = 0;
  auto digits = std::string_view(url).substr(colon == std::string::npos ? url.size() : colon + 1);
  while (digits.ends_with('/'))
    digits.remove_suffix(1);
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (!url.starts_with(scheme) || colon == std::string::npos || colon <= scheme.size() || error != std::errc{} || end != digits.data() + digits.size())
    throw ImportStopped("\"" + url + "\" is no address of a server, e.g. http://127.0.0.1:8080");
  auto client = std::make_shared<http::Client>(url.substr(scheme.size(), colon - scheme.size()), port, silence);
  client->always("Authorization", "Bearer " + key);
  client->always("Accept", "application/x-ndjson");
  return [client](std::string_view body) { return client->post("/v1/imports", body, {{"Content-Type", "application/x-ndjson"}}); };
}

} // namespace entrepot::imports
