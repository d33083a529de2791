#include "deploy/consequences.hpp"

#include <spdlog/spdlog.h>

#include "actors/telling.hpp"
#include "workflows/consequences.hpp"

namespace entrepot {

Consequences::Consequences(const std::string& database, journal::Journal& journal, std::function<Timestamp()> clock)
    : checkpoint_(consequences::open_postgres_checkpoint(database, "consequences")),
      messenger_({.draw = workflow::consequences_of,
                  .interest = {workflow::has_consequences, workflow::may_have_consequences},
                  .give = [this](const Consequence& what, CommandId id, const std::string& causation, std::function<void(bool)> done) { give_(what, id, causation, std::move(done)); },
                  .now = std::move(clock),
                  .log = [](const std::string& text) { spdlog::warn("{}", text); }},
                 journal, *checkpoint_) {}

void Consequences::start(actors::Context& context) {
  give_ = actors::giving(context);
  messenger_.start();
}

} // namespace entrepot
