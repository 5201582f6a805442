// SPDX-License-Identifier: Apache-2.0
// What a flow asks of the Reports API (2021-06-30) and the Tokens API, checked and turned into
// requests that Amazon understands.
#pragma once

#include "core/connectors/amazon/api_request.hpp"

namespace carrick::amazon {

/// `amazon.reports.request` (createReport): `report_type`, `marketplaces` (1 to 25 codes of this
/// region), optionally `start`, `end`, `options` (texts). Answers {"reportId"}. Amazon makes
/// another report for each request, so that a lost answer is not tried again: look with list first.
///
/// Errors, of all functions here: Bug `amazon.request`  not as the operation's schema says, with
/// the field; Misconfigured `amazon.marketplace_unknown`, `amazon.marketplace_region`.
[[nodiscard]] Result<ApiRequest> create_report(const Json& body, const RequestScope& scope);

/// `amazon.reports.get`: `report_id`.
[[nodiscard]] Result<ApiRequest> get_report(const Json& body, const RequestScope& scope);

/// `amazon.reports.list`: `report_types` (1 to 10), optionally `statuses`, `marketplaces` (1 to
/// 10), `created_since`, `created_until`, `page_size` (1 to 100); or `next_token` alone.
[[nodiscard]] Result<ApiRequest> list_reports(const Json& body, const RequestScope& scope);

/// `amazon.reports.cancel`: `report_id` of a report that Amazon has not begun.
[[nodiscard]] Result<ApiRequest> cancel_report(const Json& body, const RequestScope& scope);

/// `amazon.reports.schedule`: `report_type`, `marketplaces`, `period` ("PT30M"), optionally
/// `options`, `next_at`. Replaces a schedule of the same type and marketplaces, so that repeating
/// it changes nothing.
[[nodiscard]] Result<ApiRequest> create_schedule(const Json& body, const RequestScope& scope);

/// `amazon.reports.schedules`: `report_types` (1 to 10).
[[nodiscard]] Result<ApiRequest> list_schedules(const Json& body, const RequestScope& scope);

/// `amazon.reports.unschedule`: `schedule_id`.
[[nodiscard]] Result<ApiRequest> cancel_schedule(const Json& body, const RequestScope& scope);

/// What `amazon.reports.open` names: `document_id`, `report_type`, optionally `marketplace` (a
/// code), which tells the encoding where neither the document nor its server does.
struct DocumentWish {
    std::string document_id;
    std::string report_type;
    std::string marketplace;
};
[[nodiscard]] Result<DocumentWish> read_document_wish(const Json& body);

/// A restricted data token for this one document.
[[nodiscard]] ApiRequest restricted_token(const DocumentWish& wish);
/// Where the document is, for five minutes. `token`: a restricted data token, or "".
[[nodiscard]] ApiRequest document_address(const DocumentWish& wish, std::string token);

}  // namespace carrick::amazon
