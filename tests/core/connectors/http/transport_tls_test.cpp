// SPDX-License-Identifier: Apache-2.0
// TLS: verified, 1.2 or newer, for the right host. No switch turns that off.
#include "tests/core/connectors/http/transport_fixture.hpp"

#include <openssl/ssl.h>
#include <catch2/catch.hpp>

#include <thread>

using namespace carrick;
using namespace carrick::http;
using namespace carrick::testing;
using namespace std::chrono_literals;

namespace {
void answer(FaultPeer& peer, const FaultRequest&) {
    peer.respond(200, "over TLS");
}

HttpFailureKind kind_of(const HttpResult& result) {
    REQUIRE(result.failure.has_value());
    return result.failure->kind;
}
}  // namespace

TEST_CASE("a certificate of a trusted authority for this host is accepted", "[tls]") {
    const TestCertificate certificate("127.0.0.1");
    const int version = GENERATE(0, TLS1_2_VERSION);
    FaultServer server(answer, {certificate, version});
    const auto transport = loopback_transport(certificate.certificate_file());
    for (int i = 0; i < 3; ++i) {
        const HttpResult result = transport->send(write("POST", server.url("/"), "x"));
        REQUIRE(result.ok());
        CHECK(result.response.body == "over TLS");
    }
    CHECK(server.processed() == 3);
}

TEST_CASE("a self-signed certificate that nobody trusts ends in not sent", "[tls]") {
    const TestCertificate certificate("127.0.0.1");
    FaultServer server(answer, {certificate});
    const auto transport = loopback_transport();
    CHECK(kind_of(transport->send(write("POST", server.url("/"), "x"))) ==
          HttpFailureKind::NotSent);
    CHECK(server.processed() == 0);
}

TEST_CASE("a trusted certificate for another host ends in not sent", "[tls]") {
    const TestCertificate certificate("sellingpartnerapi-na.amazon.com");
    FaultServer server(answer, {certificate});
    const auto transport = loopback_transport(certificate.certificate_file());
    CHECK(kind_of(transport->send(write("POST", server.url("/"), "x"))) ==
          HttpFailureKind::NotSent);
    CHECK(server.processed() == 0);
}

TEST_CASE("a server that speaks only TLS 1.1 is not spoken to", "[tls]") {
    const TestCertificate certificate("127.0.0.1");
    FaultServer server(answer, {certificate, TLS1_1_VERSION});
    const auto transport = loopback_transport(certificate.certificate_file());
    CHECK(kind_of(transport->send(read(server.url("/")))) == HttpFailureKind::NotSent);
    CHECK(server.processed() == 0);
}

TEST_CASE("a server that does not speak TLS at all ends in not sent", "[tls]") {
    FaultServer server(answer);
    const auto transport = loopback_transport();
    const std::string url = "https://127.0.0.1:" + std::to_string(server.port()) + "/";
    CHECK(kind_of(transport->send(write("POST", url, "x", 300ms))) == HttpFailureKind::NotSent);
    CHECK(server.processed() == 0);
}

TEST_CASE("a write over a reused TLS connection that dies is carried out once and lost", "[tls]") {
    const TestCertificate certificate("127.0.0.1");
    FaultServer server(
        [](FaultPeer& peer, const FaultRequest& request) {
            request.on_connection == 1 ? peer.respond(200, "first") : peer.close();
        },
        {certificate});
    const auto transport = loopback_transport(certificate.certificate_file());
    const Reused reused = send_reused(*transport, server, write("DELETE", ""));
    CHECK(kind_of(reused.result) == HttpFailureKind::Lost);
    CHECK(reused.arrived == 1);
}

TEST_CASE("a TLS answer that ends without its length is cut short, not whole", "[tls]") {
    const TestCertificate certificate("127.0.0.1");
    FaultServer server(
        [](FaultPeer& peer, const FaultRequest&) {
            peer.write("HTTP/1.1 200 OK\r\n\r\n{\"orders\":[");
            peer.reset();
        },
        {certificate});
    const auto transport = loopback_transport(certificate.certificate_file());
    CHECK_FALSE(transport->send(read(server.url("/"))).ok());
}

TEST_CASE("an unreadable file of authorities is told with each request, not passed over", "[tls]") {
    const auto transport = loopback_transport("/nonexistent/ca.pem");
    const HttpResult result = transport->send(read("https://127.0.0.1:1/"));
    CHECK(kind_of(result) == HttpFailureKind::NotSent);
    CHECK(result.failure->message.find("/nonexistent/ca.pem") != std::string::npos);
}
