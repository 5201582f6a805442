// SPDX-License-Identifier: Apache-2.0
// Absolute http and https addresses: taken apart, checked, put together and made safe to log.
#pragma once

#include <carrick/sdk/result.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carrick::http {

/// An absolute address. Nothing is decoded: what was written is what is sent.
struct Url {
    std::string scheme;  ///< "http" or "https"
    std::string host;    ///< lower case, without the brackets of IPv6
    int port = 0;        ///< given or that of the scheme
    std::string path;    ///< begins with "/"
    std::string query;   ///< without "?"

    /// Errors: `http.url` for anything but an absolute http(s) address of plain ASCII, and for one
    /// with user information or a fragment. The message names no part of the path or query.
    [[nodiscard]] static Result<Url> parse(std::string_view text);

    /// "https://host:port" or "https://host": what a connection belongs to.
    [[nodiscard]] std::string origin() const;
    [[nodiscard]] std::string target() const { return query.empty() ? path : path + "?" + query; }
    /// 127.0.0.0/8, ::1 or localhost: traffic that does not leave this machine.
    [[nodiscard]] bool is_loopback() const;
};

/// Percent-encodes all but unreserved characters (RFC 3986), so that the text is one path segment
/// or one query value.
[[nodiscard]] std::string percent_encode(std::string_view text);
/// The reverse, of "%41" and "+" left as "+". Malformed escapes stay as they are.
[[nodiscard]] std::string percent_decode(std::string_view text);

using QueryParameters = std::vector<std::pair<std::string, std::string>>;
/// "a=1&b=2", names and values encoded.
[[nodiscard]] std::string encode_query(const QueryParameters& parameters);

/// A path for logs: each segment that has a digit, a percent sign or is long becomes "{id}", except
/// an API version ("v0", "2026-01-01"). "/orders/2026-01-01/orders/111-1/x" ->
/// "/orders/2026-01-01/orders/{id}/x".
[[nodiscard]] std::string path_template(std::string_view path);
/// The names of a query's parameters, without their values: "createdAfter,marketplaceIds".
[[nodiscard]] std::string query_names(std::string_view query);

}  // namespace carrick::http
