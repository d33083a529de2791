// The provider's own books against the plans: every capture there has its intent here, and the reverse; every refund too.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "domain/order/family.hpp"
#include "persistence/audit.hpp"

namespace entrepot::audit {

/// Gathers what the journal says of each attempt, then compares.
class PaymentBooks {
public:
  /// Takes up the newest attempt of each instalment.
  void note(const Family& family);

  /// Contradictions: a capture that the journal does not know, that belongs to an attempt it has given up, or of another amount; money that the journal has and
  /// the provider has not; another sum given back. An attempt that is still under way is none: `payment-under-way` is a finding.
  void compare(const std::vector<ProviderEntry>& provider, Report& report) const;

private:
  struct Attempt {
    payment::Status status;
    Money amount, refunded;
  };
  static void compare_refunds(const Attempt& known, const ProviderEntry& entry, Report& report);
  std::unordered_map<std::string, Attempt> attempts_; // by key
};

} // namespace entrepot::audit
