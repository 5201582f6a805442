// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/amazon/reports_requests.hpp"

#include <array>

namespace carrick::amazon {
namespace {

constexpr std::string_view kReports = "/reports/2021-06-30/reports";
constexpr std::string_view kSchedules = "/reports/2021-06-30/schedules";
constexpr std::string_view kDocuments = "/reports/2021-06-30/documents/";

constexpr std::array<std::string_view, 5> kCreateKeys{"report_type", "marketplaces", "start", "end",
                                                      "options"};
constexpr std::array<std::string_view, 1> kReportKeys{"report_id"};
constexpr std::array<std::string_view, 7> kListKeys{
    "report_types",  "statuses",  "marketplaces", "created_since",
    "created_until", "page_size", "next_token"};
constexpr std::array<std::string_view, 5> kScheduleKeys{"report_type", "marketplaces", "period",
                                                        "options", "next_at"};
constexpr std::array<std::string_view, 1> kSchedulesKeys{"report_types"};
constexpr std::array<std::string_view, 1> kUnscheduleKeys{"schedule_id"};
constexpr std::array<std::string_view, 3> kDocumentKeys{"document_id", "report_type",
                                                        "marketplace"};
constexpr std::array<std::string_view, 5> kStatuses{"CANCELLED", "DONE", "FATAL", "IN_PROGRESS",
                                                    "IN_QUEUE"};
constexpr std::array<std::string_view, 18> kPeriods{
    "PT5M", "PT15M", "PT30M", "PT1H", "PT2H", "PT4H", "PT8H", "PT12H", "P1D",
    "P2D",  "P3D",   "PT84H", "P7D",  "P14D", "P15D", "P18D", "P30D",  "P1M"};

constexpr std::size_t kLongestType = 100;
constexpr std::size_t kLongestId = 512;
constexpr std::size_t kLongestToken = 8192;
constexpr std::size_t kMostTypes = 10;
constexpr std::size_t kMostListed = 10;
constexpr std::size_t kMostRequested = 25;

Result<std::string> type_name(const std::string& text, const RequestScope&) {
    if (!text.empty() && text.size() <= kLongestType) return text;
    return malformed("report_types", "must hold names such as GET_LEDGER_DETAIL_VIEW_DATA");
}

Json texts_to_json(const std::vector<std::string>& texts) {
    Json array = Json::array();
    for (const std::string& text : texts) array.push_back(text);
    return array;
}

/// Members that asking for one report and asking for a schedule share.
Json common_body(RequestReader& reader, const Json& body, const RequestScope& scope) {
    Json out = Json::object();
    out.set("reportType", reader.text("report_type", kLongestType, true));
    if (!reader.error() && !reader.has("marketplaces"))
        reader.fail(malformed("marketplaces", "is needed"));
    out.set("marketplaceIds",
            texts_to_json(reader.texts("marketplaces", kMostRequested, marketplace_id, scope)));
    const Json& options = body["options"];
    if (!options.is_null()) {
        for (const JsonMember& option : options.members())
            if (!option.value.is_string())
                reader.fail(malformed("options", "must hold texts only, also \"true\""));
        if (!options.is_object()) reader.fail(malformed("options", "must be an object"));
        out.set("reportOptions", options);
    }
    return out;
}

void add_time(Json& out, std::string_view name, const std::optional<UtcTime>& time) {
    if (time) out.set(name, time->text());
}

}  // namespace

Result<ApiRequest> create_report(const Json& body, const RequestScope& scope) {
    RequestReader reader(body, kCreateKeys);
    Json out = common_body(reader, body, scope);
    const std::optional<UtcTime> start = reader.time("start");
    const std::optional<UtcTime> end = reader.time("end");
    if (start && end && *end <= *start) reader.fail(malformed("end", "must be after start"));
    add_time(out, "dataStartTime", start);
    add_time(out, "dataEndTime", end);
    if (reader.error()) return *reader.error();
    return ApiRequest{.plan = usage_plan("reports.createReport"),
                      .target = std::string(kReports),
                      .result_key = "reportId",
                      .method = "POST",
                      .body = out.dump(),
                      .repeatable = false};
}

Result<ApiRequest> get_report(const Json& body, const RequestScope&) {
    RequestReader reader(body, kReportKeys);
    const std::string id = reader.text("report_id", kLongestId, true);
    if (reader.error()) return *reader.error();
    return ApiRequest{.plan = usage_plan("reports.getReport"),
                      .target = std::string(kReports) + "/" + http::percent_encode(id),
                      .result_key = "processingStatus"};
}

Result<ApiRequest> list_reports(const Json& body, const RequestScope& scope) {
    RequestReader reader(body, kListKeys);
    Query query;
    if (reader.has("next_token")) {
        if (body.size() > 1)
            reader.fail(malformed("next_token", "must be the only member, as Amazon asks"));
        query.add("nextToken", reader.text("next_token", kLongestToken, true));
    } else {
        if (!reader.error() && !reader.has("report_types"))
            reader.fail(malformed("report_types", "is needed"));
        query.add("reportTypes", reader.texts("report_types", kMostTypes, type_name, scope));
        query.add("processingStatuses", reader.words("statuses", kStatuses));
        query.add("marketplaceIds",
                  reader.texts("marketplaces", kMostListed, marketplace_id, scope));
        query.add("createdSince", reader.time("created_since"));
        query.add("createdUntil", reader.time("created_until"));
        if (const std::optional<std::int64_t> size = reader.integer("page_size", 1, 100))
            query.add("pageSize", std::to_string(*size));
    }
    if (reader.error()) return *reader.error();
    return ApiRequest{.plan = usage_plan("reports.getReports"),
                      .target = query.after(kReports),
                      .result_key = "reports"};
}

Result<ApiRequest> cancel_report(const Json& body, const RequestScope&) {
    RequestReader reader(body, kReportKeys);
    const std::string id = reader.text("report_id", kLongestId, true);
    if (reader.error()) return *reader.error();
    return ApiRequest{.plan = usage_plan("reports.cancelReport"),
                      .target = std::string(kReports) + "/" + http::percent_encode(id),
                      .result_key = "",
                      .method = "DELETE"};
}

Result<ApiRequest> create_schedule(const Json& body, const RequestScope& scope) {
    RequestReader reader(body, kScheduleKeys);
    Json out = common_body(reader, body, scope);
    const std::string period = reader.text("period", 8, true);
    if (!reader.error() && std::ranges::find(kPeriods, std::string_view(period)) == kPeriods.end())
        reader.fail(malformed("period", "\"" + period + "\" is none of Amazon's, such as PT30M"));
    out.set("period", period);
    add_time(out, "nextReportCreationTime", reader.time("next_at"));
    if (reader.error()) return *reader.error();
    return ApiRequest{.plan = usage_plan("reports.createReportSchedule"),
                      .target = std::string(kSchedules),
                      .result_key = "reportScheduleId",
                      .method = "POST",
                      .body = out.dump()};
}

Result<ApiRequest> list_schedules(const Json& body, const RequestScope& scope) {
    RequestReader reader(body, kSchedulesKeys);
    if (!reader.error() && !reader.has("report_types"))
        reader.fail(malformed("report_types", "is needed"));
    Query query;
    query.add("reportTypes", reader.texts("report_types", kMostTypes, type_name, scope));
    if (reader.error()) return *reader.error();
    return ApiRequest{.plan = usage_plan("reports.getReportSchedules"),
                      .target = query.after(kSchedules),
                      .result_key = "reportSchedules"};
}

Result<ApiRequest> cancel_schedule(const Json& body, const RequestScope&) {
    RequestReader reader(body, kUnscheduleKeys);
    const std::string id = reader.text("schedule_id", kLongestId, true);
    if (reader.error()) return *reader.error();
    return ApiRequest{.plan = usage_plan("reports.cancelReportSchedule"),
                      .target = std::string(kSchedules) + "/" + http::percent_encode(id),
                      .result_key = "",
                      .method = "DELETE"};
}

Result<DocumentWish> read_document_wish(const Json& body) {
    RequestReader reader(body, kDocumentKeys);
    DocumentWish wish{reader.text("document_id", kLongestId, true),
                      reader.text("report_type", kLongestType, true),
                      reader.text("marketplace", 2, false)};
    if (reader.error()) return *reader.error();
    return wish;
}

ApiRequest restricted_token(const DocumentWish& wish) {
    // The path with the document's own id: a generic one is refused for documents.
    const Json body = Json::object(
        {{"restrictedResources",
          Json::array({Json::object(
              {{"method", "GET"}, {"path", std::string(kDocuments) + wish.document_id}})})}});
    return {.plan = usage_plan("tokens.createRestrictedDataToken"),
            .target = "/tokens/2021-03-01/restrictedDataToken",
            .result_key = "restrictedDataToken",
            .method = "POST",
            .body = body.dump()};
}

ApiRequest document_address(const DocumentWish& wish, std::string token) {
    return {.plan = usage_plan("reports.getReportDocument"),
            .target = std::string(kDocuments) + http::percent_encode(wish.document_id),
            .result_key = "url",
            .token = std::move(token)};
}

}  // namespace carrick::amazon
