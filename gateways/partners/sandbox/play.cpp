#include "gateways/partners/sandbox/play.hpp"

#include <utility>

namespace entrepot::partners {
namespace {

http::Response hang_up() { return {0, {}, {}, {}, true}; }

} // namespace

void play(const Struck& struck, Delays& delays, const http::Responder& responder, const std::function<http::Response()>& carry_out) {
  auto act = [carry_out, twice = struck.by(Fault::duplicate)] {
    if (twice)
      carry_out();
    return carry_out();
  };
  if (struck.by(Fault::silent))
    return delays.after(struck.delay(Fault::silent), [responder] { responder.answer(hang_up()); });
  if (struck.by(Fault::late)) {
    delays.after(struck.delay(Fault::late), act);
    return responder.answer(hang_up());
  }
  auto answer = act();
  if (struck.by(Fault::lost_answer))
    return responder.answer(hang_up());
  if (struck.by(Fault::slow))
    return delays.after(struck.delay(Fault::slow), [responder, answer = std::move(answer)] { responder.answer(answer); });
  responder.answer(std::move(answer));
}

} // namespace entrepot::partners
