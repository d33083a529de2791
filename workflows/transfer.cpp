// Goods go from one place of ours to another, for a customer who fetches them there. Their source sends them and the store takes them in, each by its own people; what is on its way is
// nobody's stock, and neither lost nor there twice. What comes short is missing and said so; what never comes is lost. The order's own table says what that means for the customer.

#include <array>

#include "workflows/steps/transfer.hpp"
#include "workflows/workflows.hpp"

namespace entrepot::workflow {
namespace {

constexpr std::array per_transfer_steps{
    Step{.name = "they leave the stock of their source", .act = book_out, .done = is_booked_out},
    Step{.name = "it is written down that they did", .act = tell_booked_out},
    Step{.name = "they come into the stock of the store", .act = book_in, .done = is_booked_in},
    Step{.name = "it is written down that they came", .act = tell_booked_in},
    Step{.name = "they leave, and arrive", .act = await_transfer},
};

} // namespace

const std::span<const Step> per_transfer{per_transfer_steps};

} // namespace entrepot::workflow
