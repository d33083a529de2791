#include "persistence/read_models/order_list.hpp"

#include <charconv>
#include <optional>

#include "persistence/array_text.hpp"
#include "persistence/codecs/writer.hpp"
#include "persistence/pqxx_compat.hpp"
#include "persistence/read_models/tables.hpp"

namespace entrepot::read_models {

namespace {

bool begins_work(const AnyEvent& event) {
  if (const auto* of_order = std::get_if<order::Event>(&event))
    return std::holds_alternative<order::UnitsIssued>(*of_order) || std::holds_alternative<order::UnitsHandedOver>(*of_order);
  if (const auto* of_fulfilment = std::get_if<fulfilment::Event>(&event))
    return std::holds_alternative<fulfilment::PickStarted>(*of_fulfilment) || std::holds_alternative<fulfilment::Picked>(*of_fulfilment);
  const auto* of_pickup = std::get_if<pickup::Event>(&event);
  return of_pickup && (std::holds_alternative<pickup::PickStarted>(*of_pickup) || std::holds_alternative<pickup::Picked>(*of_pickup));
}

/// The status that an order's event leads to; nothing: it keeps its own. Units that leave begin the fulfilment of a confirmed order.
std::optional<order::Status> status_after(const order::Event& event) {
  using enum order::Status;
  using Answer = std::optional<order::Status>;
  return std::visit(Overload{[](const order::Submitted&) { return Answer(submitted); }, [](const order::Confirmed&) { return Answer(confirmed); },
                             [](const order::Rejected&) { return Answer(rejected); }, [](const order::CancellationBegun&) { return Answer(cancelling); },
                             [](const order::Cancelled&) { return Answer(cancelled); }, [](const order::CancellationEnded&) { return Answer(in_fulfilment); },
                             [](const order::Completed&) { return Answer(completed); }, [](const auto&) { return Answer(); }},
                    event);
}

} // namespace

bool changes_order_row(const AnyEvent& event) { return std::holds_alternative<order::Event>(event) || begins_work(event); }

void OrderListChanges::add(const Fact& fact) {
  if (!changes_order_row(*fact.event))
    return;
  auto [place, first] = by_family_.try_emplace(family_of(fact.stream));
  auto& change = place->second;
  change.at = fact.at;
  change.pos = fact.pos;
  const auto* event = std::get_if<order::Event>(fact.event.get());
  if (const auto* submitted = event ? std::get_if<order::Submitted>(event) : nullptr)
    change.submitted = {fact.event, &submitted->agreement, submitted->agreement.occurred_at.value_or(fact.at)};
  if (auto status = event ? status_after(*event) : std::nullopt) {
    change.status = *status;
    change.only_confirmed = false;
    return;
  }
  if (first) { // nothing is known here of the status it has: one that is confirmed stays so
    change.status = order::Status::confirmed;
    change.only_confirmed = true;
  }
  if (begins_work(*fact.event) && change.status == order::Status::confirmed)
    change.status = order::Status::in_fulfilment;
}

namespace {

/// Where a page ends: "<milliseconds>.<order>".
struct Cursor {
  std::int64_t submitted_at = 0; // milliseconds since 1970
  StreamId family;
};

std::string to_text(const Cursor& cursor) { return std::to_string(cursor.submitted_at) + "." + to_text(OrderId{cursor.family}); }

std::optional<Cursor> cursor_from(const std::string& text) {
  Cursor cursor;
  auto end = text.data() + text.size();
  auto [dot, error] = std::from_chars(text.data(), end, cursor.submitted_at);
  auto order = error == std::errc{} && dot != end && *dot == '.' ? order_id_from({dot + 1, end}) : std::nullopt;
  if (!order || cursor.submitted_at < 0 || cursor.submitted_at > 253'402'300'799'999) // year 9999
    return {};
  cursor.family = order->family;
  return cursor;
}

void write_text_or_null(std::string& out, const pqxx::field& field) {
  if (field.is_null())
    out += "null";
  else
    codec::write_string(out, field.c_str());
}

void write_instant(std::string& out, const pqxx::field& millis) { codec::write_timestamp(out, Timestamp{Duration{millis.as<std::int64_t>()}}); }

template <class Row>
std::string item_from(const Row& row) {
  std::string out = "{\"id\":";
  codec::write_string(out, row[2].c_str());
  out += ",\"status\":";
  codec::write_string(out, row[3].c_str());
  out += ",\"channel\":";
  codec::write_string(out, row[4].c_str());
  out += ",\"external_number\":";
  write_text_or_null(out, row[5]);
  out += ",\"customer\":";
  write_text_or_null(out, row[6]);
  out += ",\"total\":{\"amount\":";
  out += row[7].c_str();
  out += ",\"currency\":";
  codec::write_string(out, row[8].c_str());
  out += "},\"submitted_at\":";
  write_instant(out, row[1]);
  out += ",\"updated_at\":";
  write_instant(out, row[9]);
  return out += "}";
}

const std::string columns = "select family, (extract(epoch from submitted_at) * 1000)::bigint, id, status, channel, external_number, customer, total, currency, "
                            "(extract(epoch from updated_at) * 1000)::bigint from order_list where (submitted_at, family) < ($1::timestamptz, $2::bigint) ";
const std::string newest_first = "order by submitted_at desc, family desc limit $3";

} // namespace

namespace {
/// An empty list is every channel.
std::string of_channels(const std::string& parameter) { return "and (cardinality(" + parameter + "::text[]) = 0 or channel = any(" + parameter + "::text[])) "; }
} // namespace

struct OrderList::Connection {
  explicit Connection(const std::string& conninfo) : link(conninfo) {
    pin_plans(link);
    link.prepare("all", columns + of_channels("$4") + newest_first);
    link.prepare("of_status", columns + of_channels("$4") + "and status = $5 " + newest_first);
  }
  pqxx::connection link;
};

OrderList::OrderList(std::string conninfo) : conninfo_(std::move(conninfo)) {}
OrderList::~OrderList() = default;

Result<OrderPage> OrderList::page(const std::string& status, const std::vector<std::string>& channels, const std::string& after, int limit) {
  if (limit < 1 || limit > max_order_page)
    return reject("limit-invalid", "a page has 1 to " + std::to_string(max_order_page) + " orders");
  auto cursor = after.empty() ? Cursor{} : cursor_from(after).value_or(Cursor{});
  if (!after.empty() && !cursor.family)
    return reject("cursor-invalid", "this is not where a page ended");
  std::string from;
  if (after.empty())
    from = "infinity";
  else
    from = to_rfc3339(Timestamp{Duration{cursor.submitted_at}});
  sql::ArrayText only;
  for (const auto& channel : channels)
    only.add_text(channel);
  std::lock_guard lock(mutex_);
  try {
    if (!connection_)
      connection_ = std::make_unique<Connection>(conninfo_);
    pqxx::nontransaction work(connection_->link);
    auto rows = status.empty() ? sql::run_prepared(work, "all", from, cursor.family.value, limit + 1, only.text())
                               : sql::run_prepared(work, "of_status", from, cursor.family.value, limit + 1, only.text(), status);
    OrderPage page;
    for (const auto& row : rows) {
      if (page.items.size() == static_cast<std::size_t>(limit)) { // one more than asked for tells that this page is not the last
        page.next = to_text(cursor);
        break;
      }
      page.items.push_back(item_from(row));
      cursor = {row[1].template as<std::int64_t>(), {row[0].template as<std::int64_t>()}};
    }
    return page;
  } catch (const pqxx::failure& why) {
    connection_.reset();
    throw journal::Unavailable(why.what());
  }
}

} // namespace entrepot::read_models
