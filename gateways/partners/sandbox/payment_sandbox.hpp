// The payment provider that the sandbox plays, as routes of an HTTP server. Nobody is asked for a key: it is for this machine alone.
//
//   POST /payments/captures {"key", "amount": {"amount", "currency"}, "token", "not_after"}
//   POST /payments/voids    {"key"}
//   POST /payments/refunds  {"key", "of", "amount"}
//   GET  /payments/{key}    or /payments?key=...; 404 `payment-unknown`: never heard of
//   -> {"result": "captured|declined|voided|refunded|refund_failed", "reference", "code", "amount"}
//   GET  /ledger            every key's final state as NDJSON, in one piece
//   POST /faults            {"fault", "every", "delay_ms", "partner": "payments|notifications|carrier"}; of payments, if no partner is named
//   GET  /healthz
//
// What became of a key is told to the shop by POST /v1/payment-events as well, if its answer may not have been heard: when `lost_answer`, `late` or `slow` strikes, and
// twice when `duplicate` does. It is tried a few times and not written down: the shop enquires.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "domain/time.hpp"
#include "gateways/http/routes.hpp"
#include "gateways/partners/sandbox/faults.hpp"
#include "gateways/partners/sandbox/shop_line.hpp"

namespace entrepot::partners {

inline constexpr std::size_t payment_key_bytes = 255; ///< of a key; longer ones are refused
inline constexpr int payment_report_tries = 5;         ///< with pauses of 1, 2, 4 and 8 s between
inline constexpr int payment_reports_waiting = 10'000; ///< further ones are not told

class PaymentSandbox {
public:
  /// Keeps its books in `folder`/sandbox-ledger.ndjson. `defect` is told why something put off could not be done. Throws std::runtime_error if the
  /// books cannot be used.
  PaymentSandbox(const std::filesystem::path& folder, std::function<Timestamp()> clock, std::function<void(const std::string&)> defect, ShopLine line = {});
  ~PaymentSandbox();
  PaymentSandbox(const PaymentSandbox&) = delete;
  PaymentSandbox& operator=(const PaymentSandbox&) = delete;

  /// Adds its routes; it outlives the server that uses them.
  void add_to(http::Routes& routes);
  Faults& faults();

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace entrepot::partners
