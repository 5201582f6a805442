// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/netsuite/request_reader.hpp"

#include "core/connectors/netsuite/suiteql.hpp"
#include "core/connectors/netsuite/url_text.hpp"

namespace carrick::connectors::netsuite {

RequestReader::RequestReader(std::string_view operation, const Json& request)
    : operation_(operation), request_(request) {
    if (!request.is_object()) complain("the request is no JSON object");
}

void RequestReader::complain(std::string what) {
    if (!problem_) problem_ = bug("netsuite.request", operation_ + ": " + std::move(what));
}

std::string RequestReader::text(std::string_view key) {
    std::string value = optional_text(key);
    if (value.empty()) complain("\"" + std::string(key) + "\" is missing");
    return value;
}

std::string RequestReader::optional_text(std::string_view key) {
    const Json& value = request_[key];
    if (const std::string* number = value.number_if()) return *number;  // an id as a number
    if (!value.is_null() && !value.is_string()) complain("\"" + std::string(key) + "\" is no text");
    return value.text();
}

std::string RequestReader::record_type(std::string_view key) {
    std::string value = text(key);
    if (!value.empty() && !is_record_type(value))
        complain("\"" + value.substr(0, 60) + "\" is no record type");
    return value;
}

bool RequestReader::flag(std::string_view key, bool fallback) {
    const Json& value = request_[key];
    if (!value.is_null() && !value.is_bool())
        complain("\"" + std::string(key) + "\" is neither true nor false");
    return value.bool_if().value_or(fallback);
}

std::size_t RequestReader::count(std::string_view key, std::size_t fallback) {
    const Json& value = request_[key];
    if (value.is_null()) return fallback;
    const std::optional<std::int64_t> number = value.integer_if();
    if (!number || *number < 1) {
        complain("\"" + std::string(key) + "\" is no positive number");
        return fallback;
    }
    return static_cast<std::size_t>(*number);
}

std::vector<std::string> RequestReader::texts(std::string_view key) {
    std::vector<std::string> out;
    const Json& value = request_[key];
    if (!value.is_null() && !value.is_array()) complain("\"" + std::string(key) + "\" is no list");
    for (const Json& item : value.items()) {
        if (item.text().empty()) {
            complain("\"" + std::string(key) +
                     "\" holds something that is no text, or an empty one");
            break;
        }
        out.push_back(item.text());
    }
    return out;
}

std::string RequestReader::identifier(std::string_view key, bool required) {
    std::string value = required ? text(key) : optional_text(key);
    if (!value.empty() && !is_identifier(value))
        complain("\"" + value.substr(0, 60) + "\" is no table or field name");
    return value;
}

std::vector<std::string> RequestReader::identifiers(std::string_view key) {
    std::vector<std::string> names = texts(key);
    for (const std::string& name : names)
        if (!is_identifier(name)) complain("\"" + name.substr(0, 60) + "\" is no field name");
    return names;
}

const Json& RequestReader::object(std::string_view key) {
    const Json& value = request_[key];
    if (!value.is_object()) complain("\"" + std::string(key) + "\" is missing or no object");
    return value;
}

}  // namespace carrick::connectors::netsuite
