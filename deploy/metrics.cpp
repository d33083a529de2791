#include "deploy/metrics.hpp"

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

} // namespace

std::string metrics_text(const NodeFigures& figures) {
  return prometheus::TextSerializer().Serialize({
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
      gauge("entrepot_read_models_work", "0 once the read models have stopped and a person must look", figures.read_models_work ? 1 : 0),
  });
}

} // namespace entrepot
