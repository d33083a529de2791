// What is due when: the words that channels, orders and payment plans share.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/money.hpp"

namespace entrepot::payment {

enum class Moment : std::uint8_t { on_order, on_issue, on_invoice };
/// account: the customer's credit, "Customer Credit" in the tables; collected: by a marketplace, whose customer it is; till: at a till of ours, under its receipt.
enum class Method : std::uint8_t { card, account, collected, till };

std::string_view name_of(Moment moment); ///< "on_order", "on_issue", "on_invoice"
std::string_view name_of(Method method); ///< "card", "account", "collected", "till"
std::optional<Moment> moment_from(std::string_view name);
std::optional<Method> method_from(std::string_view name);

/// Returns whether somebody else than our payment provider takes the money, and has to give it back.
inline bool is_taken_elsewhere(Method method) { return method == Method::collected || method == Method::till; }

/// One cell of a payment table: a part of the total. `percent` of it, rounded up to the next multiple of `round_up_to` (0: no rounding) and capped
/// at what is left; 100 takes all that is left.
struct Share {
  Moment moment = Moment::on_order;
  Method method = Method::card;
  std::int32_t percent = 100;
  std::int64_t round_up_to = 0; ///< minor units
  bool operator==(const Share&) const = default;
};

/// One part of what an order costs, frozen when it is submitted.
struct Instalment {
  std::int32_t number = 0; ///< from 1
  Moment moment = Moment::on_order;
  Method method = Method::card;
  Money amount;
  std::string taken_by = {};  ///< of what is taken elsewhere: the till; empty: the channel itself
  std::string reference = {}; ///< the till's receipt, or the marketplace's number, under which it had been taken when the order came; empty: it had not
  bool operator==(const Instalment&) const = default;
};

/// Splits `total` by the shares, in their order; the last share takes the remainder. Instalments of zero are left out, unless the total is zero.
/// Check: at least one share, no negative total.
/// Worked numbers: payment table, "20 % up to next 10": 247.00 -> 50.00 and 197.00; 7.50 -> 7.50.
std::vector<Instalment> instalments(Money total, const std::vector<Share>& shares);

} // namespace entrepot::payment
