// SPDX-License-Identifier: Apache-2.0
// The wording and the shape of NetSuite's error answers.
#include "examples/sandbox/netsuite/refusal.hpp"

#include <algorithm>

namespace carrick::sandbox::netsuite {

namespace {

struct StatusText {
    int status;
    std::string_view title;
    std::string_view rfc2616;  ///< anchor in RFC 2616 section 10
    std::string_view rfc9110;
};
constexpr StatusText kStatuses[] = {
    {400, "Bad Request", "10.4.1", "15.5.1"},
    {401, "Unauthorized", "10.4.2", "15.5.2"},
    {403, "Forbidden", "10.4.4", "15.5.4"},
    {404, "Not Found", "10.4.5", "15.5.5"},
    {405, "Method Not Allowed", "10.4.6", "15.5.6"},
    {415, "Unsupported Media Type", "10.4.16", "15.5.16"},
    {429, "Bad Request", "10", "15.5"},  // the documented sample says Bad Request with 429
    {500, "Internal Server Error", "10.5.1", "15.6.1"},
    {501, "Not Implemented", "10.5.2", "15.6.2"},
};

const StatusText& status_text(int status) {
    for (const StatusText& row : kStatuses)
        if (row.status == status) return row;
    return kStatuses[0];
}

}  // namespace

Refusal user_error(std::string_view text, std::string path) {
    Refusal refusal;
    refusal.detail = "Error while accessing a resource. " + std::string(text);
    refusal.path = std::move(path);
    return refusal;
}

Refusal invalid_value(std::string_view value, std::string_view field, std::string path) {
    Refusal refusal;
    refusal.code = path.empty() ? "USER_ERROR" : "INVALID_CONTENT";
    refusal.detail = "Error while accessing a resource. You have entered an Invalid Field Value " +
                     std::string(value.substr(0, 60)) + " for the following field: " + lower(field);
    refusal.path = std::move(path);
    return refusal;
}

Refusal invalid_content(std::string text, std::string path) {
    Refusal refusal;
    refusal.code = "INVALID_CONTENT";
    refusal.detail = std::move(text);
    refusal.path = std::move(path);
    return refusal;
}

Refusal missing_values(const std::vector<std::string>& labels) {
    std::string list;
    for (const std::string& label : labels) list += (list.empty() ? "" : ", ") + label;
    return user_error("Please enter value(s) for: " + list + ".");
}

Response to_response(const Refusal& refusal, bool rfc9110) {
    const StatusText& text = status_text(refusal.status);
    Json detail = Json::object({{"detail", refusal.detail}});
    if (!refusal.path.empty()) detail.set("o:errorPath", refusal.path);
    if (!refusal.query_param.empty()) detail.set("o:errorQueryParam", refusal.query_param);
    if (!refusal.header.empty()) detail.set("o:errorHeader", refusal.header);
    detail.set("o:errorCode", refusal.code);
    const std::string type =
        rfc9110 ? "https://www.rfc-editor.org/rfc/rfc9110.html#section-" + std::string(text.rfc9110)
                : "https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html#sec" +
                      std::string(text.rfc2616);
    Json body = Json::object(
        {{"type", type}, {"title", std::string(text.title)}, {"status", refusal.status}});
    if (refusal.status == 429) body.set("o:errorCode", "USER_ERROR");
    body.set("o:errorDetails", Json::array({std::move(detail)}));
    return Response::json(refusal.status, body,
                          "application/vnd.oracle.resource+json; type=error; charset=UTF-8");
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return result;
}

bool same_name(std::string_view a, std::string_view b) {
    return a.size() == b.size() && lower(a) == lower(b);
}

}  // namespace carrick::sandbox::netsuite
