// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/http/logging_transport.hpp"

#include "core/base/log.hpp"
#include "core/connectors/http/url.hpp"

#include <algorithm>

namespace carrick::http {
namespace {

std::string_view kind_name(HttpFailureKind kind) {
    switch (kind) {
        case HttpFailureKind::NotSent: return "not sent";
        case HttpFailureKind::Cancelled: return "cancelled";
        case HttpFailureKind::Lost: return "lost";
        case HttpFailureKind::Refused: return "refused";
        case HttpFailureKind::SinkFailed: return "not taken";
    }
    return "lost";
}

/// An id is short and has no blanks; anything else in that header is not one.
std::string request_id(const HttpResponse& response) {
    for (const std::string_view name : {"x-amzn-RequestId", "x-n-operationid"}) {
        const std::string_view id = response.header(name);
        const bool plausible =
            !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
                return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '-' || c == ':';
            });
        if (plausible) return std::string(id);
    }
    return {};
}

}  // namespace

HttpResult LoggingTransport::send(const HttpRequest& request) {
    const auto begin = std::chrono::steady_clock::now();
    HttpResult result = next_.send(request);
    const log::Level level = !result.ok()                    ? log::Level::Warning
                             : result.response.status >= 400 ? log::Level::Info
                                                             : log::Level::Debug;
    if (!log::enabled(level)) return result;

    const std::int64_t milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(
                                          std::chrono::steady_clock::now() - begin)
                                          .count();
    const Result<Url> url = Url::parse(request.url);
    const Json host = url ? Json(url->host) : Json("?");
    const Json path = url ? Json(path_template(url->path)) : Json("?");
    const Json query = url ? Json(query_names(url->query)) : Json("?");
    const Json sent = Json(static_cast<std::uint64_t>(request.body.size()));
    if (!result.ok()) {
        // The failure's own message names host and cause, but comes from below; its kind suffices.
        log::write(level, "http.failed",
                   {{"method", Json(request.method)},
                    {"host", host},
                    {"path", path},
                    {"query", query},
                    {"failure", Json(kind_name(result.failure->kind))},
                    {"ms", Json(milliseconds)},
                    {"sent_bytes", sent}});
        return result;
    }
    log::write(level, "http.answered",
               {{"method", Json(request.method)},
                {"host", host},
                {"path", path},
                {"query", query},
                {"status", Json(result.response.status)},
                {"ms", Json(milliseconds)},
                {"sent_bytes", sent},
                {"received_bytes", Json(static_cast<std::uint64_t>(result.response.body.size()))},
                {"request_id", Json(request_id(result.response))}});
    return result;
}

}  // namespace carrick::http
