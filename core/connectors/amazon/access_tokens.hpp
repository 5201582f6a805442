// SPDX-License-Identifier: Apache-2.0
// AccessTokens: Login with Amazon, for one connection. Cached, renewed before expiry, fetched by
// one thread while the others wait.
#pragma once

#include "core/base/clock.hpp"
#include "core/connectors/connection.hpp"
#include "core/connectors/http/http_transport.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>

namespace carrick::amazon {

struct LwaCredentials {
    std::string client_id;
    std::string client_secret;
    std::string refresh_token;
};

class AccessTokens {
public:
    /// `connection` is named in errors, so that a person finds the key in flows.yaml.
    AccessTokens(std::string connection, std::string token_url, LwaCredentials credentials,
                 http::HttpTransport& transport, const Clock& clock);

    /// A token that is valid now. From 90 % of its life on, the first caller renews it while the
    /// others go on with the old one; where renewal fails then, the old one serves to its end.
    /// Errors   Misconfigured `amazon.auth.<error>`  Amazon refused the credentials
    ///          (invalid_grant, invalid_client, ...). Transient `amazon.auth_unavailable`  no
    ///          usable answer; `amazon.cancelled`.
    [[nodiscard]] Result<std::string> get(const connectors::CallContext& context);

    /// SP-API refused this token: the next `get` fetches another, unless that has happened since.
    void refused(const std::string& token);

private:
    struct Token {
        std::string text;
        UtcTime renew_at;
        UtcTime expires_at;
    };
    [[nodiscard]] Result<Token> fetch(const connectors::CallContext& context);
    [[nodiscard]] Result<Token> read_answer(const http::HttpResponse& response) const;
    [[nodiscard]] Error refusal(int status, const Json& answer) const;

    const std::string connection_;
    const std::string token_url_;
    const LwaCredentials credentials_;
    http::HttpTransport& transport_;
    const Clock& clock_;

    std::mutex mutex_;
    std::condition_variable fetched_;
    std::optional<Token> token_;
    bool fetching_ = false;
    std::uint64_t fetches_ = 0;        ///< finished ones, whatever came of them
    std::optional<Error> last_error_;  ///< of the last fetch, for those who waited for it
    UtcTime no_renewal_before_;        ///< after a failed renewal of a living token
};

}  // namespace carrick::amazon
