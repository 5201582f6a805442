// SPDX-License-Identifier: Apache-2.0
// The content hash of a record: SHA-256 of its body, cut to 16 bytes.
#pragma once

#include "core/store/store.hpp"

#include <memory>
#include <string_view>

struct evp_md_st;
struct evp_md_ctx_st;

namespace carrick::plugin_host {

/// Keeps OpenSSL's algorithm and context: fetching them anew costs more than hashing a record.
/// Used by one thread at a time.
class ContentHasher {
public:
    ContentHasher();
    /// Throws std::runtime_error where OpenSSL offers no SHA-256 at all.
    [[nodiscard]] store::ContentHash hash(std::string_view body);

private:
    struct FreeAlgorithm {
        void operator()(evp_md_st* algorithm) const;
    };
    struct FreeContext {
        void operator()(evp_md_ctx_st* context) const;
    };
    std::unique_ptr<evp_md_st, FreeAlgorithm> algorithm_;
    std::unique_ptr<evp_md_ctx_st, FreeContext> context_;
};

/// 32 hexadecimal digits into `out`.
void write_hex(const store::ContentHash& hash, char* out);

}  // namespace carrick::plugin_host
