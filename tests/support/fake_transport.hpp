// SPDX-License-Identifier: Apache-2.0
// A network in the hands of a test: a function answers every request, and each request is kept.
#pragma once

#include "core/connectors/http/http_transport.hpp"

#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace carrick::testing {

[[nodiscard]] inline http::HttpResult respond(int status, std::string body,
                                              http::Headers headers = {}) {
    http::HttpResult result;
    result.response = {status, std::move(headers), std::move(body)};
    return result;
}

[[nodiscard]] inline http::HttpResult fail(http::HttpFailureKind kind,
                                           std::string message = "fake.test: failed on purpose") {
    http::HttpResult result;
    result.failure = http::HttpFailure{kind, std::move(message)};
    return result;
}

/// Thread-safe; the handler runs on the calling thread, without the lock held, so it may block.
/// Like the real one it does not send what is cancelled or too late.
class FakeTransport final : public http::HttpTransport {
public:
    using Handler = std::function<http::HttpResult(const http::HttpRequest&)>;

    explicit FakeTransport(Handler handler) : handler_(std::move(handler)) {}

    [[nodiscard]] http::HttpResult send(const http::HttpRequest& request) override {
        if (request.cancelled != nullptr && request.cancelled->load())
            return fail(http::HttpFailureKind::Cancelled, "fake.test: cancelled by the caller");
        if (std::chrono::steady_clock::now() >= request.deadline)
            return fail(http::HttpFailureKind::NotSent, "fake.test: the deadline has passed");
        Handler handler;
        {
            const std::lock_guard lock(mutex_);
            requests_.push_back(request);
            handler = handler_;
        }
        return into_sink(request, handler(request));
    }

    void set_handler(Handler handler) {
        const std::lock_guard lock(mutex_);
        handler_ = std::move(handler);
    }

    /// Every request that was sent, in the order of sending. `cancelled` pointers may be stale.
    [[nodiscard]] std::vector<http::HttpRequest> requests() const {
        const std::lock_guard lock(mutex_);
        return requests_;
    }
    [[nodiscard]] std::size_t count() const {
        const std::lock_guard lock(mutex_);
        return requests_.size();
    }
    /// How many requests had `part` in their URL.
    [[nodiscard]] std::size_t count(std::string_view part) const {
        const std::lock_guard lock(mutex_);
        std::size_t found = 0;
        for (const http::HttpRequest& request : requests_)
            if (request.url.find(part) != std::string::npos) ++found;
        return found;
    }
    void forget() {
        const std::lock_guard lock(mutex_);
        requests_.clear();
    }

private:
    static http::HttpResult into_sink(const http::HttpRequest& request, http::HttpResult result) {
        if (request.sink == nullptr || !result.ok()) return result;
        if (const Result<void> taken = request.sink->write(result.response.body); !taken) {
            http::HttpResult refused =
                fail(http::HttpFailureKind::SinkFailed, taken.error().message);
            refused.failure->sink_error = taken.error();
            return refused;
        }
        return result;
    }

    mutable std::mutex mutex_;
    Handler handler_;
    std::vector<http::HttpRequest> requests_;
};

}  // namespace carrick::testing
