#include "gateways/partners/payment_http.hpp"

#include <memory>
#include <utility>

#include "gateways/partners/payment_wire.hpp"

namespace entrepot::partners {

payment::Provider make_http_payment_provider(HttpPaymentOptions options) {
  auto http = std::make_shared<PartnerHttp>(std::move(options));
  return [http](const payment::ProviderRequest& request, std::function<void(payment::ProviderAnswer)> reply) {
    std::string message;
    append_request(message, request, http->host());
    http->ask(std::move(message), [asked = request.kind, reply = std::move(reply)](int status, const std::string& body) {
      auto answer = answer_from(asked, status, body);
      auto is_outcome = answer.kind != payment::ProviderAnswer::Kind::no_answer;
      reply(std::move(answer));
      return is_outcome;
    });
  };
}

} // namespace entrepot::partners
