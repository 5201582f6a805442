// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/http/cpprest_transport.hpp"

#include "core/connectors/http/cpprest_exchange.hpp"
#include "core/connectors/http/decompress.hpp"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>

namespace carrick::http {
namespace {

using Steady = std::chrono::steady_clock;

// A write is never repeated, so a connection that the server has just closed costs a person or a
// reconcile. Servers keep idle connections for 5 s or more: a connection used in the last second is
// alive; after that a write opens a new one.
constexpr std::chrono::seconds kWriteReuse{1};
constexpr std::chrono::milliseconds kPoll{50};
constexpr std::chrono::milliseconds kLongestGoodbye{2000};

struct Idle {
    std::shared_ptr<detail::Client> client;
    Steady::time_point since;
};

/// The connections to one origin. Last in, first out: the youngest is the likeliest to live.
struct Origin {
    std::vector<Idle> idle;
    std::size_t in_flight = 0;
};

HttpResult failed(HttpFailureKind kind, std::string message) {
    HttpResult result;
    result.failure = HttpFailure{kind, std::move(message)};
    return result;
}

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return c > ' ' && c < 127 &&
               std::string_view("()<>@,;:\\\"/[]?={}").find(c) == std::string_view::npos;
    });
}

/// A header that would end its line would let data become headers; Host would change whose
/// certificate is asked for; the lengths are the library's business.
bool is_allowed_header(const std::string& name, const std::string& value) {
    for (const std::string_view reserved :
         {"Host", "Content-Length", "Transfer-Encoding", "Connection"})
        if (equals_ignoring_case(name, reserved)) return false;
    return is_token(name) && std::all_of(value.begin(), value.end(), [](char c) {
               return c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != 127);
           });
}

class CpprestTransport final : public HttpTransport {
public:
    explicit CpprestTransport(const TransportOptions& options)
        : options_(options),
          client_options_{options.ca_file, options.user_agent},
          ca_file_(detail::check_ca_file(options.ca_file)),
          outstanding_(detail::make_outstanding()) {
        detail::initialise_threads();
    }
    ~CpprestTransport() override {
        {
            const std::lock_guard lock(mutex_);
            origins_.clear();
        }
        // Static destruction of cpprestsdk's threads under a living request crashes.
        detail::wait_for_none(*outstanding_, kLongestGoodbye);
    }

    HttpResult send(const HttpRequest& request) override {
        const Result<Url> url = Url::parse(request.url);
        if (!url) return failed(HttpFailureKind::NotSent, url.error().message);
        if (std::optional<HttpResult> refusal = refuse(*url, request)) return std::move(*refusal);
        if (std::optional<HttpResult> refusal = take_turn(*url, request))
            return std::move(*refusal);
        HttpResult result = send_in_turn(*url, request);
        return result.ok() ? decompressed(*url, request, std::move(result)) : result;
    }

private:
    std::optional<HttpResult> refuse(const Url& url, const HttpRequest& request) const;
    std::optional<HttpResult> take_turn(const Url& url, const HttpRequest& request);
    std::shared_ptr<detail::Client> take_idle(const std::string& origin,
                                              const HttpRequest& request);
    void give_back(const std::string& origin, std::shared_ptr<detail::Client> reusable);
    HttpResult send_in_turn(const Url& url, const HttpRequest& request);
    static HttpResult decompressed(const Url& url, const HttpRequest& request, HttpResult result);

    const TransportOptions options_;
    const detail::ClientOptions client_options_;
    const Result<void> ca_file_;
    const std::shared_ptr<detail::Outstanding> outstanding_;
    std::mutex mutex_;
    std::condition_variable freed_;
    std::map<std::string, Origin> origins_;
};

std::optional<HttpResult> CpprestTransport::refuse(const Url& url,
                                                   const HttpRequest& request) const {
    const auto not_sent = [&](const std::string& why) {
        return failed(HttpFailureKind::NotSent, url.host + ": " + why);
    };
    if (!ca_file_) return not_sent(ca_file_.error().message);
    if (url.scheme == "http" && !(options_.allow_plain_http_on_loopback && url.is_loopback()))
        return not_sent(
            "plain http is refused; use https (http is for the sandbox on this machine)");
    if (!is_token(request.method)) return not_sent("the method is not one of HTTP");
    for (const auto& [name, value] : request.headers)
        if (!is_allowed_header(name, value))
            return not_sent("a header has a reserved name or a control character");
    return std::nullopt;
}

std::optional<HttpResult> CpprestTransport::take_turn(const Url& url, const HttpRequest& request) {
    std::unique_lock lock(mutex_);
    for (;;) {
        const auto now = Steady::now();
        if (request.cancelled != nullptr && request.cancelled->load(std::memory_order_acquire))
            return failed(HttpFailureKind::Cancelled, url.host + ": cancelled by the caller");
        if (now >= request.deadline)
            return failed(HttpFailureKind::NotSent, url.host + ": the deadline had passed");
        Origin& origin = origins_[url.origin()];
        if (origin.in_flight < options_.max_in_flight_per_origin) {
            ++origin.in_flight;
            return std::nullopt;
        }
        freed_.wait_until(lock, std::min(request.deadline, now + kPoll));
    }
}

std::shared_ptr<detail::Client> CpprestTransport::take_idle(const std::string& origin,
                                                            const HttpRequest& request) {
    const auto now = Steady::now();
    std::vector<Idle> expired;  // destroyed outside the lock
    const std::lock_guard lock(mutex_);
    std::vector<Idle>& idle = origins_[origin].idle;
    const auto alive = std::find_if(idle.begin(), idle.end(), [&](const Idle& one) {
        return now - one.since < options_.longest_idle_for_reads;
    });
    expired.assign(std::make_move_iterator(idle.begin()), std::make_move_iterator(alive));
    idle.erase(idle.begin(), alive);
    if (idle.empty()) return nullptr;
    if (!request.safe_to_repeat && now - idle.back().since >= kWriteReuse) return nullptr;
    std::shared_ptr<detail::Client> client = std::move(idle.back().client);
    idle.pop_back();
    return client;
}

void CpprestTransport::give_back(const std::string& origin,
                                 std::shared_ptr<detail::Client> reusable) {
    const std::lock_guard lock(mutex_);
    Origin& place = origins_[origin];
    --place.in_flight;
    if (reusable) place.idle.push_back({std::move(reusable), Steady::now()});
    freed_.notify_all();  // the waiters may want different origins
}

HttpResult CpprestTransport::send_in_turn(const Url& url, const HttpRequest& request) {
    const std::string origin = url.origin();
    std::shared_ptr<detail::Client> client = take_idle(origin, request);
    const bool reused = client != nullptr;
    if (!reused) client = detail::make_client(url, client_options_);
    detail::Exchanged exchanged =
        detail::exchange(client, url, request, client_options_, outstanding_);
    if (reused && exchanged.stale && request.safe_to_repeat) {
        client = detail::make_client(url, client_options_);
        exchanged = detail::exchange(client, url, request, client_options_, outstanding_);
    }
    give_back(origin, exchanged.reusable ? std::move(client) : nullptr);
    return std::move(exchanged.result);
}

HttpResult CpprestTransport::decompressed(const Url& url, const HttpRequest& request,
                                          HttpResult result) {
    const std::string_view encoding = result.response.header("Content-Encoding");
    if (encoding.empty() || request.sink != nullptr) return result;
    Result<std::string> body =
        decompress(encoding, result.response.body, request.max_response_bytes);
    if (!body) return failed(HttpFailureKind::Refused, url.host + ": " + body.error().message);
    result.response.body = std::move(*body);
    return result;
}

}  // namespace

std::unique_ptr<HttpTransport> make_cpprest_transport(const TransportOptions& options) {
    return std::make_unique<CpprestTransport>(options);
}

}  // namespace carrick::http
