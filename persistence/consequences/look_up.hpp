// Waits for a history from the journal, for who draws consequences on a thread of its own.
#pragma once

#include <functional>

#include "persistence/journal.hpp"

namespace entrepot::consequences {

/// Returns the history of `streams`, `most` events of it. Blocks, as long as `ending` says no. Throws journal::Unavailable if it cannot be read, or is no longer waited for.
journal::History look_up(journal::Journal& journal, journal::StreamRange streams, std::size_t most, const std::function<bool()>& ending);

} // namespace entrepot::consequences
