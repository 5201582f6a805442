// SPDX-License-Identifier: Apache-2.0
#include "tests/core/connectors/netsuite/netsuite_fixture.hpp"

#include <catch2/catch.hpp>

#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>

namespace carrick::testing {
namespace {

struct Free {
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

std::string text_of(BIO* bio) {
    char* data = nullptr;
    const long length = BIO_get_mem_data(bio, &data);
    return std::string(data, static_cast<std::size_t>(length));
}

std::string private_pem(EVP_PKEY* key) {
    const Owned<BIO> bio(BIO_new(BIO_s_mem()));
    REQUIRE(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
    return text_of(bio.get());
}

std::string rsa_pem(std::size_t bits) {
    const Owned<EVP_PKEY> key(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", bits));
    REQUIRE(key);
    return private_pem(key.get());
}

std::string ec_pem(const char* curve) {
    const Owned<EVP_PKEY> key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve));
    REQUIRE(key);
    return private_pem(key.get());
}

std::string from_base64url(std::string_view text) {
    static constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string out;
    std::uint32_t buffer = 0;
    unsigned bits = 0;
    for (const char c : text) {
        const std::size_t value = kAlphabet.find(c);
        REQUIRE(value != std::string_view::npos);
        buffer = (buffer << 6U) | static_cast<std::uint32_t>(value);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out += static_cast<char>((buffer >> bits) & 255U);
        }
    }
    return out;
}

/// r and s as OpenSSL wants them.
std::string der_of(const std::string& raw) {
    REQUIRE(raw.size() == 64);
    const auto* bytes = reinterpret_cast<const unsigned char*>(raw.data());
    const Owned<ECDSA_SIG> signature(ECDSA_SIG_new());
    REQUIRE(ECDSA_SIG_set0(signature.get(), BN_bin2bn(bytes, 32, nullptr),
                           BN_bin2bn(bytes + 32, 32, nullptr)) == 1);
    unsigned char* der = nullptr;
    const int length = i2d_ECDSA_SIG(signature.get(), &der);
    REQUIRE(length > 0);
    std::string out(reinterpret_cast<char*>(der), static_cast<std::size_t>(length));
    OPENSSL_free(der);
    return out;
}

}  // namespace

const std::string& rsa_key_pem() {
    static const std::string kPem = rsa_pem(2048);
    return kPem;
}
const std::string& ec_key_pem() {
    static const std::string kPem = ec_pem("P-256");
    return kPem;
}
const std::string& weak_rsa_key_pem() {
    static const std::string kPem = rsa_pem(1024);
    return kPem;
}
const std::string& p384_key_pem() {
    static const std::string kPem = ec_pem("P-384");
    return kPem;
}

std::string public_pem_of(const std::string& pem) {
    const Owned<BIO> in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
    REQUIRE(key);
    const Owned<BIO> out(BIO_new(BIO_s_mem()));
    REQUIRE(PEM_write_bio_PUBKEY(out.get(), key.get()) == 1);
    return text_of(out.get());
}

bool signature_fits(const std::string& jwt, const std::string& public_pem,
                    const std::string& algorithm) {
    const std::size_t dot = jwt.rfind('.');
    const std::string input = jwt.substr(0, dot);
    std::string signature = from_base64url(std::string_view(jwt).substr(dot + 1));
    if (algorithm == "ES256") signature = der_of(signature);
    const Owned<BIO> in(BIO_new_mem_buf(public_pem.data(), static_cast<int>(public_pem.size())));
    const Owned<EVP_PKEY> key(PEM_read_bio_PUBKEY(in.get(), nullptr, nullptr, nullptr));
    REQUIRE(key);
    const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* options = nullptr;
    REQUIRE(EVP_DigestVerifyInit(context.get(), &options, EVP_sha256(), nullptr, key.get()) == 1);
    if (algorithm == "PS256") {
        REQUIRE(EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1);
        // Exactly 32: a verifier that guesses the length would hide a wrong one.
        REQUIRE(EVP_PKEY_CTX_set_rsa_pss_saltlen(options, 32) == 1);
    }
    return EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                            signature.size(), reinterpret_cast<const unsigned char*>(input.data()),
                            input.size()) == 1;
}

Json jwt_part(const std::string& jwt, std::size_t index) {
    std::string_view rest = jwt;
    for (std::size_t i = 0; i < index; ++i) rest = rest.substr(rest.find('.') + 1);
    return Json::parse(from_base64url(rest.substr(0, rest.find('.')))).value();
}

std::string assertion_in(const http::HttpRequest& request) {
    const std::size_t at = request.body.find("client_assertion=");
    REQUIRE(at != std::string::npos);
    return request.body.substr(at + 17);
}

http::HttpResult token_reply(std::string token) {
    return respond(200,
                   Json::object({{"access_token", Json(std::move(token))},
                                 {"expires_in", Json("3600")},
                                 {"token_type", Json("bearer")}})
                       .dump(),
                   {{"Content-Type", "application/json"}});
}

http::HttpResult error_reply(int status, std::string code, std::string detail, std::string path) {
    Json one = Json::object({{"detail", Json(std::move(detail))}});
    if (!code.empty()) one.set("o:errorCode", Json(std::move(code)));
    if (!path.empty()) one.set("o:errorPath", Json(std::move(path)));
    const Json body = Json::object({{"title", Json("Bad Request")},
                                    {"status", Json(status)},
                                    {"o:errorDetails", Json::array({std::move(one)})}});
    return respond(status, body.dump(),
                   {{"Content-Type", "application/vnd.oracle.resource+json; type=error"}});
}

http::HttpResult rows_reply(std::vector<Json> rows, bool has_more) {
    for (Json& row : rows) row.set("links", Json::array());
    const int count = static_cast<int>(rows.size());
    return respond(200, Json::object({{"links", Json::array()},
                                      {"count", Json(count)},
                                      {"hasMore", Json(has_more)},
                                      {"items", Json::array(std::move(rows))},
                                      {"offset", Json(0)}})
                            .dump());
}

NetSuiteFixture::NetSuiteFixture()
    : token_endpoint([](const http::HttpRequest&) { return token_reply(); }),
      transport([this](const http::HttpRequest& request) {
          const bool token = request.url.find("/oauth2/v1/token") != std::string::npos;
          return token ? token_endpoint(request) : account_(request);
      }),
      account_([](const http::HttpRequest&) { return respond(404, ""); }) {
    options.name = "erp";
    options.account = "1234567_SB1";
    options.client_id = "client-1";
    options.certificate_id = "certificate-1";
    options.private_key = ec_key_pem();
    options.concurrency = 4;
    context.flow = "mfn_order_import";
    context.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
}

void NetSuiteFixture::answer_in_turn(std::vector<http::HttpResult> answers) {
    auto next = std::make_shared<std::atomic<std::size_t>>(0);
    answer([answers = std::move(answers), next](const http::HttpRequest&) {
        return answers[std::min(next->fetch_add(1), answers.size() - 1)];
    });
}

connectors::Connection& NetSuiteFixture::connection() {
    if (!connection_) {
        auto made =
            connectors::netsuite::make_netsuite_connection(options, transport, clock, random);
        REQUIRE(made.ok());
        connection_ = std::move(made).value();
    }
    return *connection_;
}

connectors::Reply NetSuiteFixture::call(const std::string& operation, const std::string& body) {
    return connectors::call_one(connection(), {operation, body}, context);
}

Json NetSuiteFixture::ok(const std::string& operation, const std::string& body) {
    const connectors::Reply reply = call(operation, body);
    INFO(reply.error.code << ": " << reply.error.message);
    REQUIRE(reply.status == connectors::ReplyStatus::Ok);
    return Json::parse(reply.body).value();
}

Error NetSuiteFixture::failure(const std::string& operation, const std::string& body) {
    const connectors::Reply reply = call(operation, body);
    INFO(reply.body);
    REQUIRE(reply.status != connectors::ReplyStatus::Ok);
    return reply.error;
}

std::vector<http::HttpRequest> NetSuiteFixture::sent() const {
    std::vector<http::HttpRequest> out;
    for (http::HttpRequest& request : transport.requests())
        if (request.url.find("/oauth2/v1/token") == std::string::npos)
            out.push_back(std::move(request));
    return out;
}

Json NetSuiteFixture::last_query() const {
    const std::vector<http::HttpRequest> all = sent();
    REQUIRE(!all.empty());
    return Json::parse(all.back().body).value();
}

}  // namespace carrick::testing
