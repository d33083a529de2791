#include "deploy/metrics.hpp"

#include <algorithm>
#include <initializer_list>
#include <optional>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace entrepot {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily gauge(std::string name, std::string help, double value) {
  ClientMetric metric;
  metric.gauge.value = value;
  MetricFamily family;
  family.name = std::move(name);
  family.help = std::move(help);
  family.type = MetricType::Gauge;
  family.metric.push_back(std::move(metric));
  return family;
}

MetricFamily counter(std::string name, std::string help, std::uint64_t value) {
  ClientMetric metric;
  metric.counter.value = static_cast<double>(value);
  MetricFamily family;
  family.name = std::move(name);
  family.help = std::move(help);
  family.type = MetricType::Counter;
  family.metric.push_back(std::move(metric));
  return family;
}

double seconds(std::chrono::microseconds length) { return std::chrono::duration<double>(length).count(); }

MetricFamily lag(const read_models::LagStats& stats) {
  ClientMetric metric;
  metric.label.push_back({"model", "read_models"});
  metric.summary.quantile = {{0.5, seconds(stats.p50)}, {0.99, seconds(stats.p99)}, {1.0, seconds(stats.longest)}};
  metric.summary.sample_count = stats.events;
  MetricFamily family;
  family.name = "entrepot_read_model_lag_seconds";
  family.help = "From the commit of an event to its being visible, since the start";
  family.type = MetricType::Summary;
  family.metric.push_back(std::move(metric));
  return family;
}

/// Notices that were drawn, by what became of them.
MetricFamily notices_ended(const consequences::NotifierFigures& figures) {
  MetricFamily family;
  family.name = "entrepot_notices_total";
  family.help = "Notices to customers, by outcome: sent, refused by the provider, or nobody told (erased, no contact, long past, too late)";
  family.type = MetricType::Counter;
  for (auto [outcome, count] : std::initializer_list<std::pair<const char*, std::uint64_t>>{{"sent", figures.sent},
                                                                                             {"refused", figures.refused},
                                                                                             {"erased", figures.erased},
                                                                                             {"no_contact", figures.nobody},
                                                                                             {"past", figures.past},
                                                                                             {"too_late", figures.too_late}}) {
    ClientMetric metric;
    metric.label.push_back({"outcome", outcome});
    metric.counter.value = static_cast<double>(count);
    family.metric.push_back(std::move(metric));
  }
  return family;
}

/// What partners told unasked, by what became of it.
MetricFamily partner_events(std::initializer_list<std::pair<const char*, const api::EventCounts*>> partners) {
  MetricFamily family;
  family.name = "entrepot_partner_events_total";
  family.help = "Messages that partners sent without being asked, by outcome";
  family.type = MetricType::Counter;
  for (auto [partner, counts] : partners)
    for (std::size_t i = 0; counts && i < api::event_outcome_count; ++i) {
      auto outcome = static_cast<api::EventOutcome>(i);
      ClientMetric metric;
      metric.label.push_back({"partner", partner});
      metric.label.push_back({"outcome", std::string(name_of(outcome))});
      metric.counter.value = static_cast<double>(counts->of(outcome));
      family.metric.push_back(std::move(metric));
    }
  return family;
}

/// A figure of every webhook endpoint, by its id.
template <class Figure>
MetricFamily of_endpoints(std::string name, std::string help, MetricType type, const std::vector<webhook::EndpointFigures>& endpoints, Figure figure) {
  MetricFamily family;
  family.name = std::move(name);
  family.help = std::move(help);
  family.type = type;
  for (const auto& endpoint : endpoints) {
    ClientMetric metric;
    metric.label.push_back({"endpoint", endpoint.id});
    auto value = static_cast<double>(figure(endpoint));
    if (type == MetricType::Counter)
      metric.counter.value = value;
    else
      metric.gauge.value = value;
    family.metric.push_back(std::move(metric));
  }
  return family;
}

double age(std::optional<Timestamp> oldest, Timestamp now) { return oldest ? std::max(0.0, std::chrono::duration<double>(now - *oldest).count()) : 0; }

} // namespace

namespace {

using Endpoint = webhook::EndpointFigures;

std::vector<MetricFamily> webhooks(const NodeFigures& figures) {
  const auto& all = figures.webhooks;
  return {of_endpoints("entrepot_webhooks_sent_total", "Webhooks that the endpoint acknowledged", MetricType::Counter, all, [](const Endpoint& one) { return one.sent; }),
          of_endpoints("entrepot_webhooks_failed_total", "Tries that it did not acknowledge", MetricType::Counter, all, [](const Endpoint& one) { return one.failed; }),
          of_endpoints("entrepot_webhooks_dead_total", "Webhooks given up: dead letters", MetricType::Counter, all, [](const Endpoint& one) { return one.died; }),
          of_endpoints("entrepot_webhooks_past_total", "Events of orders of long ago, which nobody is told", MetricType::Counter, all, [](const Endpoint& one) { return one.past; }),
          of_endpoints("entrepot_webhooks_waiting", "Webhooks drawn and not yet acknowledged", MetricType::Gauge, all, [](const Endpoint& one) { return one.waiting; }),
          of_endpoints("entrepot_webhooks_set_aside", "Of them, those that failed or follow one of the same order that did", MetricType::Gauge, all,
                       [](const Endpoint& one) { return one.set_aside; }),
          of_endpoints("entrepot_webhooks_lag_seconds", "Since the oldest event that the endpoint has not taken", MetricType::Gauge, all,
                       [&](const Endpoint& one) { return age(one.oldest, figures.now); }),
          of_endpoints("entrepot_webhooks_resting", "1 while an endpoint that does not answer is left alone", MetricType::Gauge, all, [](const Endpoint& one) { return one.resting ? 1 : 0; }),
          of_endpoints("entrepot_webhooks_work", "0 once an endpoint is told nothing more and a person must look", MetricType::Gauge, all,
                       [](const Endpoint& one) { return one.stopped ? 0 : 1; })};
}

} // namespace

std::string metrics_text(const NodeFigures& figures) {
  std::vector<MetricFamily> families{
      gauge("entrepot_http_connections", "Open connections", static_cast<double>(figures.http.connections)),
      gauge("entrepot_http_requests_in_flight", "Requests not yet answered", static_cast<double>(figures.http.in_flight)),
      gauge("entrepot_http_streams", "Open streams of server-sent events", static_cast<double>(figures.http.streams)),
      counter("entrepot_http_requests_total", "Requests answered", figures.http.answered),
      counter("entrepot_http_requests_timed_out_total", "Requests that nobody answered in time", figures.http.timed_out),
      counter("entrepot_http_requests_overloaded_total", "Requests refused because too much was under way", figures.http.overloaded),
      counter("entrepot_http_slow_clients_cut_total", "Connections cut because the client was too slow", figures.http.cut),
      gauge("entrepot_requests_admitted", "Gateways' requests that actors have not answered yet", figures.actors.admitted),
      gauge("entrepot_deadlines", "Orders that wait for a clock", static_cast<double>(figures.actors.deadlines)),
      counter("entrepot_creations_forgotten_total", "Idempotency keys of orders without external number that were forgotten after 30 days", figures.creations_forgotten),
      gauge("entrepot_lease", "1 while the node may answer from memory", figures.lease ? 1 : 0),
      lag(figures.read_models),
      gauge("entrepot_read_model_events_behind", "Events committed and not yet visible", static_cast<double>(figures.read_models.behind)),
      notices_ended(figures.notices),
      counter("entrepot_notices_unanswered_total", "Tries to hand over a notice that the provider did not answer", figures.notices.unanswered),
      gauge("entrepot_notices_waiting", "Notices drawn and not yet acknowledged by the provider", static_cast<double>(figures.notices.waiting)),
      gauge("entrepot_notices_waiting_age_seconds", "Since the event that caused the oldest of them", age(figures.notices.oldest, figures.now)),
      gauge("entrepot_notices_work", "0 once notices have stopped and a person must look", figures.notices.stopped ? 0 : 1),
      counter("entrepot_consequences_total", "Commands that followed from events of others, acknowledged by their actors", figures.consequences.acknowledged),
      counter("entrepot_consequences_repeated_total", "Times that one was given again since it was not taken", figures.consequences.repeated),
      gauge("entrepot_consequences_waiting", "Commands drawn and not yet acknowledged", static_cast<double>(figures.consequences.waiting)),
      gauge("entrepot_consequences_waiting_age_seconds", "Since the event that caused the oldest of them", age(figures.consequences.oldest, figures.now)),
      gauge("entrepot_consequences_work", "0 once nobody is told of consequences any more and a person must look", figures.consequences.stopped ? 0 : 1),
      partner_events({{"carrier", figures.carrier_events.get()}, {"payment", figures.payment_events.get()}}),
      gauge("entrepot_read_models_work", "0 once the read models have stopped and a person must look", figures.read_models_work ? 1 : 0),
  };
  for (auto& family : webhooks(figures))
    families.push_back(std::move(family));
  return prometheus::TextSerializer().Serialize(families);
}

} // namespace entrepot
