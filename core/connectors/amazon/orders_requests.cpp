// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/amazon/orders_requests.hpp"

#include "core/connectors/http/url.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

namespace carrick::amazon {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::array<std::string_view, 7> kStatuses{"PENDING_AVAILABILITY", "PENDING", "UNSHIPPED",
                                                    "PARTIALLY_SHIPPED",    "SHIPPED", "CANCELLED",
                                                    "UNFULFILLABLE"};
constexpr std::array<std::string_view, 2> kFulfilledBy{"MERCHANT", "AMAZON"};
constexpr std::array<std::string_view, 11> kIncludedData{
    "BUYER",       "RECIPIENT", "PROCEEDS", "EXPENSE", "PROMOTION",         "CANCELLATION",
    "FULFILLMENT", "PACKAGES",  "TAX",      "PAYMENT", "FULFILLMENT_ORDERS"};
constexpr std::array<std::string_view, 10> kSearchKeys{
    "marketplaces", "created_after", "created_before", "last_updated_after", "last_updated_before",
    "statuses",     "fulfilled_by",  "included_data",  "max_results",        "pagination_token"};
constexpr std::array<std::string_view, 2> kGetKeys{"order_id", "included_data"};

constexpr std::size_t kMostMarketplaces = 50;
constexpr std::size_t kLongestToken = 8192;
constexpr Milliseconds kYoungestBefore = std::chrono::minutes(3);

std::string listed(Words words) {
    std::string text;
    for (const std::string_view word : words)
        text += (text.empty() ? "" : ", ") + std::string(word);
    return text;
}

bool has(Words words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

Error malformed(std::string_view field, const std::string& message) {
    Error error = bug("amazon.request", std::string(field) + ": " + message);
    error.field = std::string(field);
    return error;
}

/// Collects the query and the first error, so that each rule is one line where it is used.
class Query {
public:
    Query(const Json& body, Words keys) : body_(body) {
        if (!body.is_object()) {
            fail(malformed("", "the request must be an object"));
            return;
        }
        for (const JsonMember& member : body.members())
            if (!has(keys, member.key))
                fail(malformed(member.key.substr(0, 40),
                               "is not a member of this request; known are " + listed(keys)));
    }

    void fail(Error error) {
        if (!error_) error_ = std::move(error);
    }
    [[nodiscard]] const std::optional<Error>& error() const { return error_; }
    [[nodiscard]] bool has_member(std::string_view key) const { return body_.contains(key); }
    [[nodiscard]] std::string text() const { return http::encode_query(parameters_); }
    void add(std::string name, std::string value) {
        parameters_.emplace_back(std::move(name), std::move(value));
    }

    /// A list of strings, each checked by `check`, as one comma-separated value.
    template <class Check>
    void list(std::string_view key, std::string name, std::size_t most, const Check& check) {
        const Json* values = body_.find(key);
        if (values == nullptr) return;
        if (!values->is_array() || values->empty() || values->size() > most)
            return fail(
                malformed(key, "must be a list of 1 to " + std::to_string(most) + " texts"));
        std::string joined;
        for (const Json& value : values->items()) {
            const Result<std::string> checked =
                value.is_string() ? check(value.text())
                                  : Result<std::string>(malformed(key, "must hold texts only"));
            if (!checked) return fail(checked.error());
            joined += (joined.empty() ? "" : ",") + *checked;
        }
        add(std::move(name), std::move(joined));
    }

    void words(std::string_view key, std::string name, Words known) {
        list(key, std::move(name), known.size(), [&](const std::string& word) {
            if (has(known, word)) return Result<std::string>(word);
            return Result<std::string>(malformed(
                key, "\"" + word.substr(0, 40) + "\" is not known; known are " + listed(known)));
        });
    }

    std::optional<UtcTime> time(std::string_view key, std::string name) {
        const Json* value = body_.find(key);
        if (value == nullptr) return std::nullopt;
        const Result<UtcTime> parsed = UtcTime::parse(value->text());
        if (!parsed) {
            fail(malformed(key, parsed.error().message));
            return std::nullopt;
        }
        add(std::move(name), parsed->text());
        return *parsed;
    }

private:
    const Json& body_;
    std::optional<Error> error_;
    http::QueryParameters parameters_;
};

Result<std::string> marketplace_id(const std::string& code, const RequestScope& scope) {
    const Marketplace* found = marketplace_from_code(code);
    if (found == nullptr)
        return misconfigured(
            "amazon.marketplace_unknown",
            "\"" + code.substr(0, 20) +
                "\" is no Amazon marketplace; use its country code, such as DE, or "
                "UK",
            "marketplaces");
    if (found->region != scope.region)
        return misconfigured("amazon.marketplace_region",
                             "marketplace " + std::string(found->code) +
                                 " is not in the region of "
                                 "connection " +
                                 scope.connection + " (" + std::string(host_of(scope.region).code) +
                                 " but needs " + std::string(host_of(found->region).code) + ")",
                             "marketplaces");
    return std::string(found->id);
}

void add_window(Query& query, const RequestScope& scope) {
    const bool created = query.has_member("created_after");
    if (created == query.has_member("last_updated_after"))
        return query.fail(malformed(
            "created_after", "exactly one of created_after and last_updated_after is needed"));
    const std::string before_key = created ? "created_before" : "last_updated_before";
    if (query.has_member(created ? "last_updated_before" : "created_before"))
        return query.fail(malformed(created ? "last_updated_before" : "created_before",
                                    "belongs to the other kind of window"));
    const std::optional<UtcTime> after =
        query.time(created ? "created_after" : "last_updated_after",
                   created ? "createdAfter" : "lastUpdatedAfter");
    const std::optional<UtcTime> before =
        query.time(before_key, created ? "createdBefore" : "lastUpdatedBefore");
    if (!after || !before) return;
    if (scope.now - *before < kYoungestBefore)
        return query.fail(rejected("amazon.before_too_recent",
                                   before_key + " " + before->text() +
                                       " is less than three minutes old, which Amazon refuses; the "
                                       "latest possible is " +
                                       (scope.now - kYoungestBefore).text() + ", or leave it out",
                                   before_key));
    if (*before < *after)
        query.fail(rejected(
            "amazon.window_empty",
            before_key + " " + before->text() + " is before the window's start " + after->text(),
            before_key));
}

}  // namespace

Result<ApiRequest> search_orders(const Json& body, const RequestScope& scope) {
    Query query(body, kSearchKeys);
    if (!query.error() && !query.has_member("marketplaces"))
        query.fail(
            malformed("marketplaces", "is needed: without it Amazon's choice is not stated"));
    query.list("marketplaces", "marketplaceIds", kMostMarketplaces,
               [&](const std::string& code) { return marketplace_id(code, scope); });
    if (!query.error()) add_window(query, scope);
    query.words("statuses", "fulfillmentStatuses", kStatuses);
    query.words("fulfilled_by", "fulfilledBy", kFulfilledBy);
    query.words("included_data", "includedData", kIncludedData);
    if (const Json* most = body.find("max_results")) {
        const std::optional<std::int64_t> number = most->integer_if();
        if (!number || *number < 1 || *number > 100)
            query.fail(malformed("max_results", "must be a whole number from 1 to 100"));
        else
            query.add("maxResultsPerPage", std::to_string(*number));
    }
    if (const Json* token = body.find("pagination_token")) {
        if (token->text().empty() || token->text().size() > kLongestToken)
            query.fail(malformed("pagination_token", "must be the text that Amazon returned"));
        else
            query.add("paginationToken", token->text());
    }
    if (query.error()) return *query.error();
    return ApiRequest{usage_plan("orders.searchOrders"),
                      "/orders/2026-01-01/orders?" + query.text(), "orders"};
}

Result<ApiRequest> get_order(const Json& body, const RequestScope&) {
    Query query(body, kGetKeys);
    const std::string& id = body["order_id"].text();
    if (!query.error() && (id.empty() || id.size() > 64))
        query.fail(malformed("order_id", "must be Amazon's order id, such as 111-2222222-3333333"));
    query.words("included_data", "includedData", kIncludedData);
    if (query.error()) return *query.error();
    const std::string parameters = query.text();
    return ApiRequest{usage_plan("orders.getOrder"),
                      "/orders/2026-01-01/orders/" + http::percent_encode(id) +
                          (parameters.empty() ? "" : "?" + parameters),
                      "order"};
}

Result<ApiRequest> get_participations(const Json& body, const RequestScope&) {
    const Query query(body, {});
    if (query.error()) return *query.error();
    return ApiRequest{usage_plan("sellers.getMarketplaceParticipations"),
                      "/sellers/v1/marketplaceParticipations", "payload"};
}

}  // namespace carrick::amazon
