// SPDX-License-Identifier: Apache-2.0
// Small readings of a request that every service needs.
#include "examples/sandbox/service.hpp"

#include <algorithm>

namespace carrick::sandbox {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [](char x, char y) { return lower(x) == lower(y); });
}

const std::pair<std::string, std::string>* find_header(const Headers& headers,
                                                       std::string_view name) {
    for (const auto& header : headers)
        if (same_name(header.first, name)) return &header;
    return nullptr;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (lower(c) >= 'a' && lower(c) <= 'f') return lower(c) - 'a' + 10;
    return -1;
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
    const auto* found = find_header(headers, name);
    return found != nullptr ? std::string_view(found->second) : std::string_view();
}

bool Request::has_header(std::string_view name) const {
    return find_header(headers, name) != nullptr;
}

std::optional<std::string> Request::parameter(std::string_view name) const {
    for (const auto& [key, value] : query)
        if (key == name) return value;
    return std::nullopt;
}

std::vector<std::string> Request::segments() const {
    std::vector<std::string> result;
    std::size_t at = 0;
    while (at < path.size()) {
        const std::size_t slash = std::min(path.find('/', at), path.size());
        if (slash > at)
            result.push_back(percent_decode(std::string_view(path).substr(at, slash - at)));
        at = slash + 1;
    }
    return result;
}

void Response::set_header(std::string_view name, std::string value) {
    for (auto& header : headers)
        if (same_name(header.first, name)) {
            header.second = std::move(value);
            return;
        }
    headers.emplace_back(name, std::move(value));
}

std::string_view Response::header(std::string_view name) const {
    const auto* found = find_header(headers, name);
    return found != nullptr ? std::string_view(found->second) : std::string_view();
}

Response Response::json(int status, const Json& body, std::string content_type) {
    Response response;
    response.status = status;
    response.body = body.dump();
    response.set_header("Content-Type", std::move(content_type));
    return response;
}

std::string percent_decode(std::string_view text, bool plus_is_blank) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            const int high = hex_digit(text[i + 1]);
            const int low = hex_digit(text[i + 2]);
            if (high >= 0 && low >= 0) {
                result.push_back(static_cast<char>(high * 16 + low));
                i += 2;
                continue;
            }
        }
        result.push_back(plus_is_blank && text[i] == '+' ? ' ' : text[i]);
    }
    return result;
}

std::vector<std::pair<std::string, std::string>> parse_query(std::string_view text) {
    std::vector<std::pair<std::string, std::string>> pairs;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t end = std::min(text.find('&', at), text.size());
        const std::string_view part = text.substr(at, end - at);
        at = end + 1;
        if (part.empty()) continue;
        const std::size_t equals = std::min(part.find('='), part.size());
        const std::string_view value = equals < part.size() ? part.substr(equals + 1) : "";
        pairs.emplace_back(percent_decode(part.substr(0, equals), true),
                           percent_decode(value, true));
    }
    return pairs;
}

}  // namespace carrick::sandbox
