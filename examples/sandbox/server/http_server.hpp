// SPDX-License-Identifier: Apache-2.0
// The sandbox's HTTP server: Boost.Beast on loopback, with limits on everything a client controls.
#pragma once

#include "examples/sandbox/service.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace carrick::sandbox {

/// One request as it came: `target` still has prefix and query.
struct RawRequest {
    std::string method;
    std::string target;
    Headers headers;
    std::string body;
    std::string host_url;  ///< "http://127.0.0.1:PORT"
};

struct ServerOptions {
    std::uint16_t port = 0;  ///< 0: any free one
    int threads = 2;
    std::uint32_t header_limit = 64 * 1024;
    std::uint64_t body_limit = 32ULL * 1024 * 1024;
    std::chrono::milliseconds idle_timeout{60'000};
    std::chrono::milliseconds request_timeout{30'000};
    int connection_limit = 512;
};

/// Starts in the constructor, stops (and joins) in the destructor. Keep-alive, no TLS: loopback
/// only.
class HttpServer {
public:
    using Handler = std::function<Response(RawRequest)>;

    /// Errors: `sandbox.listen` when the port is taken.
    [[nodiscard]] static Result<std::unique_ptr<HttpServer>> start(const ServerOptions& options,
                                                                   Handler handler);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    void stop();

private:
    struct Impl;
    explicit HttpServer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace carrick::sandbox
