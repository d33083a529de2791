#include "gateways/partners/sandbox/payment_sandbox.hpp"

#include <atomic>
#include <nlohmann/json.hpp>

#include "gateways/http/json_writer.hpp"
#include "gateways/partners/sandbox/delays.hpp"
#include "gateways/partners/sandbox/payment_ledger.hpp"
#include "gateways/partners/sandbox/play.hpp"
#include "gateways/partners/wire.hpp"

namespace entrepot::partners {
namespace {

using http::Method;
using http::Request;
using http::Responder;
using http::Response;
using payment::ProviderAnswer;
using Json = nlohmann::json;

constexpr std::chrono::milliseconds first_report_pause{1'000};

/// What was asked, as it has to outlive the request.
struct Asked {
  Call call = Call::capture;
  std::string key, of, token;
  std::string host; ///< under which we were asked
  Money amount;
  Timestamp not_after;
};

std::string key_from(const Json& body, const char* name) {
  auto key = body.at(name).get<std::string>();
  if (key.empty() || key.size() > payment_key_bytes)
    throw Malformed(std::string(name) + " has 1 to " + std::to_string(payment_key_bytes) + " bytes");
  return key;
}

Money money_from(const Json& amount) {
  auto currency = Currency::from(amount.at("currency").get_ref<const std::string&>());
  const auto& number = amount.at("amount");
  if (!currency || !number.is_number_integer() || number.get<std::int64_t>() <= 0 || number.get<std::int64_t>() >= price_limit)
    throw Malformed("amount is a whole number of minor units above zero, with a currency");
  return {number.get<std::int64_t>(), *currency};
}

Asked asked_from(Call call, const std::string& text) {
  auto body = Json::parse(text);
  Asked asked;
  asked.call = call;
  asked.key = key_from(body, "key");
  if (call == Call::void_)
    return asked;
  asked.amount = money_from(body.at("amount"));
  if (call == Call::refund) {
    asked.of = key_from(body, "of");
    return asked;
  }
  asked.token = body.at("token").get<std::string>();
  auto not_after = from_rfc3339(body.at("not_after").get_ref<const std::string&>());
  if (!not_after)
    throw Malformed("not_after is an instant by RFC 3339");
  asked.not_after = *not_after;
  return asked;
}

FaultScript script_from(const std::string& text) {
  auto body = Json::parse(text);
  auto fault = fault_from(body.at("fault").get_ref<const std::string&>());
  if (!fault)
    throw Malformed("there is no such fault");
  auto partner = partner_from(body.value("partner", "payments"));
  if (!partner)
    throw Malformed("there is no such partner");
  FaultScript script{*fault, body.at("every").get<std::uint32_t>(), FaultScript{}.delay, *partner};
  script.delay = std::chrono::milliseconds{body.value("delay_ms", static_cast<std::int64_t>(script.delay.count()))};
  if (script.delay < std::chrono::milliseconds{0} || script.delay > longest_fault_delay)
    throw Malformed("delay_ms is 0 to " + std::to_string(longest_fault_delay.count()));
  return script;
}

std::string_view name_of(ProviderAnswer::Kind kind) {
  switch (kind) {
  case ProviderAnswer::Kind::captured:
    return "captured";
  case ProviderAnswer::Kind::declined:
    return "declined";
  case ProviderAnswer::Kind::voided:
    return "voided";
  case ProviderAnswer::Kind::refunded:
    return "refunded";
  case ProviderAnswer::Kind::refund_failed:
    return "refund_failed";
  case ProviderAnswer::Kind::action_required:
    return "action_required";
  case ProviderAnswer::Kind::charged_back:
    return "charged_back";
  case ProviderAnswer::Kind::never_heard:
  case ProviderAnswer::Kind::no_answer:
    break;
  }
  check(false, "the ledger answers with what has become of a key");
  return {};
}

/// Whether the shop may have to wait for it longer than it does.
bool may_be_unheard(const Struck& struck) {
  return struck.by(Fault::lost_answer) || struck.by(Fault::late) || struck.by(Fault::slow) || struck.by(Fault::duplicate);
}

/// One message to the shop, the same in every try.
struct Report {
  std::string id, body;
  int tries = 0;
};

Report report_of(const std::string& key, const ProviderAnswer& answer) {
  Report report{.id = "evt_" + key + "/" + std::string(name_of(answer.kind)), .body = {}};
  http::JsonWriter json(report.body);
  json.open().field("type", name_of(answer.kind)).field("key", key);
  if (!answer.reference.empty())
    json.field("reference", answer.reference);
  if (!answer.code.empty())
    json.field("code", answer.code);
  json.key("amount").open().field("amount", answer.amount.amount).field("currency", answer.amount.currency.code()).close().close();
  return report;
}

std::string query_for(const std::string& key) {
  std::string query = "?key=";
  append_percent_encoded(query, key);
  return query;
}

/// What the customer's bank would show.
Response page(const std::string& text, const std::string& form) {
  return {200,
          "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>The bank</title>"
          "<body style=\"font:18px system-ui;max-width:32em;margin:3em auto;padding:0 1em\"><h1>The bank</h1><p>" +
              text + "</p>" + form + "</body></html>",
          "text/html; charset=utf-8",
          {},
          false};
}

Response page_to_confirm(const std::string& key, const ProviderAnswer& answer) {
  if (answer.kind != ProviderAnswer::Kind::action_required)
    return page("There is nothing to confirm.", {});
  auto button = [&](const std::string& act, const std::string& text) {
    return "<form method=\"post\" action=\"/payments/action/" + act + query_for(key) + "\"><button id=\"" + act + "\" style=\"font:inherit;padding:.6em 1.2em;margin:.4em 0\">" + text + "</button></form>";
  };
  return page("A shop wants " + to_text(answer.amount) + " from your card.", button("confirm", "Confirm") + button("refuse", "Refuse"));
}

Response to_response(const Asked& asked, const ProviderAnswer& answer) {
  if (answer.kind == ProviderAnswer::Kind::never_heard)
    return http::refusal(404, "payment-unknown", "This key was never heard of.");
  Response response;
  http::JsonWriter json(response.body);
  json.open().field("result", name_of(answer.kind)).field("reference", answer.reference).field_or_null("code", answer.code);
  json.key("amount").open().field("amount", answer.amount.amount).field("currency", answer.amount.currency.code()).close();
  if (answer.kind == ProviderAnswer::Kind::action_required)
    json.field("url", "http://" + asked.host + "/payments/action" + query_for(asked.key)).field("act_by", to_rfc3339(answer.act_by));
  json.close();
  return response;
}

/// The one parameter that a query about a payment has.
std::optional<std::string> key_in(const Request& request) {
  auto query = request.query();
  if (!query || query->size() != 1 || query->front().first != "key")
    return {};
  return query->front().second;
}

} // namespace

struct PaymentSandbox::State {
  State(const std::filesystem::path& file, std::function<Timestamp()> its_clock, const std::function<void(const std::string&)>& defect, ShopLine its_line)
      : clock(std::move(its_clock)), ledger(file), line(std::move(its_line)), reports(defect), delays(defect) {}

  ProviderAnswer carry_out(const Asked& asked, const Struck& struck) {
    switch (asked.call) {
    case Call::capture: {
      if (struck.by(Fault::decline))
        return ledger.decline(asked.key, asked.amount, "scripted");
      auto amount = asked.amount;
      if (struck.by(Fault::wrong_amount))
        ++amount.amount;
      if (struck.by(Fault::confirm))
        return ledger.ask_for_action(asked.key, amount, asked.token, asked.not_after, clock());
      return ledger.capture(asked.key, amount, asked.token, asked.not_after, clock());
    }
    case Call::void_:
      return ledger.void_key(asked.key);
    case Call::refund:
      return ledger.refund(asked.key, asked.of, asked.amount);
    case Call::enquire:
    case Call::notify:
    case Call::label:
    case Call::enquire_label:
    case Call::report:
      break;
    }
    return ledger.enquire(asked.key);
  }

  void answer(const Asked& asked, const Responder& responder) {
    auto struck = faults.strike(asked.call);
    play(struck, delays, responder, [this, asked, struck] {
      auto answer = carry_out(asked, struck);
      if (asked.call != Call::enquire && may_be_unheard(struck))
        report(report_of(asked.key, answer), std::chrono::milliseconds{0});
      return to_response(asked, answer);
    });
  }

  void report(Report report, std::chrono::milliseconds pause) {
    if (!line.secret || reports_waiting >= payment_reports_waiting)
      return;
    ++reports_waiting;
    reports.after(pause, [this, told = std::move(report)]() mutable {
      --reports_waiting;
      if (!is_acknowledgement(tell_shop(line, "/v1/payment-events", told.id, told.body)) && ++told.tries < payment_report_tries)
        this->report(told, first_report_pause * (1 << (told.tries - 1)));
    });
  }

  std::function<Timestamp()> clock;
  PaymentLedger ledger;
  Faults faults;
  ShopLine line;
  std::atomic<int> reports_waiting{0};
  Delays reports; // on a thread of their own: telling waits for the shop
  Delays delays;  // last: what it does uses the rest
};

PaymentSandbox::PaymentSandbox(const std::filesystem::path& folder, std::function<Timestamp()> clock, std::function<void(const std::string&)> defect, ShopLine line)
    : state_(std::make_unique<State>(folder / "sandbox-ledger.ndjson", std::move(clock), defect, std::move(line))) {}
PaymentSandbox::~PaymentSandbox() = default;

Faults& PaymentSandbox::faults() { return state_->faults; }

void PaymentSandbox::add_to(http::Routes& routes) {
  auto everyone = http::Allowed::everyone();
  auto* state = state_.get();
  auto post = [&](const char* path, Call call) {
    routes.add(Method::post, path, everyone, [state, call](Request& request, const Responder& responder) {
      reading(responder, [&] {
        auto asked = asked_from(call, request.body());
        asked.host = request.header("host");
        state->answer(asked, responder);
      });
    });
  };
  post("/payments/captures", Call::capture);
  post("/payments/voids", Call::void_);
  post("/payments/refunds", Call::refund);
  auto enquire = [state](const Request& request, std::string_view key, const Responder& responder) {
    Asked asked;
    asked.call = Call::enquire;
    asked.key = key;
    asked.host = request.header("host");
    state->answer(asked, responder);
  };
  routes.add(Method::get, "/payments/{key}", everyone,
             [enquire](Request& request, const Responder& responder) { enquire(request, request.param("key"), responder); });
  routes.add(Method::get, "/payments", everyone, [enquire](Request& request, const Responder& responder) {
    auto key = key_in(request);
    if (!key)
      return responder.answer(http::refusal(400, "query-invalid", "Which payment is meant is said by key=... alone."));
    enquire(request, *key, responder);
  });
  routes.add(Method::get, "/payments/action", everyone, [state](Request& request, const Responder& responder) {
    auto key = key_in(request).value_or("");
    responder.answer(page_to_confirm(key, state->ledger.enquire(key)));
  });
  for (auto confirms : {true, false})
    routes.add(Method::post, confirms ? "/payments/action/confirm" : "/payments/action/refuse", everyone, [state, confirms](Request& request, const Responder& responder) {
      auto key = key_in(request).value_or("");
      auto answer = state->ledger.act(key, confirms, state->clock());
      if (answer.kind == ProviderAnswer::Kind::captured || answer.kind == ProviderAnswer::Kind::declined)
        state->report(report_of(key, answer), std::chrono::milliseconds{0});
      responder.answer(page(answer.kind == ProviderAnswer::Kind::captured ? "Thank you: it is confirmed. Go back to the shop." : "It is not confirmed. Go back to the shop.", {}));
    });
  routes.add(Method::post, "/payments/charge-backs", everyone, [state](Request& request, const Responder& responder) {
    reading(responder, [&] {
      auto body = Json::parse(request.body());
      auto key = key_from(body, "key");
      auto captured = state->ledger.enquire(key);
      if (captured.kind != ProviderAnswer::Kind::captured)
        return responder.answer(http::refusal(404, "payment-unknown", "Nothing was captured under this key."));
      state->report(report_of(key, {ProviderAnswer::Kind::charged_back, key_from(body, "reference"), "fraud", captured.amount}), std::chrono::milliseconds{0});
      responder.answer({202, {}, {}, {}, false});
    });
  });
  routes.add(Method::get, "/ledger", everyone, [state](Request&, const Responder& responder) {
    responder.answer({200, state->ledger.to_ndjson(), "application/x-ndjson", {}, false});
  });
  routes.add(Method::post, "/faults", everyone, [state](Request& request, const Responder& responder) {
    reading(responder, [&] {
      state->faults.set(script_from(request.body()));
      responder.answer({204, {}, {}, {}, false});
    });
  });
  routes.add(Method::get, "/healthz", everyone, [](Request&, const Responder& responder) { responder.answer({200, R"({"status":"ok"})", "application/json", {}, false}); });
}

} // namespace entrepot::partners
