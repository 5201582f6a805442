// SPDX-License-Identifier: Apache-2.0
// One request over one connection.
#include "examples/sandbox/client.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace carrick::sandbox {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

struct Target {
    std::string host, port, path;
};

Result<Target> target_of(std::string_view url) {
    constexpr std::string_view kScheme = "http://";
    const Error bad =
        rejected("sandbox.url", "\"" + std::string(url.substr(0, 100)) +
                                    "\" is no URL such as http://127.0.0.1:8080/path");
    if (!url.starts_with(kScheme)) return bad;
    url.remove_prefix(kScheme.size());
    const std::size_t slash = std::min(url.find('/'), url.size());
    const std::string_view authority = url.substr(0, slash);
    const std::size_t colon = authority.find(':');
    if (authority.empty()) return bad;
    Target target;
    target.host = authority.substr(0, colon);
    target.port = colon == std::string_view::npos ? "80" : std::string(authority.substr(colon + 1));
    target.path = slash < url.size() ? std::string(url.substr(slash)) : "/";
    return target;
}

}  // namespace

Result<Response> fetch(std::string_view method, std::string_view url, const Headers& headers,
                       std::string_view body, std::chrono::milliseconds deadline) {
    const Result<Target> target = target_of(url);
    if (!target) return target.error();
    asio::io_context context;
    asio::ip::tcp::resolver resolver(context);
    beast::tcp_stream stream(context);
    error_code error;
    const auto endpoints = resolver.resolve(target->host, target->port, error);

    http::request<http::string_body> request;
    request.method_string(std::string(method));
    request.target(target->path);
    request.version(11);
    request.set(http::field::host, target->host + ":" + target->port);
    request.set(http::field::connection, "close");
    for (const auto& [name, value] : headers) request.set(name, value);
    request.body() = std::string(body);
    request.prepare_payload();
    beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(std::uint64_t{256} * 1024 * 1024);
    if (method == "HEAD") parser.skip(true);

    const auto keep = [&error](error_code now) { error = now; };
    if (!error) {
        // Asynchronous steps on a private context: only these obey the deadline.
        stream.expires_after(deadline);
        stream.async_connect(endpoints, [&](error_code failed, const auto&) {
            if (failed) return keep(failed);
            http::async_write(stream, request, [&](error_code unsent, std::size_t) {
                if (unsent) return keep(unsent);
                http::async_read(stream, buffer, parser,
                                 [&](error_code unread, std::size_t) { keep(unread); });
            });
        });
        context.run();
    }
    if (error)
        return transient("sandbox.unreachable",
                         std::string(url.substr(0, 100)) + ": " + error.message());
    Response response;
    response.status = static_cast<int>(parser.get().result_int());
    for (const auto& field : parser.get())
        response.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    response.body = parser.get().body();
    return response;
}

}  // namespace carrick::sandbox
