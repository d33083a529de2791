#include "gateways/partners/sandbox/faults.hpp"

#include <charconv>

namespace entrepot::partners {
namespace {

constexpr std::string_view names[fault_count] = {"slow", "silent", "decline", "duplicate", "lost_answer", "wrong_amount", "late", "refuse", "confirm"};
constexpr std::string_view partners[partner_count] = {"payments", "notifications", "carrier"};

bool can_strike(Fault fault, Call call) {
  switch (fault) {
  case Fault::slow:
  case Fault::silent:
  case Fault::lost_answer:
    return call != Call::report;
  case Fault::decline:
  case Fault::wrong_amount:
  case Fault::confirm:
    return call == Call::capture;
  case Fault::duplicate:
  case Fault::late:
    return call != Call::enquire && call != Call::enquire_label;
  case Fault::refuse:
    return call == Call::notify || call == Call::label;
  }
  return false;
}

std::optional<std::uint32_t> number_from(std::string_view text) {
  std::uint32_t number = 0;
  auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (ec != std::errc{} || end != text.data() + text.size())
    return {};
  return number;
}

} // namespace

std::optional<Fault> fault_from(std::string_view name) {
  for (std::size_t i = 0; i < fault_count; ++i)
    if (names[i] == name)
      return static_cast<Fault>(i);
  return {};
}

std::optional<Partner> partner_from(std::string_view name) {
  for (std::size_t i = 0; i < partner_count; ++i)
    if (partners[i] == name)
      return static_cast<Partner>(i);
  return {};
}

Partner partner_of(Call call) {
  switch (call) {
  case Call::notify:
    return Partner::notifications;
  case Call::label:
  case Call::enquire_label:
  case Call::report:
    return Partner::carrier;
  case Call::capture:
  case Call::void_:
  case Call::refund:
  case Call::enquire:
    break;
  }
  return Partner::payments;
}

std::optional<FaultScript> fault_script_from(std::string_view text) {
  auto partner = Partner::payments;
  if (auto dot = text.substr(0, text.find(':')).find('.'); dot != std::string_view::npos) {
    auto named = partner_from(text.substr(0, dot));
    if (!named)
      return {};
    partner = *named;
    text.remove_prefix(dot + 1);
  }
  auto colon = text.find(':');
  auto fault = fault_from(text.substr(0, colon));
  if (!fault || colon == std::string_view::npos)
    return {};
  FaultScript script{*fault, 0, FaultScript{}.delay, partner};
  for (text.remove_prefix(colon + 1); !text.empty();) {
    auto part = text.substr(0, text.find(','));
    text.remove_prefix(part.size() == text.size() ? part.size() : part.size() + 1);
    auto equals = part.find('=');
    auto number = equals == std::string_view::npos ? std::nullopt : number_from(part.substr(equals + 1));
    if (number && part.starts_with("every="))
      script.every = *number;
    else if (number && part.starts_with("delay_ms=") && std::chrono::milliseconds{*number} <= longest_fault_delay)
      script.delay = std::chrono::milliseconds{*number};
    else
      return {};
  }
  return script;
}

void Faults::set(const FaultScript& script) {
  std::lock_guard lock(mutex_);
  running_[static_cast<std::size_t>(script.partner)][static_cast<std::size_t>(script.fault)] = {script, 0};
}

Struck Faults::strike(Call call) {
  Struck struck;
  std::lock_guard lock(mutex_);
  for (auto& [script, calls] : running_[static_cast<std::size_t>(partner_of(call))])
    if (script.every > 0 && can_strike(script.fault, call) && ++calls % script.every == 0)
      struck.strike(script.fault, script.delay);
  return struck;
}

} // namespace entrepot::partners
