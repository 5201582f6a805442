// SPDX-License-Identifier: Apache-2.0
// A program that ends right after its last requests, one of them unanswered: cpprestsdk's threads
// and OpenSSL's tables are then torn down by static destructors, which is where it used to crash.
#include "tests/core/connectors/http/transport_fixture.hpp"

using namespace carrick::testing;

int main() {
    const TestCertificate certificate("127.0.0.1");
    FaultServer server(
        [](FaultPeer& peer, const FaultRequest& request) {
            request.target == "/hang" ? peer.hang() : peer.respond(200, "ok");
        },
        {certificate});
    const auto transport = loopback_transport(certificate.certificate_file());
    if (!transport->send(read(server.url("/"))).ok()) return 1;
    if (!transport->send(write("POST", server.url("/"), "x")).ok()) return 2;
    if (transport->send(read(server.url("/hang"), std::chrono::milliseconds(30))).ok()) return 3;
    return 0;
}
