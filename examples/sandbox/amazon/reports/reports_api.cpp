// SPDX-License-Identifier: Apache-2.0
// Reports, schedules, documents and downloads.
#include "examples/sandbox/amazon/reports/reports_api.hpp"

#include "examples/sandbox/amazon/refusal.hpp"
#include "examples/sandbox/amazon/reports/report_request.hpp"
#include "examples/sandbox/gzip.hpp"

#include <carrick/sdk/sha256.hpp>

#include <algorithm>

namespace carrick::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr Milliseconds kUrlLife = 5min;

Response refusal_of(const Error& error) {
    return error.code == "Unauthorized" ? denied("") : invalid_input(error.message);
}

Response not_found(std::string_view what) {
    return sp_refusal(404, "NotFound", std::string(what) + " was not found.");
}

std::optional<Json> json_body(const Request& request) {
    if (!request.header("Content-Type").starts_with("application/json")) return std::nullopt;
    Result<Json> body = Json::parse(request.body);
    return body ? std::optional(std::move(*body)) : std::nullopt;
}

Json store_ids(const ReportRequest& request) {
    Json ids = Json::array();
    for (const Marketplace* store : request.stores) ids.push_back(store->id);
    return ids;
}

Json report_json(const Report& report, UtcTime now) {
    const ReportStatus status = ReportDesk::status(report, now);
    Json json = Json::object({{"reportId", report.id},
                              {"reportType", report.request.type->name},
                              {"marketplaceIds", store_ids(report.request)},
                              {"dataStartTime", report.request.from.text()},
                              {"dataEndTime", report.request.to.text()},
                              {"createdTime", report.created.text()},
                              {"processingStatus", report_status_text(status)}});
    if (!report.request.schedule_id.empty())
        json.set("reportScheduleId", report.request.schedule_id);
    if (status != ReportStatus::InQueue && !report.cancelled)
        json.set("processingStartTime", report.started.text());
    const bool ended = status != ReportStatus::InQueue && status != ReportStatus::InProgress;
    if (ended) json.set("processingEndTime", report.cancelled.value_or(report.ended).text());
    if (ended && !report.cancelled && report.has_document())
        json.set("reportDocumentId", report.document_id);
    return json;
}

Json schedule_json(const ReportSchedule& schedule) {
    Json json = Json::object({{"reportScheduleId", schedule.id},
                              {"reportType", schedule.request.type->name},
                              {"marketplaceIds", store_ids(schedule.request)},
                              {"period", schedule.period},
                              {"nextReportCreationTime", schedule.next.text()}});
    if (schedule.request.sales_channel)
        json.set("reportOptions", Json::object({{"ShowSalesChannel", "true"}}));
    return json;
}

bool matches(const Report& report, const ReportsQuery& query, UtcTime now) {
    if (!query.types.contains(report.request.type->name)) return false;
    if (report.created < query.since || report.created > query.until) return false;
    if (!query.statuses.empty() &&
        !query.statuses.contains(report_status_text(ReportDesk::status(report, now))))
        return false;
    return query.stores.empty() ||
           std::any_of(report.request.stores.begin(), report.request.stores.end(),
                       [&](const Marketplace* store) { return query.stores.contains(store->id); });
}

/// "20261123T120000Z", as a presigned URL writes its moment.
std::string stamp(UtcTime time) {
    std::string text = time.text().substr(0, 19);
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text + "Z";
}

std::optional<UtcTime> stamped(const std::string& text) {
    if (text.size() != 16) return std::nullopt;
    const Result<UtcTime> time =
        UtcTime::parse(text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6, 5) + ":" +
                       text.substr(11, 2) + ":" + text.substr(13, 2) + "Z");
    return time ? std::optional(*time) : std::nullopt;
}

}  // namespace

Response storage_error(int status, std::string_view code, std::string_view message) {
    Response response;
    response.status = status;
    response.as_is = true;
    response.set_header("Content-Type", "application/xml");
    response.body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" +
                    std::string(code) + "</Code><Message>" + std::string(message) +
                    "</Message><RequestId>SANDBOX</RequestId></Error>";
    return response;
}

ReportsApi::ReportsApi(const Environment& environment, std::uint64_t seed)
    : environment_(environment), seed_(seed), desk_(environment, seed) {}

Response ReportsApi::handle(const Request& request, const Route& route,
                            const ReportCaller& caller) {
    const std::lock_guard lock(mutex_);
    desk_.catch_up(request.time);
    const std::string& operation = route.operation;
    if (operation == "createReport") return create(request, caller.seller);
    if (operation == "getReports") return list(request, caller.seller);
    if (operation == "cancelReport") return cancel(request, route, caller.seller);
    if (operation == "getReportDocument") return document(request, route, caller);
    if (operation == "createReportSchedule") return create_schedule(request, caller.seller);
    if (operation == "getReportSchedules") return schedules(request, caller.seller);
    if (operation == "getReportSchedule") return one_schedule(route, caller.seller);
    if (operation == "cancelReportSchedule") {
        if (!desk_.cancel_schedule(caller.seller.account, route.id))
            return not_found("The report schedule");
        return {};
    }
    const Report* report = desk_.find(caller.seller.account, route.id);
    if (report == nullptr) return not_found("The report");
    return Response::json(200, report_json(*report, request.time));
}

Response ReportsApi::create(const Request& request, const SellerAccount& seller) {
    const std::optional<Json> body = json_body(request);
    if (!body) return invalid_input("The request body must be JSON.");
    Result<ReportRequest> read =
        read_report_request(*body, seller, environment_.world, request.time);
    if (!read) return refusal_of(read.error());
    const Report& report = desk_.create(seller.account, std::move(*read), request.time);
    return Response::json(202, Json::object({{"reportId", report.id}}));
}

Response ReportsApi::list(const Request& request, const SellerAccount& seller) {
    Result<ReportsQuery> query = read_reports_query(request);
    if (!query) return refusal_of(query.error());
    Json page = Json::array();
    bool reached = query->behind.empty();
    bool more = false;
    std::string last;
    for (const Report* report : desk_.of_account(seller.account, request.time)) {
        if (!reached) {
            reached = report->id == query->behind;
            continue;
        }
        if (!matches(*report, *query, request.time)) continue;
        if (page.size() == query->page_size) {
            more = true;
            break;
        }
        page.push_back(report_json(*report, request.time));
        last = report->id;
    }
    Json body = Json::object({{"reports", std::move(page)}});
    if (more) {
        query->behind = last;
        body.set("nextToken", query->token());
    }
    return Response::json(200, body);
}

Response ReportsApi::cancel(const Request& request, const Route& route,
                            const SellerAccount& seller) {
    Report* report = desk_.find(seller.account, route.id);
    if (report == nullptr) return not_found("The report");
    if (ReportDesk::status(*report, request.time) != ReportStatus::InQueue)
        return invalid_input("Only a report that is IN_QUEUE can be cancelled.");
    report->cancelled = request.time;
    return {};
}

Response ReportsApi::document(const Request& request, const Route& route,
                              const ReportCaller& caller) {
    const Report* report = desk_.by_document(route.id);
    if (report == nullptr || report->account != caller.seller.account)
        return not_found("The report document");
    // A failure's explanation holds no personal data.
    if (report->request.type->restricted && report->outcome == ReportStatus::Done &&
        !caller.restricted)
        return denied("");
    const bool packed = environment_.switches.is("amazon.report_compression", "gzip");
    const bool encoded =
        packed && request.parameter("enableContentEncodingUrlHeader").value_or("") == "true";
    const std::string made = stamp(request.time);
    Json json =
        Json::object({{"reportDocumentId", report->document_id},
                      {"url", request.base_url + "/document-storage/" + report->document_id +
                                  (encoded ? "?response-content-encoding=gzip&" : "?") +
                                  "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=" + made +
                                  "&X-Amz-SignedHeaders=host&X-Amz-Expires=300&X-Amz-Signature=" +
                                  signature(report->document_id, made, encoded) +
                                  (packed ? "&packed=1" : "&packed=0")}});
    if (packed) json.set("compressionAlgorithm", "GZIP");
    return Response::json(200, json);
}

std::string ReportsApi::signature(std::string_view document_id, std::string_view made,
                                  bool encoded) const {
    return detail::base32(
        detail::sha256(std::to_string(seed_) + "|storage|" + std::string(document_id) + "|" +
                       std::string(made) + (encoded ? "|gzip" : "")),
        52);
}

Response ReportsApi::download(const Request& request, const std::string& document_id) {
    const std::lock_guard lock(mutex_);
    if (request.has_header("Authorization"))
        return storage_error(400, "InvalidArgument",
                             "Only one auth mechanism allowed; only the X-Amz-Algorithm query "
                             "parameter, Signature query string parameter or the Authorization "
                             "header should be specified");
    for (const auto& [name, value] : request.headers)
        if (name.size() > 6 && (name.starts_with("x-amz-") || name.starts_with("X-Amz-")))
            return storage_error(403, "AccessDenied",
                                 "There were headers present in the request which were not signed");
    const std::string made = request.parameter("X-Amz-Date").value_or("");
    const bool encoded = request.parameter("response-content-encoding").has_value();
    const std::optional<UtcTime> signed_at = stamped(made);
    if (!signed_at ||
        request.parameter("X-Amz-Signature").value_or("") != signature(document_id, made, encoded))
        return storage_error(403, "SignatureDoesNotMatch",
                             "The request signature we calculated does not match the signature you "
                             "provided. Check your key and signing method.");
    const Report* report = desk_.by_document(document_id);
    if (report == nullptr)
        return storage_error(404, "NoSuchKey", "The specified key does not exist.");
    const std::string_view type = report->request.type->name;
    Faults& faults = environment_.faults;
    const auto fires = [&](Fault fault) { return faults.fires(fault, "amazon", type).has_value(); };
    if (request.time >= *signed_at + kUrlLife || fires(Fault::ExpiredUrl))
        return storage_error(403, "AccessDenied", "Request has expired");

    const RowQuestion question = desk_.question(*report);
    Response response;
    response.as_is = true;
    std::string charset(charset_of_file(question));
    if (report->outcome == ReportStatus::Fatal) {
        response.body = report->why_fatal + "\n";
        charset = "UTF-8";
    } else if (!question.is("zero_bytes", "yes")) {
        const Damage damage{fires(Fault::MissingColumn), fires(Fault::TooManyFields),
                            fires(Fault::HalfFile)};
        response.body = flat_file(question, desk_.rows(*report), damage);
    }
    if (fires(Fault::WrongCharset)) charset = charset == "UTF-8" ? "ISO-8859-1" : "UTF-8";
    response.set_header("Content-Type", question.is("report_charset", "undeclared")
                                            ? "text/plain"
                                            : "text/plain; charset=" + charset);
    if (request.parameter("packed").value_or("") == "1") {
        response.body = gzip(response.body);
        if (fires(Fault::CutGzip)) response.body.resize(response.body.size() / 2);
        if (encoded) response.set_header("Content-Encoding", "gzip");
    }
    return response;
}

Response ReportsApi::create_schedule(const Request& request, const SellerAccount& seller) {
    const std::optional<Json> body = json_body(request);
    if (!body) return invalid_input("The request body must be JSON.");
    Result<ReportRequest> read =
        read_report_request(*body, seller, environment_.world, request.time);
    if (!read) return refusal_of(read.error());
    if (!read->type->schedulable)
        return invalid_input("Report type " + std::string(read->type->name) +
                             " cannot be scheduled.");
    const std::string& period = (*body)["period"].text();
    const std::optional<std::chrono::minutes> every = schedule_period(period);
    if (!every) return invalid_input("Invalid period: " + period.substr(0, 20));
    UtcTime first = request.time + Milliseconds(*every);
    if (const std::string& text = (*body)["nextReportCreationTime"].text(); !text.empty()) {
        const Result<UtcTime> given = UtcTime::parse(text);
        if (!given) return invalid_input("Invalid nextReportCreationTime.");
        first = std::max(*given, request.time);
    }
    const ReportSchedule& made = desk_.schedule(seller.account, std::move(*read), period, first);
    return Response::json(201, Json::object({{"reportScheduleId", made.id}}));
}

Response ReportsApi::schedules(const Request& request, const SellerAccount& seller) const {
    const std::string types = "," + request.parameter("reportTypes").value_or("") + ",";
    if (types == ",,") return invalid_input("The request is missing reportTypes.");
    Json list = Json::array();
    for (const ReportSchedule* each : desk_.schedules(seller.account))
        if (types.find("," + std::string(each->request.type->name) + ",") != std::string::npos)
            list.push_back(schedule_json(*each));
    return Response::json(200, Json::object({{"reportSchedules", std::move(list)}}));
}

Response ReportsApi::one_schedule(const Route& route, const SellerAccount& seller) const {
    for (const ReportSchedule* each : desk_.schedules(seller.account))
        if (each->id == route.id) return Response::json(200, schedule_json(*each));
    return not_found("The report schedule");
}

Json ReportsApi::snapshot() const {
    const std::lock_guard lock(mutex_);
    return desk_.snapshot();
}

Result<void> ReportsApi::restore(const Json& snapshot) {
    const std::lock_guard lock(mutex_);
    return desk_.restore(snapshot);
}

void ReportsApi::reset() {
    const std::lock_guard lock(mutex_);
    desk_.reset();
}

std::uint64_t ReportsApi::made() const {
    const std::lock_guard lock(mutex_);
    return desk_.made();
}

}  // namespace carrick::sandbox
