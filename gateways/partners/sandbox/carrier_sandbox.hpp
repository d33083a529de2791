// The carrier that the sandbox plays, as routes of an HTTP server.
//
//   POST /labels        {"key", "reference", "carrier", "ship_from", "address", "parcels": [{"weight_grams"}]} -> {"result": "labelled", "tracking", "label"}, the
//                       same of a repeated key; 422 `address-missing`, or `scripted`: there will be none of this key
//   GET  /labels/{key}  404 `label-unknown`: never heard of
//   GET  /parcels       every label that was made: {"items": [...]}, without addresses
//   GET  /parcels/{tracking}            the same of one, and how its delivery stands with the shop: "delivery": {"status": "waiting", "acknowledged" or "given_up", "tries",
//                       "last_answer", "delivered_at"}, null: not delivered; 404 `parcel-unknown`
//   POST /parcels/{tracking}/delivered  it is: the shop is told by POST /v1/carrier-events until it acknowledges -> 202 and the parcel; 409 `reports-not-configured`
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "gateways/http/routes.hpp"
#include "gateways/partners/sandbox/faults.hpp"
#include "gateways/partners/sandbox/parcel_reports.hpp"

namespace entrepot::partners {

class CarrierSandbox {
public:
  /// Keeps its books in `folder`/sandbox-labels.ndjson and sandbox-parcels.ndjson. `faults` outlives it. Throws std::runtime_error if a file cannot be used.
  CarrierSandbox(const std::filesystem::path& folder, Faults& faults, std::function<void(const std::string&)> defect, Reporting reporting = {});
  ~CarrierSandbox();
  CarrierSandbox(const CarrierSandbox&) = delete;
  CarrierSandbox& operator=(const CarrierSandbox&) = delete;

  /// Adds its routes; it outlives the server that uses them.
  void add_to(http::Routes& routes);

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace entrepot::partners
