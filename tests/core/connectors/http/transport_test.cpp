// SPDX-License-Identifier: Apache-2.0
// The transport on a good day.
#include "tests/core/connectors/http/transport_fixture.hpp"

#include <catch2/catch.hpp>

#include <thread>

using namespace carrick;
using namespace carrick::http;
using namespace carrick::testing;
using namespace std::chrono_literals;

namespace {
void echo(FaultPeer& peer, const FaultRequest& request) {
    peer.respond(200, request.method + " " + request.target + " " + request.body,
                 "X-Seen: yes\r\n");
}
}  // namespace

TEST_CASE("a read brings status, headers and body", "[transport]") {
    FaultServer server(echo);
    const auto transport = loopback_transport();
    const HttpResult result = transport->send(read(server.url("/orders?a=b%20c")));
    REQUIRE(result.ok());
    CHECK(result.response.status == 200);
    CHECK(result.response.header("x-seen") == "yes");
    CHECK(result.response.body == "GET /orders?a=b%20c ");
}

TEST_CASE("path and query arrive exactly as they were written", "[transport]") {
    FaultServer server(echo);
    const auto transport = loopback_transport();
    for (const std::string target :
         {"/", "/a%2Fb/c%20d", "/eid:AMZ-SO-NA1-111",
          "/x?q=a%2Cb&empty=&t=2026-11-23T10%3A00%3A00Z", "/a/", "/a//b", "/p?q=%E2%82%AC%2B+"}) {
        const HttpResult result = transport->send(read(server.url(target)));
        REQUIRE(result.ok());
        CHECK(server.requests().back().target == target);
    }
}

TEST_CASE("a write brings its body and our headers, once", "[transport]") {
    FaultServer server(echo);
    const auto transport = loopback_transport();
    HttpRequest request = write("PATCH", server.url("/record"), R"({"memo":"ü"})");
    request.headers = {{"Content-Type", "application/json"}, {"X-Token", "t"}};
    const HttpResult result = transport->send(request);
    REQUIRE(result.ok());
    REQUIRE(server.processed() == 1);
    const FaultRequest seen = server.requests().front();
    CHECK(seen.body == R"({"memo":"ü"})");
    CHECK(seen.head.find("Content-Type:application/json\r\n") != std::string::npos);
    CHECK(seen.head.find("X-Token:t\r\n") != std::string::npos);
    CHECK(seen.head.find("Content-Length:13\r\n") != std::string::npos);
    CHECK(seen.head.find("User-Agent:Carrick/") != std::string::npos);
}

TEST_CASE("a write without a body says that it has none", "[transport]") {
    FaultServer server(echo);
    const auto transport = loopback_transport();
    REQUIRE(transport->send(write("DELETE", server.url("/record/1"))).ok());
    const FaultRequest seen = server.requests().front();
    CHECK(seen.head.find("Content-Length:0\r\n") != std::string::npos);
    CHECK(seen.head.find("Transfer-Encoding") == std::string::npos);
    CHECK(seen.body.empty());
}

TEST_CASE("a large body goes out and comes back whole", "[transport]") {
    FaultServer server(
        [](FaultPeer& peer, const FaultRequest& request) { peer.respond(200, request.body); });
    const auto transport = loopback_transport();
    std::string body;
    while (body.size() < 3'000'000) body += std::to_string(body.size()) + ";";
    const HttpResult result = transport->send(write("POST", server.url("/bulk"), body));
    REQUIRE(result.ok());
    CHECK(result.response.body == body);
}

TEST_CASE("connections are kept for reads, and for writes that follow at once", "[transport]") {
    FaultServer server(echo);
    const auto transport = loopback_transport();
    for (int i = 0; i < 100; ++i) REQUIRE(transport->send(read(server.url("/r"))).ok());
    for (int i = 0; i < 100; ++i)
        REQUIRE(transport->send(write("POST", server.url("/w"), "x")).ok());
    CHECK(server.processed() == 200);
    // The library hands a connection back a moment after the answer; on a busy machine several
    // open meanwhile, but never one for each request.
    CHECK(server.connections() <= 100);
}

TEST_CASE("a write never trusts a connection that has been idle", "[transport]") {
    FaultServer server(echo);
    const auto transport = loopback_transport();
    REQUIRE(transport->send(read(server.url("/r"))).ok());
    std::this_thread::sleep_for(1100ms);
    REQUIRE(transport->send(write("POST", server.url("/w"), "x")).ok());
    CHECK(server.connections() == 2);
}

TEST_CASE("a read does not trust a connection that has been idle for long", "[transport]") {
    FaultServer server(echo);
    TransportOptions options;
    options.allow_plain_http_on_loopback = true;
    options.longest_idle_for_reads = 100ms;
    const auto transport = make_cpprest_transport(options);
    REQUIRE(transport->send(read(server.url("/r"))).ok());
    std::this_thread::sleep_for(150ms);
    REQUIRE(transport->send(read(server.url("/r"))).ok());
    CHECK(server.connections() == 2);
}

TEST_CASE("many threads share a transport, never above the limit to one origin", "[transport]") {
    std::atomic<int> running{0};
    std::atomic<int> most{0};
    FaultServer server([&](FaultPeer& peer, const FaultRequest& request) {
        const int now = ++running;
        int seen = most.load();
        while (now > seen && !most.compare_exchange_weak(seen, now)) {
        }
        std::this_thread::sleep_for(1ms);
        --running;
        peer.respond(200, request.target);
    });
    TransportOptions options;
    options.allow_plain_http_on_loopback = true;
    options.max_in_flight_per_origin = 4;
    const auto transport = make_cpprest_transport(options);
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 25; ++i) {
                const std::string target = "/" + std::to_string(t) + "/" + std::to_string(i);
                const HttpResult result = transport->send(read(server.url(target)));
                if (result.ok() && result.response.body == target) ++right;
            }
        });
    for (std::thread& thread : threads) thread.join();
    CHECK(right == 200);
    CHECK(most <= 4);
}

TEST_CASE("error statuses are answers, whatever their body", "[transport]") {
    FaultServer server([](FaultPeer& peer, const FaultRequest& request) {
        if (request.target == "/429") peer.respond(429, "{}", "Retry-After: 7\r\n");
        if (request.target == "/503") peer.respond(503, "<html>busy</html>");
        if (request.target == "/204") peer.write("HTTP/1.1 204 No Content\r\n\r\n");
    });
    const auto transport = loopback_transport();
    CHECK(transport->send(read(server.url("/429"))).response.header("Retry-After") == "7");
    CHECK(transport->send(read(server.url("/503"))).response.body == "<html>busy</html>");
    CHECK(transport->send(read(server.url("/204"))).response.status == 204);
}
