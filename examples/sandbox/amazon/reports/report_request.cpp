// SPDX-License-Identifier: Apache-2.0
// The limits of the model: 1 to 25 stores, 1 to 10 types, pages of 1 to 100, a token alone.
#include "examples/sandbox/amazon/reports/report_request.hpp"

#include "examples/sandbox/base64url.hpp"

#include <algorithm>
#include <charconv>

namespace carrick::sandbox {
namespace {

using namespace std::chrono_literals;

Error input(std::string message) {
    return rejected("InvalidInput", std::move(message));
}

Result<std::optional<UtcTime>> optional_time(const Json& body, std::string_view key) {
    const std::string& text = body[key].text();
    if (text.empty()) return std::optional<UtcTime>();
    const Result<UtcTime> time = UtcTime::parse(text);
    if (!time) return input("Invalid " + std::string(key) + ": it must be an ISO 8601 date time.");
    return std::optional<UtcTime>(*time);
}

Result<std::vector<const Marketplace*>> read_stores(const Json& ids, const SellerAccount& seller,
                                                    const World& world) {
    if (!ids.is_array() || ids.items().empty() || ids.items().size() > 25)
        return input("marketplaceIds must hold 1 to 25 marketplaces.");
    std::vector<const Marketplace*> stores;
    for (const Json& id : ids.items()) {
        const Marketplace* store = marketplace_by_id(id.text());
        if (store == nullptr) return input("Invalid marketplaceId: " + id.text().substr(0, 40));
        if (world.account_of(*store) != seller.account) return rejected("Unauthorized", "");
        if (std::find(stores.begin(), stores.end(), store) == stores.end()) stores.push_back(store);
    }
    return stores;
}

TextSet words(const std::string& text) {
    TextSet set;
    std::size_t begin = 0;
    while (begin <= text.size()) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        if (end > begin) set.insert(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return set;
}

std::string joined(const TextSet& set) {
    std::string text;
    for (const std::string& word : set) text += (text.empty() ? "" : ",") + word;
    return text;
}

Result<ReportsQuery> from_token(const std::string& token) {
    const std::optional<std::string> text = base64url_decode(token);
    const Result<Json> json = Json::parse(text.value_or(""));
    if (!text || !json || !json->is_object()) return input("The nextToken is invalid.");
    ReportsQuery query;
    query.types = words((*json)["types"].text());
    query.statuses = words((*json)["statuses"].text());
    query.stores = words((*json)["stores"].text());
    query.page_size = static_cast<std::size_t>((*json)["page"].integer_if().value_or(10));
    query.since = UtcTime((*json)["since"].integer_if().value_or(0));
    query.until = UtcTime((*json)["until"].integer_if().value_or(0));
    query.behind = (*json)["behind"].text();
    return query;
}

}  // namespace

Result<ReportRequest> read_report_request(const Json& body, const SellerAccount& seller,
                                          const World& world, UtcTime now) {
    if (!body.is_object()) return input("The request body must be a JSON object.");
    ReportRequest request;
    const std::string& type = body["reportType"].text();
    if (type.empty()) return input("The request is missing reportType.");
    if (is_made_by_amazon_alone(type))
        return input("Report type " + type + " cannot be requested; Amazon creates it.");
    request.type = report_type(type);
    if (request.type == nullptr) return input("Invalid report type: " + type.substr(0, 80));
    Result<std::vector<const Marketplace*>> stores =
        read_stores(body["marketplaceIds"], seller, world);
    if (!stores) return stores.error();
    request.stores = std::move(*stores);
    for (const JsonMember& option : body["reportOptions"].members()) {
        if (!option.value.is_string()) return input("Values of reportOptions must be strings.");
        if (option.key == "ShowSalesChannel") request.sales_channel = option.value.text() == "true";
    }
    const Result<std::optional<UtcTime>> from = optional_time(body, "dataStartTime");
    const Result<std::optional<UtcTime>> to = optional_time(body, "dataEndTime");
    if (!from) return from.error();
    if (!to) return to.error();
    request.has_range = from->has_value() || to->has_value();
    request.to = std::min(to->value_or(now), now);
    request.from = from->value_or(request.to - Milliseconds(24h));
    if (request.from > to->value_or(now))
        return input("dataStartTime must not be after dataEndTime.");
    return request;
}

std::string ReportsQuery::token() const {
    return base64url(Json::object({{"types", joined(types)},
                                   {"statuses", joined(statuses)},
                                   {"stores", joined(stores)},
                                   {"page", std::uint64_t{page_size}},
                                   {"since", since.milliseconds()},
                                   {"until", until.milliseconds()},
                                   {"behind", behind}})
                         .dump());
}

Result<ReportsQuery> read_reports_query(const Request& request) {
    if (const std::optional<std::string> token = request.parameter("nextToken")) {
        if (request.query.size() > 1)
            return input("nextToken must be the only parameter of the request.");
        return from_token(*token);
    }
    ReportsQuery query;
    query.types = words(request.parameter("reportTypes").value_or(""));
    query.statuses = words(request.parameter("processingStatuses").value_or(""));
    query.stores = words(request.parameter("marketplaceIds").value_or(""));
    if (query.types.empty() || query.types.size() > 10)
        return input("Either reportTypes (1 to 10) or nextToken is needed.");
    if (query.stores.size() > 10) return input("marketplaceIds must hold 1 to 10 marketplaces.");
    for (const std::string& status : query.statuses)
        if (status != "IN_QUEUE" && status != "IN_PROGRESS" && status != "DONE" &&
            status != "CANCELLED" && status != "FATAL")
            return input("Invalid processingStatus: " + status.substr(0, 40));
    if (const std::optional<std::string> size = request.parameter("pageSize")) {
        std::size_t number = 0;
        const auto [end, error] =
            std::from_chars(size->data(), size->data() + size->size(), number);
        if (error != std::errc() || end != size->data() + size->size() || number < 1 ||
            number > 100)
            return input("pageSize must be between 1 and 100.");
        query.page_size = number;
    }
    query.since = request.time - Milliseconds(90 * 24h);
    query.until = request.time;
    for (const auto& [name, field] :
         {std::pair{"createdSince", &query.since}, std::pair{"createdUntil", &query.until}}) {
        const std::optional<std::string> text = request.parameter(name);
        if (!text) continue;
        const Result<UtcTime> time = UtcTime::parse(*text);
        if (!time) return input("Invalid " + std::string(name) + ".");
        *field = *time;
    }
    return query;
}

}  // namespace carrick::sandbox
