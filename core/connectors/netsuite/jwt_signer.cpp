// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/netsuite/jwt_signer.hpp"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <array>

namespace carrick::connectors::netsuite {
namespace {

struct Free {
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

constexpr int kSmallestRsaBits = 2048;
constexpr int kSaltBytes = 32;  // PS256: as long as the hash
constexpr int kCoordinateBytes = 32;

Error bad_key(std::string why) {
    return misconfigured("netsuite.private_key", "private_key: " + std::move(why));
}

// A service has nobody to ask for a pass phrase; OpenSSL would prompt on the terminal.
int no_pass_phrase(char*, int, int, void*) {
    return -1;
}

std::string why_not_a_private_key(std::string_view pem) {
    if (pem.find("-----BEGIN") == std::string_view::npos)
        return "this is not PEM text; expected a block that begins with -----BEGIN PRIVATE "
               "KEY-----";
    if (pem.find("ENCRYPTED") != std::string_view::npos)
        return "the key is protected by a pass phrase; store it without one, in a file of mode "
               "0600";
    if (pem.find("BEGIN CERTIFICATE") != std::string_view::npos)
        return "this is the certificate; NetSuite keeps that one, the connection needs its private "
               "key";
    if (pem.find("BEGIN PUBLIC KEY") != std::string_view::npos)
        return "this is a public key; the connection needs the private one";
    return "the PEM block cannot be read as a private key; is the file whole?";
}

bool is_p256(EVP_PKEY* key) {
    std::array<char, 80> group{};
    std::size_t length = 0;
    return EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group.data(),
                                          group.size(), &length) == 1 &&
           std::string_view(group.data(), length) == "prime256v1";
}

/// The one algorithm of ours that this key can serve.
Result<std::string> algorithm_of(EVP_PKEY* key) {
    if (EVP_PKEY_is_a(key, "RSA") == 1) {
        const int bits = EVP_PKEY_get_bits(key);
        if (bits < kSmallestRsaBits)
            return bad_key("the RSA key has " + std::to_string(bits) +
                           " bits; NetSuite takes none below 2048, make one of 3072 or 4096");
        return std::string("PS256");
    }
    if (EVP_PKEY_is_a(key, "EC") == 1) {
        if (!is_p256(key)) return bad_key("the EC key is on another curve; ES256 needs P-256");
        return std::string("ES256");
    }
    return bad_key("this type of key serves neither PS256 (RSA) nor ES256 (EC P-256)");
}

/// The DER sequence of two integers as the two fixed-width numbers that JWS wants.
Result<std::string> raw_signature(std::string_view der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const Owned<ECDSA_SIG> signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
    std::array<unsigned char, 2 * kCoordinateBytes> raw{};
    if (!signature ||
        BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), raw.data(), kCoordinateBytes) < 0 ||
        BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), raw.data() + kCoordinateBytes,
                     kCoordinateBytes) < 0)
        return bug("netsuite.sign", "OpenSSL made an ECDSA signature that it cannot read");
    return std::string(raw.begin(), raw.end());
}

}  // namespace

struct JwtSigner::Key {
    Owned<EVP_PKEY> handle;
};

JwtSigner::JwtSigner(std::shared_ptr<const Key> key, std::string algorithm)
    : key_(std::move(key)), algorithm_(std::move(algorithm)) {}

Result<JwtSigner> JwtSigner::from_pem(std::string_view pem, std::string_view algorithm) {
    if (!algorithm.empty() && algorithm != "PS256" && algorithm != "ES256")
        return misconfigured("netsuite.algorithm", "algorithm \"" + std::string(algorithm) +
                                                       "\" is not supported; use PS256 or ES256");
    const Owned<BIO> text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(text.get(), nullptr, no_pass_phrase, nullptr));
    ERR_clear_error();
    if (!key) return bad_key(why_not_a_private_key(pem));

    Result<std::string> serves = algorithm_of(key.get());
    if (!serves) return serves.error();
    if (!algorithm.empty() && *serves != algorithm)
        return bad_key("the key serves " + *serves + ", but algorithm says " +
                       std::string(algorithm) + "; leave algorithm out or make the other key");
    auto shared = std::make_shared<Key>();
    shared->handle = std::move(key);
    return JwtSigner(std::move(shared), std::move(serves).value());
}

Result<std::string> JwtSigner::sign(std::string_view key_id, const Json& claims) const {
    const Json header = Json::object(
        {{"typ", Json("JWT")}, {"alg", Json(algorithm_)}, {"kid", Json(std::string(key_id))}});
    const std::string input = base64url(header.dump()) + "." + base64url(claims.dump());

    const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* options = nullptr;  // owned by the context
    bool ready =
        EVP_DigestSignInit(context.get(), &options, EVP_sha256(), nullptr, key_->handle.get()) == 1;
    if (ready && algorithm_ == "PS256")
        ready = EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1 &&
                EVP_PKEY_CTX_set_rsa_pss_saltlen(options, kSaltBytes) == 1;
    const auto* bytes = reinterpret_cast<const unsigned char*>(input.data());
    std::size_t length = 0;
    std::string signature;
    if (ready && EVP_DigestSign(context.get(), nullptr, &length, bytes, input.size()) == 1) {
        signature.resize(length);
        ready = EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()),
                               &length, bytes, input.size()) == 1;
        signature.resize(length);
    } else {
        ready = false;
    }
    if (!ready) {
        ERR_clear_error();
        return bug("netsuite.sign", "OpenSSL could not sign with " + algorithm_);
    }
    if (algorithm_ == "ES256") {
        Result<std::string> raw = raw_signature(signature);
        if (!raw) return raw.error();
        signature = std::move(raw).value();
    }
    return input + "." + base64url(signature);
}

std::string base64url(std::string_view bytes) {
    static constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string text;
    text.reserve((bytes.size() * 4 + 2) / 3);
    std::uint32_t buffer = 0;
    unsigned bits = 0;
    for (const char c : bytes) {
        buffer = (buffer << 8U) | static_cast<unsigned char>(c);
        for (bits += 8; bits >= 6; bits -= 6) text += kAlphabet[(buffer >> (bits - 6)) & 63U];
    }
    if (bits > 0) text += kAlphabet[(buffer << (6 - bits)) & 63U];
    return text;
}

}  // namespace carrick::connectors::netsuite
