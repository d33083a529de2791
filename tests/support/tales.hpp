// How far a story has come: deliveries and pickups paid by card, told up to a stage.
#pragma once

#include "tests/support/story.hpp"

namespace entrepot::test {

using Said = payment::ProviderAnswer::Kind;

inline constexpr auto picking_begun = 1, picked = 2, packed = 3, shipped = 4, delivered = 5; ///< stages of a delivery; 0: the place has the work
inline constexpr auto pickup_accepted = 1, pickup_picking = 2, pickup_picked = 3, staged = 4, arrived = 5; ///< of a pickup; 0: the store was asked

/// A promised delivery, its money taken; then its place works up to `stage`.
Story a_delivery(int stage = 0, order::Agreement agreement = an_agreement());

Story a_pickup_story(int stage = 0, order::Agreement agreement = a_pickup_by_card());

/// Nothing is taken on order: the card is charged when the parcel is packed, before it leaves.
order::Agreement a_delivery_paid_when_it_leaves();

/// A store is asked to send the goods, and has half an hour to answer.
order::Agreement a_delivery_from_a_store();

Story& cancel(Story& story);

/// Every unit is cancelled, the customer's money is back with the customer, and nobody waits for anything.
void expect_cancelled(const Story& story, const std::string& code = "customer-request");
void expect_completed(const Story& story);

} // namespace entrepot::test
