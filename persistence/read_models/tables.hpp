// The read models' tables as they are written: a batch of events, folded, in a few statements.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "persistence/pqxx_compat.hpp"
#include "persistence/read_models/fact.hpp"

namespace entrepot::read_models {

inline constexpr std::string_view checkpoint = "read_models";

/// Sets a connection up so that its plans are not those of an empty table for ever, and so that it does not wait for the disk: rows and checkpoint are kept
/// or lost together, and the journal has it all. Returns the connection.
pqxx::connection& pin_plans(pqxx::connection& connection);

enum class Model { order_list, definitions, work };

/// Returns the tables of a model.
std::vector<std::string> tables_of(Model model);

/// Writes into the tables of the models, or into those with a suffix to their names.
class Tables {
public:
  Tables(pqxx::connection& connection, std::vector<Model> models, std::string suffix = "");

  /// Applies facts: those of one shard in order of their positions, each once. Throws pqxx::failure.
  void write(pqxx::transaction_base& work, std::span<const Fact> facts);

private:
  bool has(Model model) const;
  void write_orders(pqxx::transaction_base& work, std::span<const Fact> facts);
  void write_definitions(pqxx::transaction_base& work, std::span<const Fact> facts);

  std::vector<Model> models_;
};

} // namespace entrepot::read_models
