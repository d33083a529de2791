#include "deploy/node.hpp"

#include <openssl/rand.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include "actors/system.hpp"
#include "deploy/consequences.hpp"
#include "deploy/metrics.hpp"
#include "deploy/notices.hpp"
#include "deploy/query_thread.hpp"
#include "deploy/webhooks.hpp"
#include "deploy/work_feed.hpp"
#include "domain/order/history.hpp"
#include "gateways/actor_bridge.hpp"
#include "gateways/api/api.hpp"
#include "gateways/api/work_json.hpp"
#include "gateways/api/people.hpp"
#include "gateways/http/server.hpp"
#include "gateways/partners/carrier_http.hpp"
#include "gateways/partners/payment_http.hpp"
#include "gateways/partners/standard_webhook.hpp"
#include "gateways/web/pages.hpp"
#include "persistence/api_keys.hpp"
#include "persistence/codec.hpp"
#include "persistence/definitions.hpp"
#include "persistence/forgetting.hpp"
#include "persistence/metadata.hpp"
#include "persistence/people.hpp"
#include "persistence/postgres_journal.hpp"
#include "persistence/read_models/order_list.hpp"
#include "persistence/read_models/projector.hpp"
#include "persistence/read_models/work_list.hpp"
#include "persistence/secrets.hpp"
#include "persistence/story.hpp"
#include "persistence/webhooks/postgres_registry.hpp"
#include "workflows/explain.hpp"
#include "workflows/notices.hpp"
#include "workflows/published.hpp"

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
      : database(options.database), keys(options.database), people(options.database), order_list(options.database), work_list(options.database),
        feed(work_list, [this](const gateway::WorkItem& item) { return shown(item); },
             [this](OrderId order, gateway::Reply<gateway::OrderView> reply) { ports->read_order(order, std::move(reply)); }),
        journal(open(options)), projector({.conninfo = options.database, .shards = {}, .log = [](const std::string& text) { spdlog::warn("read models: {}", text); },
                                           .on_shown = [this](std::span<const read_models::Fact> facts) { feed.shown(facts); }}, *journal),
        webhook_registry(webhook::open_postgres_registry(options.database)), webhooks(options.database, *journal, wall_clock),
        consequences(options.database, *journal, wall_clock), forgetting({.now = wall_clock, .log = [](const std::string& text) { spdlog::warn("{}", text); }}, *journal) {
    journal->on_commit([this](int shard, std::span<const journal::Record> records) {
      definitions.apply(records);
      projector.offer(shard, records);
      if (notices)
        notices->offer(shard, records);
      webhooks.offer(shard, records);
      consequences.offer(shard, records);
    });
    if (!options.notification_url.empty())
      notices = std::make_unique<Notices>(options.database, options.notification_url, *journal, people, wall_clock);
    definitions.load(options.database, *journal);
    projector.start();
    if (notices)
      notices->start();
    webhooks.start();
    forgetting.start();
    system = std::make_unique<actors::System>(*journal, actors::Options{.now = wall_clock, .workers = static_cast<std::size_t>(options.workers),
                                                                        .on_quarantine = [](StreamId stream, const std::string& why) {
                                                                          spdlog::error("{} cannot be replayed and is left to a person: {}", to_text("", stream), why);
                                                                        },
                                                                        .provider = provider(options), .carrier = carrier(options), .definitions = [this] { return definitions.current(); }});
    consequences.start(system->context());
    ports = gateway::make_actor_bridge(system->context(), queries());
    routes = std::make_unique<http::Routes>(
        api::make_api(*ports, {.keys = [this](const api::Digest& hash) { return principal_of(keys.find(hash)); }, .clock = wall_clock, .random = random_bytes,
                               .pickup_secret = read_secret(options.database, "pickup-code"), .carrier_events = events_of("carrier", options.carrier_secret, carrier_counts),
                               .payment_events = events_of("payment provider", options.payment_secret, payment_counts),
                               .webhooks = {.types = workflow::published_names(), .ask = [this](std::function<void(webhook::Registry&)> work) {
                                              return questions.run([this, work = std::move(work)] { work(*webhook_registry); });
                                            }},
                               .ready = [this] { return journal->is_reachable(); }, .metrics = [this] { return metrics_text(figures()); }}));
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

  /// Addresses are opened on the thread for questions, never on a lane's.
  fulfilment::Carrier carrier(const NodeOptions& options) {
    if (options.carrier_url.empty())
      return {};
    partners::PartnerHttpOptions http;
    http.url = options.carrier_url;
    return partners::make_http_carrier(std::move(http), [this](std::function<void()> work) { return questions.run(std::move(work)); },
                                       [this](StreamId person, const Sealed& address) -> std::optional<std::string> {
                                         auto key = people.key(person);
                                         return key ? api::open(address, *key) : std::nullopt;
                                       });
  }

  static api::PartnerEvents events_of(const std::string& partner, const std::string& text, std::shared_ptr<api::EventCounts> counts) {
    api::PartnerEvents events{.secret = {}, .counts = std::move(counts), .log = [](const std::string& line) { spdlog::warn("{}", line); }};
    if (text.empty())
      return events;
    auto secret = partners::webhook_secret_from(text);
    if (!secret)
      throw std::runtime_error("the " + partner + "'s secret is whsec_ and 24 to 64 bytes in base64");
    events.secret = *std::move(secret);
    return events;
  }

  NodeFigures figures() const {
    return {.http = server ? server->figures() : http::ServerFigures{}, .read_models = projector.lag(), .read_models_work = !projector.stopped(),
            .lease = journal->may_answer(), .actors = system->figures(), .notices = notices ? notices->figures() : consequences::NotifierFigures{}, .webhooks = webhooks.figures(), .consequences = consequences.figures(), .now = wall_clock(),
            .creations_forgotten = forgetting.forgotten(), .carrier_events = carrier_counts, .payment_events = payment_counts};
  }

  /// Runs a question to the database on the thread for them, and answers what it returns: a value or a refusal.
  template <class T, class Ask>
  void question(gateway::Reply<T> reply, Ask ask) {
    using gateway::Fault;
    auto asked = questions.run([reply, ask = std::move(ask)] {
      try {
        reply(ask());
      } catch (const std::exception&) {
        reply(Fault{Fault::Kind::unavailable, "the database cannot be reached now"});
      }
    });
    if (!asked)
      reply(Fault{Fault::Kind::overloaded, "too many questions wait; try again in a moment"});
  }

  gateway::Queries queries() {
    using namespace gateway;
    return {.definitions = [this] { return definitions.current(); },
            .list_orders =
                [this](std::string status, std::vector<std::string> channels, std::string after, int limit, Reply<Page> reply) {
                  question(std::move(reply), [=, this]() -> Outcome<Page> {
                    auto page = order_list.page(status, channels, after, limit);
                    if (!page)
                      return page.error();
                    return Page{std::move(page->items), std::move(page->next)};
                  });
                },
            .board = [this](LocationCode place, bool pickups, Reply<Board> reply) { question(std::move(reply), [=, this]() -> Outcome<Board> { return board_at(place, pickups); }); },
            .story = [this](OrderId order, Reply<std::vector<Told>> reply) { question(std::move(reply), [=, this]() -> Outcome<std::vector<Told>> { return tell(order); }); },
            .transfers = [this](LocationCode place, Reply<std::vector<TransferItem>> reply) { question(std::move(reply), [=, this]() -> Outcome<std::vector<TransferItem>> { return transfers_of(place); }); },
            .parked = [this](Reply<std::vector<ParkedProcess>> reply) { question(std::move(reply), [this]() -> Outcome<std::vector<ParkedProcess>> { return parked(); }); },
            .process = [this](OrderId order, Reply<ProcessView> reply) { question(std::move(reply), [=, this]() -> Outcome<ProcessView> { return look_at(order); }); },
            .person_key = [this](StreamId person, Reply<std::optional<PersonKey>> reply) {
              question(std::move(reply), [=, this]() -> Outcome<std::optional<PersonKey>> { return people.key(person); });
            },
            .watch = [this](Watched what, std::int64_t after, Watcher watcher) { return feed.watch(std::move(what), after, std::move(watcher)); }};
  }

  /// A board's item as watchers are told it.
  std::string shown(const gateway::WorkItem& item) const {
    std::string text;
    api::append_work_item(text, item, api::names_in(definitions.current()), api::AsOf{"change", item.change});
    return text;
  }

  gateway::Board board_at(const LocationCode& place, bool pickups) {
    gateway::Board board;
    auto found = work_list.open_at(place, pickups ? "pickup" : "fulfilment");
    for (auto& item : found.items)
      board.items.push_back({item.stream, std::move(item.state), item.placed_at, item.change});
    board.as_of = found.as_of;
    return board;
  }

  std::vector<gateway::TransferItem> transfers_of(const LocationCode& place) {
    std::vector<gateway::TransferItem> items;
    for (auto& item : work_list.transfers(place))
      items.push_back({item.stream, std::move(item.state), item.placed_at});
    return items;
  }

  std::vector<gateway::ParkedProcess> parked() {
    std::vector<gateway::ParkedProcess> processes;
    for (auto& row : work_list.parked())
      processes.push_back({{row.family}, row.since, std::move(row.why)});
    return processes;
  }

  /// What an order's process waits for, as of what is stored.
  gateway::Outcome<gateway::ProcessView> look_at(OrderId order) {
    auto story = journal::read_story(database, order.family);
    if (story.records.empty())
      return Rejection{"order-unknown", "There is no such order.", {}};
    gateway::ProcessView view{.order = order, .awaited = {}, .next_look = story.wake_up, .parked = {}};
    Family family;
    family.id = order.family;
    for (const auto& record : story.records) {
      if (is_named(record.stream))
        continue;
      const auto event = codec::decode(record.type, record.version, record.data);
      evolve(family, child_of(record.stream), event, record.at);
      if (!family.diary.parked)
        view.parked.reset();
      else if (!view.parked)
        view.parked = gateway::ParkedProcess{order, record.at, *family.diary.parked};
    }
    view.status = family.order.status;
    view.awaited = workflow::awaited(family);
    return view;
  }

  /// An order's story with the notices that went with it.
  std::vector<gateway::Told> tell(OrderId order) {
    std::vector<gateway::Told> lines;
    Family family;
    family.id = order.family;
    for (const auto& record : journal::read_story(database, order.family).records) {
      auto event = codec::decode(record.type, record.version, record.data);
      auto metadata = journal::decode_metadata(record.metadata);
      auto happened = metadata.occurred_at.value_or(record.at);
      std::string notice;
      if (!is_named(record.stream)) {
        evolve(family, child_of(record.stream), event, record.at);
        if (!order::is_history(happened, record.at)) // nobody is told of the past
          notice = workflow::notice_of(event, family, child_of(record.stream));
      }
      lines.push_back({happened, std::move(metadata.by), workflow::in_words(event), std::move(notice)});
    }
    return lines;
  }

  std::string database;
  ApiKeys keys;
  People people;
  read_models::OrderList order_list;
  read_models::WorkList work_list;
  WorkFeed feed;
  DefinitionCache definitions;
  std::unique_ptr<journal::Journal> journal;
  read_models::Projector projector;
  std::unique_ptr<Notices> notices;
  std::unique_ptr<webhook::Registry> webhook_registry; ///< for the thread of questions
  WebhookCourier webhooks;
  Consequences consequences;
  journal::Forgetting forgetting;
  std::unique_ptr<actors::System> system;
  std::unique_ptr<gateway::Ports> ports;
  QueryThread questions;
  std::shared_ptr<api::EventCounts> carrier_counts = std::make_shared<api::EventCounts>(), payment_counts = std::make_shared<api::EventCounts>();
  std::unique_ptr<http::Routes> routes;
  std::unique_ptr<http::Server> server;
};

Node::Node(NodeOptions options) : parts_(std::make_unique<Parts>(std::move(options))) {}

Node::~Node() {
  parts_->server->drain(drain_at_most);
  parts_->server.reset();
  if (parts_->notices)
    parts_->notices->close(); // while the journal can still be read
  parts_->webhooks.close();
  parts_->consequences.close();
  parts_->forgetting.close();
  parts_->journal->close();
  parts_->projector.close();
}

std::uint16_t Node::port() const { return parts_->server->port(); }

} // namespace entrepot
