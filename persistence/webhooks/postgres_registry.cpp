#include "persistence/webhooks/postgres_registry.hpp"

#include <string_view>
#include <utility>

#include "persistence/array_text.hpp"
#include "persistence/journal.hpp"
#include "persistence/pqxx_compat.hpp"
#include "persistence/webhooks/page_cursor.hpp"

namespace entrepot::webhook {
namespace {

Rejection unknown() { return reject("webhook-endpoint-unknown", "There is no such webhook endpoint."); }

std::string hex(const Secret& bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (auto byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

Secret bytes_from(std::string_view hex) {
  auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  Secret bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes.push_back(static_cast<unsigned char>(value(hex[i]) << 4 | value(hex[i + 1])));
  return bytes;
}

std::string array_of(const std::vector<std::string>& codes) {
  sql::ArrayText array;
  for (const auto& code : codes)
    array.add_text(code);
  return array.text();
}

std::vector<std::string> split(std::string_view text) { // neither codes nor names have commas
  std::vector<std::string> codes;
  while (!text.empty()) {
    auto comma = std::min(text.find(','), text.size());
    codes.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return codes;
}

std::string time_or_empty(const std::optional<Timestamp>& at) { return at ? to_rfc3339(*at) : std::string(); }

template <class Field>
Timestamp time_from(const Field& field) {
  return Timestamp{Duration{field.template as<std::int64_t>()}};
}

const std::string endpoint_columns = "id, url, array_to_string(types, ','), array_to_string(channels, ','), status, encode(secret, 'hex'), encode(former_secret, 'hex'), "
                                     "(extract(epoch from former_until) * 1000)::bigint, request, rotation, created_by, changed_by, (extract(epoch from created_at) * 1000)::bigint, "
                                     "(extract(epoch from changed_at) * 1000)::bigint, version";

template <class Row>
Endpoint endpoint_from(const Row& row) {
  Endpoint one;
  one.id = row[0].c_str();
  one.url = row[1].c_str();
  one.types = split(row[2].c_str());
  one.channels = split(row[3].c_str());
  one.status = status_from(row[4].c_str()).value_or(Status::paused);
  one.secret = bytes_from(row[5].c_str());
  one.former_secret = bytes_from(row[6].c_str());
  if (!row[7].is_null())
    one.former_until = time_from(row[7]);
  one.request = row[8].c_str();
  one.rotation = row[9].c_str();
  one.created_by = row[10].c_str();
  one.changed_by = row[11].c_str();
  one.created_at = time_from(row[12]);
  one.changed_at = time_from(row[13]);
  one.version = row[14].template as<std::int64_t>();
  return one;
}

const std::string delivery_columns = "shard, pos, family, id, type, (extract(epoch from at) * 1000)::bigint, fate, tries, (extract(epoch from first_try) * 1000)::bigint, "
                                     "(extract(epoch from due) * 1000)::bigint, last_status";

template <class Row>
Delivery delivery_from(const Row& row) {
  Delivery one;
  one.place = {row[0].template as<std::int32_t>(), row[1].template as<std::int64_t>()};
  one.family = {row[2].template as<std::int64_t>()};
  one.id = row[3].c_str();
  one.type = row[4].c_str();
  one.at = time_from(row[5]);
  one.fate = fate_from(row[6].c_str()).value_or(Fate::dead);
  one.tries = row[7].template as<std::int32_t>();
  if (!row[8].is_null())
    one.first_try = time_from(row[8]);
  one.due = time_from(row[9]);
  one.last_status = row[10].template as<std::int32_t>();
  return one;
}

/// A batch of deliveries as arrays, a column each.
struct Columns {
  explicit Columns(std::span<const Delivery> deliveries) {
    for (const auto& one : deliveries) {
      shards.add(one.place.shard);
      positions.add(one.place.pos);
      families.add(one.family.value);
      ids.add_text(one.id);
      types.add_text(one.type);
      ats.add_time(one.at);
      fates.add_text(name_of(one.fate));
      tries.add(one.tries);
      first_tries.add_text_or_null(time_or_empty(one.first_try));
      dues.add_time(one.due);
      statuses.add(one.last_status);
      bodies.add_text(one.body);
    }
  }
  sql::ArrayText shards, positions, families, ids, types, ats, fates, tries, first_tries, dues, statuses, bodies;
};

class PostgresRegistry : public Registry {
  template <class Work>
  static std::optional<Endpoint> read(Work& work, const std::string& id, const std::string& locked = {}) {
    auto rows = sql::run(work, "select " + endpoint_columns + " from webhook_endpoint where id = $1" + locked, id);
    return rows.empty() ? std::nullopt : std::optional(endpoint_from(rows[0]));
  }

  /// Runs `act` in a transaction; nothing of it stays if it throws.
  template <class Act>
  auto inside(Act act) {
    try {
      if (!connection_)
        connection_ = std::make_unique<pqxx::connection>(conninfo_);
      pqxx::work work(*connection_);
      auto outcome = act(work);
      work.commit();
      return outcome;
    } catch (const pqxx::failure& why) {
      connection_.reset();
      throw journal::Unavailable(why.what());
    }
  }

public:
  explicit PostgresRegistry(std::string conninfo) : conninfo_(std::move(conninfo)) {}

  Result<Endpoint> create(const Endpoint& endpoint, From from) override {
    return inside([&](auto& work) -> Result<Endpoint> {
      sql::script(work, "lock table webhook_endpoint in share row exclusive mode"); // counted and made by one at a time
      if (auto known = read(work, endpoint.id)) {
        if (known->request != endpoint.request)
          return reject("idempotency-key-reused", "This key made another webhook endpoint.");
        return *std::move(known);
      }
      if (work.exec("select count(*) from webhook_endpoint")[0][0].template as<std::size_t>() >= max_endpoints)
        return reject("webhook-endpoints-exhausted", "There are as many webhook endpoints as there may be.");
      sql::run(work,
               "insert into webhook_endpoint (id, url, types, channels, status, secret, former_secret, former_until, request, rotation, created_by, changed_by, created_at, changed_at, version) "
               "values ($1, $2, $3::text[], $4::text[], $5, decode($6, 'hex'), decode($7, 'hex'), nullif($8, '')::timestamptz, $9, $10, $11, $12, $13::timestamptz, $14::timestamptz, $15)",
               endpoint.id, endpoint.url, array_of(endpoint.types), array_of(endpoint.channels), std::string(name_of(endpoint.status)), hex(endpoint.secret), hex(endpoint.former_secret),
               time_or_empty(endpoint.former_until), endpoint.request, endpoint.rotation, endpoint.created_by, endpoint.changed_by, to_rfc3339(endpoint.created_at),
               to_rfc3339(endpoint.changed_at), endpoint.version);
      const std::string head = from == From::now ? "coalesce((select e.pos from event e where e.shard = s.shard order by e.pos desc limit 1), 0)" : "0";
      sql::run(work, "insert into checkpoint (name, shard, pos, generation) select $1, s.shard, " + head + ", s.generation from shard s", checkpoint_name(endpoint.id));
      return endpoint;
    });
  }

  std::vector<Endpoint> list() override {
    return inside([&](auto& work) {
      std::vector<Endpoint> all;
      for (const auto& row : work.exec("select " + endpoint_columns + " from webhook_endpoint order by id collate \"C\""))
        all.push_back(endpoint_from(row));
      return all;
    });
  }

  std::optional<Endpoint> find(const std::string& id) override {
    return inside([&](auto& work) { return read(work, id); });
  }

  Result<Endpoint> change(const std::string& id, const std::function<std::optional<Rejection>(Endpoint&)>& act) override {
    return inside([&](auto& work) -> Result<Endpoint> {
      auto before = read(work, id, " for update");
      if (!before)
        return unknown();
      auto after = *before;
      if (auto no = act(after))
        return *no;
      if (after == *before)
        return after;
      ++after.version;
      sql::run(work,
               "update webhook_endpoint set url = $2, types = $3::text[], channels = $4::text[], status = $5, secret = decode($6, 'hex'), former_secret = decode($7, 'hex'), "
               "former_until = nullif($8, '')::timestamptz, rotation = $9, changed_by = $10, changed_at = $11::timestamptz, version = $12 where id = $1",
               id, after.url, array_of(after.types), array_of(after.channels), std::string(name_of(after.status)), hex(after.secret), hex(after.former_secret), time_or_empty(after.former_until),
               after.rotation, after.changed_by, to_rfc3339(after.changed_at), after.version);
      return after;
    });
  }

  bool remove(const std::string& id) override {
    return inside([&](auto& work) {
      sql::run(work, "delete from checkpoint where name = $1", checkpoint_name(id));
      return sql::run(work, "delete from webhook_endpoint where id = $1", id).affected_rows() == 1;
    });
  }

  std::vector<Version> versions() override {
    return inside([&](auto& work) {
      std::vector<Version> all;
      for (const auto& row : work.exec("select id, version from webhook_endpoint order by id collate \"C\""))
        all.push_back({row[0].c_str(), row[1].template as<std::int64_t>()});
      return all;
    });
  }

  void keep(const std::string& endpoint, std::span<const Delivery> deliveries) override {
    if (deliveries.empty())
      return;
    Columns columns(deliveries);
    inside([&](auto& work) {
      sql::run(work,
               "insert into webhook_delivery as d (endpoint, shard, pos, family, id, type, at, fate, tries, first_try, due, last_status, body) "
               "select $1, n.* from unnest($2::smallint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::timestamptz[], $8::text[], $9::integer[], $10::timestamptz[], "
               "$11::timestamptz[], $12::smallint[], $13::text[]) as n where exists (select from webhook_endpoint e where e.id = $1) "
               "on conflict (endpoint, shard, pos) do update set fate = excluded.fate, tries = excluded.tries, first_try = excluded.first_try, due = excluded.due, "
               "last_status = excluded.last_status",
               endpoint, columns.shards.text(), columns.positions.text(), columns.families.text(), columns.ids.text(), columns.types.text(), columns.ats.text(), columns.fates.text(),
               columns.tries.text(), columns.first_tries.text(), columns.dues.text(), columns.statuses.text(), columns.bodies.text());
      return true;
    });
  }

  void forget(const std::string& endpoint, std::span<const Place> places) override {
    if (places.empty())
      return;
    sql::ArrayText shards, positions;
    for (auto place : places) {
      shards.add(place.shard);
      positions.add(place.pos);
    }
    inside([&](auto& work) {
      sql::run(work, "delete from webhook_delivery d using unnest($2::smallint[], $3::bigint[]) as n (shard, pos) where d.endpoint = $1 and d.shard = n.shard and d.pos = n.pos", endpoint,
               shards.text(), positions.text());
      return true;
    });
  }

  std::vector<Delivery> waiting(const std::string& endpoint, std::size_t most) override {
    return inside([&](auto& work) {
      std::vector<Delivery> found;
      for (const auto& row : sql::run(work, "select " + delivery_columns + " from webhook_delivery where endpoint = $1 and fate = 'waiting' order by shard, pos limit $2", endpoint,
                                      static_cast<std::int64_t>(most)))
        found.push_back(delivery_from(row));
      return found;
    });
  }

  std::string body(const std::string& endpoint, Place place) override {
    return inside([&](auto& work) {
      auto rows = sql::run(work, "select body from webhook_delivery where endpoint = $1 and shard = $2 and pos = $3", endpoint, place.shard, place.pos);
      return rows.empty() ? std::string() : std::string(rows[0][0].c_str());
    });
  }

  Result<DeliveryPage> page(const std::string& endpoint, Fate fate, const std::string& after, std::size_t most) override {
    auto from = page_cursor_from(after);
    if (!from)
      return reject("parameter-invalid", "The parameter 'after' is to be the `next` of a page.");
    return inside([&](auto& work) -> Result<DeliveryPage> {
      if (!read(work, endpoint))
        return unknown();
      DeliveryPage page;
      for (const auto& row : sql::run(work,
                                      "select " + delivery_columns + " from webhook_delivery where endpoint = $1 and fate = $2 and (at, shard, pos) > ($3::timestamptz, $4::smallint, $5::bigint) "
                                      "order by at, shard, pos limit $6",
                                      endpoint, std::string(name_of(fate)), to_rfc3339(from->at), from->place.shard, from->place.pos, static_cast<std::int64_t>(most + 1)))
        page.deliveries.push_back(delivery_from(row));
      if (page.deliveries.size() > most) {
        page.deliveries.pop_back();
        page.next = to_text(PageCursor{page.deliveries.back().at, page.deliveries.back().place});
      }
      return page;
    });
  }

  Result<std::int64_t> replay(const std::string& endpoint, const std::string& delivery, Timestamp now) override {
    return inside([&](auto& work) -> Result<std::int64_t> {
      if (!read(work, endpoint, " for update"))
        return unknown();
      auto count = static_cast<std::int64_t>(sql::run(work,
                                                      "update webhook_delivery set fate = 'waiting', tries = 0, first_try = null, due = $3::timestamptz "
                                                      "where endpoint = $1 and fate = 'dead' and ($2 = '' or id = $2)",
                                                      endpoint, delivery, to_rfc3339(now))
                                                 .affected_rows());
      if (count == 0 && !delivery.empty())
        return reject("webhook-delivery-unknown", "There is no dead delivery of that id.");
      if (count > 0)
        sql::run(work, "update webhook_endpoint set version = version + 1 where id = $1", endpoint);
      return count;
    });
  }

private:
  const std::string conninfo_;
  std::unique_ptr<pqxx::connection> connection_;
};

} // namespace

std::string checkpoint_name(const std::string& endpoint) { return "webhook:" + endpoint; }

std::unique_ptr<Registry> open_postgres_registry(std::string conninfo) { return std::make_unique<PostgresRegistry>(std::move(conninfo)); }

} // namespace entrepot::webhook
