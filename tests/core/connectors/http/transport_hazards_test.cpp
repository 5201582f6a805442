// SPDX-License-Identifier: Apache-2.0
// Each hazard of cpprestsdk and of bad networks, and that the transport is not harmed by it. The
// table in core/connectors/http/README.md names these tests.
#include "tests/core/connectors/http/transport_fixture.hpp"

#include <catch2/catch.hpp>

#include <zlib.h>

#include <cstdlib>
#include <thread>

using namespace carrick;
using namespace carrick::http;
using namespace carrick::testing;
using namespace std::chrono_literals;

namespace {

using Steady = std::chrono::steady_clock;

// What a busy machine may add to a deadline or a cancellation. Where these do not hold, the peers
// below keep the caller for twenty seconds or for ever.
constexpr auto kBusyMachine = 10s;

std::string gzip(const std::string& text) {
    z_stream stream{};
    REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string out(deflateBound(&stream, text.size()) + 64, '\0');
    std::string in = text;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

HttpFailureKind kind_of(const HttpResult& result) {
    REQUIRE(result.failure.has_value());
    INFO(result.failure->message);
    return result.failure->kind;
}

/// Answers the first request of each connection and ends the connection, without a word, after it
/// has read (and, as a real server would, carried out) the second.
void die_on_reuse(FaultPeer& peer, const FaultRequest& request) {
    if (request.on_connection == 1)
        peer.respond(200, "first");
    else
        peer.close();
}

}  // namespace

TEST_CASE("a write on a reused connection that dies is carried out once and reported lost",
          "[hazard]") {
    const std::string method = GENERATE(as<std::string>{}, "POST", "PATCH", "DELETE", "PUT");
    const bool with_body = GENERATE(true, false);
    FaultServer server(die_on_reuse);
    const auto transport = loopback_transport();
    const Reused reused =
        send_reused(*transport, server, write(method, "", with_body ? "{\"a\":1}" : ""));
    CHECK(kind_of(reused.result) == HttpFailureKind::Lost);
    CHECK(reused.arrived == 1);
}

TEST_CASE("a read on a reused connection that dies is repeated on a new one", "[hazard]") {
    FaultServer server(die_on_reuse);
    const auto transport = loopback_transport();
    const Reused reused = send_reused(*transport, server, read(""));
    REQUIRE(reused.result.ok());
    CHECK(reused.arrived == 2);
}

TEST_CASE("a reset of a reused connection after a write is lost, never a second write",
          "[hazard]") {
    FaultServer server([](FaultPeer& peer, const FaultRequest& request) {
        if (request.on_connection == 1)
            peer.respond(200, "first");
        else
            peer.reset();
    });
    const auto transport = loopback_transport();
    const Reused reused = send_reused(*transport, server, write("POST", "", "x"));
    CHECK(kind_of(reused.result) == HttpFailureKind::Lost);
    CHECK(reused.arrived == 1);
}

TEST_CASE("a write whose connection closes before the status line is carried out once and lost",
          "[hazard]") {
    const bool reset = GENERATE(true, false);
    FaultServer server(
        [reset](FaultPeer& peer, const FaultRequest&) { reset ? peer.reset() : peer.close(); });
    const auto transport = loopback_transport();
    CHECK(kind_of(transport->send(write("POST", server.url("/w"), "x"))) == HttpFailureKind::Lost);
    CHECK(server.processed() == 1);
}

TEST_CASE("ten writes against a server that always drops after processing: ten, not more",
          "[hazard]") {
    FaultServer server([](FaultPeer& peer, const FaultRequest& request) {
        request.method == "GET" ? peer.respond(200, "ok") : peer.close();
    });
    const auto transport = loopback_transport();
    int writes = 0;
    for (int i = 0; i < 10; ++i) {
        REQUIRE(transport->send(read(server.url("/warm"))).ok());
        CHECK_FALSE(transport->send(write("POST", server.url("/w"), "x")).ok());
    }
    for (const FaultRequest& request : server.requests())
        if (request.method == "POST") ++writes;
    CHECK(writes == 10);
}

TEST_CASE("a server that drips does not outlast the total deadline", "[hazard]") {
    const std::string head = GENERATE(
        as<std::string>{}, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n", "HTTP/1.1 200 OK\r\nX: ");
    FaultServer server([&](FaultPeer& peer, const FaultRequest&) {
        peer.write(head);
        peer.drip(std::string(1000, 'x'), 20ms);
    });
    const auto transport = loopback_transport();
    const auto begin = Steady::now();
    const HttpResult result = transport->send(read(server.url("/"), 300ms));
    const auto took = Steady::now() - begin;
    CHECK(kind_of(result) == HttpFailureKind::Lost);
    CHECK(took >= 290ms);
    CHECK(took < kBusyMachine);
}

TEST_CASE("a server that never answers costs no more than the deadline, and the write is lost",
          "[hazard]") {
    FaultServer server([](FaultPeer& peer, const FaultRequest&) { peer.hang(); });
    const auto transport = loopback_transport();
    const auto begin = Steady::now();
    CHECK(kind_of(transport->send(write("POST", server.url("/"), "x", 300ms))) ==
          HttpFailureKind::Lost);
    CHECK(Steady::now() - begin < kBusyMachine);
}

TEST_CASE("the transport works on after a deadline, a cancellation and a broken answer",
          "[hazard]") {
    FaultServer server([](FaultPeer& peer, const FaultRequest& request) {
        if (request.target == "/hang") peer.hang();
        if (request.target == "/junk") {
            peer.write("this is not HTTP\r\n\r\n");
            peer.close();
        }
        if (request.target == "/ok") peer.respond(200, "fine");
    });
    const auto transport = loopback_transport();
    for (int i = 0; i < 3; ++i) {
        CHECK_FALSE(transport->send(read(server.url("/hang"), 60ms)).ok());
        CHECK_FALSE(transport->send(read(server.url("/junk"))).ok());
        CHECK(transport->send(read(server.url("/ok"))).response.body == "fine");
    }
}

TEST_CASE("cancellation ends the wait within a moment, what was sent is lost", "[hazard]") {
    FaultServer server([](FaultPeer& peer, const FaultRequest&) { peer.hang(); });
    const auto transport = loopback_transport();
    std::atomic<bool> cancelled{false};
    HttpRequest request = write("POST", server.url("/"), "x", 60s);
    request.cancelled = &cancelled;
    std::thread canceller([&] {
        while (server.processed() == 0) std::this_thread::sleep_for(5ms);
        cancelled = true;
    });
    const auto begin = Steady::now();
    const HttpResult result = transport->send(request);
    canceller.join();
    CHECK(kind_of(result) == HttpFailureKind::Lost);
    CHECK(Steady::now() - begin < kBusyMachine);
}

TEST_CASE("what is cancelled before it was sent is never sent", "[hazard]") {
    FaultServer server([](FaultPeer& peer, const FaultRequest&) { peer.respond(200, ""); });
    const auto transport = loopback_transport();
    std::atomic<bool> cancelled{true};
    HttpRequest request = write("POST", server.url("/"), "x");
    request.cancelled = &cancelled;
    CHECK(kind_of(transport->send(request)) == HttpFailureKind::Cancelled);
    CHECK(server.connections() == 0);
}

TEST_CASE("a passed deadline sends nothing", "[hazard]") {
    FaultServer server([](FaultPeer& peer, const FaultRequest&) { peer.respond(200, ""); });
    const auto transport = loopback_transport();
    CHECK(kind_of(transport->send(write("POST", server.url("/"), "x", -1ms))) ==
          HttpFailureKind::NotSent);
    CHECK(server.connections() == 0);
}

TEST_CASE("a refused connection and an unknown host are not sent", "[hazard]") {
    int port = 0;
    {
        FaultServer gone([](FaultPeer&, const FaultRequest&) {});
        port = gone.port();
    }
    const auto transport = loopback_transport();
    CHECK(kind_of(transport->send(write("POST", "http://127.0.0.1:" + std::to_string(port) + "/",
                                        "x"))) == HttpFailureKind::NotSent);
    // ".invalid" never resolves (RFC 2606).
    CHECK(kind_of(transport->send(write("POST", "https://carrick.invalid/", "x", 5s))) ==
          HttpFailureKind::NotSent);
}

TEST_CASE("an answer cut short is lost, not a shorter answer", "[hazard]") {
    const std::string answer =
        GENERATE(as<std::string>{}, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"orders\":[",
                 "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n{\"orders\":[\r\n",
                 "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n{\"orders\":[",
                 "HTTP/1.1 200 OK\r\nContent-Le");
    FaultServer server([&](FaultPeer& peer, const FaultRequest&) {
        peer.write(answer);
        peer.close();
    });
    const auto transport = loopback_transport();
    CHECK(kind_of(transport->send(read(server.url("/")))) == HttpFailureKind::Lost);
}

TEST_CASE("a Content-Length that promises too much is lost at the deadline", "[hazard]") {
    FaultServer server([](FaultPeer& peer, const FaultRequest&) {
        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nten bytes.");
        peer.hang();
    });
    const auto transport = loopback_transport();
    CHECK(kind_of(transport->send(read(server.url("/"), 300ms))) == HttpFailureKind::Lost);
}

TEST_CASE("an answer larger than allowed is refused while it streams", "[hazard]") {
    const bool chunked = GENERATE(true, false);
    std::atomic<std::size_t> sent{0};
    FaultServer server([&](FaultPeer& peer, const FaultRequest&) {
        const std::string part(65536, 'x');
        const std::string piece = chunked ? "10000\r\n" + part + "\r\n" : part;
        peer.write(chunked ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                           : "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
        for (int i = 0; i < 15000 && peer.write(piece); ++i) sent += part.size();
        peer.close();
    });
    const auto transport = loopback_transport();
    HttpRequest request = read(server.url("/"));
    request.max_response_bytes = 1'000'000;
    CHECK(kind_of(transport->send(request)) == HttpFailureKind::Refused);
    // The rest was still in the sockets' buffers: far less than the gigabyte on offer.
    CHECK(sent < 50'000'000);
}

TEST_CASE("huge headers are refused", "[hazard]") {
    FaultServer server([](FaultPeer& peer, const FaultRequest&) {
        peer.respond(200, "", "X-Flood: " + std::string(1'000'000, 'x') + "\r\n");
    });
    const auto transport = loopback_transport();
    CHECK(kind_of(transport->send(read(server.url("/")))) == HttpFailureKind::Refused);
}

TEST_CASE("a redirect is an answer, not an order", "[hazard]") {
    FaultServer elsewhere(
        [](FaultPeer& peer, const FaultRequest&) { peer.respond(200, "stolen"); });
    FaultServer server([&](FaultPeer& peer, const FaultRequest&) {
        peer.respond(302, "", "Location: " + elsewhere.url("/") + "\r\n");
    });
    const auto transport = loopback_transport();
    HttpRequest request = read(server.url("/"));
    request.headers = {{"x-amz-access-token", "secret"}};
    const HttpResult result = transport->send(request);
    REQUIRE(result.ok());
    CHECK(result.response.status == 302);
    CHECK(elsewhere.connections() == 0);
}

TEST_CASE("cookies are not kept", "[hazard]") {
    FaultServer server([](FaultPeer& peer, const FaultRequest&) {
        peer.respond(200, "", "Set-Cookie: session=1\r\n");
    });
    const auto transport = loopback_transport();
    for (int i = 0; i < 2; ++i) REQUIRE(transport->send(read(server.url("/"))).ok());
    for (const FaultRequest& request : server.requests())
        CHECK(request.head.find("ookie") == std::string::npos);
}

TEST_CASE("gzip is asked for and undone, damaged, cut and exploding gzip is refused", "[hazard]") {
    const std::string text(200'000, 'a');
    const std::string good = gzip(text);
    FaultServer server([&](FaultPeer& peer, const FaultRequest& request) {
        std::string body = good;
        if (request.target == "/bad")
            body[body.size() / 2] = static_cast<char>(~body[body.size() / 2]);
        if (request.target == "/cut") body.resize(body.size() / 2);
        if (request.target == "/none") body = text;
        if (request.target == "/bomb") body = gzip(std::string(20'000'000, 'a'));
        peer.respond(200, body, "Content-Encoding: gzip\r\n");
    });
    const auto transport = loopback_transport();
    const HttpResult result = transport->send(read(server.url("/good")));
    REQUIRE(result.ok());
    CHECK(result.response.body == text);
    CHECK(server.requests().front().head.find("Accept-Encoding:gzip") != std::string::npos);
    for (const char* target : {"/bad", "/cut", "/none"})
        CHECK(kind_of(transport->send(read(server.url(target)))) == HttpFailureKind::Refused);
    HttpRequest bomb = read(server.url("/bomb"));
    bomb.max_response_bytes = 1'000'000;
    CHECK(kind_of(transport->send(bomb)) == HttpFailureKind::Refused);
}

TEST_CASE("what is not HTTP is refused", "[hazard]") {
    const std::string answer =
        GENERATE(as<std::string>{}, "SSH-2.0-OpenSSH_9.2\r\n\r\n",
                 "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                 "HTTP/1.1 99999 OK\r\nContent-Length: 0\r\n\r\n");
    FaultServer server([&](FaultPeer& peer, const FaultRequest&) {
        peer.write(answer);
        peer.close();
    });
    const auto transport = loopback_transport();
    CHECK(kind_of(transport->send(read(server.url("/")))) == HttpFailureKind::Refused);
}

TEST_CASE("data cannot become headers, and reserved headers stay ours", "[hazard]") {
    FaultServer server([](FaultPeer& peer, const FaultRequest&) { peer.respond(200, ""); });
    const auto transport = loopback_transport();
    const Headers bad = {{"X-A", "1\r\nX-B: 2"},     {"X-A\r\nX-B", "1"}, {"Host", "evil.example"},
                         {"Content-Length", "9999"}, {"", "1"},           {"X A", "1"}};
    for (const auto& header : bad) {
        HttpRequest request = read(server.url("/"));
        request.headers = {header};
        CHECK(kind_of(transport->send(request)) == HttpFailureKind::NotSent);
    }
    HttpRequest request = read(server.url("/"));
    request.method = "GET / HTTP/1.1\r\nX:";
    CHECK(kind_of(transport->send(request)) == HttpFailureKind::NotSent);
    CHECK(server.connections() == 0);
}

TEST_CASE("plain http is refused where it was not allowed, and always off this machine",
          "[hazard]") {
    FaultServer server([](FaultPeer& peer, const FaultRequest&) { peer.respond(200, ""); });
    const auto strict = make_cpprest_transport({});
    CHECK(kind_of(strict->send(read(server.url("/")))) == HttpFailureKind::NotSent);
    const auto loopback = loopback_transport();
    for (const char* url : {"http://192.0.2.1/", "http://example.com/", "http://127.evil.example/",
                            "http://127.0.0.1@example.com/", "ftp://127.0.0.1/", "127.0.0.1"})
        CHECK(kind_of(loopback->send(read(url))) == HttpFailureKind::NotSent);
    CHECK(server.connections() == 0);
}

TEST_CASE("a failure's message names the host and nothing of path, header or body", "[hazard]") {
    FaultServer server([](FaultPeer& peer, const FaultRequest&) { peer.close(); });
    const auto transport = loopback_transport();
    HttpRequest request =
        write("POST", server.url("/orders/111-2222222-3333333?token=CANARY"), "CANARY body");
    request.headers = {{"x-amz-access-token", "CANARY token"}};
    const HttpResult result = transport->send(request);
    REQUIRE(result.failure);
    CHECK(result.failure->message.find("127.0.0.1") != std::string::npos);
    CHECK(result.failure->message.find("CANARY") == std::string::npos);
    CHECK(result.failure->message.find("111-2222222") == std::string::npos);
}

TEST_CASE("a transport may be destroyed while the library still has work left over", "[hazard]") {
    FaultServer server([](FaultPeer& peer, const FaultRequest&) { peer.hang(); });
    for (int i = 0; i < 5; ++i) {
        const auto transport = loopback_transport();
        CHECK_FALSE(transport->send(read(server.url("/"), 20ms)).ok());
    }
}

TEST_CASE("a program ends in order right after its last request", "[hazard]") {
    for (int i = 0; i < 10; ++i) CHECK(std::system(CARRICK_EXIT_PROBE) == 0);
}

// The pool's threads let go of a TLS connection a moment after its request has ended.
TEST_CASE("no thread is left when OpenSSL ends", "[hazard]") {
    CHECK(std::system(CARRICK_EXIT_PROBE " unknown") == 0);
}
