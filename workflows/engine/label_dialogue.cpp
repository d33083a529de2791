#include "workflows/engine/label_dialogue.hpp"

#include <algorithm>

#include "workflows/engine/enquiries.hpp"
#include "workflows/steps/place.hpp"

namespace entrepot::workflow {
namespace {

using Asked = fulfilment::LabelRequest::Kind;
using Said = fulfilment::LabelAnswer::Kind;

constexpr auto label_patience = std::chrono::minutes{15}; ///< with a carrier that says nothing, where there is another

/// The carrier of whom the label was asked; labels of before carriers were named: the order's.
const std::string& asked_of(const Family& family, const fulfilment::Label& label) { return label.carrier.empty() ? order::delivery_of(family.order).carrier : label.carrier; }

bool waits_for_label(const fulfilment::State& fulfilment) {
  return fulfilment::is_awaited(fulfilment.label) && (fulfilment.status == fulfilment::Status::packed || fulfilment.status == fulfilment::Status::shipped);
}

} // namespace

LabelDialogue::LabelDialogue(const Family& family, Memory& memory, Turn& turn, Timestamp now, std::function<void(int child, fulfilment::Command)> tell)
    : family_(family), memory_(memory), turn_(turn), now_(now), tell_(std::move(tell)) {}

void LabelDialogue::note(int child, const fulfilment::Event& event) {
  if (!std::holds_alternative<fulfilment::LabelAsked>(event))
    return;
  memory_.forget({Memory::carrier, child});
  intents_.push_back(child);
}

void LabelDialogue::talk() {
  for (const auto& [child, fulfilment] : family_.fulfilments)
    if (waits_for_label(fulfilment))
      talk_about(child, fulfilment);
}

void LabelDialogue::talk_about(int child, const fulfilment::State& fulfilment) {
  auto& asked = memory_.at({Memory::carrier, child});
  if (asked.times == 0) {
    auto fresh = std::ranges::find(intents_, child) != intents_.end();
    call(child, fulfilment, fresh ? Asked::ask : Asked::enquire);
    asked.first = now_;
    asked.times = 1;
    asked.again = now_ + answer_patience;
  } else if (given_up(child, fulfilment, asked)) {
    return;
  } else if (now_ >= asked.again) {
    call(child, fulfilment, Asked::enquire);
    asked.again = now_ + enquiry_pause(asked.times++);
  }
  turn_.waiting = true;
  turn_.wake_at(std::min(asked.again, asked.first + patience_for(fulfilment)));
}

void LabelDialogue::call(int child, const fulfilment::State& fulfilment, Asked kind) {
  const auto& agreed = family_.order.agreement;
  turn_.labels.push_back({child, {.kind = kind, .key = fulfilment.label.key, .reference = to_text("ful_", member(family_.id, child)), .carrier = asked_of(family_, fulfilment.label),
                                  .ship_from = fulfilment.location, .parcels = fulfilment.parcels,
                                  .person = agreed.customer ? stream_of(agreed.customer) : family_.id, .address = order::delivery_of(family_.order).address}});
}

void LabelDialogue::answered(const CarrierAnswered& input) {
  auto found = family_.fulfilments.find(input.child);
  if (found == family_.fulfilments.end() || !waits_for_label(found->second) || found->second.label.key != input.key)
    return;
  auto child = input.child;
  const auto& answer = input.answer;
  if (answer.kind == Said::labelled)
    return tell_(child, fulfilment::RecordLabel{input.key, answer.tracking, answer.document});
  if (answer.kind == Said::refused)
    return tell_(child, fulfilment::RecordLabelFailed{input.key, answer.code});
  auto& asked = memory_.at({Memory::carrier, child});
  if (asked.times == 0)
    return; // of an earlier life: the clock begins anew with the next enquiry
  if (given_up(child, found->second, asked))
    return;
  if (answer.kind == Said::never_heard) {
    call(child, found->second, Asked::ask);
    asked.again = now_ + answer_patience;
  } else {
    asked.again = now_ + enquiry_pause(asked.times - 1);
  }
}

Duration LabelDialogue::patience_for(const fulfilment::State& fulfilment) const {
  auto has_another = fulfilment.status == fulfilment::Status::packed && carrier_to_ask(order::delivery_of(family_.order), fulfilment.label.refused + 1);
  return has_another ? Duration{label_patience} : Duration{unknown_at_most};
}

bool LabelDialogue::given_up(int child, const fulfilment::State& fulfilment, const Memory::Asked& asked) {
  if (now_ < asked.first + patience_for(fulfilment))
    return false;
  tell_(child, fulfilment::RecordLabelFailed{fulfilment.label.key, "carrier-silent"});
  return true;
}

} // namespace entrepot::workflow
