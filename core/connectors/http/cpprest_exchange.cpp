// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/http/cpprest_exchange.hpp"

#include <cpprest/containerstream.h>
#include <cpprest/http_client.h>
#include <cpprest/interopstream.h>
#include <cpprest/producerconsumerstream.h>
#include <pplx/threadpool.h>

#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <ostream>
#include <streambuf>
#include <thread>

namespace carrick::http::detail {

namespace streams = concurrency::streams;
using Bytes = std::vector<std::uint8_t>;

class Client {
public:
    Client(const web::uri& origin, const web::http::client::http_client_config& config)
        : http(origin, config) {}
    web::http::client::http_client http;
};

class Outstanding {
public:
    void begin() {
        const std::lock_guard lock(mutex_);
        ++count_;
    }
    void end() {
        const std::lock_guard lock(mutex_);
        --count_;
        changed_.notify_all();
    }
    bool wait_for_none(std::chrono::milliseconds longest) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, longest, [&] { return count_ == 0; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int count_ = 0;
};

std::shared_ptr<Outstanding> make_outstanding() {
    return std::make_shared<Outstanding>();
}
bool wait_for_none(Outstanding& outstanding, std::chrono::milliseconds longest) {
    return outstanding.wait_for_none(longest);
}

namespace {

// While waiting we look at the caller's cancellation flag this often.
constexpr std::chrono::milliseconds kPoll{50};
// After we close the socket, cpprestsdk has let go of the request within this time, also on a busy
// machine. Only a name that is being resolved can take longer.
constexpr std::chrono::milliseconds kGrace{2000};
constexpr std::size_t kMaxHeaderBytes = 64 * 1024;
constexpr std::size_t kKeptOfDocument = 64 * 1024;

/// Hands a body on as it arrives. The library may still write after the waiting thread has left at
/// its deadline; by then the caller's sink may be gone, so leaving cuts it off.
class SinkBuffer final : public std::streambuf {
public:
    explicit SinkBuffer(DocumentSink& sink) : sink_(&sink) {}

    void cut_off() {
        const std::lock_guard lock(mutex_);
        sink_ = nullptr;
    }
    [[nodiscard]] std::optional<Error> error() const {
        const std::lock_guard lock(mutex_);
        return error_;
    }
    [[nodiscard]] std::string head() const {
        const std::lock_guard lock(mutex_);
        return head_;
    }

protected:
    std::streamsize xsputn(const char* data, std::streamsize count) override {
        const std::string_view bytes(data, static_cast<std::size_t>(count));
        const std::lock_guard lock(mutex_);
        // Taking less, or throwing, would leave the library waiting: the progress handler ends it.
        if (sink_ == nullptr || error_) return count;
        if (head_.size() < kKeptOfDocument)
            head_.append(bytes.substr(0, kKeptOfDocument - head_.size()));
        try {
            const Result<void> taken = sink_->write(bytes);
            if (!taken) error_ = taken.error();
        } catch (const std::exception& thrown) {
            error_ = bug("http.sink", std::string("the document's taker threw: ") + thrown.what());
        } catch (...) {
            error_ = bug("http.sink", "the document's taker threw");
        }
        return count;
    }
    int_type overflow(int_type character) override {
        if (traits_type::eq_int_type(character, traits_type::eof())) return traits_type::eof();
        const char one = traits_type::to_char_type(character);
        return xsputn(&one, 1) == 1 ? character : traits_type::eof();
    }

private:
    mutable std::mutex mutex_;
    DocumentSink* sink_;
    std::optional<Error> error_;
    std::string head_;
};

/// What the waiting thread and cpprestsdk's threads share. Both own it: either may be the last,
/// because the waiting thread leaves at its deadline whatever the library is doing.
struct State {
    std::mutex mutex;
    std::condition_variable changed;
    bool done = false;
    bool answered = false;  ///< the response is whole
    std::string problem;    ///< of cpprestsdk, when not answered
    int status = 0;
    Headers headers;
    std::atomic<bool> head_written{false};  ///< the request's headers have gone to the socket
    std::atomic<bool> too_large{false};
    std::size_t limit = 0;
    streams::container_buffer<Bytes> body;
    std::unique_ptr<SinkBuffer> document;  ///< instead of `body`, where the caller has a sink
    std::unique_ptr<std::ostream> document_stream;

    [[nodiscard]] std::optional<Error> document_error() const {
        return document ? document->error() : std::nullopt;
    }
};

/// Out of the progress handler: what comes cannot be taken. cpprestsdk reports it and closes the
/// connection.
class CannotTake final : public std::exception {};

void watch_progress(web::http::http_request& request, const std::shared_ptr<State>& state) {
    request.set_progress_handler(
        [state](web::http::message_direction::direction direction, utility::size64_t bytes) {
            if (direction == web::http::message_direction::upload) {
                // First called when the headers are out and before the body is.
                state->head_written.store(true, std::memory_order_release);
                return;
            }
            if (state->document_error()) throw CannotTake();
            if (bytes <= state->limit) return;
            state->too_large.store(true, std::memory_order_release);
            throw CannotTake();
        });
}

/// cpprestsdk repeats any request whose reused connection turns out dead, except one whose body
/// cannot be rewound. So a write always has such a body, be it empty.
void set_unrepeatable_body(web::http::http_request& request, const std::string& body) {
    streams::producer_consumer_buffer<std::uint8_t> buffer(std::max<std::size_t>(512, body.size()));
    if (!body.empty())
        buffer.putn_nocopy(reinterpret_cast<const std::uint8_t*>(body.data()), body.size())
            .then([](const pplx::task<std::size_t>& put) {
                try {
                    put.get();
                } catch (...) {  // a short body is noticed by Content-Length
                }
            });
    buffer.close(std::ios_base::out).then([](const pplx::task<void>& closed) {
        try {
            closed.get();
        } catch (...) {  // closing a buffer in memory has nothing to report
        }
    });
    request.set_body(buffer.create_istream(), body.size(), utility::string_t());
}

web::http::http_request to_cpprest(const HttpRequest& request, const Url& url,
                                   const ClientOptions& options) {
    web::http::http_request out{request.method};
    out.set_request_uri(web::uri(url.target()));
    if (!request.safe_to_repeat)
        set_unrepeatable_body(out, request.body);
    else if (!request.body.empty())
        out.set_body(request.body, utility::string_t());
    web::http::http_headers& headers = out.headers();
    headers.remove(web::http::header_names::content_type);
    for (const auto& [name, value] : request.headers) headers.add(name, value);
    if (!headers.has(web::http::header_names::user_agent))
        headers.add(web::http::header_names::user_agent, options.user_agent);
    if (!headers.has(web::http::header_names::accept_encoding))
        headers.add(web::http::header_names::accept_encoding,
                    request.sink != nullptr ? "identity" : "gzip, deflate");
    return out;
}

void keep_response(State& state, const web::http::http_response& response) {
    Headers headers;
    for (const auto& [name, value] : response.headers()) headers.emplace_back(name, value);
    const std::lock_guard lock(state.mutex);
    state.status = response.status_code();
    state.headers = std::move(headers);
    state.answered = true;
}

std::string problem_of(const pplx::task<web::http::http_response>& finished, State& state) {
    try {
        keep_response(state, finished.get());
        return {};
    } catch (const CannotTake&) {
        return "too large";
    } catch (const std::exception& e) {
        return e.what();
    } catch (...) {
        return "unknown exception";
    }
}

/// Starts the request. Every chain ends in a continuation that looks at the result: an exception
/// nobody looks at ends the process.
void start(const std::shared_ptr<Client>& client, const web::http::http_request& request,
           const pplx::cancellation_token& token, const std::shared_ptr<State>& state,
           const std::shared_ptr<Outstanding>& outstanding) {
    outstanding->begin();
    pplx::task<web::http::http_response> sent;
    try {
        sent = client->http.request(request, token);
    } catch (...) {
        outstanding->end();
        throw;
    }
    sent.then([](const web::http::http_response& response) { return response.content_ready(); })
        .then([client, state, outstanding](const pplx::task<web::http::http_response>& finished) {
            std::string problem = problem_of(finished, *state);
            {
                const std::lock_guard lock(state->mutex);
                state->problem = std::move(problem);
                state->done = true;
                state->changed.notify_all();
            }
            outstanding->end();
        });
}

void set_response_stream(web::http::http_request& out, const HttpRequest& request, State& state) {
    if (request.sink == nullptr) {
        out.set_response_stream(streams::ostream(state.body));
        return;
    }
    state.document = std::make_unique<SinkBuffer>(*request.sink);
    state.document_stream = std::make_unique<std::ostream>(state.document.get());
    out.set_response_stream(streams::stdio_ostream<std::uint8_t>(*state.document_stream));
}

enum class Ended { Done, Deadline, Cancelled };

Ended wait(State& state, const HttpRequest& request) {
    std::unique_lock lock(state.mutex);
    for (;;) {
        if (state.done) return Ended::Done;
        const auto now = std::chrono::steady_clock::now();
        if (now >= request.deadline) return Ended::Deadline;
        if (request.cancelled != nullptr && request.cancelled->load(std::memory_order_acquire))
            return Ended::Cancelled;
        state.changed.wait_until(lock, std::min(request.deadline, now + kPoll));
    }
}

/// The steps before the first byte of the request, as cpprestsdk names their failures. Any other
/// failure may have come after the server had acted.
bool ended_before_sending(const std::string& problem) {
    static constexpr std::array<std::string_view, 4> kBefore{
        "Failed to connect to any resolved endpoint", "Error resolving address",
        "Failed to resolve address", "Error in SSL handshake"};
    return std::any_of(kBefore.begin(), kBefore.end(),
                       [&](std::string_view text) { return problem.starts_with(text); });
}

std::string cause_of(const std::string& problem) {
    if (problem.starts_with("Failed to connect")) return "the connection was refused";
    if (problem.starts_with("Error resolving") || problem.starts_with("Failed to resolve"))
        return "the host's name is not known";
    if (problem.starts_with("Error in SSL"))
        return "the TLS handshake failed (certificate not trusted or for another host, or no TLS "
               "1.2)";
    if (problem.starts_with("Failed to write")) return "the connection broke while sending";
    if (problem.starts_with("Failed to read HTTP status") || problem.starts_with("cannot rewind"))
        return "the connection was closed before an answer came";
    if (problem.starts_with("Invalid")) return "the answer is not HTTP";
    return "the answer was cut short";
}

HttpResult failed(HttpFailureKind kind, const Url& url, const std::string& cause) {
    HttpResult result;
    result.failure = HttpFailure{kind, url.host + ": " + cause};
    return result;
}

/// cpprestsdk does not say in which step a cancellation met it, so we conclude: without its headers
/// written, a request with a body cannot have been carried out. One without a body ends with its
/// headers, and these may have left in the very moment we looked.
Exchanged interrupted(State& state, const Url& url, const HttpRequest& request, Ended ended) {
    bool told = false;
    {
        std::unique_lock lock(state.mutex);
        told = state.changed.wait_for(lock, kGrace, [&] { return state.done; });
        // An answer that came whole in the last moment is an answer.
        if (told && state.answered) return {};
    }
    const bool complete_without_body = request.body.empty() && !request.safe_to_repeat;
    const bool before =
        told && !complete_without_body && !state.head_written.load(std::memory_order_acquire);
    const bool cancelled = ended == Ended::Cancelled;
    const std::string cause = cancelled ? "cancelled by the caller" : "no answer by the deadline";
    const HttpFailureKind kind = !before     ? HttpFailureKind::Lost
                                 : cancelled ? HttpFailureKind::Cancelled
                                             : HttpFailureKind::NotSent;
    return {failed(kind, url, cause), false, false};
}

std::size_t header_bytes(const Headers& headers) {
    std::size_t bytes = 0;
    for (const auto& [name, value] : headers) bytes += name.size() + value.size() + 4;
    return bytes;
}

Exchanged concluded(State& state, const Url& url) {
    const std::lock_guard lock(state.mutex);
    if (std::optional<Error> refused = state.document_error()) {
        Exchanged out{failed(HttpFailureKind::SinkFailed, url, refused->message), false, false};
        out.result.failure->sink_error = std::move(refused);
        return out;
    }
    if (!state.answered) {
        if (state.too_large.load())
            return {failed(HttpFailureKind::Refused, url,
                           "the answer has more than " + std::to_string(state.limit) + " bytes"),
                    false, false};
        const bool not_http = state.problem.starts_with("Invalid");
        const HttpFailureKind kind = ended_before_sending(state.problem) ? HttpFailureKind::NotSent
                                     : not_http                          ? HttpFailureKind::Refused
                                                                         : HttpFailureKind::Lost;
        return {failed(kind, url, cause_of(state.problem)), false,
                state.problem.starts_with("Failed to write request headers")};
    }
    if (header_bytes(state.headers) > kMaxHeaderBytes)
        return {failed(HttpFailureKind::Refused, url, "the answer's headers exceed 64 KiB"), false,
                false};
    if (state.status < 200 || state.status > 599)
        return {failed(HttpFailureKind::Refused, url,
                       "the answer has status " + std::to_string(state.status)),
                false, false};
    Bytes& bytes = state.body.collection();
    if (bytes.size() > state.limit)
        return {failed(HttpFailureKind::Refused, url,
                       "the answer has more than " + std::to_string(state.limit) + " bytes"),
                false, false};
    Exchanged out;
    out.result.response.status = state.status;
    out.result.response.headers = std::move(state.headers);
    if (state.document)
        out.result.response.body = state.document->head();
    else
        out.result.response.body.assign(bytes.begin(), bytes.end());
    out.reusable = true;
    return out;
}

}  // namespace

std::shared_ptr<Client> make_client(const Url& url, const ClientOptions& options) {
    web::http::client::http_client_config config;
    config.set_proxy(web::web_proxy(web::web_proxy::disabled));
    config.set_max_redirects(0);
    config.set_validate_certificates(true);
    // The library's time-out is per step, so a dripping server never meets it; ours is total.
    config.set_timeout(std::chrono::hours(1));
    config.set_ssl_context_callback([ca_file = options.ca_file](boost::asio::ssl::context& tls) {
        SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
        if (!ca_file.empty()) tls.load_verify_file(ca_file);
    });
    return std::make_shared<Client>(web::uri(url.origin()), config);
}

Exchanged exchange(const std::shared_ptr<Client>& client, const Url& url,
                   const HttpRequest& request, const ClientOptions& options,
                   const std::shared_ptr<Outstanding>& outstanding) {
    const auto state = std::make_shared<State>();
    state->limit = request.max_response_bytes;
    pplx::cancellation_token_source stop;
    try {
        web::http::http_request out = to_cpprest(request, url, options);
        set_response_stream(out, request, *state);
        watch_progress(out, state);
        start(client, out, stop.get_token(), state, outstanding);
    } catch (const std::exception&) {
        if (state->document) state->document->cut_off();
        return {failed(HttpFailureKind::NotSent, url, "the request cannot be written as HTTP"),
                false, false};
    }
    const Ended ended = wait(*state, request);
    Exchanged out;
    if (ended != Ended::Done) {
        stop.cancel();
        out = interrupted(*state, url, request, ended);
    }
    if (!out.result.failure) out = concluded(*state, url);
    if (state->document) state->document->cut_off();
    return out;
}

void initialise_threads() {
    static std::once_flag once;
    std::call_once(once, [] {
        // At the process's end what began last goes first. The pool's threads may still be closing
        // a TLS connection then, so OpenSSL must have begun before them: else it is taken down
        // under their hands.
        OPENSSL_init_ssl(0, nullptr);
        try {
            crossplat::threadpool::initialize_with_threads(
                std::max<std::size_t>(2, std::thread::hardware_concurrency()));
        } catch (const std::exception&) {
            // Somebody in this process was first; their size holds.
        }
    });
}

Result<void> check_ca_file(const std::string& path) {
    if (path.empty()) return {};
    try {
        boost::asio::ssl::context tls(boost::asio::ssl::context::tls_client);
        tls.load_verify_file(path);
        return {};
    } catch (const std::exception&) {
        return misconfigured("http.ca_file",
                             "the certificate file \"" + path +
                                 "\" cannot be read as PEM; name an existing file of certificates");
    }
}

}  // namespace carrick::http::detail
