// SPDX-License-Identifier: Apache-2.0
// What is common to all requests to SP-API: what they are made of, and how a flow's wishes are
// read.
#pragma once

#include "core/connectors/amazon/regions.hpp"
#include "core/connectors/amazon/usage_plans.hpp"
#include "core/connectors/http/url.hpp"

#include <carrick/sdk/json.hpp>
#include <carrick/sdk/utc_time.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace carrick::amazon {

/// What is common to all connections' requests.
struct RequestScope {
    std::string connection;  ///< for messages
    Region region = Region::NorthAmerica;
    UtcTime now;
};

/// One HTTP request to SP-API, without host, token and deadline.
struct ApiRequest {
    const UsagePlan* plan = nullptr;
    std::string target;  ///< path and query
    /// The member that every good answer has; empty: any 2xx is good, and reads as {}.
    std::string_view result_key;
    std::string_view method = "GET";
    std::string body{};  ///< JSON
    /// False: Amazon may act twice on it, so that a lost answer is not followed by another try.
    bool repeatable = true;
    std::string token{};  ///< instead of the account's access token: a restricted data token
};

using Words = std::span<const std::string_view>;

/// Bug `amazon.request` with the field at fault: the flow asked for something that its operation's
/// schema does not have.
[[nodiscard]] Error malformed(std::string_view field, const std::string& message);

/// Amazon's id of a marketplace of this region.
/// Errors   Misconfigured `amazon.marketplace_unknown`, `amazon.marketplace_region`.
[[nodiscard]] Result<std::string> marketplace_id(const std::string& code,
                                                 const RequestScope& scope);

/// Reads a request's members and keeps the first error, so that each rule is one line where it is
/// used.
class RequestReader {
public:
    RequestReader(const Json& body, Words keys);

    void fail(Error error) {
        if (!error_) error_ = std::move(error);
    }
    [[nodiscard]] const std::optional<Error>& error() const { return error_; }
    [[nodiscard]] bool has(std::string_view key) const { return body_.contains(key); }

    using Check = Result<std::string> (*)(const std::string& value, const RequestScope& scope);
    /// 1 to `most` texts, each as `check` turns it; empty where the member is missing.
    std::vector<std::string> texts(std::string_view key, std::size_t most, Check check,
                                   const RequestScope& scope);
    std::vector<std::string> words(std::string_view key, Words known);
    /// 1 to `most` characters; "" where it is missing, which `needed` makes an error.
    std::string text(std::string_view key, std::size_t most, bool needed);
    std::optional<UtcTime> time(std::string_view key);
    std::optional<std::int64_t> integer(std::string_view key, std::int64_t least,
                                        std::int64_t most);

private:
    const Json& body_;
    std::optional<Error> error_;
};

/// A query whose lists are comma-separated, as SP-API has them. What is empty is left out.
class Query {
public:
    void add(std::string name, std::string value) {
        if (!value.empty()) parameters_.emplace_back(std::move(name), std::move(value));
    }
    void add(std::string name, const std::vector<std::string>& values);
    void add(std::string name, const std::optional<UtcTime>& time) {
        if (time) add(std::move(name), time->text());
    }
    /// `path` with the query behind it.
    [[nodiscard]] std::string after(std::string_view path) const;

private:
    http::QueryParameters parameters_;
};

}  // namespace carrick::amazon
