#include "gateways/partners/standard_webhook.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace entrepot::partners {
namespace {

constexpr std::string_view secret_prefix = "whsec_";
constexpr std::size_t digits_of_seconds = 12;

/// Strict: whole groups of four, '=' at the end alone.
std::optional<std::vector<unsigned char>> base64_decoded(std::string_view text) {
  auto padding = text.ends_with("==") ? 2U : text.ends_with("=") ? 1U : 0U;
  auto is_plain = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/'; };
  if (text.empty() || text.size() % 4 != 0 || !std::ranges::all_of(text.substr(0, text.size() - padding), is_plain))
    return {};
  std::vector<unsigned char> bytes(text.size() / 4 * 3);
  if (EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size())) < 0)
    return {};
  bytes.resize(bytes.size() - padding); // OpenSSL counts it as zeros
  return bytes;
}

std::string base64(const unsigned char* bytes, std::size_t size) {
  std::string text((size + 2) / 3 * 4 + 1, '\0'); // OpenSSL ends it with a NUL
  text.resize(static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes, static_cast<int>(size))));
  return text;
}

} // namespace

std::string webhook_secret_text(const WebhookSecret& secret) { return std::string(secret_prefix) + base64(secret.data(), secret.size()); }

std::optional<WebhookSecret> webhook_secret_from(std::string_view text) {
  if (!text.starts_with(secret_prefix) || text.size() > secret_prefix.size() + 2 * webhook_secret_most_bytes)
    return {};
  auto secret = base64_decoded(text.substr(secret_prefix.size()));
  if (!secret || secret->size() < webhook_secret_least_bytes || secret->size() > webhook_secret_most_bytes)
    return {};
  return secret;
}

std::string webhook_signature(const WebhookSecret& secret, const WebhookMessage& message) {
  std::string text;
  text.reserve(message.id.size() + message.timestamp.size() + message.body.size() + 2);
  text.append(message.id).append(1, '.').append(message.timestamp).append(1, '.').append(message.body);
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  if (!HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), &size))
    throw std::runtime_error("a message cannot be signed");
  return "v1," + base64(mac.data(), size);
}

bool is_signed(const WebhookSecret& secret, const WebhookMessage& message, std::string_view signatures) {
  const auto right = webhook_signature(secret, message);
  auto found = false;
  for (std::size_t looked_at = 0; !signatures.empty() && looked_at < webhook_signatures; ++looked_at) {
    auto one = signatures.substr(0, signatures.find(' '));
    signatures.remove_prefix(std::min(signatures.size(), one.size() + 1));
    found |= one.size() == right.size() && CRYPTO_memcmp(one.data(), right.data(), right.size()) == 0;
  }
  return found;
}

std::optional<std::int64_t> webhook_seconds(std::string_view text) {
  std::int64_t seconds = 0;
  auto is_number = !text.empty() && text.size() <= digits_of_seconds && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (!is_number || std::from_chars(text.data(), text.data() + text.size(), seconds).ec != std::errc{})
    return {};
  return seconds;
}

} // namespace entrepot::partners
