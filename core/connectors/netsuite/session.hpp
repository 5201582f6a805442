// SPDX-License-Identifier: Apache-2.0
// Session: one request to NetSuite's REST services with everything every request needs: a token, a
// slot of the budget, the circuit breaker, the repetitions that are safe, and a verdict.
#pragma once

#include "core/connectors/circuit_breaker.hpp"
#include "core/connectors/connection.hpp"
#include "core/connectors/netsuite/authenticator.hpp"
#include "core/connectors/netsuite/concurrency_budget.hpp"
#include "core/connectors/netsuite/netsuite_options.hpp"

#include <atomic>
#include <memory>

namespace carrick::connectors::netsuite {

/// A request below "/services/rest".
struct ApiRequest {
    std::string method = "GET";
    std::string path;  ///< "/record/v1/salesOrder/766?expandSubResources=true", encoded
    http::Headers headers;
    std::string body;
    ConcurrencyBudget::Kind kind = ConcurrencyBudget::Kind::Read;
};

/// How it ended. `Ok`: a 2xx that is NetSuite's. `Unknown`: a write that may have taken place.
/// `response` is there whenever one came, a refusal's too.
struct ApiOutcome {
    ReplyStatus status = ReplyStatus::Failed;
    http::HttpResponse response;
    Error error;

    [[nodiscard]] bool ok() const { return status == ReplyStatus::Ok; }
};

/// A reply without a body, from a request that did not succeed.
[[nodiscard]] Reply failed_reply(const ApiOutcome& outcome);
[[nodiscard]] Reply failed_reply(Error error);

class Session {
public:
    Session(const NetSuiteOptions& options, const Account& account,
            std::unique_ptr<Authenticator> authenticator, http::HttpTransport& transport,
            const Clock& clock, Random& random);

    /// Sends, and repeats at most three times inside the caller's deadline what is proven not to
    /// have been carried out (429 and its kin, connection refused) and, for reads, anything that
    /// time may heal. A 401 gets one new token, or signature. A write whose answer is lost, or is a
    /// 5xx or a web page, is `Unknown`.
    [[nodiscard]] ApiOutcome send(const ApiRequest& request, const CallContext& context);

    [[nodiscard]] ConcurrencyBudget& budget() { return budget_; }
    [[nodiscard]] Authenticator& authenticator() { return *authenticator_; }
    [[nodiscard]] const NetSuiteOptions& options() const { return options_; }
    [[nodiscard]] const Account& account() const { return account_; }
    [[nodiscard]] const Clock& clock() const { return clock_; }
    [[nodiscard]] Random& random() { return random_; }
    /// Whether SuiteQL takes parameters beside its text: from release 2026.2 on. An account that
    /// refuses them once is not sent any again.
    [[nodiscard]] bool binds_parameters() const { return binds_parameters_.load(); }
    void bind_no_parameters() { binds_parameters_ = false; }

private:
    struct Try {
        ApiOutcome outcome;
        bool repeatable = false;
        std::string authorization;  ///< that was used; "" if nothing was sent
    };
    [[nodiscard]] Try try_once(const ApiRequest& request, const CallContext& context);
    [[nodiscard]] http::HttpRequest to_http(const ApiRequest& request,
                                            const std::string& authorization,
                                            const CallContext& context) const;
    [[nodiscard]] Try judge(const ApiRequest& request, const http::HttpResult& result);
    void tell_breaker(const Try& verdict, const http::HttpResult& result);

    const NetSuiteOptions& options_;
    const Account& account_;
    http::HttpTransport& transport_;
    const Clock& clock_;
    Random& random_;
    const std::unique_ptr<Authenticator> authenticator_;
    ConcurrencyBudget budget_;
    CircuitBreaker breaker_;
    std::atomic<bool> binds_parameters_{options_.bound_parameters};
};

}  // namespace carrick::connectors::netsuite
