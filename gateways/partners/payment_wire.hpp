// Questions and answers of the payment provider as bytes. No sockets.
#pragma once

#include <string>
#include <string_view>

#include "domain/payment/provider.hpp"

namespace entrepot::partners {

/// Appends the whole HTTP request.
void append_request(std::string& out, const payment::ProviderRequest& request, std::string_view host);

/// Returns what an HTTP answer says to a question of that kind. Everything that is not clearly an outcome of such a question is no_answer.
payment::ProviderAnswer answer_from(payment::ProviderRequest::Kind asked, int status, const std::string& body);

} // namespace entrepot::partners
