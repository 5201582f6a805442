// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/http/url.hpp"

#include <algorithm>
#include <charconv>

namespace carrick::http {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

Error malformed(std::string_view why) {
    return misconfigured("http.url", "not a usable web address: " + std::string(why) +
                                         "; expected https://host[:port]/path");
}

bool is_host_character(char c, bool bracketed) {
    return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '_' ||
           (bracketed && c == ':');
}

int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_api_version(std::string_view segment) {
    if (segment.size() == 2 && segment[0] == 'v' && is_digit(segment[1])) return true;
    if (segment.size() != 10) return false;
    for (std::size_t i = 0; i < segment.size(); ++i)
        if (i == 4 || i == 7 ? segment[i] != '-' : !is_digit(segment[i])) return false;
    return segment[0] == '2' && segment[1] == '0';
}

}  // namespace

Result<Url> Url::parse(std::string_view text) {
    for (const char c : text)
        if (c <= ' ' || c > '~' || c == '"' || c == '<' || c == '>' || c == '\\')
            return malformed("it holds a blank, a control character or one that must be encoded");
    Url url;
    if (text.starts_with("https://"))
        url.scheme = "https";
    else if (text.starts_with("http://"))
        url.scheme = "http";
    else
        return malformed("it does not begin with https:// or http://");
    std::string_view rest = text.substr(url.scheme.size() + 3);
    if (rest.find('#') != std::string_view::npos) return malformed("it has a fragment (#)");
    const std::size_t authority_end = std::min(rest.find_first_of("/?"), rest.size());
    std::string_view authority = rest.substr(0, authority_end);
    rest.remove_prefix(authority_end);
    if (authority.find('@') != std::string_view::npos)
        return malformed("it has user information before the host");

    const bool bracketed = authority.starts_with('[');
    std::string_view host;
    if (bracketed) {
        const std::size_t close = authority.find(']');
        if (close == std::string_view::npos) return malformed("a bracket is not closed");
        host = authority.substr(1, close - 1);
        authority.remove_prefix(close + 1);
    } else {
        host = authority.substr(0, authority.find(':'));
        authority.remove_prefix(host.size());
    }
    if (host.empty() || host.size() > 253 || !std::all_of(host.begin(), host.end(), [&](char c) {
            return is_host_character(c, bracketed);
        }))
        return malformed("the host is missing or has other characters than letters, digits, . -");
    for (const char c : host) url.host.push_back(is_letter(c) ? static_cast<char>(c | 32) : c);

    url.port = url.scheme == "https" ? 443 : 80;
    if (!authority.empty()) {
        const char* end = authority.data() + authority.size();
        const auto [stop, problem] = std::from_chars(authority.data() + 1, end, url.port);
        if (authority.front() != ':' || problem != std::errc() || stop != end || url.port < 1 ||
            url.port > 65535)
            return malformed("the port is not a number from 1 to 65535");
    }
    const std::size_t question = rest.find('?');
    url.path = std::string(rest.substr(0, question));
    if (url.path.empty()) url.path = "/";
    if (question != std::string_view::npos) url.query = std::string(rest.substr(question + 1));
    return url;
}

std::string Url::origin() const {
    const bool is_default = port == (scheme == "https" ? 443 : 80);
    const bool is_v6 = host.find(':') != std::string::npos;
    return scheme + "://" + (is_v6 ? "[" + host + "]" : host) +
           (is_default ? "" : ":" + std::to_string(port));
}

bool Url::is_loopback() const {
    if (host == "localhost" || host == "::1") return true;
    // "127.evil.example" is a name, not an address: digits and points only.
    return host.starts_with("127.") && std::count(host.begin(), host.end(), '.') == 3 &&
           std::all_of(host.begin(), host.end(), [](char c) { return is_digit(c) || c == '.'; });
}

std::string percent_encode(std::string_view text) {
    static constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string encoded;
    encoded.reserve(text.size() + 8);
    for (const char c : text) {
        if (is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~') {
            encoded.push_back(c);
            continue;
        }
        const unsigned byte = static_cast<unsigned char>(c);
        encoded.push_back('%');
        encoded.push_back(kHex[byte >> 4]);
        encoded.push_back(kHex[byte & 15]);
    }
    return encoded;
}

std::string percent_decode(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            const int high = hex_value(text[i + 1]);
            const int low = hex_value(text[i + 2]);
            if (high >= 0 && low >= 0) {
                decoded.push_back(static_cast<char>(high * 16 + low));
                i += 2;
                continue;
            }
        }
        decoded.push_back(text[i]);
    }
    return decoded;
}

std::string encode_query(const QueryParameters& parameters) {
    std::string query;
    for (const auto& [name, value] : parameters) {
        if (!query.empty()) query.push_back('&');
        query += percent_encode(name) + "=" + percent_encode(value);
    }
    return query;
}

std::string path_template(std::string_view path) {
    // No name of an operation is this long; a token or a document id is.
    constexpr std::size_t kLongestWord = 40;
    std::string shown;
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        const std::string_view segment = path.substr(0, end);
        const bool is_word = segment.size() <= kLongestWord &&
                             std::all_of(segment.begin(), segment.end(), [](char c) {
                                 return is_letter(c) || c == '-' || c == '_' || c == '.';
                             });
        shown += is_word || is_api_version(segment) ? std::string(segment) : std::string("{id}");
        if (end == path.size()) break;
        shown.push_back('/');
        path.remove_prefix(end + 1);
    }
    return shown;
}

std::string query_names(std::string_view query) {
    std::string names;
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view pair = query.substr(0, end);
        if (!names.empty()) names.push_back(',');
        // A parameter without "=" could be a bare value; so is a name that no API would choose.
        const std::size_t equals = pair.find('=');
        const std::string_view name = pair.substr(0, std::min(equals, pair.size()));
        const bool is_name = equals != std::string_view::npos && name.size() <= 40 &&
                             std::all_of(name.begin(), name.end(), [](char c) {
                                 return is_letter(c) || c == '_' || c == '-' || c == '.';
                             });
        names += is_name ? std::string(name) : std::string("{name}");
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return names;
}

}  // namespace carrick::http
