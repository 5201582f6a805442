// SPDX-License-Identifier: Apache-2.0
// Parameter rules of the Orders API.
#include "examples/sandbox/amazon/search_query.hpp"

#include "examples/sandbox/base64url.hpp"

#include <carrick/sdk/sha256.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

namespace carrick::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr std::array<std::string_view, 7> kStatuses{"PENDING_AVAILABILITY", "PENDING", "UNSHIPPED",
                                                    "PARTIALLY_SHIPPED",    "SHIPPED", "CANCELLED",
                                                    "UNFULFILLABLE"};
constexpr std::array<std::string_view, 2> kFulfilledBy{"MERCHANT", "AMAZON"};
constexpr std::array<std::string_view, 11> kIncluded{
    "BUYER",       "RECIPIENT", "PROCEEDS", "EXPENSE", "PROMOTION",         "CANCELLATION",
    "FULFILLMENT", "PACKAGES",  "TAX",      "PAYMENT", "FULFILLMENT_ORDERS"};
constexpr std::size_t kMostMarketplaces = 50;
constexpr Milliseconds kMinimumAge = 2min;
constexpr Milliseconds kTokenLife = 24h;

Error invalid(const std::string& message) {
    return rejected("InvalidInput", message);
}

/// The same answer for missing and empty: Amazon treats `statuses=` as absent.
std::vector<std::string> list_of(const Request& request, std::string_view name) {
    std::vector<std::string> values;
    const std::string text = request.parameter(name).value_or("");
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t comma = std::min(text.find(',', at), text.size());
        values.push_back(text.substr(at, comma - at));
        at = comma + 1;
    }
    return values;
}

Result<TextSet> set_of(const Request& request, std::string_view name,
                       std::span<const std::string_view> allowed) {
    TextSet values;
    for (std::string& value : list_of(request, name)) {
        if (std::find(allowed.begin(), allowed.end(), value) == allowed.end())
            return invalid("Invalid value '" + value.substr(0, 60) + "' for parameter " +
                           std::string(name) + ".");
        values.insert(std::move(value));
    }
    return values;
}

Result<std::optional<UtcTime>> time_of(const Request& request, std::string_view name) {
    const std::optional<std::string> text = request.parameter(name);
    if (!text) return std::optional<UtcTime>();
    const Result<UtcTime> time = UtcTime::parse(*text);
    if (!time)
        return invalid("Parameter " + std::string(name) + " is not a date in ISO 8601 format.");
    return std::optional(*time);
}

Result<void> read_dates(const Request& request, SearchQuery& query) {
    const Result<std::optional<UtcTime>> created_after = time_of(request, "createdAfter");
    const Result<std::optional<UtcTime>> created_before = time_of(request, "createdBefore");
    const Result<std::optional<UtcTime>> updated_after = time_of(request, "lastUpdatedAfter");
    const Result<std::optional<UtcTime>> updated_before = time_of(request, "lastUpdatedBefore");
    for (const auto* date : {&created_after, &created_before, &updated_after, &updated_before})
        if (!*date) return date->error();
    if (created_after->has_value() == updated_after->has_value())
        return invalid("Exactly one of createdAfter and lastUpdatedAfter must be provided.");
    if (created_after->has_value() && updated_before->has_value())
        return invalid("lastUpdatedBefore cannot be combined with createdAfter.");
    if (updated_after->has_value() && created_before->has_value())
        return invalid("createdBefore cannot be combined with lastUpdatedAfter.");

    query.by_update = updated_after->has_value();
    query.after = query.by_update ? **updated_after : **created_after;
    const std::optional<UtcTime>& before = query.by_update ? *updated_before : *created_before;
    query.before_is_given = before.has_value();
    query.before = before.value_or(request.time - kMinimumAge);
    const std::string word = query.by_update ? "lastUpdated" : "created";
    if (before && *before < query.after)
        return invalid(word + "Before must be equal to or after " + word + "After.");
    // A token repeats filters that were right when the listing began; they only grow older.
    if (before && *before > request.time - kMinimumAge)
        return invalid(word + "Before must be at least two minutes before the current time.");
    return {};
}

Result<std::size_t> page_size_of(const Request& request) {
    const std::optional<std::string> text = request.parameter("maxResultsPerPage");
    if (!text) return std::size_t{100};
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), size);
    if (error != std::errc() || end != text->data() + text->size() || size < 1 || size > 100)
        return invalid("maxResultsPerPage must be a number between 1 and 100.");
    return size;
}

/// What must not change between the pages of one listing.
std::string filters_of(const SearchQuery& query) {
    std::string text = query.by_update ? "u|" : "c|";
    text += query.after.text() + "|" + (query.before_is_given ? query.before.text() : "-") + "|";
    for (const TextSet* values : {&query.statuses, &query.marketplace_ids, &query.fulfilled_by}) {
        for (const std::string& value : *values) text += value + ",";
        text += "|";
    }
    return detail::base32(detail::sha256(text), 20);
}

std::string sealed(std::string_view payload, std::uint64_t seed) {
    const std::string body = base64url(payload);
    return body + "." + detail::base32(detail::sha256(std::to_string(seed) + "|page|" + body), 16);
}

Result<PagePosition> open_token(const std::string& token, SearchQuery& query, UtcTime now,
                                std::uint64_t seed) {
    const Error bad = invalid("The paginationToken is invalid.");
    const std::size_t dot = token.find('.');
    if (dot == std::string::npos) return bad;
    const std::optional<std::string> payload =
        base64url_decode(std::string_view(token).substr(0, dot));
    if (!payload || sealed(*payload, seed) != token) return bad;
    const Result<Json> json = Json::parse(*payload);
    if (!json) return bad;
    if ((*json)["filters"].text() != filters_of(query))
        return invalid("The paginationToken was issued for other filters.");
    if (now >= UtcTime((*json)["issued"].integer_if().value_or(0)) + kTokenLife)
        return invalid("The paginationToken has expired.");
    query.before = UtcTime((*json)["before"].integer_if().value_or(0));
    return PagePosition{(*json)["key"].integer_if().value_or(0), (*json)["order"].text(),
                        static_cast<std::uint64_t>((*json)["page"].integer_if().value_or(0))};
}

}  // namespace

Result<TextSet> parse_included(const Request& request) {
    return set_of(request, "includedData", kIncluded);
}

Result<SearchRequest> parse_search(const Request& request, std::uint64_t seed) {
    SearchRequest search;
    SearchQuery& query = search.query;
    if (const Result<void> dates = read_dates(request, query); !dates) return dates.error();
    Result<TextSet> statuses = set_of(request, "fulfillmentStatuses", kStatuses);
    if (!statuses) return statuses.error();
    Result<TextSet> fulfilled_by = set_of(request, "fulfilledBy", kFulfilledBy);
    if (!fulfilled_by) return fulfilled_by.error();
    Result<TextSet> included = parse_included(request);
    if (!included) return included.error();
    const Result<std::size_t> page_size = page_size_of(request);
    if (!page_size) return page_size.error();
    const std::vector<std::string> marketplaces = list_of(request, "marketplaceIds");
    if (marketplaces.size() > kMostMarketplaces)
        return invalid("No more than 50 marketplaceIds can be provided.");
    query.statuses = std::move(*statuses);
    query.fulfilled_by = std::move(*fulfilled_by);
    query.included = std::move(*included);
    query.page_size = *page_size;
    query.marketplace_ids.insert(marketplaces.begin(), marketplaces.end());

    if (const std::optional<std::string> token = request.parameter("paginationToken")) {
        Result<PagePosition> position = open_token(*token, query, request.time, seed);
        if (!position) return position.error();
        search.position = std::move(*position);
    }
    return search;
}

std::string pagination_token(const SearchQuery& query, const PagePosition& position, UtcTime now,
                             std::uint64_t seed) {
    return sealed(Json::object({{"filters", filters_of(query)},
                                {"before", query.before.milliseconds()},
                                {"issued", now.milliseconds()},
                                {"key", position.key},
                                {"order", position.order_id},
                                {"page", position.page}})
                      .dump(),
                  seed);
}

}  // namespace carrick::sandbox
