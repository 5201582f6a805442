// SPDX-License-Identifier: Apache-2.0
// Verifies JWT assertions with OpenSSL and keeps the tokens given for them.
#include "examples/sandbox/netsuite/oauth.hpp"

#include "examples/sandbox/base64url.hpp"
#include "examples/sandbox/netsuite/refusal.hpp"

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

namespace carrick::sandbox::netsuite {

namespace {

constexpr std::string_view kAssertionType =
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
constexpr Milliseconds kTokenLife = std::chrono::seconds(3600);

struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

struct Algorithm {
    std::string_view name;
    bool rsa;
    const EVP_MD* (*digest)();
    std::size_t signature_size;  ///< of raw r||s; 0 for RSA
};
constexpr std::array kAlgorithms{
    Algorithm{"PS256", true, EVP_sha256, 0},   Algorithm{"PS384", true, EVP_sha384, 0},
    Algorithm{"PS512", true, EVP_sha512, 0},   Algorithm{"ES256", false, EVP_sha256, 64},
    Algorithm{"ES384", false, EVP_sha384, 96}, Algorithm{"ES512", false, EVP_sha512, 132},
};

Key read_public_key(const std::string& pem) {
    const std::unique_ptr<BIO, int (*)(BIO*)> bio(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
    if (pem.find("BEGIN CERTIFICATE") == std::string::npos)
        return Key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
    const std::unique_ptr<X509, void (*)(X509*)> certificate(
        PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free);
    return certificate ? Key(X509_get_pubkey(certificate.get())) : nullptr;
}

/// JWT carries r||s; OpenSSL wants DER.
std::string to_der(const std::string& raw) {
    const std::unique_ptr<ECDSA_SIG, void (*)(ECDSA_SIG*)> signature(ECDSA_SIG_new(),
                                                                     ECDSA_SIG_free);
    const auto* bytes = reinterpret_cast<const unsigned char*>(raw.data());
    const int half = static_cast<int>(raw.size() / 2);
    BIGNUM* r = BN_bin2bn(bytes, half, nullptr);
    BIGNUM* s = BN_bin2bn(bytes + half, half, nullptr);
    if (ECDSA_SIG_set0(signature.get(), r, s) != 1) return {};
    unsigned char* der = nullptr;
    const int size = i2d_ECDSA_SIG(signature.get(), &der);
    if (size <= 0) return {};
    std::string result(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return result;
}

bool verifies(EVP_PKEY* key, const Algorithm& algorithm, const std::string& text,
              const std::string& signature) {
    const int wanted = algorithm.rsa ? EVP_PKEY_RSA : EVP_PKEY_EC;
    if (EVP_PKEY_get_base_id(key) != wanted) return false;
    if (!algorithm.rsa && signature.size() != algorithm.signature_size) return false;
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                     EVP_MD_CTX_free);
    EVP_PKEY_CTX* parameters = nullptr;
    if (EVP_DigestVerifyInit(context.get(), &parameters, algorithm.digest(), nullptr, key) != 1)
        return false;
    if (algorithm.rsa &&
        (EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) != 1 ||
         EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) != 1))
        return false;
    const std::string given = algorithm.rsa ? signature : to_der(signature);
    return EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(given.data()),
                            given.size(), reinterpret_cast<const unsigned char*>(text.data()),
                            text.size()) == 1;
}

bool known_scopes(const Json& scope) {
    std::vector<std::string> scopes;
    if (scope.is_array()) {
        for (const Json& one : scope.items()) scopes.push_back(one.text());
    } else {
        std::string word;
        for (const char c : scope.text() + ",") {
            if (c != ',' && c != ' ') {
                word += c;
            } else if (!word.empty()) {
                scopes.push_back(std::move(word));
                word.clear();
            }
        }
    }
    return !scopes.empty() && std::all_of(scopes.begin(), scopes.end(), [](const std::string& one) {
        return one == "rest_webservices" || one == "restlets" || one == "suite_analytics";
    });
}

std::string random_text() {
    std::array<unsigned char, 24> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) return "0";
    return base64url(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

/// A single value of a form; nothing when it is missing or doubled.
std::optional<std::string> one_value(const std::vector<std::pair<std::string, std::string>>& form,
                                     std::string_view name) {
    std::optional<std::string> value;
    for (const auto& [key, text] : form) {
        if (key != name) continue;
        if (value) return std::nullopt;
        value = text;
    }
    return value;
}

}  // namespace

OAuth::OAuth(std::vector<MappedCertificate> certificates)
    : certificates_(std::move(certificates)) {}

Response OAuth::token(const Request& request, const std::string& token_url,
                      const Switches& switches, UtcTime now) {
    try {
        if (request.method != "POST" ||
            !lower(request.header("Content-Type")).starts_with("application/x-www-form-urlencoded"))
            throw Problem{400, "invalid_request"};
        const auto form = parse_query(request.body);
        const std::optional<std::string> grant = one_value(form, "grant_type");
        const std::optional<std::string> type = one_value(form, "client_assertion_type");
        const std::optional<std::string> jwt = one_value(form, "client_assertion");
        if (!grant || !type || !jwt || *type != kAssertionType)
            throw Problem{400, "invalid_request"};
        if (*grant != "client_credentials") throw Problem{400, "unsupported_grant_type"};

        const std::size_t first = jwt->find('.');
        const std::size_t second = first == std::string::npos ? first : jwt->find('.', first + 1);
        if (second == std::string::npos || jwt->find('.', second + 1) != std::string::npos)
            throw Problem{400, "invalid_request"};
        const auto header = base64url_decode(std::string_view(*jwt).substr(0, first));
        const auto claims =
            base64url_decode(std::string_view(*jwt).substr(first + 1, second - first - 1));
        const auto signature = base64url_decode(std::string_view(*jwt).substr(second + 1));
        if (!header || !claims || !signature) throw Problem{400, "invalid_request"};
        const Result<Json> header_json = Json::parse(*header);
        const Result<Json> claims_json = Json::parse(*claims);
        if (!header_json || !claims_json) throw Problem{400, "invalid_request"};
        check({*header_json, *claims_json, jwt->substr(0, second), *signature}, token_url, switches,
              now);

        // Opaque to the caller; three parts, as NetSuite's own JWT has.
        const std::string token = "sandbox." + std::to_string(++issued_) + "." + random_text();
        tokens_[token] = now + kTokenLife;
        return Response::json(
            200, Json::object(
                     {{"access_token", token}, {"expires_in", "3600"}, {"token_type", "bearer"}}));
    } catch (const Problem& problem) {
        return Response::json(problem.status, Json::object({{"error", problem.error}}));
    }
}

void OAuth::check(const Assertion& assertion, const std::string& token_url,
                  const Switches& switches, UtcTime now) const {
    const int unknown = static_cast<int>(switches.number("netsuite.unknown_key_status"));
    const auto algorithm = std::find_if(
        kAlgorithms.begin(), kAlgorithms.end(),
        [&](const Algorithm& row) { return row.name == assertion.header["alg"].text(); });
    if (algorithm == kAlgorithms.end()) throw Problem{400, "invalid_request"};
    const auto certificate =
        std::find_if(certificates_.begin(), certificates_.end(), [&](const MappedCertificate& row) {
            return row.id == assertion.header["kid"].text() &&
                   row.client_id == assertion.claims["iss"].text();
        });
    if (certificate == certificates_.end() || switches.is("netsuite.certificate", "revoked"))
        throw Problem{unknown, "invalid_client"};
    const Key key = read_public_key(certificate->pem);
    if (!key || !verifies(key.get(), *algorithm, assertion.signed_part, assertion.signature))
        throw Problem{unknown, "invalid_client"};

    const Json& audience = assertion.claims["aud"];
    const bool right_audience =
        audience.text() == token_url ||
        (audience.is_array() && audience.size() == 1 && audience[0].text() == token_url);
    const std::optional<std::int64_t> issued = assertion.claims["iat"].integer_if();
    const std::optional<std::int64_t> expires = assertion.claims["exp"].integer_if();
    constexpr std::int64_t kSkewSeconds = 300;
    constexpr std::int64_t kLongestLife = 3600;
    const std::int64_t seconds = now.milliseconds() / 1000;
    if (!right_audience || !issued || !expires || !known_scopes(assertion.claims["scope"]) ||
        *expires - *issued >= kLongestLife || *expires <= *issued || *expires <= seconds ||
        *issued > seconds + kSkewSeconds)
        throw Problem{400, "invalid_grant"};
}

bool OAuth::admits(const Request& request, UtcTime now) const {
    // A cookie makes NetSuite take the call for a browser's.
    if (request.has_header("Cookie")) return false;
    const std::string_view header = request.header("Authorization");
    constexpr std::string_view kBearer = "Bearer ";
    if (header.size() <= kBearer.size() || !same_name(header.substr(0, kBearer.size()), kBearer))
        return false;
    const auto found = tokens_.find(std::string(header.substr(kBearer.size())));
    return found != tokens_.end() && found->second > now;
}

}  // namespace carrick::sandbox::netsuite
