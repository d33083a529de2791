// What we ask a carrier, and what it may answer: the port. HTTP and the sandbox stand behind it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "domain/fulfilment/fulfilment.hpp"
#include "domain/ids.hpp"
#include "domain/sealed.hpp"

namespace entrepot::fulfilment {

/// One question. `key` names the label for ever: the carrier makes one label of a key, however often it is asked.
struct LabelRequest {
  enum class Kind : std::uint8_t {
    ask,     ///< a label for these parcels
    enquire, ///< what became of `key`?
  } kind = Kind::ask;
  std::string key;       ///< "ful_1cj37r03x000g/1": fulfilment, attempt
  std::string reference; ///< "ful_...": what the carrier says when it speaks of the parcels
  std::string carrier;   ///< whose service, as the channel calls it
  LocationCode ship_from;
  std::vector<Parcel> parcels;
  StreamId person;       ///< whose key opens the address
  Sealed address;
};

struct LabelAnswer {
  enum class Kind : std::uint8_t {
    labelled,
    refused,     ///< there will be no label of this key; `code` says why, e.g. "address-invalid"
    never_heard, ///< the carrier does not know the key: no result, it may still be on its way
    no_answer,   ///< silence, a broken connection, a 5xx: nothing is known
  } kind = Kind::no_answer;
  std::string tracking; ///< number of the parcels
  std::string document; ///< where the label to be printed is
  std::string code;
};

/// Asks; `reply` is called exactly once, on any thread, within the adapter's time-out. Never throws, never blocks.
using Carrier = std::function<void(LabelRequest request, std::function<void(LabelAnswer)> reply)>;

} // namespace entrepot::fulfilment
