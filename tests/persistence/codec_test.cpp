#include "persistence/codec.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "domain/check.hpp"
#include "persistence/codecs/event_type.hpp"
#include "tests/persistence/codec_samples.hpp"

namespace entrepot {
namespace {

using codec::Undecodable;
using codec::Unencodable;

const auto folder = std::filesystem::path(ENTREPOT_ROOT) / "tests/persistence/released_events";

std::string stored(const std::string& file) {
  std::ifstream in(folder / file);
  std::ostringstream text;
  text << in.rdbuf();
  auto data = text.str();
  if (!data.empty() && data.back() == '\n')
    data.pop_back();
  return data;
}

std::string type_of(const std::string& file) { return file.substr(0, file.find('.')); }
std::int16_t version_of(const std::string& file) { return static_cast<std::int16_t>(std::stoi(file.substr(file.find(".v") + 2))); }

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const std::exception& why) {
    return why.what();
  }
  return "nothing was thrown";
}

AnyEvent level(std::string text) { return customer::Event{customer::LevelSet{std::move(text)}}; }
const std::string& level_in(const AnyEvent& event) { return std::get<customer::LevelSet>(std::get<customer::Event>(event)).level; }

TEST(ReleasedEvents, are_read_as_they_were_meant) {
  for (const auto& sample : tests::samples())
    EXPECT_EQ(codec::decode(type_of(sample.file), version_of(sample.file), stored(sample.file)), sample.event) << sample.file;
}

TEST(ReleasedEvents, are_written_today_as_they_were_then) {
  for (const auto& sample : tests::samples()) {
    auto encoded = codec::encode(sample.event);
    EXPECT_EQ(encoded.type, type_of(sample.file));
    if (encoded.version == version_of(sample.file)) { // an older version is read, never written
      EXPECT_EQ(encoded.data, stored(sample.file)) << sample.file;
    }
  }
}

TEST(ReleasedEvents, have_a_sample_of_every_type_and_version) {
  std::set<std::pair<std::string, int>> sampled;
  for (const auto& sample : tests::samples())
    sampled.emplace(type_of(sample.file), version_of(sample.file));
  for (const auto& type : codec::ledger().types())
    for (int version = 1; version <= type.version; ++version)
      EXPECT_TRUE(sampled.contains({std::string(type.name), version})) << type.name << " version " << version;
}

TEST(ReleasedEvents, have_no_sample_that_nobody_reads) {
  std::set<std::string> read, kept;
  for (const auto& sample : tests::samples())
    read.insert(sample.file);
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    kept.insert(entry.path().filename());
  EXPECT_EQ(read, kept);
}

TEST(ReleasedEvents, keep_the_names_of_the_ledger) {
  std::vector<std::string> names;
  for (const auto& type : codec::ledger().types())
    names.emplace_back(type.name);
  EXPECT_EQ(names, (std::vector<std::string>{
      "OrderSubmitted", "OrderConfirmed", "OrderRejected", "OrderCancelling", "UnitsStopped", "UnitsCancelled", "UnitsIssued", "UnitsDelivered",
      "UnitsHandedOver", "OrderCancelled", "OrderCancellationEnded", "OrderCompleted", "UnitsReturnPending", "UnitsReturned", "UnitsHeld", "CustomerChose", "OrderPutOnHold", "OrderReleasedFromHold", "UnitsLost", "CaptureAsked",
      "InstalmentCaptured", "InstalmentDeclined", "CaptureUnknown", "VoidAsked", "InstalmentVoided", "TenderOffered", "InstalmentBilled",
      "InstalmentReduced", "RefundAsked", "InstalmentRefunded", "RefundFailed", "InstalmentCredited", "InstalmentDivided", "PaymentActionRequired", "InstalmentChargedBack", "InstalmentCollected",
      "RefundDelegated", "PaymentAwaited", "ProcessCompensationBegun",
      "ProcessCompensationEnded", "ProcessParked", "ProcessResumed", "ProcessPlacesChosen", "ProcessPlaceRefused", "ProcessClaimCut", "ProcessClaimKept", "FulfilmentAccepted", "FulfilmentOffered", "FulfilmentOfferAccepted",
      "FulfilmentRejected", "FulfilmentPickStarted", "FulfilmentPicked", "FulfilmentPacked", "FulfilmentShipped", "FulfilmentDelivered",
      "FulfilmentUnaccepted", "FulfilmentUnpicked", "FulfilmentUnpacked", "FulfilmentStopAsked", "FulfilmentStopRefused", "FulfilmentCancelled",
      "FulfilmentUnitsPutBack", "FulfilmentEscalated", "FulfilmentLabelAsked", "FulfilmentLabelled", "FulfilmentLabelFailed", "FulfilmentTracked", "FulfilmentFailed",
      "FulfilmentReturnedToOrigin", "FulfilmentRestocked", "FulfilmentUnitsCut",
      "PickupOffered", "PickupAccepted", "PickupRejected", "PickupPickStarted", "PickupPicked",
      "PickupStaged", "PickupArrived", "PickupHandOverBegun", "PickupHandOverBrokenOff", "PickupHandedOver", "PickupWrongCodeGiven",
      "PickupCodeSentAgain", "PickupCollectionExtended", "PickupCustomerReminded", "PickupNotCollected", "PickupRefusedByCustomer",
      "PickupUnaccepted", "PickupUnpicked", "PickupUnstaged", "PickupCancelled", "PickupUnitsPutBack", "PickupEscalated", "PickupPartHandedOver",
      "PickupTransferAwaited", "PickupUnitsMissing", "PickupGoodsTakenIn", "PickupUnitsCut", "LocationDefined",
      "StockReceived", "StockHeld", "StockAllocated", "StockReleased", "StockHoldBarred", "StockReleasedInPart", "StockIssued", "StockReturned",
      "StockAdjusted", "StockCountProposed", "StockCountRejected", "StockCounted", "StockClaimsCut", "StockSold", "StockFeedMoved", "StockFeedReset", "StockTransferredOut", "StockTransferredIn", "StockReclaimed",
      "ProductDefined", "ChannelActivated", "CustomerRegistered", "CustomerLevelSet", "CustomerIdentityLinked", "CustomerCreditLimitSet",
      "CustomerCreditReserved", "CustomerCreditReleased", "CustomerCreditSettled", "CustomerBlocked", "CustomerUnblocked", "IdentityClaimed", "TransferRequested", "TransferPlanned",
      "TransferMadeReady", "TransferShipped", "TransferReceived", "TransferPartReceived", "TransferLost", "TransferCancelled", "TransferEscalated", "TransferBookedOut", "TransferBookedIn"}));
}

TEST(Codec, refuses_to_store_a_text_that_postgresql_would_refuse) {
  using namespace std::string_literals;
  for (const auto& text : {"a\0b"s, "\x80"s, "\xc3"s, "\xc0\xaf"s, "\xed\xa0\x80"s, "\xf4\x90\x80\x80"s, "\xe2\x82"s, "\xff"s})
    EXPECT_THROW(codec::encode(level(text)), Unencodable);
  product::Definition product;
  product.prices["re\0tail"s] = {};
  EXPECT_THROW(codec::encode(product::Event{product::Defined{product}}), Unencodable);
}

TEST(Codec, refuses_to_store_an_instant_outside_four_digit_years) {
  for (auto at : {Timestamp::max(), Timestamp{Duration{-1}}})
    EXPECT_THROW(codec::encode(stock::Event{stock::HoldBarred{{}, 1, at}}), Unencodable);
}

TEST(Codec, is_whole_again_after_a_refusal) {
  EXPECT_THROW(codec::encode(level(std::string(1, '\0'))), Unencodable);
  EXPECT_EQ(codec::encode(level("gold")).data, R"({"level":"gold"})");
}

TEST(Codec, brings_back_every_text_as_it_was) {
  rc::check("any sequence of characters", [] {
    auto points = *rc::gen::container<std::vector<std::uint32_t>>(rc::gen::oneOf(rc::gen::inRange(1u, 0x80u), rc::gen::inRange(0x80u, 0xd800u), rc::gen::inRange(0xe000u, 0x110000u)));
    std::string text;
    for (auto c : points) {
      auto put = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
      if (c < 0x80)
        put(c);
      else if (c < 0x800)
        put(0xc0 | c >> 6), put(0x80 | (c & 63));
      else if (c < 0x10000)
        put(0xe0 | c >> 12), put(0x80 | (c >> 6 & 63)), put(0x80 | (c & 63));
      else
        put(0xf0 | c >> 18), put(0x80 | (c >> 12 & 63)), put(0x80 | (c >> 6 & 63)), put(0x80 | (c & 63));
    }
    auto encoded = codec::encode(level(text));
    RC_ASSERT(level_in(codec::decode(encoded.type, encoded.version, encoded.data)) == text);
    RC_ASSERT(nlohmann::json::parse(encoded.data)["level"].get<std::string>() == text);
  });
}

TEST(Codec, brings_back_every_instant_as_it_was) {
  rc::check("to the millisecond", [] {
    auto at = Timestamp{Duration{*rc::gen::inRange<std::int64_t>(0, 253402300800000)}};
    AnyEvent event = stock::Event{stock::HoldBarred{{}, 1, at}};
    auto encoded = codec::encode(event);
    RC_ASSERT(codec::decode(encoded.type, encoded.version, encoded.data) == event);
    RC_ASSERT(encoded.data.find(to_rfc3339(at)) != std::string::npos);
  });
}

TEST(Codec, reads_nothing_but_what_was_released) {
  EXPECT_THROW(codec::decode("OrderVanished", 1, "{}"), Undecodable);
  EXPECT_THROW(codec::decode("OrderConfirmed", 0, "{}"), Undecodable);
  EXPECT_THROW(codec::decode("OrderConfirmed", 2, "{}"), Undecodable);
  EXPECT_THROW(codec::decode("OrderConfirmed", 1, "{"), Undecodable);
  EXPECT_THROW(codec::decode("OrderConfirmed", 1, "[]"), Undecodable);
  EXPECT_THROW(codec::decode("OrderConfirmed", 1, R"({"by":"hand"})"), Undecodable);
  EXPECT_THROW(codec::decode("CustomerLevelSet", 1, "{}"), Undecodable);
  EXPECT_THROW(codec::decode("CustomerLevelSet", 1, R"({"level":7})"), Undecodable);
}

TEST(Codec, says_which_field_of_which_event_is_wrong) {
  auto data = stored("OrderSubmitted.v1.json");
  auto at = data.find("\"quantity\":1");
  ASSERT_NE(at, std::string::npos);
  data.replace(at, 12, "\"quantity\":-1");
  auto why = message_of([&] { codec::decode("OrderSubmitted", 1, data); });
  EXPECT_NE(why.find("OrderSubmitted version 1: /agreement/lines/1/quantity"), std::string::npos) << why;
}

TEST(Codec, refuses_numbers_that_do_not_fit) {
  auto allocated = [](std::string round) { return R"({"order":"ord_0000000000000","round":)" + round + "}"; };
  EXPECT_NO_THROW(codec::decode("StockAllocated", 1, allocated("2147483647")));
  for (auto round : {"2147483648", "-2147483649", "18446744073709551615", "1.0", "\"1\"", "null", "true"})
    EXPECT_THROW(codec::decode("StockAllocated", 1, allocated(round)), Undecodable) << round;
}

codec::EventType type_called(std::string_view name) { return *std::ranges::find(codec::ledger().types(), name, &codec::EventType::name); }

// A type in its third version, as the ledger will one day hold them: the level was called "rank", then came a prefix.
codec::EventType third_version(std::span<const codec::Upcaster> steps) {
  auto type = type_called("CustomerLevelSet");
  type.version = 3;
  type.upcasters = steps;
  return type;
}
const std::array<codec::Upcaster, 2> steps{
    [](nlohmann::json& data) { data = {{"level", data.at("rank")}}; },
    [](nlohmann::json& data) { data["level"] = "level-" + data.at("level").get<std::string>(); },
};

TEST(Upcasters, bring_every_older_version_up_to_todays) {
  codec::Ledger ledger({third_version(steps)});
  EXPECT_EQ(level_in(ledger.decode("CustomerLevelSet", 1, R"({"rank":"gold"})")), "level-gold");
  EXPECT_EQ(level_in(ledger.decode("CustomerLevelSet", 2, R"({"level":"gold"})")), "level-gold");
  EXPECT_EQ(level_in(ledger.decode("CustomerLevelSet", 3, R"({"level":"gold"})")), "gold");
  EXPECT_THROW(ledger.decode("CustomerLevelSet", 1, R"({"level":"gold"})"), Undecodable);
}

TEST(Upcasters, may_not_have_a_hole) {
  EXPECT_THROW(codec::Ledger({third_version(std::span(steps).first(1))}), BrokenInvariant);
  const std::array<codec::Upcaster, 2> hole{steps[0], nullptr};
  EXPECT_THROW(codec::Ledger({third_version(hole)}), BrokenInvariant);
  auto type = type_called("CustomerLevelSet");
  EXPECT_THROW(codec::Ledger({type, type}), BrokenInvariant);
}

} // namespace
} // namespace entrepot
