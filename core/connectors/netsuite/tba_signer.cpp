// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/netsuite/tba_signer.hpp"

#include "core/connectors/http/retry.hpp"
#include "core/connectors/http/url.hpp"
#include "core/connectors/netsuite/error_classification.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <vector>

namespace carrick::connectors::netsuite {
namespace {

using http::percent_encode;

// Smaller differences are the network's, and NetSuite forgives them.
constexpr Milliseconds kSkewWorthNoting = std::chrono::seconds(5);
constexpr Milliseconds kLargestSkew = std::chrono::hours(1);
constexpr std::string_view kMethod = "HMAC-SHA256";
constexpr std::string_view kVersion = "1.0";

using Parameters = std::vector<std::pair<std::string, std::string>>;

/// A query is read as a form (RFC 5849 3.4.1.3.1): `+` is a blank there, `%2B` a plus sign.
std::string form_decoded(std::string_view text) {
    std::string with_blanks(text);
    std::replace(with_blanks.begin(), with_blanks.end(), '+', ' ');
    return http::percent_decode(with_blanks);
}

void add_query(std::string_view query, Parameters& parameters) {
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(pair.size() + 1, query.size()));
        if (pair.empty()) continue;
        const std::size_t equals = pair.find('=');
        const std::string_view value =
            equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
        parameters.emplace_back(percent_encode(form_decoded(pair.substr(0, equals))),
                                percent_encode(form_decoded(value)));
    }
}

std::string base64(const unsigned char* bytes, std::size_t size) {
    std::string text((size + 2) / 3 * 4, '\0');
    // OpenSSL writes a NUL behind the text, where std::string has one of its own.
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes, static_cast<int>(size));
    return text;
}

std::string hex(std::uint64_t number) {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (unsigned shift = 64; shift > 0; shift -= 4)
        text += kDigits[static_cast<std::size_t>((number >> (shift - 4)) & 15U)];
    return text;
}

bool is_plausible(Milliseconds skew) {
    const Milliseconds size = std::chrono::abs(skew);
    return size >= kSkewWorthNoting && size <= kLargestSkew;
}

}  // namespace

Result<std::string> tba_base_string(const TbaCredentials& credentials, const TbaRequest& request) {
    Result<http::Url> url = http::Url::parse(request.url);
    if (!url) return bug("netsuite.sign", "the request cannot be signed: " + url.error().message);
    // The realm and a JSON body are not part of it.
    Parameters parameters{{"oauth_consumer_key", percent_encode(credentials.consumer_key)},
                          {"oauth_nonce", percent_encode(request.nonce)},
                          {"oauth_signature_method", std::string(kMethod)},
                          {"oauth_timestamp", percent_encode(request.timestamp)},
                          {"oauth_token", percent_encode(credentials.token_id)},
                          {"oauth_version", std::string(kVersion)}};
    add_query(url->query, parameters);
    // By the encoded name, then by the encoded value.
    std::sort(parameters.begin(), parameters.end());
    std::string joined;
    for (const auto& [name, value] : parameters)
        joined += (joined.empty() ? "" : "&") + name + "=" + value;
    return std::string(request.method) + "&" + percent_encode(url->origin() + url->path) + "&" +
           percent_encode(joined);
}

std::string tba_signature(const TbaCredentials& credentials, std::string_view base_string) {
    const std::string key = percent_encode(credentials.consumer_secret) + "&" +
                            percent_encode(credentials.token_secret);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(base_string.data()), base_string.size(),
             digest.data(), &size) == nullptr)
        return {};
    return base64(digest.data(), size);
}

TbaSigner::TbaSigner(const TbaCredentials& credentials, const std::string& realm,
                     const Clock& clock, Random& random)
    : credentials_(credentials), realm_(realm), clock_(clock), random_(random) {}

Result<std::string> TbaSigner::authorize(std::string_view method, std::string_view url,
                                         const CallContext&) {
    const std::string timestamp =
        std::to_string((clock_.now() + skew()).milliseconds() / std::int64_t{1000});
    // 128 bits: no two requests of a second share a nonce. It is no secret.
    const std::string nonce = hex(random_.next()) + hex(random_.next());
    const Result<std::string> base = tba_base_string(credentials_, {method, url, timestamp, nonce});
    if (!base) return base.error();
    const std::string signature = tba_signature(credentials_, *base);
    if (signature.empty()) return bug("netsuite.sign", "OpenSSL could not sign with HMAC-SHA256");
    std::string header = "OAuth realm=\"" + realm_ + "\"";
    for (const auto& [name, value] :
         {std::pair<std::string_view, std::string_view>("consumer_key", credentials_.consumer_key),
          {"token", credentials_.token_id},
          {"signature_method", kMethod},
          {"timestamp", timestamp},
          {"nonce", nonce},
          {"version", kVersion},
          {"signature", signature}})
        header += ", oauth_" + std::string(name) + "=\"" + percent_encode(value) + "\"";
    return header;
}

bool TbaSigner::refused(const std::string&, const http::HttpResponse& response) {
    if (tba_refusal(response) == "nonce_used") return true;
    const std::optional<UtcTime> theirs = http::parse_http_date(response.header("Date"));
    if (!theirs) return false;
    const Milliseconds off = *theirs - (clock_.now() + skew());
    // What the last correction has put right is not the reason for this refusal.
    if (std::chrono::abs(off) < kSkewWorthNoting) return false;
    const Milliseconds before = skew();
    set_skew(*theirs - clock_.now());
    return skew() != before;
}

void TbaSigner::set_skew(Milliseconds skew) {
    skew_ms_ = is_plausible(skew) ? std::int64_t{skew.count()} : 0;
}

}  // namespace carrick::connectors::netsuite
