// POST /v1/imports: rows of the past, each carried out by the commands that made it when it was the present, and answered one by one.
#include <algorithm>
#include <deque>

#include "gateways/api/desk.hpp"
#include "gateways/api/idempotency.hpp"
#include "gateways/api/imports/orders.hpp"
#include "gateways/api/imports/returns.hpp"
#include "gateways/http/json_writer.hpp"
#include "gateways/http/limits.hpp"

namespace entrepot::api::imports {
namespace {

constexpr std::size_t rows_at_once = 64;
constexpr auto media_type = "application/x-ndjson";

void append_why(http::JsonWriter& json, const Rejection& why) {
  json.field("code", why.code).field("text", why.text);
  if (why.details.empty())
    return;
  json.key("errors").open('[');
  for (const auto& detail : why.details)
    json.open().field("pointer", detail.pointer).field("code", detail.code).field("detail", detail.text).close();
  json.close(']');
}

void append_line(std::string& out, const Row& row, const Outcome& outcome) {
  constexpr std::string_view words[] = {"done", "refused", "again"};
  http::JsonWriter json(out);
  json.open().key("position");
  row.position ? json.number(*row.position) : json.null();
  json.field("status", words[static_cast<std::size_t>(outcome.status)]);
  if (outcome.order)
    json.field("order", to_text(*outcome.order));
  if (outcome.replayed)
    json.flag("replayed", true);
  if (outcome.total)
    json.key("total").open().field("amount", outcome.total->amount).field("currency", outcome.total->currency.code()).close();
  if (!outcome.refused_lines.empty()) {
    json.key("refused_lines").open('[');
    for (const auto& line : outcome.refused_lines)
      json.open().field("line", line.line).field("code", line.code).field("text", line.text).close();
    json.close(']');
  }
  if (outcome.why)
    append_why(json, *outcome.why);
  json.close();
  out += '\n';
}

/// Products come before receipts, which name them, and both before what needs them.
int phase_of(const Row& row) { return std::visit(Overload{[](const ProductRow&) { return 0; }, [](const ReceiptRow&) { return 1; }, [](const auto&) { return 2; }}, row.content); }

/// The rows of one request under way. Rows of a phase are carried out side by side, a few at once.
class Batch : public std::enable_shared_from_this<Batch> {
public:
  Batch(Shared inside, gateway::Origin origin, std::vector<Row> rows, http::Responder responder)
      : inside_(std::move(inside)), origin_(std::move(origin)), rows_(std::move(rows)), outcomes_(rows_.size()), responder_(std::move(responder)) {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (const auto* wrong = std::get_if<Rejection>(&rows_[i].content))
        outcomes_[i] = refused(*wrong);
      else
        waiting_[phase_of(rows_[i])].push_back(i);
    }
  }

  /// Starts what may be started. Rows may be done while they are started, on this thread: then the loop that is running goes on.
  void go_on() {
    std::unique_lock lock(mutex_);
    if (std::exchange(starting_, true))
      return;
    while (auto next = next_row()) {
      ++under_way_;
      lock.unlock();
      start(*next);
      lock.lock();
    }
    starting_ = false;
    auto is_over = under_way_ == 0 && std::ranges::all_of(waiting_, [](const auto& rows) { return rows.empty(); });
    auto responder = is_over ? std::exchange(responder_, std::nullopt) : std::nullopt;
    lock.unlock();
    if (responder)
      answer(*responder);
  }

  /// Answers what is done; the rest may be sent again.
  void answer(const http::Responder& responder) {
    responder.answer_by([self = shared_from_this()] {
      std::lock_guard lock(self->mutex_);
      http::Response response;
      response.content_type = media_type;
      for (std::size_t i = 0; i < self->rows_.size(); ++i)
        append_line(response.body, self->rows_[i], self->outcomes_[i] ? *self->outcomes_[i] : again("timed-out", "Not done in time; send the row again."));
      return response;
    });
  }

private:
  std::optional<std::size_t> next_row() {
    auto phase = std::ranges::find_if(waiting_, [](const auto& rows) { return !rows.empty(); });
    if (phase == waiting_.end() || under_way_ >= rows_at_once || (under_way_ > 0 && phase - waiting_.begin() != phase_))
      return {};
    phase_ = static_cast<int>(phase - waiting_.begin());
    auto row = phase->front();
    phase->pop_front();
    return row;
  }

  void start(std::size_t at) {
    Done done = [self = shared_from_this(), at](Outcome outcome) { self->finish(at, std::move(outcome)); };
    std::visit(Overload{[&](ProductRow& row) { define(std::move(row), std::move(done)); }, [&](ReceiptRow& row) { receive(std::move(row), std::move(done)); },
                        [&](OrderRow& row) { import_order(inside_, origin_, std::move(row), std::move(done)); },
                        [&](ReturnRow& row) { import_return(inside_, origin_, std::move(row), std::move(done)); }, [](const Rejection&) {}},
               rows_[at].content);
  }

  void finish(std::size_t at, Outcome outcome) {
    {
      std::lock_guard lock(mutex_);
      if (outcomes_[at])
        return;
      outcomes_[at] = std::move(outcome);
      --under_way_;
    }
    go_on();
  }

  static gateway::Reply<std::int64_t> answer_to(Done done) {
    return [done = std::move(done)](gateway::Outcome<std::int64_t> outcome) {
      std::visit(Overload{[&](std::int64_t) { done({}); }, [&](const auto& no) { done(outcome_of(no)); }}, outcome);
    };
  }

  /// A product that is there already as the row says it stays as it is.
  void define(ProductRow row, Done done) {
    auto to = stream_of(row.product.sku);
    inside_->ports.command(to, AnyCommand{product::Command{product::Define{std::move(row.product)}}}, fresh_command(inside_->options.random), origin_, {}, answer_to(std::move(done)));
  }

  void receive(ReceiptRow row, Done done) {
    auto definitions = inside_->ports.definitions();
    for (const auto& movement : row.movements)
      if (!definitions->products.contains(movement.item.sku))
        return done(refused(reject("product-unknown", "There is no product " + movement.item.sku.text() + ".")));
    auto origin = origin_;
    origin.occurred_at = row.occurred_at;
    auto id = import_command("receipt", row.location.text() + "/" + row.reference);
    inside_->ports.command(stream_of(row.location), AnyCommand{stock::Command{stock::Receive{row.reference, std::move(row.movements)}}}, id, std::move(origin), {}, answer_to(std::move(done)));
  }

  Shared inside_;
  gateway::Origin origin_;
  std::vector<Row> rows_;
  std::mutex mutex_;
  std::vector<std::optional<Outcome>> outcomes_;
  std::array<std::deque<std::size_t>, 3> waiting_; ///< rows not yet started, by phase
  int phase_ = 0;
  std::size_t under_way_ = 0;
  bool starting_ = false;
  std::optional<http::Responder> responder_; ///< until everything is done
};

Rejection malformed(std::string text) { return reject("import-malformed", std::move(text)); }

/// Reads the rows; refuses the request as a whole if they cannot be told apart.
Result<std::vector<Row>> read_rows(std::string_view body, const Principal& principal, const order::Definitions& definitions, Timestamp now) {
  std::vector<Row> rows;
  std::int64_t before = 0;
  while (!body.empty()) {
    auto end = body.find('\n');
    auto line = body.substr(0, end);
    body.remove_prefix(end == std::string_view::npos ? body.size() : end + 1);
    if (line.empty() || line == "\r")
      continue;
    if (rows.size() == http::limits::import_rows)
      return malformed("A request holds at most " + std::to_string(http::limits::import_rows) + " rows.");
    rows.push_back(read_row(line, principal, definitions, now));
    if (auto position = rows.back().position) {
      if (*position <= before)
        return malformed("Positions grow from row to row; " + std::to_string(*position) + " comes after " + std::to_string(before) + ".");
      before = *position;
    }
  }
  if (rows.empty())
    return malformed("There is no row in the body.");
  return rows;
}

void post_import(const Shared& inside, const Call& call) {
  auto type = call.request.header("content-type");
  if (type.substr(0, type.find(';')) != media_type)
    return call.refuse(reject("media-type-unsupported", std::string("Rows are sent as ") + media_type + ", one JSON object a line."));
  auto rows = read_rows(call.request.body(), call.principal, *inside->ports.definitions(), inside->options.clock());
  if (!rows)
    return call.refuse(rows.error());
  auto batch = std::make_shared<Batch>(inside, call.origin(), std::move(*rows), call.responder);
  call.responder.at_deadline(http::limits::import_time, [batch](const http::Responder& responder) { batch->answer(responder); });
  batch->go_on();
}

} // namespace
} // namespace entrepot::api::imports

namespace entrepot::api {

void add_imports(Desk& desk) {
  auto inside = desk.inside();
  desk.add(http::Method::post, "/v1/imports", {http::Role::admin}, [inside](const Call& call) { imports::post_import(inside, call); });
}

} // namespace entrepot::api
