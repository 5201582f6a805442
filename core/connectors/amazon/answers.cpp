// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/amazon/answers.hpp"

#include <carrick/sdk/json.hpp>

#include <algorithm>

namespace carrick::amazon {
namespace {

constexpr std::size_t kLongestMessage = 300;
constexpr std::size_t kLongestWord = 48;

/// The first of {"errors":[{code, message, details}]}; empty where the body is something else.
struct AmazonError {
    std::string code;
    std::string message;
    std::string details;
};

AmazonError amazon_error(const http::HttpResponse& response) {
    const Result<Json> body = Json::parse(response.body);
    if (!body) return {};
    const Json& first = (*body)["errors"][0];
    return {first["code"].text(), first["message"].text(), first["details"].text()};
}

std::string quoted(const AmazonError& error) {
    std::string text = redacted(error.message);
    if (text.empty()) return "without an explanation";
    if (!error.details.empty() && error.details != error.message)
        text += " (" + redacted(error.details) + ")";
    return "\"" + text + "\"";
}

}  // namespace

std::string redacted(std::string_view text) {
    std::string out;
    while (!text.empty() && out.size() < kLongestMessage) {
        const std::size_t length = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, length);
        const bool secret = word.size() > kLongestWord ||
                            word.find('@') != std::string_view::npos ||
                            word.find('|') != std::string_view::npos ||
                            word.find("amzn1.") != std::string_view::npos;
        if (secret) {
            out += "[redacted]";
        } else {
            for (const char c : word) out.push_back(static_cast<unsigned char>(c) < ' ' ? '?' : c);
        }
        if (length == text.size()) break;
        out.push_back(' ');
        text.remove_prefix(length + 1);
    }
    return out;
}

bool is_token_refusal(const http::HttpResponse& response) {
    if (response.status != 403 && response.status != 401) return false;
    const AmazonError error = amazon_error(response);
    for (const std::string* text : {&error.details, &error.message})
        if (text->find("access token you provided has expired") != std::string::npos ||
            text->find("access token you provided is revoked, malformed or invalid") !=
                std::string::npos)
            return true;
    return false;
}

Error error_of(const http::HttpResponse& response, const std::string& subject) {
    const int status = response.status;
    const AmazonError error = amazon_error(response);
    const std::string said =
        subject + ": Amazon answered HTTP " + std::to_string(status) + " " + quoted(error);
    switch (status) {
        case 400: return rejected("amazon.invalid_input", said);
        case 401:
        case 403:
            return misconfigured(
                "amazon.unauthorized",
                said +
                    "; check that the application has the role for this operation, that region "
                    "and marketplaces belong to this seller, and that the account is active");
        case 404: return rejected("amazon.not_found", said);
        case 408: return transient("amazon.unavailable", said + "; tried again later");
        case 409: return rejected("amazon.conflict", said);
        case 429: return throttled("amazon.throttled", said + "; tried again later", {});
        default: break;
    }
    if (status >= 500 || status == 200)
        return transient("amazon.unavailable",
                         status == 200 ? subject +
                                             ": Amazon's answer is not the JSON that the "
                                             "operation promises; tried again later"
                                       : said + "; tried again later");
    if (status >= 300 && status < 400)
        return misconfigured("amazon.redirected",
                             subject + ": HTTP " + std::to_string(status) +
                                 " sends us elsewhere; set base_url to SP-API's own address");
    return bug("amazon.request_shape", said);
}

}  // namespace carrick::amazon
