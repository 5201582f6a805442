// SPDX-License-Identifier: Apache-2.0
// The server on the wire: limits, keep-alive, and answers as broken as they were asked to be.
#include "examples/sandbox/client.hpp"
#include "examples/sandbox/gzip.hpp"
#include "examples/sandbox/server/http_server.hpp"

#include <catch2/catch.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <atomic>
#include <cerrno>
#include <thread>

using namespace carrick;
using namespace carrick::sandbox;
using namespace std::chrono_literals;

namespace {

/// A raw connection: what a library would hide is what is looked at here.
class Socket {
public:
    explicit Socket(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const timeval deadline{10, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
        connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    }
    ~Socket() { ::close(fd_); }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    bool send(const std::string& text) {
        return ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL) ==
               static_cast<ssize_t>(text.size());
    }
    /// Everything until the server closes; `reset` tells how it did.
    std::string read_all(bool* reset = nullptr) {
        std::string text;
        char buffer[4096];
        for (;;) {
            const ssize_t count = ::recv(fd_, buffer, sizeof buffer, 0);
            if (count > 0) text.append(buffer, static_cast<std::size_t>(count));
            if (count > 0) continue;
            if (reset != nullptr) *reset = count < 0 && errno == ECONNRESET;
            return text;
        }
    }
    /// One response with a Content-Length.
    std::string read_one() {
        std::string text;
        char c = 0;
        while (text.find("\r\n\r\n") == std::string::npos && ::recv(fd_, &c, 1, 0) == 1)
            text.push_back(c);
        const std::size_t at = text.find("Content-Length: ");
        if (at == std::string::npos) return text;
        for (auto left = std::stoul(text.substr(at + 16)); left > 0 && ::recv(fd_, &c, 1, 0) == 1;
             --left)
            text.push_back(c);
        return text;
    }
    bool connected() const { return connected_; }

private:
    int fd_;
    bool connected_ = false;
};

std::unique_ptr<HttpServer> serve(HttpServer::Handler handler, ServerOptions options = {}) {
    Result<std::unique_ptr<HttpServer>> server = HttpServer::start(options, std::move(handler));
    REQUIRE(server);
    return std::move(*server);
}

Response text_response(std::string body) {
    Response response;
    response.body = std::move(body);
    return response;
}

std::string get(const std::string& target, const std::string& more = "") {
    return "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + more + "\r\n";
}

}  // namespace

TEST_CASE("a request arrives whole and its answer returns", "[server]") {
    const auto server = serve([](const RawRequest& request) {
        return text_response(request.method + " " + request.target + " " + request.body);
    });
    const std::string url = "http://127.0.0.1:" + std::to_string(server->port());
    const Result<Response> answer = fetch("POST", url + "/a/b?c=d", {}, "hello");
    REQUIRE(answer);
    CHECK(answer->status == 200);
    CHECK(answer->body == "POST /a/b?c=d hello");
}

TEST_CASE("one connection carries many requests", "[server]") {
    std::atomic<int> count{0};
    const auto server =
        serve([&](const RawRequest&) { return text_response(std::to_string(++count)); });
    Socket socket(server->port());
    for (int i = 1; i <= 3; ++i) {
        REQUIRE(socket.send(get("/")));
        CHECK(socket.read_one().ends_with("\r\n\r\n" + std::to_string(i)));
    }
    REQUIRE(socket.send(get("/", "Connection: close\r\n")));
    CHECK(socket.read_all().ends_with("4"));
}

TEST_CASE("headers and bodies have limits", "[server]") {
    ServerOptions options;
    options.header_limit = 1024;
    options.body_limit = 1000;
    const auto server = serve([](const RawRequest&) { return text_response("fine"); }, options);
    {
        Socket socket(server->port());
        REQUIRE(socket.send(get("/", "X-Long: " + std::string(2000, 'a') + "\r\n")));
        CHECK(socket.read_all().starts_with("HTTP/1.1 431"));
    }
    {
        Socket socket(server->port());
        REQUIRE(socket.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n"));
        CHECK(socket.read_all().starts_with("HTTP/1.1 413"));
    }
    {
        Socket socket(server->port());
        REQUIRE(socket.send("this is not HTTP\r\n\r\n"));
        CHECK(socket.read_all().empty());
    }
}

TEST_CASE("a half-open request is cut off", "[server]") {
    ServerOptions options;
    options.idle_timeout = 100ms;
    options.request_timeout = 100ms;
    const auto server = serve([](const RawRequest&) { return text_response("fine"); }, options);
    Socket silent(server->port());
    CHECK(silent.read_all().empty());
    Socket slow(server->port());
    REQUIRE(slow.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12"));
    CHECK(slow.read_all().empty());
}

TEST_CASE("connections have a cap", "[server]") {
    ServerOptions options;
    options.connection_limit = 1;
    const auto server = serve([](const RawRequest&) { return text_response("fine"); }, options);
    Socket first(server->port());
    REQUIRE(first.send(get("/")));
    CHECK(first.read_one().ends_with("fine"));
    Socket second(server->port());
    second.send(get("/"));
    CHECK(second.read_all().empty());
}

TEST_CASE("a dropped answer is a reset without a byte, after the work was done", "[server]") {
    std::atomic<int> worked{0};
    const auto server = serve([&](const RawRequest&) {
        ++worked;
        Response response;
        response.drop_connection = true;
        return response;
    });
    Socket socket(server->port());
    REQUIRE(socket.send(get("/")));
    bool reset = false;
    CHECK(socket.read_all(&reset).empty());
    CHECK(reset);
    CHECK(worked == 1);
}

TEST_CASE("a truncated answer announces more than it sends", "[server]") {
    const auto server = serve([](const RawRequest&) {
        Response response = text_response("0123456789");
        response.truncate_at = 4;
        return response;
    });
    Socket socket(server->port());
    REQUIRE(socket.send(get("/")));
    const std::string answer = socket.read_all();
    CHECK(answer.find("Content-Length: 10") != std::string::npos);
    CHECK(answer.ends_with("\r\n\r\n0123"));
    CHECK_FALSE(fetch("GET", "http://127.0.0.1:" + std::to_string(server->port()) + "/"));
}

TEST_CASE("a dripping answer comes byte by byte", "[server]") {
    const auto server = serve([](const RawRequest&) {
        Response response = text_response("12345");
        response.drip = 20ms;
        return response;
    });
    Socket socket(server->port());
    const auto begin = std::chrono::steady_clock::now();
    REQUIRE(socket.send(get("/")));
    CHECK(socket.read_one().ends_with("12345"));
    CHECK(std::chrono::steady_clock::now() - begin >= 100ms);
}

TEST_CASE("a delayed answer waits, and others do not wait for it", "[server]") {
    const auto server = serve([](const RawRequest& request) {
        Response response = text_response("late");
        if (request.target == "/slow") response.delay = 2s;
        return response;
    });
    Socket slow(server->port());
    const auto begin = std::chrono::steady_clock::now();
    REQUIRE(slow.send(get("/slow")));
    Socket quick(server->port());
    REQUIRE(quick.send(get("/")));
    CHECK(quick.read_one().ends_with("late"));
    CHECK(std::chrono::steady_clock::now() - begin < 2s);
    CHECK(slow.read_one().ends_with("late"));
    CHECK(std::chrono::steady_clock::now() - begin >= 2s);
}

TEST_CASE("a caller that asks first is told to go on", "[server]") {
    const auto server =
        serve([](const RawRequest& request) { return text_response(request.body); });
    Socket socket(server->port());
    REQUIRE(socket.send(
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"));
    CHECK(socket.read_one().starts_with("HTTP/1.1 100"));
    REQUIRE(socket.send("abc"));
    CHECK(socket.read_one().ends_with("abc"));
}

TEST_CASE("204 has neither body nor length", "[server]") {
    const auto server = serve([](const RawRequest&) {
        Response response;
        response.status = 204;
        return response;
    });
    Socket socket(server->port());
    REQUIRE(socket.send(get("/", "Connection: close\r\n")));
    const std::string answer = socket.read_all();
    CHECK(answer.starts_with("HTTP/1.1 204 No Content\r\n"));
    CHECK(answer.find("Content-Length") == std::string::npos);
}

TEST_CASE("a taken port is refused with its number", "[server]") {
    const auto server = serve([](const RawRequest&) { return text_response(""); });
    ServerOptions options;
    options.port = server->port();
    const Result<std::unique_ptr<HttpServer>> second =
        HttpServer::start(options, [](const RawRequest&) { return Response{}; });
    REQUIRE_FALSE(second);
    CHECK(second.error().code == "sandbox.listen");
    CHECK(second.error().message.find(std::to_string(server->port())) != std::string::npos);
}

TEST_CASE("good gzip opens, broken gzip does not", "[gzip]") {
    const auto open = [](const std::string& bytes) {
        std::string out(100'000, '\0');
        z_stream stream{};
        REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
        stream.avail_in = static_cast<uInt>(bytes.size());
        stream.next_out = reinterpret_cast<Bytef*>(out.data());
        stream.avail_out = static_cast<uInt>(out.size());
        const int result = inflate(&stream, Z_FINISH);
        out.resize(stream.total_out);
        inflateEnd(&stream);
        return std::pair(result, out);
    };
    const std::string text(5000, 'x');
    CHECK(open(gzip(text)) == std::pair(Z_STREAM_END, text));
    CHECK(open(broken_gzip(text)).first != Z_STREAM_END);
    CHECK(open(broken_gzip("")).first != Z_STREAM_END);
}
