// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/amazon/orders_requests.hpp"

#include <array>
#include <optional>

namespace carrick::amazon {
namespace {

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
constexpr std::size_t kLongestOrderId = 64;
constexpr Milliseconds kYoungestBefore = std::chrono::minutes(3);

void add_window(RequestReader& reader, Query& query, const RequestScope& scope) {
    const bool created = reader.has("created_after");
    if (created == reader.has("last_updated_after"))
        return reader.fail(malformed(
            "created_after", "exactly one of created_after and last_updated_after is needed"));
    const std::string before_key = created ? "created_before" : "last_updated_before";
    const std::string other_key = created ? "last_updated_before" : "created_before";
    if (reader.has(other_key))
        return reader.fail(malformed(other_key, "belongs to the other kind of window"));
    const std::optional<UtcTime> after =
        reader.time(created ? "created_after" : "last_updated_after");
    const std::optional<UtcTime> before = reader.time(before_key);
    query.add(created ? "createdAfter" : "lastUpdatedAfter", after);
    query.add(created ? "createdBefore" : "lastUpdatedBefore", before);
    if (!after || !before) return;
    if (scope.now - *before < kYoungestBefore)
        return reader.fail(rejected("amazon.before_too_recent",
                                    before_key + " " + before->text() +
                                        " is less than three minutes old, which Amazon refuses; "
                                        "the latest possible is " +
                                        (scope.now - kYoungestBefore).text() + ", or leave it out",
                                    before_key));
    if (*before < *after)
        reader.fail(rejected(
            "amazon.window_empty",
            before_key + " " + before->text() + " is before the window's start " + after->text(),
            before_key));
}

}  // namespace

Result<ApiRequest> search_orders(const Json& body, const RequestScope& scope) {
    RequestReader reader(body, kSearchKeys);
    Query query;
    if (!reader.error() && !reader.has("marketplaces"))
        reader.fail(
            malformed("marketplaces", "is needed: without it Amazon's choice is not stated"));
    query.add("marketplaceIds",
              reader.texts("marketplaces", kMostMarketplaces, marketplace_id, scope));
    if (!reader.error()) add_window(reader, query, scope);
    query.add("fulfillmentStatuses", reader.words("statuses", kStatuses));
    query.add("fulfilledBy", reader.words("fulfilled_by", kFulfilledBy));
    query.add("includedData", reader.words("included_data", kIncludedData));
    if (const std::optional<std::int64_t> most = reader.integer("max_results", 1, 100))
        query.add("maxResultsPerPage", std::to_string(*most));
    query.add("paginationToken", reader.text("pagination_token", kLongestToken, false));
    if (reader.error()) return *reader.error();
    return ApiRequest{usage_plan("orders.searchOrders"), query.after("/orders/2026-01-01/orders"),
                      "orders"};
}

Result<ApiRequest> get_order(const Json& body, const RequestScope&) {
    RequestReader reader(body, kGetKeys);
    const std::string id = reader.text("order_id", kLongestOrderId, true);
    Query query;
    query.add("includedData", reader.words("included_data", kIncludedData));
    if (reader.error()) return *reader.error();
    return ApiRequest{usage_plan("orders.getOrder"),
                      query.after("/orders/2026-01-01/orders/" + http::percent_encode(id)),
                      "order"};
}

Result<ApiRequest> get_participations(const Json& body, const RequestScope&) {
    const RequestReader reader(body, {});
    if (reader.error()) return *reader.error();
    return ApiRequest{usage_plan("sellers.getMarketplaceParticipations"),
                      "/sellers/v1/marketplaceParticipations", "payload"};
}

}  // namespace carrick::amazon
