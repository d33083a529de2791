#include "gateways/http/response.hpp"

#include "gateways/http/json_writer.hpp"
#include "gateways/http/limits.hpp"

namespace entrepot::http {
namespace {

/// "stock-short" -> "Stock short"
std::string title_of(std::string_view code) {
  std::string title(code);
  for (auto& c : title)
    if (c == '-')
      c = ' ';
  if (!title.empty() && title[0] >= 'a' && title[0] <= 'z')
    title[0] = static_cast<char>(title[0] - 'a' + 'A');
  return title;
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  for (char c : value)
    out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  out += "\r\n";
}

} // namespace

Response to_response(const Problem& problem) {
  Response response;
  response.status = problem.status;
  response.content_type = "application/problem+json";
  JsonWriter json(response.body);
  json.open();
  json.field("type", "urn:entrepot:problem:" + problem.code).field("title", title_of(problem.code)).field("status", problem.status);
  json.field("detail", problem.detail);
  if (!problem.instance.empty())
    json.field("instance", problem.instance);
  json.field("code", problem.code);
  if (!problem.order.empty())
    json.field("order", problem.order);
  if (!problem.pay_back.empty())
    json.key("pay_back").raw(problem.pay_back);
  if (!problem.errors.empty()) {
    json.key("errors").open('[');
    for (const auto& error : problem.errors)
      json.open().field("pointer", error.pointer).field("code", error.code).field("detail", error.text).close();
    json.close(']');
  }
  json.close();
  if (problem.status == 503 || problem.status == 429)
    response.with("Retry-After", std::to_string(limits::retry_after_seconds));
  return response;
}

Response refusal(int status, std::string code, std::string detail) {
  Problem problem;
  problem.status = status;
  problem.code = std::move(code);
  problem.detail = std::move(detail);
  return to_response(problem);
}

std::string_view reason_of(int status) {
  switch (status) {
  case 200:
    return "OK";
  case 201:
    return "Created";
  case 202:
    return "Accepted";
  case 204:
    return "No Content";
  case 304:
    return "Not Modified";
  case 400:
    return "Bad Request";
  case 401:
    return "Unauthorized";
  case 402:
    return "Payment Required";
  case 403:
    return "Forbidden";
  case 404:
    return "Not Found";
  case 405:
    return "Method Not Allowed";
  case 408:
    return "Request Timeout";
  case 409:
    return "Conflict";
  case 412:
    return "Precondition Failed";
  case 413:
    return "Content Too Large";
  case 415:
    return "Unsupported Media Type";
  case 417:
    return "Expectation Failed";
  case 422:
    return "Unprocessable Content";
  case 429:
    return "Too Many Requests";
  case 431:
    return "Request Header Fields Too Large";
  case 500:
    return "Internal Server Error";
  case 503:
    return "Service Unavailable";
  default:
    return "Unknown";
  }
}

void append_head(std::string& out, const Response& response, std::string_view date, bool keep_alive) {
  out += "HTTP/1.1 ";
  append_number(out, response.status);
  out += ' ';
  out += reason_of(response.status);
  out += "\r\n";
  if (!date.empty())
    append_header(out, "Date", date);
  if (response.status != 204 && response.status != 304) {
    if (!response.body.empty() || response.live)
      append_header(out, "Content-Type", response.content_type);
    if (!response.live) { // else the session knows whether the client reads chunks
      out += "Content-Length: ";
      append_number(out, static_cast<std::int64_t>(response.body.size()));
      out += "\r\n";
    }
  }
  for (const auto& [name, value] : response.headers)
    append_header(out, name, value);
  if (!keep_alive)
    out += "Connection: close\r\n";
  out += "\r\n";
}

} // namespace entrepot::http
