// Webhooks over TLS: to who shows a certificate that is trusted and its own, and to nobody else.
#include <cstdio>
#include <fstream>
#include <future>
#include <gtest/gtest.h>
#include <memory>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "gateways/partners/webhook_http.hpp"
#include "tests/support/temporary_folder.hpp"

namespace entrepot::test {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Tcp = asio::ip::tcp;
using webhook::Answer;

/// A key and a certificate for `names` ("IP:127.0.0.1"), signed by itself, as PEM files.
struct Certificate {
  Certificate(const std::filesystem::path& folder, const char* names) : key_file(folder / "key.pem"), file(folder / "certificate.pem") {
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3'600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86'400);
    X509_set_pubkey(certificate.get(), key.get());
    auto* name = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("receiver"), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> alternative(X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names), X509_EXTENSION_free);
    X509_add_ext(certificate.get(), alternative.get(), -1);
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    struct Closes {
      void operator()(std::FILE* open) const { std::fclose(open); }
    };
    std::unique_ptr<std::FILE, Closes> keys(std::fopen(key_file.c_str(), "w")), certificates(std::fopen(file.c_str(), "w"));
    PEM_write_PrivateKey(keys.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    PEM_write_X509(certificates.get(), certificate.get());
  }
  std::string key_file, file;
};

/// Answers every message on its first connection with 204, until that is closed.
class TlsReceiver {
public:
  explicit TlsReceiver(const Certificate& certificate) {
    context_.use_certificate_chain_file(certificate.file);
    context_.use_private_key_file(certificate.key_file, asio::ssl::context::pem);
    thread_ = std::thread([this] { serve(); });
  }
  ~TlsReceiver() {
    thread_.join();
  }
  std::string url(const std::string& host) const { return "https://" + host + ":" + std::to_string(acceptor_.local_endpoint().port()) + "/hooks"; }
  int received = 0; ///< read when it is gone, or nothing is under way

private:
  void serve() {
    boost::system::error_code ec;
    asio::ssl::stream<Tcp::socket> stream(io_, context_);
    acceptor_.accept(stream.lowest_layer(), ec);
    stream.handshake(asio::ssl::stream_base::server, ec);
    beast::flat_buffer buffer;
    while (!ec) {
      beast::http::request<beast::http::string_body> request;
      beast::http::read(stream, buffer, request, ec);
      if (ec)
        break;
      ++received;
      beast::http::response<beast::http::empty_body> response{beast::http::status::no_content, 11};
      beast::http::write(stream, response, ec);
    }
  }
  asio::io_context io_;
  asio::ssl::context context_{asio::ssl::context::tls_server};
  Tcp::acceptor acceptor_{io_, {asio::ip::address_v4::loopback(), 0}};
  std::thread thread_;
};

Answer sent(const webhook::Sender& sender, std::string url) {
  auto promise = std::make_shared<std::promise<Answer>>();
  sender({.endpoint = "whe_1", .url = std::move(url), .id = "evt_1", .body = "{}", .secrets = {webhook::Secret(32, 1)}, .at = {}}, [promise](Answer answer) { promise->set_value(answer); });
  return promise->get_future().get();
}

TEST(WebhooksOverTls, reach_who_shows_a_certificate_that_is_trusted_and_use_the_connection_again) {
  TemporaryFolder folder;
  Certificate certificate(folder.path(), "IP:127.0.0.1,DNS:localhost");
  TlsReceiver receiver(certificate);
  {
    auto sender = partners::make_http_webhook_sender({.ca_file = certificate.file});
    EXPECT_EQ(sent(sender, receiver.url("127.0.0.1")).status, 204);
    EXPECT_EQ(sent(sender, receiver.url("127.0.0.1")).status, 204) << "over the only connection there is";
  }
  EXPECT_EQ(receiver.received, 2);
}

TEST(WebhooksOverTls, do_not_reach_who_shows_anothers_certificate) {
  TemporaryFolder folder;
  Certificate certificate(folder.path(), "DNS:somebody.example");
  TlsReceiver receiver(certificate);
  EXPECT_EQ(sent(partners::make_http_webhook_sender({.ca_file = certificate.file}), receiver.url("localhost")).status, 0);
  EXPECT_EQ(receiver.received, 0);
}

TEST(WebhooksOverTls, do_not_reach_who_is_not_trusted) {
  TemporaryFolder folder;
  Certificate certificate(folder.path(), "IP:127.0.0.1");
  TlsReceiver receiver(certificate);
  EXPECT_EQ(sent(partners::make_http_webhook_sender(), receiver.url("127.0.0.1")).status, 0);
  EXPECT_EQ(receiver.received, 0);
}

TEST(WebhooksOverTls, need_certificates_that_can_be_read) { EXPECT_THROW(partners::make_http_webhook_sender({.ca_file = "/no/such/file"}), std::runtime_error); }

} // namespace
} // namespace entrepot::test
