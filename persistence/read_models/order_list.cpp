#include "persistence/read_models/order_list.hpp"

#include <charconv>

#include "persistence/array_text.hpp"
#include "persistence/codecs/writer.hpp"
#include "persistence/pqxx_compat.hpp"
#include "persistence/read_models/tables.hpp"

namespace entrepot::read_models {

void OrderListChanges::add(const Fact& fact) {
  const auto* event = std::get_if<order::Event>(fact.event.get());
  if (!event)
    return;
  auto& change = by_family_[family_of(fact.stream)];
  std::visit(Overload{[&](const order::Submitted& submitted) {
                        change.submitted = {fact.event, &submitted.agreement, fact.at};
                        change.status = order::Status::submitted;
                      },
                      [&](const order::Confirmed&) { change.status = order::Status::confirmed; },
                      [&](const order::Rejected&) { change.status = order::Status::rejected; }},
             *event);
  change.at = fact.at;
  change.pos = fact.pos;
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
