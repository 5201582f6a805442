// SPDX-License-Identifier: Apache-2.0
// Authenticator: how a request proves whose it is. Two ways: OAuth 2.0 access tokens
// (token_source.hpp) and token-based authentication, which signs each request (tba_signer.hpp).
#pragma once

#include "core/connectors/connection.hpp"
#include "core/connectors/http/http_transport.hpp"

#include <string>
#include <string_view>

namespace carrick::connectors::netsuite {

/// Thread-safe.
class Authenticator {
public:
    virtual ~Authenticator() = default;

    /// Whatever takes a request of its own, so that it is done before a slot of the budget is held.
    [[nodiscard]] virtual Result<void> prepare(const CallContext&) { return {}; }

    /// The value of the Authorization header for one sending of this request. A repetition asks
    /// again: a signed request carries a nonce that NetSuite takes only once.
    /// `url`    absolute and encoded, exactly as it will be sent.
    /// Errors   those of the way chosen.
    [[nodiscard]] virtual Result<std::string> authorize(std::string_view method,
                                                        std::string_view url,
                                                        const CallContext& context) = 0;

    /// NetSuite answered 401 to that header, and so carried nothing out. True where another
    /// authorization may fare better: the session then tries once more, and once only.
    [[nodiscard]] virtual bool refused(const std::string& authorization,
                                       const http::HttpResponse& response) = 0;

    /// How far the server's clock is ahead of ours.
    virtual void set_skew(Milliseconds skew) = 0;
};

}  // namespace carrick::connectors::netsuite
