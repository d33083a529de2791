#include "tests/bench/counts.hpp"

namespace entrepot::bench {

namespace {
constexpr std::size_t samples_kept = 3, sample_bytes = 500;
}

Outcome Counts::take(const Answer& answer, const Told& said) {
  if ((answer.http == 201 || answer.http == 200) && said.status == "confirmed" && !said.id.empty()) {
    ++confirmed_ever;
    confirmed += answer.counts;
    return Outcome::confirmed;
  }
  if (answer.http == 409 && said.code == "stock-short") {
    ++short_ever;
    short_of_stock += answer.counts;
    return Outcome::short_of_stock;
  }
  miss("HTTP " + std::to_string(answer.http) + " " + std::string(answer.body.substr(0, sample_bytes)));
  return Outcome::failed;
}

void Counts::miss(std::string_view why) {
  ++errors;
  if (error_samples.size() < samples_kept)
    error_samples.emplace_back(why);
}

} // namespace entrepot::bench
