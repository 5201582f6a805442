// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/amazon/api_request.hpp"

#include <algorithm>

namespace carrick::amazon {
namespace {

std::string listed(Words words) {
    std::string text;
    for (const std::string_view word : words)
        text += (text.empty() ? "" : ", ") + std::string(word);
    return text;
}

}  // namespace

Error malformed(std::string_view field, const std::string& message) {
    Error error = bug("amazon.request", std::string(field) + ": " + message);
    error.field = std::string(field);
    return error;
}

Result<std::string> marketplace_id(const std::string& code, const RequestScope& scope) {
    const Marketplace* found = marketplace_from_code(code);
    if (found == nullptr)
        return misconfigured(
            "amazon.marketplace_unknown",
            "\"" + code.substr(0, 20) +
                "\" is no Amazon marketplace; use its country code, such as DE, or "
                "UK",
            "marketplaces");
    if (found->region != scope.region)
        return misconfigured("amazon.marketplace_region",
                             "marketplace " + std::string(found->code) +
                                 " is not in the region of "
                                 "connection " +
                                 scope.connection + " (" + std::string(host_of(scope.region).code) +
                                 " but needs " + std::string(host_of(found->region).code) + ")",
                             "marketplaces");
    return std::string(found->id);
}

RequestReader::RequestReader(const Json& body, Words keys) : body_(body) {
    if (!body.is_object()) {
        fail(malformed("", "the request must be an object"));
        return;
    }
    for (const JsonMember& member : body.members())
        if (std::ranges::find(keys, std::string_view(member.key)) == keys.end())
            fail(malformed(member.key.substr(0, 40),
                           "is not a member of this request; known are " + listed(keys)));
}

std::vector<std::string> RequestReader::texts(std::string_view key, std::size_t most, Check check,
                                              const RequestScope& scope) {
    const Json* values = body_.find(key);
    if (values == nullptr) return {};
    if (!values->is_array() || values->empty() || values->size() > most) {
        fail(malformed(key, "must be a list of 1 to " + std::to_string(most) + " texts"));
        return {};
    }
    std::vector<std::string> out;
    for (const Json& value : values->items()) {
        Result<std::string> checked =
            value.is_string() ? check(value.text(), scope)
                              : Result<std::string>(malformed(key, "must hold texts only"));
        if (!checked) {
            fail(checked.error());
            return {};
        }
        out.push_back(*std::move(checked));
    }
    return out;
}

std::vector<std::string> RequestReader::words(std::string_view key, Words known) {
    std::vector<std::string> out = texts(
        key, known.size(),
        [](const std::string& word, const RequestScope&) { return Result<std::string>(word); }, {});
    for (const std::string& word : out)
        if (std::ranges::find(known, std::string_view(word)) == known.end())
            fail(malformed(
                key, "\"" + word.substr(0, 40) + "\" is not known; known are " + listed(known)));
    return out;
}

std::string RequestReader::text(std::string_view key, std::size_t most, bool needed) {
    const Json* value = body_.find(key);
    if (value == nullptr && !needed) return {};
    const std::string& text = value == nullptr ? body_[""].text() : value->text();
    if (text.empty() || text.size() > most)
        fail(malformed(key, "must be a text of 1 to " + std::to_string(most) + " characters"));
    return text;
}

std::optional<UtcTime> RequestReader::time(std::string_view key) {
    const Json* value = body_.find(key);
    if (value == nullptr) return std::nullopt;
    const Result<UtcTime> parsed = UtcTime::parse(value->text());
    if (parsed) return *parsed;
    fail(malformed(key, parsed.error().message));
    return std::nullopt;
}

std::optional<std::int64_t> RequestReader::integer(std::string_view key, std::int64_t least,
                                                   std::int64_t most) {
    const Json* value = body_.find(key);
    if (value == nullptr) return std::nullopt;
    const std::optional<std::int64_t> number = value->integer_if();
    if (number && *number >= least && *number <= most) return number;
    fail(malformed(key, "must be a whole number from " + std::to_string(least) + " to " +
                            std::to_string(most)));
    return std::nullopt;
}

void Query::add(std::string name, const std::vector<std::string>& values) {
    std::string joined;
    for (const std::string& value : values) joined += (joined.empty() ? "" : ",") + value;
    add(std::move(name), std::move(joined));
}

std::string Query::after(std::string_view path) const {
    const std::string text = http::encode_query(parameters_);
    return std::string(path) + (text.empty() ? "" : "?" + text);
}

}  // namespace carrick::amazon
