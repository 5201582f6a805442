// SPDX-License-Identifier: Apache-2.0
// An HTTP server on loopback that misbehaves as told, on raw sockets: no library tidies up what a
// test wants broken.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using SSL = struct ssl_st;
using SSL_CTX = struct ssl_ctx_st;

namespace carrick::testing {

/// A self-signed certificate for `host`, made for this test, in a folder of its own that is removed
/// with it. Trusting `certificate_file` as an authority is trusting the certificate.
class TestCertificate {
public:
    /// `host`: a name, or an IPv4 address.
    explicit TestCertificate(const std::string& host);
    ~TestCertificate();
    TestCertificate(const TestCertificate&) = delete;
    TestCertificate& operator=(const TestCertificate&) = delete;

    [[nodiscard]] std::string certificate_file() const { return folder_ + "/certificate.pem"; }
    [[nodiscard]] std::string key_file() const { return folder_ + "/key.pem"; }

private:
    std::string folder_;
};

/// One request, as it arrived.
struct FaultRequest {
    std::string method;
    std::string target;
    std::string head;  ///< request line and headers
    std::string body;
    int connection = 0;     ///< 1 for the first one accepted
    int on_connection = 0;  ///< 1 for the first request of a connection
};

/// The server's end of one connection, in the hands of a script.
class FaultPeer {
public:
    /// All of it or nothing more; false when the client is gone.
    bool write(std::string_view bytes);
    /// One byte each `pause`, until the client or the server goes away.
    void drip(std::string_view bytes, std::chrono::milliseconds pause);
    void respond(int status, std::string_view body, std::string_view more_headers = "");
    /// Ends the connection after what was written has gone out.
    void close();
    /// Ends it with a reset: the client's next read fails.
    void reset();
    /// Blocks until the client goes away or the server stops.
    void hang();

private:
    friend class FaultServer;
    int socket_ = -1;
    SSL* ssl_ = nullptr;
    bool open_ = true;
    const std::atomic<bool>* stopping_ = nullptr;
};

class FaultServer {
public:
    /// Called for each whole request, on the connection's thread. Returning with the connection
    /// open means: read the next request.
    using Script = std::function<void(FaultPeer&, const FaultRequest&)>;

    struct Tls {
        const TestCertificate& certificate;
        int highest_version = 0;  ///< TLS1_1_VERSION and so on; 0 for the newest
    };

    explicit FaultServer(Script script);
    FaultServer(Script script, const Tls& tls);
    ~FaultServer();
    FaultServer(const FaultServer&) = delete;
    FaultServer& operator=(const FaultServer&) = delete;

    [[nodiscard]] int port() const { return port_; }
    [[nodiscard]] std::string url(std::string_view target) const;
    /// How many requests arrived whole: what a real server would have carried out.
    [[nodiscard]] int processed() const { return processed_.load(); }
    [[nodiscard]] int connections() const { return connections_.load(); }
    [[nodiscard]] std::vector<FaultRequest> requests() const;

private:
    void listen();
    void accept_all();
    void serve(int socket, int number);
    bool read_request(FaultPeer& peer, std::string& buffer, FaultRequest& request);

    Script script_;
    SSL_CTX* tls_ = nullptr;
    int listener_ = -1;
    int port_ = 0;
    std::atomic<bool> stopping_{false};
    std::atomic<int> processed_{0};
    std::atomic<int> connections_{0};
    mutable std::mutex mutex_;
    std::vector<FaultRequest> requests_;
    std::vector<int> sockets_;
    std::vector<std::thread> threads_;
    std::thread acceptor_;
};

}  // namespace carrick::testing
