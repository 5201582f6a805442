// SPDX-License-Identifier: Apache-2.0
// TokenSource: access tokens by OAuth 2.0 client credentials, fetched once for all who wait.
#pragma once

#include "core/base/clock.hpp"
#include "core/connectors/netsuite/authenticator.hpp"
#include "core/connectors/netsuite/jwt_signer.hpp"
#include "core/connectors/netsuite/netsuite_options.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>

namespace carrick::connectors::netsuite {

/// Thread-safe. One request for a token is in flight at most; who comes meanwhile waits for it, or
/// goes on with the old token while that is still good.
class TokenSource final : public Authenticator {
public:
    TokenSource(const NetSuiteOptions& options, const Account& account, JwtSigner signer,
                http::HttpTransport& transport, const Clock& clock, Random& random);

    /// A token with at least ten minutes to live (tokens live 60, renewed after 50).
    /// Errors
    ///   Misconfigured `netsuite.invalid_client`, `netsuite.unauthorized_client`,
    ///       `netsuite.invalid_grant` (after signing once more with the server's clock). Kept for
    ///       30 seconds, so that a thousand records do not knock a thousand times.
    ///   Bug `netsuite.token_request`: NetSuite does not understand what we sent.
    ///   Throttled `netsuite.token_throttled`, Transient `netsuite.token_unavailable`: after at
    ///       most three repetitions inside the caller's deadline.
    ///   Transient `connector.cancelled`.
    [[nodiscard]] Result<std::string> token(const CallContext& context);

    [[nodiscard]] Result<void> prepare(const CallContext& context) override;
    /// "Bearer " and a token. A refused one is replaced, so a second try is always worth it.
    [[nodiscard]] Result<std::string> authorize(std::string_view method, std::string_view url,
                                                const CallContext& context) override;
    [[nodiscard]] bool refused(const std::string& authorization,
                               const http::HttpResponse& response) override;

    /// NetSuite refused this token: the next call fetches another. A token that has been replaced
    /// meanwhile is left alone, so many refusals at once cost one request.
    void refuse(const std::string& token);

    /// How far the server's clock is ahead of ours; used for assertions.
    void set_skew(Milliseconds skew) override;
    [[nodiscard]] Milliseconds skew() const;

private:
    struct Attempt;
    [[nodiscard]] Result<std::string> fetch(const CallContext& context);
    [[nodiscard]] Attempt attempt(const CallContext& context);
    [[nodiscard]] Result<std::string> assertion() const;
    [[nodiscard]] Result<std::string> keep(const http::HttpResponse& response);
    void learn_skew(const http::HttpResponse& response);

    const NetSuiteOptions& options_;
    const Account& account_;
    const JwtSigner signer_;
    http::HttpTransport& transport_;
    const Clock& clock_;
    Random& random_;

    mutable std::mutex mutex_;
    std::condition_variable fetched_;
    bool fetching_ = false;
    std::string token_;
    UtcTime renew_at_;
    UtcTime expires_at_;
    std::optional<Error> refusal_;
    UtcTime refusal_until_;
    Milliseconds skew_{0};
};

}  // namespace carrick::connectors::netsuite
