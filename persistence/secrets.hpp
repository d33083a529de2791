// What this installation alone knows, and what is derived from it.
#pragma once

#include <string>
#include <vector>

namespace entrepot {

/// Returns the secret of that name, made when the database was migrated. Blocks. Throws journal::Unavailable, std::runtime_error if there is none.
std::vector<unsigned char> read_secret(const std::string& conninfo, const std::string& name);

} // namespace entrepot
