#include "actors/telling.hpp"

#include "actors/context.hpp"

namespace entrepot::actors {
namespace {

/// One that goes away untold was not acknowledged.
class Acknowledgement final : public ReplyTo, public std::enable_shared_from_this<Acknowledgement> {
public:
  explicit Acknowledgement(std::function<void(bool)> done) : done_(std::move(done)) {}
  ~Acknowledgement() override { tell(false); }
  Release accepted(const Answer&) override {
    return [self = shared_from_this()] { self->tell(true); };
  }
  Release refused(const Rejection&) override {
    return [self = shared_from_this()] { self->tell(false); };
  }

private:
  void tell(bool acknowledged) {
    if (auto done = std::exchange(done_, nullptr))
      done(acknowledged);
  }
  std::function<void(bool)> done_;
};

} // namespace

decltype(consequences::MessengerOptions::give) giving(Context& context) {
  return [&context](const Consequence& what, CommandId id, const std::string& causation, std::function<void(bool)> done) {
    context.send(std::make_shared<Envelope>(Envelope{.to = what.to, .payload = Command{what.command}, .id = id, .by = "process", .causation = causation,
                                                     .reply = std::make_shared<Acknowledgement>(std::move(done))}));
  };
}

} // namespace entrepot::actors
