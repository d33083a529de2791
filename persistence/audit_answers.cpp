#include "persistence/audit_answers.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string>
#include <unordered_map>

#include "persistence/codecs/answer.hpp"

namespace entrepot::audit {
namespace {

const OrderDigest* find(const std::vector<OrderDigest>& orders, StreamId family) {
  auto found = std::ranges::lower_bound(orders, family, {}, &OrderDigest::family);
  return found != orders.end() && found->family == family ? &*found : nullptr;
}

/// Returns how the order contradicts what was told of it; empty: it does not.
std::string contradiction(const OrderDigest& order, std::string_view told) {
  if (told == "confirmed" && !order.was_confirmed)
    return "the customer was told it is confirmed, and it never was";
  if (told == "rejected" && order.status != order::Status::rejected)
    return "the customer was told it is rejected, and it is " + std::string(order::name_of(order.status));
  return {}; // "submitted" is the least that can be said of an order
}

} // namespace

void compare_answers(const std::filesystem::path& file, const std::vector<OrderDigest>& orders, Report& report) {
  std::ifstream in(file);
  if (!in)
    throw std::runtime_error("cannot read the answers in " + file.string());
  std::unordered_map<std::uint64_t, StreamId> by_key; // hash of the key
  std::uint64_t number = 0;
  for (std::string text; std::getline(in, text);) {
    ++number;
    if (in.eof())
      break; // no line end: not written to its end
    auto line = codec::answer_from(text);
    if (!line)
      throw std::runtime_error(file.string() + ": line " + std::to_string(number) + " is no answer");
    const auto& [key, id, status] = *line;
    if (id.empty())
      continue; // an answer that promised nothing
    ++report.answered;
    auto order = order_id_from(id);
    const auto* known = order ? find(orders, order->family) : nullptr;
    if (!known) {
      ++report.missing;
      report.contradict("answer-missing", id, "a customer was told " + status + ", and the journal knows no such order");
      continue;
    }
    auto why = contradiction(*known, status);
    if (!key.empty() && why.empty())
      if (auto [first, added] = by_key.try_emplace(stable_hash(key), known->family); !added && first->second != known->family)
        why = "the key " + key + " was answered with " + to_text(OrderId{first->second}) + " before";
    if (!why.empty()) {
      ++report.different;
      report.contradict("answer-different", id, std::move(why));
    }
  }
}

} // namespace entrepot::audit
