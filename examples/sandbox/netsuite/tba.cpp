// SPDX-License-Identifier: Apache-2.0
// RFC 5849's base string, signed with OpenSSL's HMAC.
#include "examples/sandbox/netsuite/tba.hpp"

#include "examples/sandbox/netsuite/refusal.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace carrick::sandbox::netsuite {

namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kScheme = "OAuth ";
constexpr std::int64_t kToleranceSeconds = 300;

std::string percent_encode(std::string_view text) {
    static constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
        const auto byte = static_cast<unsigned char>(c);
        if (plain)
            out += c;
        else
            out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
    return out;
}

std::string base64(const unsigned char* bytes, std::size_t size) {
    std::string text(4 * ((size + 2) / 3), '\0');
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes, static_cast<int>(size));
    return text;
}

/// name="value", percent-encoded, separated by commas.
Parameters header_parameters(std::string_view header) {
    Parameters parameters;
    header.remove_prefix(kScheme.size());
    while (!header.empty()) {
        const std::size_t equals = header.find("=\"");
        if (equals == std::string_view::npos) break;
        const std::size_t end = header.find('"', equals + 2);
        if (end == std::string_view::npos) break;
        std::string_view name = header.substr(0, equals);
        name.remove_prefix(std::min(name.find_first_not_of(" ,"), name.size()));
        parameters.emplace_back(percent_decode(name),
                                percent_decode(header.substr(equals + 2, end - equals - 2)));
        header.remove_prefix(end + 1);
    }
    return parameters;
}

std::string value_of(const Parameters& parameters, std::string_view name) {
    for (const auto& [key, value] : parameters)
        if (key == name) return value;
    return {};
}

}  // namespace

std::string tba_signature(std::string_view method, std::string_view url, Parameters parameters,
                          const TokenCredentials& credentials) {
    for (auto& [name, value] : parameters) {
        name = percent_encode(name);
        value = percent_encode(value);
    }
    std::sort(parameters.begin(), parameters.end());
    std::string joined;
    for (const auto& [name, value] : parameters)
        joined += (joined.empty() ? "" : "&") + name + "=" + value;
    const std::string base =
        std::string(method) + "&" + percent_encode(url) + "&" + percent_encode(joined);
    const std::string key = percent_encode(credentials.consumer_secret) + "&" +
                            percent_encode(credentials.token_secret);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(base.data()), base.size(), digest.data(), &size);
    return base64(digest.data(), size);
}

bool TokenAuthentication::claims(const Request& request) {
    const std::string_view header = request.header("Authorization");
    return header.size() > kScheme.size() && same_name(header.substr(0, kScheme.size()), kScheme);
}

std::optional<std::string> TokenAuthentication::problem(const Request& request, UtcTime now) {
    const Parameters sent = header_parameters(request.header("Authorization"));
    if (value_of(sent, "oauth_signature_method") != "HMAC-SHA256")
        return "signature_method_rejected";
    if (const std::string version = value_of(sent, "oauth_version");
        !version.empty() && version != "1.0")
        return "version_rejected";
    const std::string nonce = value_of(sent, "oauth_nonce");
    if (nonce.size() < 6 || nonce.size() > 64) return "parameter_absent";
    const std::string token = value_of(sent, "oauth_token");
    const auto known = std::find_if(known_.begin(), known_.end(), [&](const TokenCredentials& row) {
        return row.token_id == token && same_name(row.account, value_of(sent, "realm"));
    });
    if (known == known_.end()) return "token_rejected";
    if (known->consumer_key != value_of(sent, "oauth_consumer_key")) return "consumer_key_unknown";

    const std::string stamp = value_of(sent, "oauth_timestamp");
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(stamp.data(), stamp.data() + stamp.size(), seconds);
    const std::int64_t present = now.milliseconds() / 1000;
    if (error != std::errc() || end != stamp.data() + stamp.size() ||
        std::abs(seconds - present) > kToleranceSeconds)
        return "timestamp_refused";

    Parameters parameters = request.query;
    for (const auto& [name, value] : sent)
        if (name != "realm" && name != "oauth_signature") parameters.emplace_back(name, value);
    const std::string expected =
        tba_signature(request.method, request.base_url + request.path, parameters, *known);
    const std::string given = value_of(sent, "oauth_signature");
    if (given.size() != expected.size() ||
        CRYPTO_memcmp(given.data(), expected.data(), expected.size()) != 0)
        return "signature_invalid";

    nonces_.erase(nonces_.begin(), nonces_.lower_bound({present - kToleranceSeconds, ""}));
    if (!nonces_.emplace(seconds, token + "|" + nonce).second) return "nonce_used";
    return std::nullopt;
}

}  // namespace carrick::sandbox::netsuite
