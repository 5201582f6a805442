// SPDX-License-Identifier: Apache-2.0
// What the transport's tests share: short ways to write a request.
#pragma once

#include "core/connectors/http/cpprest_transport.hpp"
#include "tests/support/fault_server.hpp"

#include <memory>
#include <string>

namespace carrick::testing {

inline std::unique_ptr<http::HttpTransport> loopback_transport(const std::string& ca_file = {}) {
    http::TransportOptions options;
    options.allow_plain_http_on_loopback = true;
    options.ca_file = ca_file;
    return http::make_cpprest_transport(options);
}

inline http::HttpRequest read(const std::string& url,
                              std::chrono::milliseconds within = std::chrono::seconds(10)) {
    http::HttpRequest request;
    request.url = url;
    request.safe_to_repeat = true;
    request.deadline = std::chrono::steady_clock::now() + within;
    return request;
}

inline http::HttpRequest write(const std::string& method, const std::string& url,
                               std::string body = {},
                               std::chrono::milliseconds within = std::chrono::seconds(10)) {
    http::HttpRequest request = read(url, within);
    request.method = method;
    request.body = std::move(body);
    request.safe_to_repeat = false;
    return request;
}

}  // namespace carrick::testing
