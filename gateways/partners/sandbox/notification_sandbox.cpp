#include "gateways/partners/sandbox/notification_sandbox.hpp"

#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "gateways/http/json_writer.hpp"
#include "gateways/partners/sandbox/ledger_file.hpp"
#include "gateways/partners/sandbox/play.hpp"

namespace entrepot::partners {
namespace {

using http::Method;
using http::Request;
using http::Responder;
using http::Response;
using Json = nlohmann::json;

struct Message {
  std::string key, order, kind, text, email, phone;
};

std::string text_of(const Json& body, const char* name, std::size_t least, std::size_t most) {
  auto text = body.at(name).get<std::string>();
  if (text.size() < least || text.size() > most)
    throw Malformed(std::string(name) + " has " + std::to_string(least) + " to " + std::to_string(most) + " bytes");
  return text;
}

Message message_from(const std::string& text) {
  auto body = Json::parse(text);
  const auto& recipient = body.at("recipient");
  return {text_of(body, "key", 1, 255), text_of(body, "order", 1, 64), text_of(body, "kind", 1, 64), text_of(body, "text", 1, notification_text_bytes),
          recipient.value("email", ""), recipient.value("phone", "")};
}

bool can_be_reached(const Message& message) { return message.email.find('@') != std::string::npos || !message.phone.empty(); }

Response accepted(std::size_t number) {
  Response response;
  response.status = 202;
  http::JsonWriter(response.body).open().field("result", "accepted").field("reference", "msg_" + std::to_string(number)).close();
  return response;
}

} // namespace

struct NotificationSandbox::State {
  State(const std::filesystem::path& path, std::function<Timestamp()> its_clock, Faults& its_faults, std::function<void(const std::string&)> defect)
      : clock(std::move(its_clock)), faults(its_faults), file(path, [this](const std::string& line) {
          auto body = Json::parse(line);
          keep(body.at("key").get<std::string>(), body.at("order").get<std::string>(), line);
        }),
        delays(std::move(defect)) {}

  void keep(const std::string& key, const std::string& order, std::string line) {
    received.push_back(std::move(line));
    numbers.emplace(key, received.size());
    of_order[order].push_back(received.size() - 1);
  }

  Response receive(const Message& message, bool refused) {
    std::lock_guard lock(mutex);
    if (auto known = numbers.find(message.key); known != numbers.end())
      return accepted(known->second);
    if (refused)
      return http::refusal(422, "scripted", "Refused, as it was asked to.");
    if (!can_be_reached(message))
      return http::refusal(422, "recipient-invalid", "There is neither an e-mail address nor a phone number.");
    std::string line;
    http::JsonWriter json(line);
    json.open().field("key", message.key).field("order", message.order).field("kind", message.kind).field("text", message.text);
    json.field_or_null("email", message.email).field_or_null("phone", message.phone).field("at", to_rfc3339(clock())).close();
    file.append(line + '\n');
    keep(message.key, message.order, std::move(line));
    return accepted(received.size());
  }

  Response list(const std::string* order) {
    std::lock_guard lock(mutex);
    Response response;
    http::JsonWriter json(response.body);
    json.open().key("items").open('[');
    if (!order)
      for (const auto& line : received)
        json.raw(line);
    else if (auto found = of_order.find(*order); found != of_order.end())
      for (auto index : found->second)
        json.raw(received[index]);
    json.close(']').close();
    return response;
  }

  std::function<Timestamp()> clock;
  Faults& faults;
  std::mutex mutex; ///< guards what follows
  std::vector<std::string> received; ///< as lines of the file
  std::unordered_map<std::string, std::size_t> numbers; ///< by key, from 1
  std::unordered_map<std::string, std::vector<std::size_t>> of_order;
  LedgerFile file;
  Delays delays; // last: what it does uses the rest
};

NotificationSandbox::NotificationSandbox(const std::filesystem::path& folder, std::function<Timestamp()> clock, Faults& faults,
                                         std::function<void(const std::string&)> defect)
    : state_(std::make_unique<State>(folder / "sandbox-notifications.ndjson", std::move(clock), faults, std::move(defect))) {}
NotificationSandbox::~NotificationSandbox() = default;

void NotificationSandbox::add_to(http::Routes& routes) {
  auto* state = state_.get();
  routes.add(Method::post, "/notifications", http::Allowed::everyone(), [state](Request& request, const Responder& responder) {
    reading(responder, [&] {
      auto message = message_from(request.body());
      auto struck = state->faults.strike(Call::notify);
      play(struck, state->delays, responder, [state, message, refused = struck.by(Fault::refuse)] { return state->receive(message, refused); });
    });
  });
  routes.add(Method::get, "/notifications", http::Allowed::everyone(), [state](Request& request, const Responder& responder) {
    auto query = request.query();
    if (!query || query->size() > 1 || (query->size() == 1 && query->front().first != "order"))
      return responder.answer(http::refusal(400, "query-invalid", "Whose messages are meant is said by order=... alone."));
    responder.answer(state->list(query->empty() ? nullptr : &query->front().second));
  });
}

} // namespace entrepot::partners
