#include "deploy/node.hpp"

#include <openssl/rand.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include "actors/system.hpp"
#include "deploy/metrics.hpp"
#include "deploy/query_thread.hpp"
#include "gateways/actor_bridge.hpp"
#include "gateways/api/api.hpp"
#include "gateways/http/server.hpp"
#include "gateways/partners/payment_http.hpp"
#include "gateways/web/pages.hpp"
#include "persistence/api_keys.hpp"
#include "persistence/definitions.hpp"
#include "persistence/people.hpp"
#include "persistence/postgres_journal.hpp"
#include "persistence/read_models/order_list.hpp"
#include "persistence/read_models/projector.hpp"

namespace entrepot {
namespace {

constexpr auto drain_at_most = std::chrono::seconds{10};

Timestamp wall_clock() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

void random_bytes(std::span<std::uint8_t> to) {
  if (RAND_bytes(to.data(), static_cast<int>(to.size())) != 1)
    throw std::runtime_error("the system gives no random numbers");
}

std::optional<api::Principal> principal_of(const std::shared_ptr<const ApiKey>& key) {
  if (!key)
    return {};
  auto role = http::role_from(key->role);
  if (!role)
    return {};
  return api::Principal{key->id, *role, key->channels, key->stores, key->entities, key->person};
}

} // namespace

struct Node::Parts {
  explicit Parts(NodeOptions options)
      : keys(options.database), people(options.database), order_list(options.database), journal(open(options)),
        projector({.conninfo = options.database, .shards = {}, .log = [](const std::string& text) { spdlog::warn("read models: {}", text); }}, *journal) {
    journal->on_commit([this](int shard, std::span<const journal::Record> records) {
      definitions.apply(records);
      projector.offer(shard, records);
    });
    definitions.load(options.database, *journal);
    projector.start();
    system = std::make_unique<actors::System>(*journal, actors::Options{.now = wall_clock, .workers = static_cast<std::size_t>(options.workers),
                                                                        .on_quarantine = [](StreamId stream, const std::string& why) {
                                                                          spdlog::error("{} cannot be replayed and is left to a person: {}", to_text("", stream), why);
                                                                        },
                                                                        .provider = provider(options)});
    ports = gateway::make_actor_bridge(system->context(), queries());
    routes = std::make_unique<http::Routes>(
        api::make_api(*ports, {.keys = [this](const api::Digest& hash) { return principal_of(keys.find(hash)); }, .clock = wall_clock, .random = random_bytes,
                               .ready = [this] { return journal->may_answer(); }, .metrics = [this] { return metrics_text(figures()); }}));
    web::add_pages(*routes, {.shop_key = options.shop_key});
    server = std::make_unique<http::Server>(
        http::ServerOptions{.address = options.address, .port = options.port, .io_threads = options.http_threads, .clock = wall_clock,
                            .defect = [](const std::string& what) { spdlog::error("a request failed: {}", what); }},
        [this](http::Request request, http::Responder responder) { routes->handle(request, std::move(responder)); });
  }

  static std::unique_ptr<journal::Journal> open(const NodeOptions& options) {
    return journal::open_postgres_journal({.conninfo = options.database, .node_name = options.name, .state_folder = options.state_folder, .lanes = options.lanes,
                                           .readers = options.readers, .on_fenced = options.on_fenced});
  }

  static payment::Provider provider(const NodeOptions& options) {
    if (options.payment_url.empty())
      return {};
    partners::HttpPaymentOptions http;
    http.url = options.payment_url;
    return partners::make_http_payment_provider(http);
  }

  NodeFigures figures() const {
    return {.http = server ? server->figures() : http::ServerFigures{}, .read_models = projector.lag(), .read_models_work = !projector.stopped(),
            .lease = journal->may_answer(), .actors = system->figures()};
  }

  gateway::Queries queries() {
    using gateway::Fault;
    auto busy = Fault{Fault::Kind::overloaded, "too many questions wait; try again in a moment"};
    auto away = Fault{Fault::Kind::unavailable, "the database cannot be reached now"};
    return {.definitions = [this] { return definitions.current(); },
            .list_orders =
                [this, busy, away](std::string status, std::vector<std::string> channels, std::string after, int limit, gateway::Reply<gateway::Page> reply) {
                  auto asked = questions.run([=, this] {
                    try {
                      auto page = order_list.page(status, channels, after, limit);
                      if (page)
                        reply(gateway::Page{std::move(page->items), std::move(page->next)});
                      else
                        reply(page.error());
                    } catch (const std::exception&) {
                      reply(away);
                    }
                  });
                  if (!asked)
                    reply(busy);
                },
            .person_key =
                [this, busy, away](StreamId person, gateway::Reply<std::optional<gateway::PersonKey>> reply) {
                  auto asked = questions.run([=, this] {
                    try {
                      reply(people.key(person));
                    } catch (const std::exception&) {
                      reply(away);
                    }
                  });
                  if (!asked)
                    reply(busy);
                }};
  }

  ApiKeys keys;
  People people;
  read_models::OrderList order_list;
  DefinitionCache definitions;
  std::unique_ptr<journal::Journal> journal;
  read_models::Projector projector;
  std::unique_ptr<actors::System> system;
  std::unique_ptr<gateway::Ports> ports;
  QueryThread questions;
  std::unique_ptr<http::Routes> routes;
  std::unique_ptr<http::Server> server;
};

Node::Node(NodeOptions options) : parts_(std::make_unique<Parts>(std::move(options))) {}

Node::~Node() {
  parts_->server->drain(drain_at_most);
  parts_->server.reset();
  parts_->journal->close();
  parts_->projector.close();
}

std::uint16_t Node::port() const { return parts_->server->port(); }

} // namespace entrepot
