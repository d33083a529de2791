#include "domain/stock/touched.hpp"

namespace entrepot::stock {
namespace {

template <class Lines>
std::vector<Sku> of_items(const Lines& lines) {
  std::vector<Sku> skus;
  for (const auto& line : lines)
    skus.push_back(line.item.sku);
  return skus;
}
template <class Lines>
std::vector<Sku> of_lines(const Lines& lines) {
  std::vector<Sku> skus;
  for (const auto& line : lines)
    skus.push_back(line.sku);
  return skus;
}

std::vector<Sku> claimed(const State& before, const ClaimKey& key) {
  auto claim = before.claims.find(key);
  return claim == before.claims.end() ? std::vector<Sku>{} : of_lines(claim->second.lines);
}

} // namespace

std::vector<Sku> touched_by(const State& before, const Event& event) {
  using Skus = std::vector<Sku>;
  return std::visit(Overload{[](const Received& e) { return of_items(e.movements); }, [](const TakenBack& e) { return of_items(e.movements); },
                             [](const Adjusted& e) { return of_items(e.movements); }, [](const ClaimsCut& e) { return of_items(e.lines); },
                             [](const Counted& e) { return of_items(e.lines); }, [](const Sold& e) { return of_items(e.lines); },
                             [](const Reclaimed& e) { return of_lines(e.lines); }, [](const FeedMoved& e) { return of_items(e.lines); }, [](const FeedReset& e) { return of_items(e.lines); },
                             [](const Held& e) { return of_lines(e.lines); }, [](const Issued& e) { return of_lines(e.lines); },
                             [](const TransferredOut& e) { return of_lines(e.lines); }, [](const TransferredIn& e) { return of_lines(e.lines); },
                             [](const Shrunk& e) { return of_lines(e.lines); }, [&](const Released& e) { return claimed(before, {e.order, e.round}); },
                             [](const Defined&) { return Skus{}; }, [](const Allocated&) { return Skus{}; }, [](const HoldBarred&) { return Skus{}; },
                             [](const CountProposed&) { return Skus{}; }, [](const CountRejected&) { return Skus{}; }},
                    event);
}

} // namespace entrepot::stock
