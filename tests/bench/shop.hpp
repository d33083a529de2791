// The bench's own small shop, opened through the API like anybody's: a channel, products, a warehouse with ample stock, a customer.
// And its orders, ready-made: of each only the key, the number and the products differ, digits at known places.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/load.hpp"

namespace entrepot::bench {

inline constexpr std::string_view bench_channel = "bench", bench_location = "bench-dc", bench_customer = "C-BENCH", bench_entity = "BENCH";
inline constexpr int most_skus = 10'000;                 ///< BENCH-0000 to BENCH-9999
inline constexpr std::int64_t ample_stock = 2'000'000;   ///< a product with less gets more
inline constexpr std::int32_t receipt_units = 1'000'000; ///< the API's limit for one line
inline constexpr int receipts_per_sku = 5;
inline constexpr std::chrono::minutes longest_set_up{5};

/// How the bench's orders are paid: `account` is promised after three rows, `card` asks the payment provider first.
enum class Payment { account, card };
/// Throws std::invalid_argument for another word.
Payment payment_from(std::string_view word);

/// Who asks, and where.
struct Caller {
  Endpoint to;
  std::string key;
};

struct Reply {
  int http = 0; ///< 0: no answer
  std::string body;
};

/// Returns a whole request. `extra` are header lines, each with its line end.
std::string request_text(const Caller& caller, std::string_view method, std::string_view target, std::string_view body, std::string_view extra = {});

/// Sends requests over up to 64 connections at once and returns the answers in their order. A request that fails is sent again as `drive` does; one
/// that has no answer when `longest_set_up` is over has none in the end.
std::vector<Reply> ask(const Caller& caller, const std::vector<std::string>& requests, bool ride_out = false);

/// Opens the shop, or finds it open: what is there already is left as it is, products that run low get a receipt.
/// `run` makes the receipts' references unique. Throws std::runtime_error with the first refusal.
void open_shop(const Caller& caller, Payment payment, int skus, const std::string& run, bool ride_out);

/// Makes a product of which exactly `units` lie at the bench's warehouse. Throws as above.
void add_product(const Caller& caller, const std::string& sku, std::int32_t units, const std::string& run);

struct Stock {
  std::int64_t on_hand = 0, available = 0;
};
/// Reads what lies at the bench's warehouse. Throws std::runtime_error if the server does not tell.
Stock stock_of(const Caller& caller, const std::string& sku);

/// Returns "BENCH-0042" for 42.
std::string bench_sku(int index);

/// Returns 12 digits that no earlier run had.
std::string new_run();

/// The bench's orders of one run.
class OrderForm {
public:
  /// With two lines of one unit each, to be filled in, or with one line of `sku`.
  OrderForm(const Caller& caller, Payment payment, const std::string& token, const std::string& run, const std::string& sku = {});

  /// Writes the `number`-th order (below 1,000,000,000) into `request`.
  void fill(std::string& request, std::uint64_t number, int first_sku, int second_sku) const;
  void fill(std::string& request, std::uint64_t number) const;

  /// Idempotency-Key and external number of the `number`-th order; one text serves as both.
  std::string name_of(std::uint64_t number) const;

private:
  std::string text_;
  std::string run_;
  std::size_t key_at_ = 0, external_at_ = 0, first_at_ = 0, second_at_ = 0; ///< of the digits
};

} // namespace entrepot::bench
