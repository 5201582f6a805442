// SPDX-License-Identifier: Apache-2.0
// What the transport's tests share: short ways to write a request.
#pragma once

#include "core/connectors/http/cpprest_transport.hpp"
#include "tests/support/fault_server.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace carrick::testing {

inline std::unique_ptr<http::HttpTransport> loopback_transport(const std::string& ca_file = {}) {
    http::TransportOptions options;
    options.allow_plain_http_on_loopback = true;
    options.ca_file = ca_file;
    return http::make_cpprest_transport(options);
}

inline http::HttpRequest read(const std::string& url,
                              std::chrono::milliseconds within = std::chrono::seconds(30)) {
    http::HttpRequest request;
    request.url = url;
    request.safe_to_repeat = true;
    request.deadline = std::chrono::steady_clock::now() + within;
    return request;
}

inline http::HttpRequest write(const std::string& method, const std::string& url,
                               std::string body = {},
                               std::chrono::milliseconds within = std::chrono::seconds(30)) {
    http::HttpRequest request = read(url, within);
    request.method = method;
    request.body = std::move(body);
    request.safe_to_repeat = false;
    return request;
}

/// How a request fared that went over a connection used before.
struct Reused {
    http::HttpResult result;
    int arrived = 0;  ///< how often the server read it
};

/// Sends `request` over a reused connection. The library hands a connection back a moment after the
/// answer, on a busy machine a longer one: tried until it came over a reused one, each time to a
/// target of its own and never counted together.
inline Reused send_reused(http::HttpTransport& transport, FaultServer& server,
                          const http::HttpRequest& request) {
    Reused reused;
    const auto arrivals = [&](const std::string& target) {
        std::vector<FaultRequest> found;
        for (const FaultRequest& each : server.requests())
            if (each.target == target) found.push_back(each);
        return found;
    };
    for (int attempt = 1; attempt <= 10; ++attempt) {
        (void)transport.send(read(server.url("/warm")));
        std::this_thread::sleep_for(std::chrono::milliseconds(50) * attempt);
        http::HttpRequest numbered = request;
        const std::string target = "/attempt" + std::to_string(attempt);
        numbered.url = server.url(target);
        reused.result = transport.send(numbered);
        const std::vector<FaultRequest> found = arrivals(target);
        reused.arrived = static_cast<int>(found.size());
        if (!found.empty() && found.front().on_connection > 1) return reused;
    }
    throw std::runtime_error("ten attempts, and no connection was used twice");
}

}  // namespace carrick::testing
