#include "gateways/partners/sandbox/carrier_sandbox.hpp"

#include <algorithm>
#include <array>
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
/// What the carrier may say of a parcel when somebody asks it to.
constexpr std::array<std::string_view, 8> news{"delivered", "in_transit", "out_for_delivery", "available_for_pickup", "exception", "return_to_sender", "lost", "damaged"};

struct Asked {
  std::string key, reference, carrier, ship_from;
  bool has_address = false;
};

/// What has become of one key.
struct Label {
  std::string key, reference, carrier, ship_from;
  std::string tracking; ///< empty: refused
  std::string code;     ///< why
  std::optional<Timestamp> at = {}; ///< when it was made, where there is a clock
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
  json.field_or_null("tracking", label.tracking).field_or_null("code", label.code).field_or_null("at", label.at ? to_rfc3339(*label.at) : std::string()).close();
  return line;
}

Label label_from(const std::string& line) {
  auto body = Json::parse(line);
  auto text = [&](const char* name) { return body.at(name).is_null() ? std::string() : body.at(name).get<std::string>(); };
  return {text("key"), text("reference"), text("carrier"), text("ship_from"), text("tracking"), text("code"), body.contains("at") ? from_rfc3339(text("at")) : std::nullopt};
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
  State(const std::filesystem::path& folder, Faults& its_faults, const std::function<void(const std::string&)>& defect, Reporting its_reporting)
      : faults(its_faults), reporting(std::move(its_reporting)), file(folder / "sandbox-labels.ndjson", [this](const std::string& line) { keep(label_from(line)); }),
        reports(folder / "sandbox-parcels.ndjson", reporting, faults, defect), delays(defect) {
    for (const auto& label : labels)
      if (!label.tracking.empty() && !reports.about(label.tracking))
        deliver_by_itself(label);
  }

  void keep(Label label) {
    places.emplace(label.key, labels.size());
    if (!label.tracking.empty())
      parcels.emplace(label.tracking, labels.size());
    labels.push_back(std::move(label));
  }

  Response make(const Asked& asked, bool refused) {
    std::lock_guard lock(mutex);
    if (auto known = places.find(asked.key); known != places.end())
      return to_response(labels[known->second]);
    Label label{asked.key, asked.reference, asked.carrier, asked.ship_from, {}, {}, reporting.line.clock ? std::optional(reporting.line.clock()) : std::nullopt};
    if (refused)
      label.code = "scripted";
    else if (!asked.has_address)
      label.code = "address-missing";
    else
      label.tracking = "TRK-" + std::to_string(labels.size() + 1);
    file.append(line_of(label) + '\n');
    auto answer = to_response(label);
    if (!label.tracking.empty())
      deliver_by_itself(label);
    keep(std::move(label));
    return answer;
  }

  void deliver_by_itself(const Label& label) {
    if (reporting.line.secret && reporting.deliver_after)
      reports.tell("delivered", label.tracking, label.reference, label.at.value_or(reporting.line.clock()) + *reporting.deliver_after);
  }

  Response tell(const std::string& type, const std::string& tracking) {
    if (std::ranges::find(news, type) == news.end())
      return http::refusal(404, "news-unknown", "The carrier has no such news of a parcel.");
    std::lock_guard lock(mutex);
    auto known = parcels.find(tracking);
    if (known == parcels.end())
      return unknown_parcel();
    if (!reporting.line.secret)
      return http::refusal(409, "reports-not-configured", "There is no secret to sign messages to the shop with.");
    reports.tell(type, tracking, labels[known->second].reference, reporting.line.clock());
    auto response = show(labels[known->second]);
    response.status = 202;
    return response;
  }

  Response show_parcel(const std::string& tracking) {
    std::lock_guard lock(mutex);
    auto known = parcels.find(tracking);
    return known == parcels.end() ? unknown_parcel() : show(labels[known->second]);
  }

  static Response unknown_parcel() { return http::refusal(404, "parcel-unknown", "There is no parcel under this number."); }

  Response show(const Label& label) {
    Response response;
    http::JsonWriter json(response.body);
    json.open().field("tracking", label.tracking).field("reference", label.reference).field("carrier", label.carrier).field("ship_from", label.ship_from).key("delivery");
    if (auto report = reports.about(label.tracking))
      json.open().field("status", name_of(report->status)).field("tries", report->tries).field("last_answer", report->last_answer).field("delivered_at", to_rfc3339(report->delivered_at)).close();
    else
      json.null();
    json.close();
    return response;
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
  Reporting reporting;
  std::mutex mutex; ///< guards what follows
  std::vector<Label> labels;
  std::unordered_map<std::string, std::size_t> places;  ///< by key
  std::unordered_map<std::string, std::size_t> parcels; ///< by tracking number
  LedgerFile file;
  ParcelReports reports;
  Delays delays; // last: what it does uses the rest
};

CarrierSandbox::CarrierSandbox(const std::filesystem::path& folder, Faults& faults, std::function<void(const std::string&)> defect, Reporting reporting)
    : state_(std::make_unique<State>(folder, faults, std::move(defect), std::move(reporting))) {}
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
  routes.add(Method::post, "/parcels/{tracking}/{news}", everyone,
             [state](Request& request, const Responder& responder) { responder.answer(state->tell(std::string(request.param("news")), std::string(request.param("tracking")))); });
  routes.add(Method::get, "/parcels/{tracking}", everyone,
             [state](Request& request, const Responder& responder) { responder.answer(state->show_parcel(std::string(request.param("tracking")))); });
  routes.add(Method::get, "/parcels", everyone, [state](Request&, const Responder& responder) { responder.answer(state->list()); });
}

} // namespace entrepot::partners
