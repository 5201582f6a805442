// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/amazon/operations.hpp"

#include "core/connectors/amazon/orders_requests.hpp"
#include "core/connectors/amazon/reports_requests.hpp"

#include <array>
#include <vector>

namespace carrick::amazon {
namespace {

constexpr std::string_view kSearchRequest = R"json({
  "type": "object", "additionalProperties": false, "required": ["marketplaces"],
  "oneOf": [{"required": ["created_after"]}, {"required": ["last_updated_after"]}],
  "properties": {
    "marketplaces": {"type": "array", "minItems": 1, "maxItems": 50, "items": {"type": "string"},
                     "description": "marketplace codes of the connection's region"},
    "created_after": {"type": "string", "description": "ISO 8601 with zone"},
    "created_before": {"type": "string", "description": "at least three minutes ago"},
    "last_updated_after": {"type": "string", "description": "ISO 8601 with zone"},
    "last_updated_before": {"type": "string", "description": "at least three minutes ago"},
    "statuses": {"type": "array", "minItems": 1, "items": {"enum": ["PENDING_AVAILABILITY", "PENDING",
                 "UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED", "CANCELLED", "UNFULFILLABLE"]}},
    "fulfilled_by": {"type": "array", "minItems": 1, "items": {"enum": ["MERCHANT", "AMAZON"]}},
    "included_data": {"type": "array", "minItems": 1, "items": {"enum": ["BUYER", "RECIPIENT",
                      "PROCEEDS", "EXPENSE", "PROMOTION", "CANCELLATION", "FULFILLMENT", "PACKAGES",
                      "TAX", "PAYMENT", "FULFILLMENT_ORDERS"]}},
    "max_results": {"type": "integer", "minimum": 1, "maximum": 100},
    "pagination_token": {"type": "string", "minLength": 1,
                         "description": "of the page before; valid 24 h; repeat all filters"}
  }
})json";

constexpr std::string_view kSearchResponse = R"json({
  "type": "object", "required": ["orders"],
  "properties": {
    "orders": {"type": "array", "items": {"type": "object", "required": ["orderId"]}},
    "pagination": {"type": "object", "properties": {"nextToken": {"type": "string"}}},
    "lastUpdatedBefore": {"type": "string"},
    "createdBefore": {"type": "string"}
  }
})json";

constexpr std::string_view kGetRequest = R"json({
  "type": "object", "additionalProperties": false, "required": ["order_id"],
  "properties": {
    "order_id": {"type": "string", "minLength": 1, "maxLength": 64},
    "included_data": {"type": "array", "minItems": 1, "items": {"enum": ["BUYER", "RECIPIENT",
                      "PROCEEDS", "EXPENSE", "PROMOTION", "CANCELLATION", "FULFILLMENT", "PACKAGES",
                      "TAX", "PAYMENT", "FULFILLMENT_ORDERS"]}}
  }
})json";

constexpr std::string_view kGetResponse = R"json({
  "type": "object", "required": ["order"],
  "properties": {"order": {"type": "object", "required": ["orderId"]}}
})json";

constexpr std::string_view kParticipationsRequest =
    R"json({"type": "object", "additionalProperties": false})json";

constexpr std::string_view kParticipationsResponse = R"json({
  "type": "object", "required": ["payload"],
  "properties": {"payload": {"type": "array", "items": {"type": "object"}}}
})json";

constexpr std::string_view kCreateReportRequest = R"json({
  "type": "object", "additionalProperties": false, "required": ["report_type", "marketplaces"],
  "properties": {
    "report_type": {"type": "string", "minLength": 1, "maxLength": 100},
    "marketplaces": {"type": "array", "minItems": 1, "maxItems": 25, "items": {"type": "string"},
                     "description": "marketplace codes; most types report the first only"},
    "start": {"type": "string", "description": "ISO 8601 with zone"},
    "end": {"type": "string", "description": "ISO 8601 with zone"},
    "options": {"type": "object", "additionalProperties": {"type": "string"}}
  }
})json";
constexpr std::string_view kCreateReportResponse = R"json({
  "type": "object", "required": ["reportId"], "properties": {"reportId": {"type": "string"}}
})json";

constexpr std::string_view kReportRequest = R"json({
  "type": "object", "additionalProperties": false, "required": ["report_id"],
  "properties": {"report_id": {"type": "string", "minLength": 1, "maxLength": 512}}
})json";
constexpr std::string_view kReportResponse = R"json({
  "type": "object", "required": ["processingStatus"],
  "properties": {
    "processingStatus": {"enum": ["CANCELLED", "DONE", "FATAL", "IN_PROGRESS", "IN_QUEUE"]},
    "reportDocumentId": {"type": "string"}
  }
})json";

constexpr std::string_view kListReportsRequest = R"json({
  "type": "object", "additionalProperties": false,
  "oneOf": [{"required": ["report_types"]}, {"required": ["next_token"]}],
  "properties": {
    "report_types": {"type": "array", "minItems": 1, "maxItems": 10, "items": {"type": "string"}},
    "statuses": {"type": "array", "minItems": 1, "items": {"enum": ["CANCELLED", "DONE", "FATAL",
                 "IN_PROGRESS", "IN_QUEUE"]}},
    "marketplaces": {"type": "array", "minItems": 1, "maxItems": 10, "items": {"type": "string"}},
    "created_since": {"type": "string"}, "created_until": {"type": "string"},
    "page_size": {"type": "integer", "minimum": 1, "maximum": 100},
    "next_token": {"type": "string", "minLength": 1, "description": "alone"}
  }
})json";
constexpr std::string_view kListReportsResponse = R"json({
  "type": "object", "required": ["reports"],
  "properties": {"reports": {"type": "array", "items": {"type": "object"}},
                 "nextToken": {"type": "string"}}
})json";

constexpr std::string_view kScheduleRequest = R"json({
  "type": "object", "additionalProperties": false,
  "required": ["report_type", "marketplaces", "period"],
  "properties": {
    "report_type": {"type": "string", "minLength": 1, "maxLength": 100},
    "marketplaces": {"type": "array", "minItems": 1, "maxItems": 25, "items": {"type": "string"}},
    "period": {"enum": ["PT5M", "PT15M", "PT30M", "PT1H", "PT2H", "PT4H", "PT8H", "PT12H", "P1D",
               "P2D", "P3D", "PT84H", "P7D", "P14D", "P15D", "P18D", "P30D", "P1M"]},
    "options": {"type": "object", "additionalProperties": {"type": "string"}},
    "next_at": {"type": "string", "description": "ISO 8601 with zone"}
  }
})json";
constexpr std::string_view kScheduleResponse = R"json({
  "type": "object", "required": ["reportScheduleId"],
  "properties": {"reportScheduleId": {"type": "string"}}
})json";
constexpr std::string_view kSchedulesRequest = R"json({
  "type": "object", "additionalProperties": false, "required": ["report_types"],
  "properties": {"report_types": {"type": "array", "minItems": 1, "maxItems": 10,
                                  "items": {"type": "string"}}}
})json";
constexpr std::string_view kSchedulesResponse = R"json({
  "type": "object", "required": ["reportSchedules"],
  "properties": {"reportSchedules": {"type": "array", "items": {"type": "object"}}}
})json";
constexpr std::string_view kUnscheduleRequest = R"json({
  "type": "object", "additionalProperties": false, "required": ["schedule_id"],
  "properties": {"schedule_id": {"type": "string", "minLength": 1, "maxLength": 512}}
})json";
constexpr std::string_view kNothing = R"json({"type": "object"})json";

constexpr std::string_view kOpenRequest = R"json({
  "type": "object", "additionalProperties": false, "required": ["document_id", "report_type"],
  "properties": {
    "document_id": {"type": "string", "minLength": 1, "maxLength": 512},
    "report_type": {"type": "string", "minLength": 1, "maxLength": 100},
    "marketplace": {"type": "string", "minLength": 2, "maxLength": 2}
  }
})json";
constexpr std::string_view kOpenResponse = R"json({
  "type": "object", "required": ["id", "bytes", "encoding"],
  "properties": {"id": {"type": "string"}, "bytes": {"type": "integer"},
                 "encoding": {"type": "string"}, "encoding_why": {"type": "string"},
                 "name": {"type": "string"}}
})json";

struct Entry {
    AmazonOperation operation;
    std::string_view summary;
    std::string_view request;
    std::string_view response;
};

constexpr std::array kOperations{
    Entry{{"amazon.orders.search", search_orders},
          "orders created or changed since a time, one page of up to 100 (Orders API 2026-01-01, "
          "searchOrders); the answer is Amazon's own",
          kSearchRequest,
          kSearchResponse},
    Entry{{"amazon.orders.get", get_order},
          "one order by Amazon's id (Orders API 2026-01-01, getOrder)",
          kGetRequest,
          kGetResponse},
    Entry{{"amazon.sellers.participations", get_participations},
          "the marketplaces that the seller takes part in (Sellers API v1)",
          kParticipationsRequest,
          kParticipationsResponse},
    Entry{{"amazon.reports.request", create_report},
          "asks for a report (Reports API 2021-06-30, createReport)",
          kCreateReportRequest,
          kCreateReportResponse},
    Entry{{"amazon.reports.get", get_report},
          "how far a report is, and its document's id once it is done (getReport)",
          kReportRequest,
          kReportResponse},
    Entry{{"amazon.reports.list", list_reports},
          "reports by type and time, also those that Amazon made by itself (getReports)",
          kListReportsRequest,
          kListReportsResponse},
    Entry{{"amazon.reports.cancel", cancel_report},
          "calls off a report that Amazon has not begun (cancelReport)",
          kReportRequest,
          kNothing},
    Entry{{"amazon.reports.schedule", create_schedule},
          "has Amazon make a report again and again (createReportSchedule)",
          kScheduleRequest,
          kScheduleResponse},
    Entry{{"amazon.reports.schedules", list_schedules},
          "the schedules of report types (getReportSchedules)",
          kSchedulesRequest,
          kSchedulesResponse},
    Entry{{"amazon.reports.unschedule", cancel_schedule},
          "ends a schedule (cancelReportSchedule)",
          kUnscheduleRequest,
          kNothing},
};

connectors::Operation described(const Entry& entry) {
    return {std::string(entry.operation.name), connectors::OperationKind::Read,
            std::string(entry.summary), Json::parse(entry.request).value(),
            Json::parse(entry.response).value()};
}

std::vector<connectors::Operation> describe_all() {
    std::vector<connectors::Operation> all;
    for (const Entry& entry : kOperations) all.push_back(described(entry));
    all.push_back({std::string(kOpenReport), connectors::OperationKind::Document,
                   "the document of a report, as UTF-8 text, for carrick.stream.v0 "
                   "(getReportDocument and the download; restricted types with a token of their "
                   "own)",
                   Json::parse(kOpenRequest).value(), Json::parse(kOpenResponse).value()});
    return all;
}

}  // namespace

const AmazonOperation* find_operation(std::string_view name) {
    for (const Entry& one : kOperations)
        if (one.operation.name == name) return &one.operation;
    return nullptr;
}

std::span<const connectors::Operation> described_operations() {
    static const std::vector<connectors::Operation> kDescribed = describe_all();
    return kDescribed;
}

}  // namespace carrick::amazon
