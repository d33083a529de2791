// Steps of goods that go from one place of ours to another: the stock of both follows what their people say.
#pragma once

#include "workflows/engine/step.hpp"

namespace entrepot::workflow {

inline constexpr auto transfer_patience = std::chrono::hours{72}; ///< after it should have come; then nobody expects it any more

/// Returns the command with what its family knows: what comes is the order's if its pickup still waits for it; else anybody may have it.
transfer::Command as_family_sees_it(const Family& family, int transfer, transfer::Command command);

/// What has left is booked out at the source, and what has not is freed there.
Action book_out(const Family& family, int transfer, Timestamp now);
bool is_booked_out(const Family& family, int transfer);
Action tell_booked_out(const Family& family, int transfer, Timestamp now);
/// What has come is booked in, arrival by arrival: for the order that waits for it, or for anybody.
Action book_in(const Family& family, int transfer, Timestamp now);
bool is_booked_in(const Family& family, int transfer);
Action tell_booked_in(const Family& family, int transfer, Timestamp now);
/// Somebody is alarmed when it has not left in time, or has not come; at last it is given up as lost, or the rest as missing.
Action await_transfer(const Family& family, int transfer, Timestamp now);

} // namespace entrepot::workflow
