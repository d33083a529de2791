// Gives actors the commands that follow from events of others.
#pragma once

#include "persistence/consequences/messenger.hpp"

namespace entrepot::actors {

struct Context;

/// Returns how a messenger gives a command to an actor of this node: acknowledged once what it caused is stored, or it caused nothing; not, if it is refused or the actor is gone. The
/// context outlives it.
decltype(consequences::MessengerOptions::give) giving(Context& context);

} // namespace entrepot::actors
