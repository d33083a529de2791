#include "persistence/consequences/notice_writer.hpp"

#include <algorithm>
#include <utility>

#include "domain/order/history.hpp"
#include "persistence/codec.hpp"
#include "persistence/consequences/look_up.hpp"
#include "persistence/metadata.hpp"

namespace entrepot::consequences {
namespace {

const order::Agreement* agreement_in(const AnyEvent& event) {
  const auto* of_order = std::get_if<order::Event>(&event);
  const auto* submitted = of_order ? std::get_if<order::Submitted>(of_order) : nullptr;
  return submitted ? &submitted->agreement : nullptr;
}

/// Whether somebody may be told of it: who has neither is told nothing, a customer may have both.
bool names_somebody(const order::Agreement& agreement) {
  return agreement.customer || !agreement.contact.email.text.empty() || !agreement.contact.phone.text.empty();
}

bool is_past(const std::string& metadata, Timestamp recorded) {
  if (metadata.empty())
    return false;
  auto occurred = journal::decode_metadata(metadata).occurred_at;
  return occurred && order::is_history(*occurred, recorded);
}

/// The order's first word after its submission, which rests on nothing else.
bool follows_submission(const Occurrence& occurrence) {
  const auto* of_order = std::get_if<order::Event>(occurrence.event.get());
  return of_order && occurrence.seq == 2 && (std::holds_alternative<order::Confirmed>(*of_order) || std::holds_alternative<order::Rejected>(*of_order));
}

} // namespace

void NoticeWriter::remember(const Occurrence& occurrence) {
  if (submitted_in_order_.size() >= max_remembered_orders) {
    submitted_.erase(submitted_in_order_.front());
    submitted_in_order_.pop_front();
  }
  auto family = family_of(occurrence.stream);
  if (submitted_.insert_or_assign(family, Submission{occurrence.event, occurrence.at, is_past(occurrence.metadata, occurrence.at)}).second)
    submitted_in_order_.push_back(family);
}

std::optional<Notice> NoticeWriter::write(const Occurrence& occurrence) {
  if (agreement_in(*occurrence.event))
    remember(occurrence);
  if (words_(occurrence.stream, *occurrence.event, blank_).empty())
    return {};
  auto family = family_of(occurrence.stream);
  auto known = submitted_.find(family);
  if (known != submitted_.end() && !known->second.is_past && !names_somebody(*agreement_in(*known->second.event))) {
    ++nobody_;
    return {};
  }
  if ((known != submitted_.end() && known->second.is_past) || is_past(occurrence.metadata, occurrence.at)) {
    ++past_;
    return {};
  }
  auto seen = seen_after(occurrence);
  if (seen.is_past) {
    ++past_;
    return {};
  }
  const auto& agreed = seen.family.order.agreement;
  auto text = words_(occurrence.stream, *occurrence.event, seen.family);
  if (text.empty())
    return {};
  auto contact = agreed.customer ? contact_of(agreed.customer) : agreed.contact;
  if (contact.email.text.empty() && contact.phone.text.empty()) {
    ++nobody_;
    return {};
  }
  auto kind = codec::encode(*occurrence.event).type;
  return Notice{family, occurrence.pos, std::string(kind), std::move(text), agreed.customer ? stream_of(agreed.customer) : family, std::move(contact), occurrence.at};
}

NoticeWriter::Seen NoticeWriter::seen_after(const Occurrence& occurrence) {
  Seen seen;
  auto id = family_of(occurrence.stream);
  seen.family.id = id;
  if (auto known = submitted_.find(id); known != submitted_.end() && follows_submission(occurrence)) {
    evolve(seen.family, child::order, *known->second.event, known->second.at);
    evolve(seen.family, child::order, *occurrence.event, occurrence.at);
    return seen;
  }
  auto history = look_up(journal_, {id, member(id, 0xff)}, SIZE_MAX, ending_);
  std::ranges::sort(history.records, {}, &journal::Record::pos);
  for (const auto& record : history.records) {
    if (record.pos > occurrence.pos)
      break;
    auto event = record.event ? *record.event : codec::decode(record.type, record.version, record.data);
    if (agreement_in(event))
      seen.is_past = is_past(record.metadata, record.at);
    evolve(seen.family, child_of(record.stream), event, record.at);
  }
  return seen;
}

/// A customer is registered once, by the first event, and the contact is what was said then.
customer::Contact NoticeWriter::contact_of(const CustomerNumber& customer) {
  auto stream = stream_of(customer);
  auto now = std::chrono::steady_clock::now();
  if (auto known = contacts_.find(stream); known != contacts_.end() && now < known->second.until)
    return known->second.contact;
  customer::Contact contact;
  for (const auto& record : look_up(journal_, {stream, stream}, 1, ending_).records) {
    auto event = codec::decode(record.type, record.version, record.data);
    const auto* of_customer = std::get_if<customer::Event>(&event);
    const auto* registered = of_customer ? std::get_if<customer::Registered>(of_customer) : nullptr;
    if (registered && registered->number == customer)
      contact = registered->contact;
  }
  if (contacts_.size() >= max_remembered_contacts)
    contacts_.clear();
  contacts_.insert_or_assign(stream, Remembered{contact, now + contact_memory});
  return contact;
}

} // namespace entrepot::consequences
