// SPDX-License-Identifier: Apache-2.0
// LoggingTransport: the one place where HTTP is logged, and therefore the one place where secrets
// and personal data are kept out of logs.
#pragma once

#include "core/connectors/http/http_transport.hpp"

namespace carrick::http {

/// Logs one line for each request: method, host, path template, names of query parameters, status,
/// milliseconds, sizes, and the request id that Amazon's or NetSuite's support asks for. Nothing
/// else is ever taken from a request or response: it is a list of what may pass, not of what may
/// not. Success is logged at Debug, 4xx and 5xx at Info, a failure at Warning.
class LoggingTransport final : public HttpTransport {
public:
    /// `next` must outlive this.
    explicit LoggingTransport(HttpTransport& next) : next_(next) {}
    [[nodiscard]] HttpResult send(const HttpRequest& request) override;

private:
    HttpTransport& next_;
};

}  // namespace carrick::http
