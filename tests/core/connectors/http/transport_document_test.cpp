// SPDX-License-Identifier: Apache-2.0
// Documents: bodies that go to a sink while they arrive.
#include "tests/core/connectors/http/transport_fixture.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace carrick;
using namespace carrick::http;
using namespace carrick::testing;
using namespace std::chrono_literals;

namespace {

class Collected final : public DocumentSink {
public:
    Result<void> write(std::string_view piece) override {
        largest = std::max(largest, piece.size());
        bytes.append(piece);
        if (bytes.size() > full_at) return transient("archive.disk", "the disk is full");
        return {};
    }
    std::string bytes;
    std::size_t largest = 0;
    std::size_t full_at = std::size_t{1} << 40U;
};

HttpRequest document(const std::string& url, DocumentSink& sink,
                     std::chrono::milliseconds within = 20s) {
    HttpRequest request = read(url, within);
    request.sink = &sink;
    request.max_response_bytes = std::size_t{1} << 40U;
    return request;
}

std::string rows(std::size_t bytes) {
    std::string text;
    for (std::size_t i = 0; text.size() < bytes; ++i) text += "row " + std::to_string(i) + "\n";
    return text;
}

}  // namespace

TEST_CASE("a document goes to its sink piece by piece, whole and in order", "[transport]") {
    const std::string text = rows(20'000'000);
    FaultServer server([&](FaultPeer& peer, const FaultRequest&) { peer.respond(200, text); });
    const auto transport = loopback_transport();
    Collected sink;
    const HttpResult result = transport->send(document(server.url("/doc"), sink));
    REQUIRE(result.ok());
    CHECK(sink.bytes == text);
    CHECK(sink.largest < 1'000'000);
    CHECK(result.response.body == text.substr(0, 64 * 1024));
}

TEST_CASE("a document's Content-Encoding is neither asked for nor undone", "[transport]") {
    const std::string packed = "\x1f\x8b\x08 not really gzip";
    FaultServer server([&](FaultPeer& peer, const FaultRequest&) {
        peer.respond(200, packed, "Content-Encoding: gzip\r\n");
    });
    const auto transport = loopback_transport();
    Collected sink;
    REQUIRE(transport->send(document(server.url("/doc"), sink)).ok());
    CHECK(sink.bytes == packed);
    CHECK(server.requests().front().head.find("identity") != std::string::npos);
}

TEST_CASE("a refusal instead of a document is an answer with its text", "[transport]") {
    FaultServer server([](FaultPeer& peer, const FaultRequest&) {
        peer.respond(403, "<Error><Code>AccessDenied</Code></Error>");
    });
    const auto transport = loopback_transport();
    Collected sink;
    const HttpResult result = transport->send(document(server.url("/doc"), sink));
    REQUIRE(result.ok());
    CHECK(result.response.status == 403);
    CHECK(result.response.body == "<Error><Code>AccessDenied</Code></Error>");
}

TEST_CASE("a sink that can take no more ends the transfer with its own error", "[transport]") {
    FaultServer server(
        [](FaultPeer& peer, const FaultRequest&) { peer.respond(200, rows(5'000'000)); });
    const auto transport = loopback_transport();
    Collected sink;
    sink.full_at = 1'000'000;
    const HttpResult result = transport->send(document(server.url("/doc"), sink));
    REQUIRE_FALSE(result.ok());
    CHECK(result.failure->kind == HttpFailureKind::SinkFailed);
    REQUIRE(result.failure->sink_error);
    CHECK(result.failure->sink_error->code == "archive.disk");
    Collected next;
    CHECK(transport->send(document(server.url("/doc"), next)).ok());
}

TEST_CASE("a document cut short is lost, however much of it came", "[transport]") {
    FaultServer server([](FaultPeer& peer, const FaultRequest&) {
        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + rows(500'000));
        peer.close();
    });
    const auto transport = loopback_transport();
    Collected sink;
    const HttpResult result = transport->send(document(server.url("/doc"), sink));
    REQUIRE_FALSE(result.ok());
    CHECK(result.failure->kind == HttpFailureKind::Lost);
}

TEST_CASE("nothing reaches a sink after its request was given up", "[transport]") {
    FaultServer server([](FaultPeer& peer, const FaultRequest&) {
        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        peer.drip(rows(100'000), 1ms);
    });
    const auto transport = loopback_transport();
    std::size_t at_return = 0;
    Collected sink;
    const HttpResult result = transport->send(document(server.url("/doc"), sink, 300ms));
    at_return = sink.bytes.size();
    CHECK_FALSE(result.ok());
    std::this_thread::sleep_for(200ms);
    CHECK(sink.bytes.size() == at_return);
}
