// Every business process there is. The only header of this folder that others need beside the engine's.
#pragma once

#include <string_view>

#include "workflows/engine/step.hpp"

namespace entrepot::workflow {

/// Returns the process of that name and version; nullptr if there is none. A version, once released, stays: orders are pinned to it.
const Definition* find(std::string_view name, std::int32_t version);

extern const Definition bodah; ///< buy online, deliver at home
extern const Definition bopis; ///< buy online, pick up in store
extern const std::span<const Step> per_transfer; ///< of goods that go from one place of ours to another, whatever process asks for them

} // namespace entrepot::workflow
