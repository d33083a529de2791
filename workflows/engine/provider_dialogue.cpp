#include "workflows/engine/provider_dialogue.hpp"

#include <algorithm>

#include "workflows/engine/enquiries.hpp"

namespace entrepot::workflow {
namespace {

using Asked = payment::ProviderRequest::Kind;
using Said = payment::ProviderAnswer::Kind;
using payment::Status;

/// What is asked about an attempt that is not fresh. A void and a refund may be asked for again, since their key is done once.
Asked question_about(const payment::Tender& tender) {
  return tender.status == Status::voiding ? Asked::void_ : tender.status == Status::refunding ? Asked::refund : Asked::enquire;
}

const std::string& key_of(const payment::Tender& tender) { return tender.status == Status::refunding ? tender.refund_key : tender.key; }

} // namespace

ProviderDialogue::ProviderDialogue(const Family& family, Memory& memory, Turn& turn, Timestamp now, std::function<void(payment::Command)> tell,
                                   std::function<void(process::Parked)> park)
    : family_(family), memory_(memory), turn_(turn), now_(now), tell_(std::move(tell)), park_(std::move(park)) {}

void ProviderDialogue::note(const payment::Event& event) {
  if (!std::holds_alternative<payment::CaptureAsked>(event) && !std::holds_alternative<payment::VoidAsked>(event) && !std::holds_alternative<payment::RefundAsked>(event))
    return;
  auto instalment = std::visit([](const auto& e) { return e.instalment; }, event);
  memory_.forget({Memory::provider, instalment});
  intents_.push_back(instalment);
}

void ProviderDialogue::answered(const PartnerAnswered& input) {
  for (const auto& tender : family_.payment.tenders)
    if (!input.key.empty() && input.key == (input.answer.kind == Said::charged_back ? tender.key : key_of(tender)))
      return heard(tender, input.answer);
}

/// A fact, told as often as the provider likes: what is not new, or was never taken, changes nothing.
void ProviderDialogue::charged_back(const payment::Tender& tender, const payment::ProviderAnswer& answer) {
  payment::RecordChargeBack told{tender.agreed.number, tender.key, answer.reference, answer.amount};
  if (payment::decide(family_.payment, told, now_))
    tell_(std::move(told));
}

void ProviderDialogue::talk() {
  for (const auto& tender : family_.payment.tenders)
    if (payment::is_open(tender.status))
      talk_about(tender);
}

void ProviderDialogue::talk_about(const payment::Tender& tender) {
  if (tender.status == Status::requires_action && now_ >= tender.act_by)
    tell_(payment::Void{tender.agreed.number}); // the customer did not confirm it, and from now on cannot
  if (tender.status == Status::requires_action)
    turn_.wake_at(tender.act_by);
  auto& asked = memory_.at({Memory::provider, tender.agreed.number});
  if (asked.times == 0) {
    auto fresh = std::ranges::find(intents_, tender.agreed.number) != intents_.end();
    call(tender, fresh && tender.status == Status::capturing ? Asked::capture : question_about(tender));
    asked.first = now_;
    asked.times = 1;
    asked.again = now_ + answer_patience;
  } else if (now_ >= asked.again) {
    call(tender, question_about(tender));
    asked.again = now_ + enquiry_pause(asked.times++);
  }
  turn_.waiting = true;
  turn_.wake_at(asked.again);
}

void ProviderDialogue::call(const payment::Tender& tender, Asked kind) {
  if (kind == Asked::refund)
    turn_.calls.push_back({kind, tender.refund_key, tender.key, tender.refund_amount, {}, {}});
  else
    turn_.calls.push_back({kind, tender.key, {}, tender.due, tender.token, tender.not_after});
}

void ProviderDialogue::heard(const payment::Tender& tender, const payment::ProviderAnswer& answer) {
  auto number = tender.agreed.number;
  if (tender.status == Status::refunding && answer.kind != Said::charged_back)
    return heard_of_refund(tender, answer);
  switch (answer.kind) {
  case Said::captured:
    if (tender.status == Status::voiding)
      return; // the void undoes it at the provider
    if (tender.status == Status::voided || tender.status == Status::declined)
      return tell_(payment::Void{number}); // a success that comes too late (F7): nobody waits for it any more, so it is undone
    if (answer.amount != tender.due)
      return tell_(payment::Void{number}); // not what was agreed: all of it goes back
    return tell_(payment::RecordCaptured{number, tender.key, answer.reference, answer.amount});
  case Said::declined:
    return tell_(payment::RecordDeclined{number, tender.key, answer.code});
  case Said::voided:
    if (tender.status == Status::voiding)
      return tell_(payment::RecordVoided{number, tender.key});
    return tell_(payment::RecordDeclined{number, tender.key, "voided"});
  case Said::never_heard:
    return never_heard(tender);
  case Said::no_answer:
    return no_answer(tender);
  case Said::action_required:
    return tell_(payment::RecordActionRequired{number, tender.key, answer.url, std::min(answer.act_by, now_ + action_patience)});
  case Said::charged_back:
    return charged_back(tender, answer);
  case Said::refunded:
  case Said::refund_failed:
    return; // nothing of ours asked for it
  }
}

/// A refund is asked for again under its key until the provider says what became of it: it does one key once.
void ProviderDialogue::heard_of_refund(const payment::Tender& tender, const payment::ProviderAnswer& answer) {
  if (answer.kind == Said::refunded)
    return tell_(payment::RecordRefunded{tender.agreed.number, tender.refund_key, answer.reference});
  if (answer.kind == Said::refund_failed)
    return tell_(payment::RecordRefundFailed{tender.agreed.number, tender.refund_key, answer.code});
  if (answer.kind == Said::no_answer)
    no_answer(tender);
}

/// "Never heard of it" is no result: the first asking may still be on its way. While it may still be taken the same key is asked again, which the provider does
/// once; after that the key is made void, so that it can never happen.
void ProviderDialogue::never_heard(const payment::Tender& tender) {
  if (tender.status != Status::capturing && tender.status != Status::unknown)
    return;
  if (now_ >= tender.not_after)
    return tell_(payment::Void{tender.agreed.number});
  call(tender, Asked::capture);
  memory_.at({Memory::provider, tender.agreed.number}).again = now_ + answer_patience;
}

void ProviderDialogue::no_answer(const payment::Tender& tender) {
  auto& asked = memory_.at({Memory::provider, tender.agreed.number});
  asked.again = now_ + enquiry_pause(std::max(asked.times, 1) - 1);
  if (tender.status == Status::requires_action)
    return; // the customer has a clock
  if (tender.status == Status::capturing)
    tell_(payment::RecordUnknown{tender.agreed.number, tender.key});
  else if (asked.times > 0 && now_ >= asked.first + unknown_at_most && !family_.diary.parked)
    park_({"the payment provider answers", "payment-unknown", "the provider has not said what became of " + key_of(tender)});
}

} // namespace entrepot::workflow
