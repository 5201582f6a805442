// SPDX-License-Identifier: Apache-2.0
// HttpTransport: the one door to the network. Its implementation may be replaced; its promises not:
//   - a request has one total deadline, whatever the server drips;
//   - a write is never sent twice behind the caller's back;
//   - a response larger than allowed, badly compressed or cut short is an error, not a surprise.
#pragma once

#include <carrick/sdk/result.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carrick::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// ASCII letters only, as header names and host names are compared.
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b);

struct HttpRequest {
    std::string method = "GET";
    std::string url;  ///< absolute, http or https
    Headers headers;
    std::string body;
    /// True: repeating this request changes nothing, so a pooled connection that died may be
    /// replaced and the request sent again. False (a write): it leaves this machine at most once.
    bool safe_to_repeat = false;
    std::chrono::steady_clock::time_point deadline;
    const std::atomic<bool>* cancelled = nullptr;
    std::size_t max_response_bytes = std::size_t{64} * 1024 * 1024;  ///< after decompression
};

struct HttpResponse {
    int status = 0;
    Headers headers;
    std::string body;  ///< decompressed

    /// The first header of that name (case does not count), or "".
    [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// Why there is no response, and the one thing a caller must know: may the server have acted?
enum class HttpFailureKind {
    NotSent,    ///< refused, unresolved, TLS handshake failed: the request never reached the server
    Cancelled,  ///< stopped by the caller before it was sent
    Lost,       ///< sent, at least in part, and no whole response came: reset, time-out, cut short
    Refused,    ///< a response came that cannot be used: too large, bad encoding, malformed
};

struct HttpFailure {
    HttpFailureKind kind = HttpFailureKind::Lost;
    std::string message;  ///< host and cause; never a path with ids, a header or a body
};

struct HttpResult {
    HttpResponse response;
    std::optional<HttpFailure> failure;  ///< set: there is no usable response

    [[nodiscard]] bool ok() const { return !failure.has_value(); }
};

class HttpTransport {
public:
    virtual ~HttpTransport() = default;
    /// Sends one request and waits for its response, the deadline or cancellation. Thread-safe.
    [[nodiscard]] virtual HttpResult send(const HttpRequest& request) = 0;
};

}  // namespace carrick::http
