#include "gateways/imports/requests.hpp"

#include <utility>

namespace entrepot::imports {

void Requests::put(const std::string& row, Answered then) {
  rows_.push_back(at_position(++position_, row));
  bytes_ += rows_.back().json.size() + 1;
  then_.push_back(std::move(then));
}

void Requests::send() {
  if (rows_.empty())
    return;
  auto rows = std::exchange(rows_, {});
  auto then = std::exchange(then_, {});
  bytes_ = 0;
  auto answers = courier_.send(rows);
  for (std::size_t i = 0; i < answers.size(); ++i)
    then[i](answers[i]);
  if (sent_)
    sent_();
}

} // namespace entrepot::imports
