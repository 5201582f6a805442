// SPDX-License-Identifier: Apache-2.0
// The HttpTransport of the product, on cpprestsdk. README.md lists that library's hazards, our
// guard against each, and the test that keeps the guard.
#pragma once

#include "core/connectors/http/http_transport.hpp"

#include <chrono>
#include <memory>

namespace carrick::http {

struct TransportOptions {
    /// A PEM file of certificate authorities trusted besides the system's own. Empty: none.
    std::string ca_file;
    /// Plain http is refused, except to this machine itself and only where this is set (sandbox,
    /// tests).
    bool allow_plain_http_on_loopback = false;
    /// Sent where a request names no user agent of its own.
    std::string user_agent = "Carrick/0.1 (Language=C++/20;Platform=Linux)";
    /// Requests under way at a time to one origin (scheme, host, port); more wait their turn.
    std::size_t max_in_flight_per_origin = 32;
    /// A read takes no connection that has been idle for longer: servers and middleboxes drop it
    /// unheard. Less than the 30 s after which cpprestsdk drops it itself. (Tests shorten it.)
    std::chrono::milliseconds longest_idle_for_reads{25'000};
};

/// Errors of the options (an unreadable `ca_file`) are answered by each `send` as NotSent.
/// Proxies, redirects and cookies are never used. Destroy it only after every `send` has returned;
/// the destructor waits for what cancelled requests left behind.
[[nodiscard]] std::unique_ptr<HttpTransport> make_cpprest_transport(
    const TransportOptions& options);

}  // namespace carrick::http
