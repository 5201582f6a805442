// SPDX-License-Identifier: Apache-2.0
#include "tests/interleavings/in_process.hpp"

#include "core/connectors/http/decompress.hpp"

namespace carrick::interleavings {

namespace {

http::HttpResult failed(http::HttpFailureKind kind, std::string message) {
    http::HttpResult result;
    result.failure = http::HttpFailure{kind, std::move(message)};
    return result;
}

}  // namespace

http::HttpResult InProcessTransport::send(const http::HttpRequest& request) {
    if (!request.url.starts_with(kHost))
        return failed(http::HttpFailureKind::NotSent, "there is no network here");
    sandbox::RawRequest raw{.method = request.method,
                            .target = request.url.substr(kHost.size()),
                            .headers = request.headers,
                            .body = request.body,
                            .host_url = std::string(kHost)};
    // A document's sink wants its bytes as they are.
    if (request.sink == nullptr) raw.headers.emplace_back("Accept-Encoding", "gzip");
    const sandbox::Response response = sandbox_.handle(std::move(raw));
    if (response.drop_connection || response.truncate_at)
        return failed(http::HttpFailureKind::Lost, "127.0.0.1: the connection was closed early");

    http::HttpResult result;
    result.response.status = response.status;
    result.response.headers = response.headers;
    if (request.sink != nullptr) {
        result.response.body = response.body.substr(0, 65536);
        if (response.status != 200) return result;
        if (const Result<void> written = request.sink->write(response.body); !written) {
            result.failure = http::HttpFailure{http::HttpFailureKind::SinkFailed,
                                               "the document was not taken", written.error()};
        }
        return result;
    }
    Result<std::string> body = http::decompress(response.header("Content-Encoding"), response.body,
                                                request.max_response_bytes);
    if (!body) return failed(http::HttpFailureKind::Refused, body.error().message);
    result.response.body = std::move(*body);
    return result;
}

}  // namespace carrick::interleavings
