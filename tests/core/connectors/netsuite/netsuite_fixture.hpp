// SPDX-License-Identifier: Apache-2.0
// A NetSuite connection on a fake network: a function plays the account, the token endpoint is
// played here.
#pragma once

#include "core/connectors/netsuite/netsuite_connection.hpp"
#include "tests/support/fake_transport.hpp"
#include "tests/support/virtual_clock.hpp"

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace carrick::testing {

/// RSA of 2048 bits, EC P-256, RSA of 1024 bits, EC P-384: made anew for each run of the tests.
[[nodiscard]] const std::string& rsa_key_pem();
[[nodiscard]] const std::string& ec_key_pem();
[[nodiscard]] const std::string& weak_rsa_key_pem();
[[nodiscard]] const std::string& p384_key_pem();
/// The public half of a private key, as PEM.
[[nodiscard]] std::string public_pem_of(const std::string& private_pem);
/// True if `jwt` was signed with the private half of that key; `algorithm` is PS256 or ES256.
[[nodiscard]] bool signature_fits(const std::string& jwt, const std::string& public_pem,
                                  const std::string& algorithm);
/// Header (0) or claims (1) of a JWT.
[[nodiscard]] Json jwt_part(const std::string& jwt, std::size_t index);
/// The assertion in a token request's form body.
[[nodiscard]] std::string assertion_in(const http::HttpRequest& request);

[[nodiscard]] http::HttpResult token_reply(std::string token = "token-1");
/// NetSuite's error body with one detail.
[[nodiscard]] http::HttpResult error_reply(int status, std::string code, std::string detail,
                                           std::string path = "");
/// A page of SuiteQL rows.
[[nodiscard]] http::HttpResult rows_reply(std::vector<Json> rows, bool has_more = false);

class NetSuiteFixture {
public:
    /// Answers everything but the token endpoint.
    using Account = std::function<http::HttpResult(const http::HttpRequest&)>;

    NetSuiteFixture();

    void answer(Account account) { account_ = std::move(account); }
    /// Answers in turn; the last one for ever.
    void answer_in_turn(std::vector<http::HttpResult> answers);

    connectors::Connection& connection();
    /// One call; `body` is JSON text.
    connectors::Reply call(const std::string& operation, const std::string& body);
    /// The same, parsed; a reply that is not Ok fails the test.
    Json ok(const std::string& operation, const std::string& body);
    /// The error of a call that must have failed.
    Error failure(const std::string& operation, const std::string& body);

    /// What was sent to the account, without the token requests.
    [[nodiscard]] std::vector<http::HttpRequest> sent() const;
    /// The last request's SuiteQL body.
    [[nodiscard]] Json last_query() const;

    connectors::netsuite::NetSuiteOptions options;  ///< change before the first call
    VirtualClock clock;
    SeededRandom random{7};
    connectors::CallContext context;
    std::function<http::HttpResult(const http::HttpRequest&)> token_endpoint;
    FakeTransport transport;

private:
    Account account_;
    std::unique_ptr<connectors::Connection> connection_;
};

}  // namespace carrick::testing
