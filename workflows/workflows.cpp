#include "workflows/workflows.hpp"

namespace entrepot::workflow {

const Definition* find(std::string_view name, std::int32_t version) {
  for (auto* definition : {&bodah, &bopis})
    if (definition->name == name && definition->version == version)
      return definition;
  return nullptr;
}

} // namespace entrepot::workflow
