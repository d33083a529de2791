// The carrier over HTTP: labels as domain/fulfilment/carrier.hpp asks for them, spoken as gateways/partners/sandbox/carrier_sandbox.hpp says.
#pragma once

#include <optional>

#include "domain/fulfilment/carrier.hpp"
#include "gateways/partners/partner_http.hpp"

namespace entrepot::partners {

inline constexpr std::size_t carrier_connections = 8;
inline constexpr std::size_t tracking_bytes = 64;         ///< of a carrier's number
inline constexpr std::size_t label_document_bytes = 2'000; ///< of where the label is

/// Runs work that may wait for the database, on another thread; false, and never runs it, if too much waits already. The work does not throw.
using Aside = std::function<bool(std::function<void()> work)>;
/// Opens a sealed address; nothing: the person has been erased. Blocks. Throws if it cannot be told now.
using OpenAddress = std::function<std::optional<std::string>(StreamId person, const Sealed& address)>;

/// Returns a carrier that asks over HTTP as make_http_payment_provider() does. Addresses are opened `aside`, at the moment of asking, and kept nowhere; of an
/// erased person the label is refused with `address-unknown`. Throws std::runtime_error if the URL names no host that is known.
fulfilment::Carrier make_http_carrier(PartnerHttpOptions options, Aside aside, OpenAddress open);

/// Returns what an HTTP answer says to a question of that kind. Everything that is not clearly an outcome is no_answer; so is a number or a document that
/// could not be stored.
fulfilment::LabelAnswer label_answer_from(fulfilment::LabelRequest::Kind asked, int status, const std::string& body);

} // namespace entrepot::partners
