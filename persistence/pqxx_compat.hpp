// The one place that knows which libpqxx it is: 6.4 (Debian 12) and 7.10 (Debian 13) name the same calls differently.
#pragma once

#include <string>
#include <utility>

#include <pqxx/pqxx>
#include <pqxx/version>

namespace entrepot::sql {

/// Runs one statement with its parameters, $1 first.
template <class Transaction, class... Arguments>
pqxx::result run(Transaction& transaction, const std::string& statement, Arguments&&... arguments) {
#if PQXX_VERSION_MAJOR >= 8 || (PQXX_VERSION_MAJOR == 7 && PQXX_VERSION_MINOR >= 9)
  return transaction.exec(statement, pqxx::params{std::forward<Arguments>(arguments)...});
#else
  return transaction.exec_params(statement, std::forward<Arguments>(arguments)...);
#endif
}

/// Runs a statement that the connection has prepared.
template <class Transaction, class... Arguments>
pqxx::result run_prepared(Transaction& transaction, const std::string& name, Arguments&&... arguments) {
#if PQXX_VERSION_MAJOR >= 8 || (PQXX_VERSION_MAJOR == 7 && PQXX_VERSION_MINOR >= 9)
  return transaction.exec(pqxx::prepped{name}, pqxx::params{std::forward<Arguments>(arguments)...});
#else
  return transaction.exec_prepared(name, std::forward<Arguments>(arguments)...);
#endif
}

/// Runs statements without parameters or interest in rows.
template <class Transaction>
void script(Transaction& transaction, const std::string& statements) {
  transaction.exec(statements);
}

} // namespace entrepot::sql
