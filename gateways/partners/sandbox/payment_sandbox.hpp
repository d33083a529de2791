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
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "domain/time.hpp"
#include "gateways/http/routes.hpp"
#include "gateways/partners/sandbox/faults.hpp"

namespace entrepot::partners {

inline constexpr std::size_t payment_key_bytes = 255; ///< of a key; longer ones are refused

class PaymentSandbox {
public:
  /// Keeps its books in `folder`/sandbox-ledger.ndjson. `defect` is told why something put off could not be done. Throws std::runtime_error if the
  /// books cannot be used.
  PaymentSandbox(const std::filesystem::path& folder, std::function<Timestamp()> clock, std::function<void(const std::string&)> defect);
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
