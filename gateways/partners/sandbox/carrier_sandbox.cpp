#include "gateways/partners/sandbox/carrier_sandbox.hpp"

#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "gateways/http/json_writer.hpp"
#include "gateways/partners/sandbox/ledger_file.hpp"
#include "gateways/partners/sandbox/play.hpp"

namespace entrepot::partners {
namespace {

using http::Method;
using http::Request;
using http::Responder;
using http::Response;
using Json = nlohmann::json;

constexpr std::size_t key_bytes = 255;

struct Asked {
  std::string key, reference, carrier, ship_from;
  bool has_address = false;
};

/// What has become of one key.
struct Label {
  std::string key, reference, carrier, ship_from;
  std::string tracking; ///< empty: refused
  std::string code;     ///< why
};

Asked asked_from(const std::string& text) {
  auto body = Json::parse(text);
  Asked asked{body.at("key").get<std::string>(), body.at("reference").get<std::string>(), body.at("carrier").get<std::string>(), body.at("ship_from").get<std::string>(),
              !body.at("address").get<std::string>().empty()};
  if (asked.key.empty() || asked.key.size() > key_bytes)
    throw Malformed("key has 1 to " + std::to_string(key_bytes) + " bytes");
  const auto& parcels = body.at("parcels");
  if (!parcels.is_array() || parcels.empty())
    throw Malformed("there is at least one parcel");
  for (const auto& parcel : parcels)
    if (parcel.at("weight_grams").get<std::int64_t>() < 0)
      throw Malformed("a parcel weighs something");
  return asked;
}

std::string line_of(const Label& label) {
  std::string line;
  http::JsonWriter json(line);
  json.open().field("key", label.key).field("reference", label.reference).field("carrier", label.carrier).field("ship_from", label.ship_from);
  json.field_or_null("tracking", label.tracking).field_or_null("code", label.code).close();
  return line;
}

Label label_from(const std::string& line) {
  auto body = Json::parse(line);
  auto text = [&](const char* name) { return body.at(name).is_null() ? std::string() : body.at(name).get<std::string>(); };
  return {text("key"), text("reference"), text("carrier"), text("ship_from"), text("tracking"), text("code")};
}

Response to_response(const Label& label) {
  if (label.tracking.empty())
    return http::refusal(422, label.code, "There is no label of this key.");
  Response response;
  http::JsonWriter(response.body).open().field("result", "labelled").field("tracking", label.tracking).field("label", "https://carrier.example/labels/" + label.tracking).close();
  return response;
}

} // namespace

struct CarrierSandbox::State {
  State(const std::filesystem::path& path, Faults& its_faults, std::function<void(const std::string&)> defect)
      : faults(its_faults), file(path, [this](const std::string& line) { keep(label_from(line)); }), delays(std::move(defect)) {}

  void keep(Label label) {
    places.emplace(label.key, labels.size());
    labels.push_back(std::move(label));
  }

  Response make(const Asked& asked, bool refused) {
    std::lock_guard lock(mutex);
    if (auto known = places.find(asked.key); known != places.end())
      return to_response(labels[known->second]);
    Label label{asked.key, asked.reference, asked.carrier, asked.ship_from, {}, {}};
    if (refused)
      label.code = "scripted";
    else if (!asked.has_address)
      label.code = "address-missing";
    else
      label.tracking = "TRK-" + std::to_string(labels.size() + 1);
    file.append(line_of(label) + '\n');
    auto answer = to_response(label);
    keep(std::move(label));
    return answer;
  }

  Response enquire(const std::string& key) {
    std::lock_guard lock(mutex);
    auto known = places.find(key);
    return known == places.end() ? http::refusal(404, "label-unknown", "This key was never heard of.") : to_response(labels[known->second]);
  }

  Response list() {
    std::lock_guard lock(mutex);
    Response response;
    http::JsonWriter json(response.body);
    json.open().key("items").open('[');
    for (const auto& label : labels)
      json.raw(line_of(label));
    json.close(']').close();
    return response;
  }

  Faults& faults;
  std::mutex mutex; ///< guards what follows
  std::vector<Label> labels;
  std::unordered_map<std::string, std::size_t> places; ///< by key
  LedgerFile file;
  Delays delays; // last: what it does uses the rest
};

CarrierSandbox::CarrierSandbox(const std::filesystem::path& folder, Faults& faults, std::function<void(const std::string&)> defect)
    : state_(std::make_unique<State>(folder / "sandbox-labels.ndjson", faults, std::move(defect))) {}
CarrierSandbox::~CarrierSandbox() = default;

void CarrierSandbox::add_to(http::Routes& routes) {
  auto* state = state_.get();
  auto everyone = http::Allowed::everyone();
  routes.add(Method::post, "/labels", everyone, [state](Request& request, const Responder& responder) {
    reading(responder, [&] {
      auto asked = asked_from(request.body());
      auto struck = state->faults.strike(Call::label);
      play(struck, state->delays, responder, [state, asked, refused = struck.by(Fault::refuse)] { return state->make(asked, refused); });
    });
  });
  routes.add(Method::get, "/labels/{key}", everyone, [state](Request& request, const Responder& responder) {
    auto struck = state->faults.strike(Call::enquire_label);
    play(struck, state->delays, responder, [state, key = std::string(request.param("key"))] { return state->enquire(key); });
  });
  routes.add(Method::get, "/parcels", everyone, [state](Request&, const Responder& responder) { responder.answer(state->list()); });
}

} // namespace entrepot::partners
