#include "actors/system.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include "actors/shard_actor.hpp"

namespace entrepot::actors {
namespace {

/// With two workers CAF's default policy `stealing` falls to a twentieth of its rate when one actor sends to many; `sharing` does not.
struct Configuration : caf::actor_system_config {
  explicit Configuration(const Options& options) {
    set("scheduler.policy", options.by_hand ? caf::atom("testing") : caf::atom("sharing"));
    set("scheduler.max-threads", options.workers);
    set("scheduler.max-throughput", std::size_t{200}); // one busy actor leaves room for others
  }
};

} // namespace

struct System::Parts {
  Parts(journal::Journal& journal, Options& options)
      : configuration(options), system(configuration), context{.journal = journal, .now = options.now, .limits = options.limits} {}

  Configuration configuration;
  caf::actor_system system;
  Context context;
};

System::System(journal::Journal& journal, Options options) : parts_(std::make_unique<Parts>(journal, options)) {
  auto& context = parts_->context;
  if (options.on_quarantine)
    context.on_quarantine = [tell = options.on_quarantine](const Quarantined& q) { tell(q.stream, q.why); };
  context.provider = std::move(options.provider);
  context.carrier = std::move(options.carrier);
  context.definitions = std::move(options.definitions);
  for (auto& head : journal.claimed())
    context.shards[static_cast<std::size_t>(head.shard)] = parts_->system.spawn<ShardActor, caf::lazy_init>(std::ref(context), head);
  for (auto& shard : context.shards)
    if (shard)
      caf::anon_send(shard, Tick{});
  if (context.definitions)
    for (const auto& [code, profile] : context.definitions()->locations) // loaded, it tells what it could give
      context.send(std::make_shared<Envelope>(Envelope{.to = stream_of(code), .payload = Look{}, .by = "start"}));
}

System::~System() {
  for (auto& shard : parts_->context.shards)
    if (shard)
      caf::anon_send_exit(shard, caf::exit_reason::kill);
  parts_->system.await_actors_before_shutdown(false);
}

Context& System::context() { return parts_->context; }
System::Figures System::figures() const {
  Figures all;
  for (auto& admitted : parts_->context.admitted)
    all.admitted += admitted;
  for (auto& wheel : parts_->context.wheels)
    all.deadlines += wheel.size();
  return all;
}
caf::actor_system& System::actors() { return parts_->system; }

} // namespace entrepot::actors
