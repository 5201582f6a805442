// SPDX-License-Identifier: Apache-2.0
// Peers that stall in a step where a library waits by itself: taking the connection, reading the
// request, sending the body. And what must go on meanwhile.
#include "tests/core/connectors/http/transport_fixture.hpp"

#include <catch2/catch.hpp>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <thread>

using namespace carrick;
using namespace carrick::http;
using namespace carrick::testing;
using namespace std::chrono_literals;

namespace {

using Steady = std::chrono::steady_clock;

// What a busy machine may add to a deadline of a fraction of a second. A deadline that does not
// hold is missed by more: nothing below would ever end by itself before its peer is destroyed.
constexpr auto kBusyMachine = 10s;

HttpFailureKind kind_of(const HttpResult& result) {
    REQUIRE(result.failure.has_value());
    INFO(result.failure->message);
    return result.failure->kind;
}

/// A listening port whose program never looks at it.
class DeafPort {
public:
    /// `full`: its queue has no room, so that not even the connection comes about.
    explicit DeafPort(bool full) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const raw = reinterpret_cast<sockaddr*>(&address);
        REQUIRE(::bind(listener_, raw, size) == 0);
        REQUIRE(::listen(listener_, 0) == 0);
        ::getsockname(listener_, raw, &size);
        port_ = ntohs(address.sin_port);
        if (!full) return;
        for (int& caller : callers_) {
            caller = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
            (void)::connect(caller, raw, size);
        }
    }
    ~DeafPort() {
        for (const int caller : callers_)
            if (caller >= 0) ::close(caller);
        ::close(listener_);
    }
    DeafPort(const DeafPort&) = delete;
    DeafPort& operator=(const DeafPort&) = delete;

    [[nodiscard]] std::string url() const {
        return "http://127.0.0.1:" + std::to_string(port_) + "/";
    }

private:
    int listener_ = -1;
    int port_ = 0;
    std::array<int, 4> callers_{-1, -1, -1, -1};
};

}  // namespace

TEST_CASE("a host that takes no connection costs no more than the deadline, and nothing was sent",
          "[hazard]") {
    const DeafPort port(true);
    const auto transport = loopback_transport();
    const auto begin = Steady::now();
    CHECK(kind_of(transport->send(write("POST", port.url(), "x", 300ms))) ==
          HttpFailureKind::NotSent);
    CHECK(Steady::now() - begin < kBusyMachine);
}

TEST_CASE("a server that stops reading costs no more than the deadline, and the write is lost",
          "[hazard]") {
    const DeafPort port(false);
    const auto transport = loopback_transport();
    const auto begin = Steady::now();
    // More than the sockets' buffers hold.
    CHECK(kind_of(transport->send(write("POST", port.url(), std::string(16U << 20U, 'x'),
                                        500ms))) == HttpFailureKind::Lost);
    CHECK(Steady::now() - begin < kBusyMachine);
}

TEST_CASE("a download that is cancelled ends within a moment, and so does its connection",
          "[hazard]") {
    std::atomic<bool> sending{false};
    std::atomic<bool> gone{false};
    FaultServer server([&](FaultPeer& peer, const FaultRequest&) {
        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
        for (int i = 0; i < 1'000'000 && peer.write("x"); ++i) {
            sending = true;
            std::this_thread::sleep_for(1ms);
        }
        gone = true;
    });
    const auto transport = loopback_transport();
    std::atomic<bool> cancelled{false};
    HttpRequest request = read(server.url("/report"), 60s);
    request.cancelled = &cancelled;
    std::thread canceller([&] {
        while (!sending) std::this_thread::sleep_for(1ms);
        cancelled = true;
    });
    const auto begin = Steady::now();
    const HttpResult result = transport->send(request);
    canceller.join();
    CHECK(kind_of(result) == HttpFailureKind::Lost);
    CHECK(Steady::now() - begin < kBusyMachine);
    while (!gone && Steady::now() - begin < 30s) std::this_thread::sleep_for(5ms);
    CHECK(gone);
}

TEST_CASE("requests that hang hold up no other", "[hazard]") {
    FaultServer server([](FaultPeer& peer, const FaultRequest& request) {
        request.target == "/hang" ? peer.hang() : peer.respond(200, "fine");
    });
    const auto transport = loopback_transport();
    std::atomic<bool> cancelled{false};
    // Many more than the library has threads.
    std::vector<std::thread> hanging;
    for (int i = 0; i < 20; ++i)
        hanging.emplace_back([&] {
            HttpRequest request = read(server.url("/hang"), 60s);
            request.cancelled = &cancelled;
            (void)transport->send(request);
        });
    while (server.processed() < 20) std::this_thread::sleep_for(5ms);
    int fine = 0;
    for (int i = 0; i < 10; ++i)
        if (transport->send(read(server.url("/quick"), 30s)).ok()) ++fine;
    cancelled = true;
    for (std::thread& thread : hanging) thread.join();
    CHECK(fine == 10);
}

TEST_CASE("the library runs as many threads as there are cores, not forty", "[hazard]") {
    FaultServer server([](FaultPeer& peer, const FaultRequest&) { peer.respond(200, ""); });
    const auto transport = loopback_transport();
    REQUIRE(transport->send(read(server.url("/"))).ok());
    std::size_t threads = 0;
    for ([[maybe_unused]] const auto& task : std::filesystem::directory_iterator("/proc/self/task"))
        ++threads;
    // Besides: this one, the server's two, and what a sanitizer may run.
    CHECK(threads <= std::max(2U, std::thread::hardware_concurrency()) + 5U);
}

TEST_CASE("a proxy in the environment is not asked", "[hazard]") {
    FaultServer proxy([](FaultPeer& peer, const FaultRequest&) { peer.respond(200, "proxy"); });
    FaultServer server([](FaultPeer& peer, const FaultRequest&) { peer.respond(200, "server"); });
    for (const char* name : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"})
        ::setenv(name, proxy.url("/").c_str(), 1);
    CHECK(loopback_transport()->send(read(server.url("/"))).response.body == "server");
    CHECK(proxy.connections() == 0);
    for (const char* name : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"})
        ::unsetenv(name);
}
