// What customers were told, held against the journal.
#pragma once

#include <filesystem>
#include <vector>

#include "persistence/audit.hpp"
#include "persistence/audit_family.hpp"

namespace entrepot::audit {

/// Compares each line of the file with the orders (in order of family). Counts answered, missing and different; each of the latter two is a contradiction.
/// A last line without its end is passed over: the client died while it wrote. Throws std::runtime_error if the file cannot be read or another line is no
/// answer.
void compare_answers(const std::filesystem::path& file, const std::vector<OrderDigest>& orders, Report& report);

} // namespace entrepot::audit
