// SPDX-License-Identifier: Apache-2.0
// A program that ends right after its last requests: cpprestsdk's threads and OpenSSL's tables are
// then torn down by static destructors, which is where it used to crash.
//   exit_probe          the last request is unanswered
//   exit_probe unknown  the last request is for a host that does not exist, and nothing but the
//                       transport has begun OpenSSL; ends with 4 where OpenSSL ends before the
//                       threads that use it
#include "tests/core/connectors/http/transport_fixture.hpp"

#include <openssl/crypto.h>
#include <unistd.h>

#include <filesystem>
#include <iterator>

using namespace carrick::testing;

namespace {

void ends_with_openssl() {
    const std::filesystem::directory_iterator threads("/proc/self/task");
    if (std::distance(begin(threads), end(threads)) > 1) _exit(4);
}

int unanswered() {
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

int unknown_host() {
    const auto transport = loopback_transport();
    OPENSSL_atexit(ends_with_openssl);
    // ".invalid" never resolves (RFC 2606).
    return transport->send(write("POST", "https://carrick.invalid/", "x")).ok() ? 1 : 0;
}

}  // namespace

int main(int count, char** arguments) {
    return count > 1 && std::string_view(arguments[1]) == "unknown" ? unknown_host() : unanswered();
}
