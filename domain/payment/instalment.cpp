#include "domain/payment/instalment.hpp"

#include <algorithm>

#include "domain/check.hpp"
#include "domain/words.hpp"

namespace entrepot::payment {
namespace {

constexpr Words<Moment, 3> moments{{"on_order", "on_issue", "on_invoice"}};
constexpr Words<Method, 4> methods{{"card", "account", "collected", "till"}};

/// Returns `part` of `total`, at most `left`. Rounding up looks at the exact share: 20 % of 250.01 is 50.002, which is more than 50.
Money amount_of(const Share& part, Money total, Money left) {
  if (part.percent >= 100)
    return left;
  auto amount = share(total, part.percent, 100).amount;
  if (part.round_up_to > 0) {
    auto step = static_cast<__int128>(part.round_up_to);
    auto steps = (static_cast<__int128>(total.amount) * part.percent + 100 * step - 1) / (100 * step);
    amount = static_cast<std::int64_t>(std::min(steps * step, static_cast<__int128>(left.amount)));
  }
  return {std::min(amount, left.amount), total.currency};
}

} // namespace

std::string_view name_of(Moment moment) { return moments.of(moment); }
std::string_view name_of(Method method) { return methods.of(method); }
std::optional<Moment> moment_from(std::string_view name) { return moments.from(name); }
std::optional<Method> method_from(std::string_view name) { return methods.from(name); }

std::vector<Instalment> instalments(Money total, const std::vector<Share>& shares) {
  check(!shares.empty(), "a total is split into at least one share");
  check(total.amount >= 0, "what is split into instalments is not negative");
  std::vector<Instalment> plan;
  auto left = total;
  for (const auto& part : shares) {
    auto amount = &part == &shares.back() ? left : amount_of(part, total, left);
    left -= amount;
    if (amount.amount != 0 || total.amount == 0)
      plan.push_back({.number = static_cast<std::int32_t>(plan.size()) + 1, .moment = part.moment, .method = part.method, .amount = amount});
  }
  return plan;
}

} // namespace entrepot::payment
