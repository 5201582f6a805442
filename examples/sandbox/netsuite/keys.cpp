// SPDX-License-Identifier: Apache-2.0
// OpenSSL's key and certificate calls, behind RAII.
#include "examples/sandbox/netsuite/keys.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <filesystem>
#include <fstream>
#include <memory>

namespace carrick::sandbox::netsuite {

namespace {

struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeCertificate {
    void operator()(X509* certificate) const { X509_free(certificate); }
};
struct FreeBio {
    void operator()(BIO* bio) const { BIO_free(bio); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using Certificate = std::unique_ptr<X509, FreeCertificate>;
using Bio = std::unique_ptr<BIO, FreeBio>;

Error openssl_error(const std::string& what) {
    char text[256] = "";
    ERR_error_string_n(ERR_get_error(), text, sizeof text);
    return misconfigured("sandbox.keys", what + ": " + text);
}

std::string text_of(const Bio& bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return std::string(data, static_cast<std::size_t>(size));
}

Certificate self_signed(EVP_PKEY* key) {
    Certificate certificate(X509_new());
    if (!certificate) return nullptr;
    constexpr long kTwoYears = 2L * 365 * 24 * 3600;
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kTwoYears);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME* name = X509_get_subject_name(certificate.get());
    const std::string common_name = "carrick-sandbox";
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(common_name.data()),
                               static_cast<int>(common_name.size()), -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    if (X509_sign(certificate.get(), key, EVP_sha256()) == 0) return nullptr;
    return certificate;
}

Result<void> write_file(const std::filesystem::path& path, const std::string& text, bool secret) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    if (secret)
        std::filesystem::permissions(
            path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    file << text;
    file.close();
    if (!file) return misconfigured("sandbox.keys", path.string() + " cannot be written");
    return {};
}

}  // namespace

Result<DemoKey> make_demo_key(KeyKind kind) {
    const Key key(kind == KeyKind::Rsa
                      ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{3072})
                      : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    if (!key) return openssl_error("making a key");
    const Certificate certificate = self_signed(key.get());
    if (!certificate) return openssl_error("signing a certificate");
    const Bio key_text(BIO_new(BIO_s_mem()));
    const Bio certificate_text(BIO_new(BIO_s_mem()));
    if (PEM_write_bio_PKCS8PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                      nullptr) != 1 ||
        PEM_write_bio_X509(certificate_text.get(), certificate.get()) != 1)
        return openssl_error("writing a key");
    return DemoKey{text_of(key_text), text_of(certificate_text)};
}

Result<void> write_demo_keys(const std::string& directory) {
    std::error_code problem;
    std::filesystem::create_directories(directory, problem);
    if (problem)
        return misconfigured("sandbox.keys", directory + " cannot be made: " + problem.message());
    for (const auto& [name, kind] :
         {std::pair{"netsuite_rsa", KeyKind::Rsa}, std::pair{"netsuite_ec", KeyKind::EcP256}}) {
        const std::filesystem::path base = std::filesystem::path(directory) / name;
        if (std::filesystem::exists(base.string() + ".pem") &&
            std::filesystem::exists(base.string() + ".crt"))
            continue;
        Result<DemoKey> made = make_demo_key(kind);
        if (!made) return made.error();
        if (Result<void> done = write_file(base.string() + ".pem", made->private_key_pem, true);
            !done)
            return done;
        if (Result<void> done = write_file(base.string() + ".crt", made->certificate_pem, false);
            !done)
            return done;
    }
    return {};
}

}  // namespace carrick::sandbox::netsuite
