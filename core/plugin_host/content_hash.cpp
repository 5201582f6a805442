// SPDX-License-Identifier: Apache-2.0
// SHA-256 through OpenSSL with everything reusable kept.
#include "core/plugin_host/content_hash.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <stdexcept>

namespace carrick::plugin_host {

void ContentHasher::FreeAlgorithm::operator()(evp_md_st* algorithm) const {
    EVP_MD_free(algorithm);
}
void ContentHasher::FreeContext::operator()(evp_md_ctx_st* context) const {
    EVP_MD_CTX_free(context);
}

ContentHasher::ContentHasher()
    : algorithm_(EVP_MD_fetch(nullptr, "SHA256", nullptr)), context_(EVP_MD_CTX_new()) {}

store::ContentHash ContentHasher::hash(std::string_view body) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    if (algorithm_ == nullptr || context_ == nullptr ||
        EVP_DigestInit_ex(context_.get(), algorithm_.get(), nullptr) != 1 ||
        EVP_DigestUpdate(context_.get(), body.data(), body.size()) != 1 ||
        EVP_DigestFinal_ex(context_.get(), digest.data(), &length) != 1)
        throw std::runtime_error("OpenSSL computed no SHA-256");
    store::ContentHash hash{};
    std::copy_n(digest.begin(), hash.size(), hash.begin());
    return hash;
}

void write_hex(const store::ContentHash& hash, char* out) {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    for (const std::uint8_t byte : hash) {
        *out++ = kDigits[byte >> 4];
        *out++ = kDigits[byte & 15];
    }
}

}  // namespace carrick::plugin_host
