#include "tests/simulation/carriers.hpp"

namespace entrepot::simulation {

using Word = fulfilment::LabelAnswer::Kind;

Carriers::Carriers(World& world) : world_(world) {
  world_.carrier = [this](const fulfilment::LabelRequest& request, std::function<void(fulfilment::LabelAnswer)> reply) { label(request, std::move(reply)); };
  world_.listen([this](const journal::Record& record, const AnyEvent& event) { note(record, event); });
}

void Carriers::label(const fulfilment::LabelRequest& request, std::function<void(fulfilment::LabelAnswer)> reply) {
  auto& chance = world_.chance();
  if (chance.percent(5))
    return; // silence
  auto pause = chance.percent(90) ? chance.between(Duration{100ms}, Duration{2s}) : chance.between(Duration{2s}, Duration{2h});
  world_.after(pause, [this, request, reply = std::move(reply), life = world_.life()] {
    auto& luck = world_.chance();
    fulfilment::LabelAnswer answer;
    auto known = labels_.find(request.key);
    if (known == labels_.end() && request.kind == fulfilment::LabelRequest::Kind::enquire)
      answer.kind = Word::never_heard;
    else if (known == labels_.end() && luck.percent(5))
      answer.kind = Word::no_answer; // and nothing is done
    else {
      auto made = known == labels_.end() ? labels_.emplace(request.key, !luck.percent(4)).first->second : known->second;
      answer = made ? fulfilment::LabelAnswer{Word::labelled, "TRK-" + request.key, "https://carrier.example/" + request.key, {}} : fulfilment::LabelAnswer{Word::refused, {}, {}, "address-invalid"};
    }
    if (life == world_.life())
      reply(answer);
  });
}

/// It is lost or broken, and perhaps found and brought back; or it does not find its customer. Whoever takes it in at the place looks what is whole.
void Carriers::fail(StreamId parcel, Duration after) {
  auto& chance = world_.chance();
  auto brought_back = chance.percent(60);
  if (!brought_back || chance.percent(40))
    world_.after(after, [this, parcel, why = chance.percent(70) ? fulfilment::Loss::lost : fulfilment::Loss::damaged] { world_.act(parcel, fulfilment::Command{fulfilment::Lose{why}}, "carrier"); });
  else
    world_.after(after, [this, parcel] { world_.act(parcel, fulfilment::Command{fulfilment::Track{fulfilment::Tracking::return_to_sender}}, "carrier"); });
  if (brought_back)
    world_.after(after + chance.between(Duration{24h}, Duration{120h}), [this, parcel] {
      auto none_of_the_first_line = world_.chance().percent(20);
      const auto& sent = world_.family(family_of(parcel))->fulfilments.at(child_of(parcel));
      std::vector<fulfilment::Found> whole;
      if (none_of_the_first_line)
        whole.push_back({sent.lines.front().line, Quantity{0}});
      world_.act(parcel, fulfilment::Command{fulfilment::ReturnToOrigin{std::move(whole)}}, "staff");
    });
}

void Carriers::report(StreamId parcel, Duration after) {
  world_.after(after, [this, parcel] { world_.act(parcel, fulfilment::Command{fulfilment::Deliver{}}, "carrier"); });
}

void Carriers::note(const journal::Record& record, const AnyEvent& event) {
  const auto* of_parcel = std::get_if<fulfilment::Event>(&event);
  if (!of_parcel)
    return;
  auto& chance = world_.chance();
  if (std::holds_alternative<fulfilment::Packed>(*of_parcel) && chance.percent(3))
    report(record.stream, chance.mostly_short(1min, 2h)); // out of order: refused, and told again later
  if (!std::holds_alternative<fulfilment::Shipped>(*of_parcel))
    return;
  auto takes = chance.between(Duration{12h}, Duration{96h}) + (chance.percent(5) ? Duration{chance.between(1, 8) * 24h} : 0ms);
  if (chance.percent(3))
    return fail(record.stream, takes);
  report(record.stream, takes);
  if (chance.percent(10))
    report(record.stream, takes + chance.mostly_short(0ms, 24h));
}

} // namespace entrepot::simulation
