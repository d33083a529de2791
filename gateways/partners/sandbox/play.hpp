// How a partner that is played answers a call: as it should, or with the faults that strike it.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "gateways/http/responder.hpp"
#include "gateways/partners/sandbox/delays.hpp"
#include "gateways/partners/sandbox/faults.hpp"

namespace entrepot::partners {

/// A body that is not what it should be; the text says what is wrong.
struct Malformed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Answers with what `carry_out` returns, unless a fault has it otherwise. Declining, refusing and booking wrongly are `carry_out`'s own affair.
void play(const Struck& struck, Delays& delays, const http::Responder& responder, const std::function<http::Response()>& carry_out);

/// Has `act` read the body, and answers 400 if it is not what it should be.
template <class Act>
void reading(const http::Responder& responder, Act act) {
  try {
    act();
  } catch (const Malformed& why) {
    responder.answer(http::refusal(400, "body-invalid", why.what()));
  } catch (const nlohmann::json::exception&) {
    responder.answer(http::refusal(400, "body-invalid", "The body is not JSON, or lacks a field."));
  }
}

} // namespace entrepot::partners
