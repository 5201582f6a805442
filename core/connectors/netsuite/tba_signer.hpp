// SPDX-License-Identifier: Apache-2.0
// TbaSigner: token-based authentication, which is OAuth 1.0a (RFC 5849) with HMAC-SHA256. For
// integrations that have it already: NetSuite takes no new ones from release 2027.1 on.
#pragma once

#include "core/base/clock.hpp"
#include "core/connectors/netsuite/authenticator.hpp"
#include "core/connectors/netsuite/netsuite_options.hpp"

#include <atomic>

namespace carrick::connectors::netsuite {

/// What one signature is made from, apart from the secrets.
struct TbaRequest {
    std::string_view method;
    std::string_view url;  ///< absolute, encoded, with its query
    std::string_view timestamp;
    std::string_view nonce;
};

/// The text that is signed: method, address without query, and all parameters, sorted.
/// Errors   Bug `netsuite.sign`: the address cannot be taken apart.
[[nodiscard]] Result<std::string> tba_base_string(const TbaCredentials& credentials,
                                                  const TbaRequest& request);

/// The base64 text of the base string's HMAC-SHA256 under both secrets.
[[nodiscard]] std::string tba_signature(const TbaCredentials& credentials,
                                        std::string_view base_string);

/// Thread-safe.
class TbaSigner final : public Authenticator {
public:
    /// `realm` the account id as NetSuite shows it ("1234567_SB1"). All are borrowed.
    TbaSigner(const TbaCredentials& credentials, const std::string& realm, const Clock& clock,
              Random& random);

    /// "OAuth realm=…, oauth_signature=…", with a nonce of its own each time.
    [[nodiscard]] Result<std::string> authorize(std::string_view method, std::string_view url,
                                                const CallContext& context) override;

    /// True for a nonce that NetSuite has seen before, and for a clock that the answer's Date shows
    /// to be wrong by more than 5 seconds and at most an hour: NetSuite takes timestamps within
    /// about five minutes, so the next one is corrected. Everything else stays refused.
    [[nodiscard]] bool refused(const std::string& authorization,
                               const http::HttpResponse& response) override;

    /// Kept only where it is more than 5 seconds and at most an hour; more is no skew but a clock
    /// that somebody has to set.
    void set_skew(Milliseconds skew) override;
    [[nodiscard]] Milliseconds skew() const { return Milliseconds(skew_ms_.load()); }

private:
    const TbaCredentials& credentials_;
    const std::string& realm_;
    const Clock& clock_;
    Random& random_;
    std::atomic<std::int64_t> skew_ms_{0};
};

}  // namespace carrick::connectors::netsuite
