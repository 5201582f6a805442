// SPDX-License-Identifier: Apache-2.0
// HttpTransport: the one door to the network. Its implementation may be replaced; its promises not:
//   - a request has one total deadline, whatever the server drips;
//   - a write is never sent twice behind the caller's back;
//   - a response larger than allowed, badly compressed or cut short is an error, not a surprise.
#pragma once

#include "core/base/document.hpp"

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

/// The charset parameter of a Content-Type, unquoted; "" where there is none.
[[nodiscard]] std::string charset_of(std::string_view content_type);

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
    /// Takes the body as it arrives and as it is on the wire (no Content-Encoding is undone, none
    /// asked for), for documents of any size. Called on other threads, one at a time, never after
    /// `send` returned. It gets the body of every answer: what it got counts only where `send`
    /// ended well with status 200. `max_response_bytes` then counts bytes on the wire.
    DocumentSink* sink = nullptr;
};

struct HttpResponse {
    int status = 0;
    Headers headers;
    std::string body;  ///< decompressed; with a sink: the first 64 KiB of what it got, as it came

    /// The first header of that name (case does not count), or "".
    [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// Why there is no response, and the one thing a caller must know: may the server have acted?
enum class HttpFailureKind {
    NotSent,    ///< refused, unresolved, TLS handshake failed: the request never reached the server
    Cancelled,  ///< stopped by the caller before it was sent
    Lost,       ///< sent, at least in part, and no whole response came: reset, time-out, cut short
    Refused,    ///< a response came that cannot be used: too large, bad encoding, malformed
    SinkFailed,  ///< the sink answered with an error; see HttpFailure::sink_error
};

struct HttpFailure {
    HttpFailureKind kind = HttpFailureKind::Lost;
    std::string message;  ///< host and cause; never a path with ids, a header or a body
    std::optional<Error> sink_error{};
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
