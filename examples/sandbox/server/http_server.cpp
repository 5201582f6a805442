// SPDX-License-Identifier: Apache-2.0
// Accepting, reading, and writing as badly as a Response asks for.
#include "examples/sandbox/server/http_server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <atomic>
#include <thread>

namespace carrick::sandbox {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using boost::system::error_code;

struct Shared {
    ServerOptions options;
    HttpServer::Handler handler;
    std::string host_url;
    std::atomic<int> connections{0};
};

std::string head_of(const Response& response, bool keep_alive) {
    const bool bodyless = response.status == 204 || response.status == 304;
    std::string head = "HTTP/1.1 " + std::to_string(response.status) + " " +
                       std::string(http::obsolete_reason(
                           http::int_to_status(static_cast<unsigned>(response.status)))) +
                       "\r\n";
    for (const auto& [name, value] : response.headers) head += name + ": " + value + "\r\n";
    if (!bodyless) head += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
    head += keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
    return head;
}

/// One connection. Lives as long as one of its operations is under way.
class Session : public std::enable_shared_from_this<Session> {
public:
    Session(tcp::socket socket, std::shared_ptr<Shared> shared)
        : stream_(std::move(socket)), timer_(stream_.get_executor()), shared_(std::move(shared)) {
        ++shared_->connections;
    }
    ~Session() { --shared_->connections; }

    void read_next() {
        parser_.emplace();
        parser_->header_limit(shared_->options.header_limit);
        parser_->body_limit(shared_->options.body_limit);
        stream_.expires_after(shared_->options.idle_timeout);
        http::async_read_header(
            stream_, buffer_, *parser_,
            [self = shared_from_this()](error_code error, std::size_t) { self->on_header(error); });
    }

private:
    void on_header(error_code error) {
        if (error == http::error::header_limit) return refuse(431);
        if (error == http::error::body_limit) return refuse(413);  // announced too long
        if (error) return close();
        stream_.expires_after(shared_->options.request_timeout);
        if (beast::iequals(parser_->get()[http::field::expect], "100-continue")) {
            out_ = "HTTP/1.1 100 Continue\r\n\r\n";
            asio::async_write(stream_, asio::buffer(out_),
                              [self = shared_from_this()](error_code failed, std::size_t) {
                                  if (!failed) self->read_body();
                              });
            return;
        }
        read_body();
    }

    void read_body() {
        http::async_read(stream_, buffer_, *parser_,
                         [self = shared_from_this()](error_code error, std::size_t) {
                             self->on_request(error);
                         });
    }

    void on_request(error_code error) {
        if (error == http::error::body_limit) return refuse(413);
        if (error) return close();
        http::request<http::string_body> message = parser_->release();
        keep_alive_ = message.keep_alive();
        RawRequest request;
        request.method = std::string(message.method_string());
        request.target = std::string(message.target());
        for (const auto& field : message)
            request.headers.emplace_back(std::string(field.name_string()),
                                         std::string(field.value()));
        request.body = std::move(message.body());
        request.host_url = shared_->host_url;
        stream_.expires_never();
        try {
            response_ = shared_->handler(std::move(request));
        } catch (const std::exception& problem) {
            // A bug of the sandbox shall look like one, not like a fault it plays.
            response_ = Response{};
            response_.status = 599;
            response_.body = std::string("sandbox bug: ") + problem.what();
        }
        if (response_.delay.count() == 0) return respond();
        timer_.expires_after(response_.delay);
        timer_.async_wait([self = shared_from_this()](error_code failed) {
            if (!failed) self->respond();
        });
    }

    void refuse(int status) {
        response_ = Response{};
        response_.status = status;
        keep_alive_ = false;
        respond();
    }

    void respond() {
        if (response_.drop_connection) return reset();
        out_ = head_of(response_, keep_alive_);
        const std::size_t length =
            std::min(response_.truncate_at.value_or(response_.body.size()), response_.body.size());
        dripped_ = 0;
        if (response_.drip.count() == 0) out_ += response_.body.substr(0, length);
        stream_.expires_after(shared_->options.request_timeout);
        asio::async_write(stream_, asio::buffer(out_),
                          [self = shared_from_this(), length](error_code error, std::size_t) {
                              if (error) return self->close();
                              if (self->response_.drip.count() > 0) return self->drip(length);
                              self->after_response();
                          });
    }

    void drip(std::size_t length) {
        if (dripped_ == length) return after_response();
        timer_.expires_after(response_.drip);
        timer_.async_wait([self = shared_from_this(), length](error_code error) {
            if (error) return;
            self->stream_.expires_after(self->shared_->options.request_timeout);
            asio::async_write(self->stream_,
                              asio::buffer(self->response_.body.data() + self->dripped_++, 1),
                              [self, length](error_code failed, std::size_t) {
                                  if (failed) return self->close();
                                  self->drip(length);
                              });
        });
    }

    void after_response() {
        if (response_.truncate_at || !keep_alive_) return close();
        read_next();
    }

    /// A reset rather than an orderly end, as a broken path gives one.
    void reset() {
        error_code ignored;
        stream_.socket().set_option(asio::socket_base::linger(true, 0), ignored);
        stream_.socket().close(ignored);
    }
    void close() {
        error_code ignored;
        stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
        stream_.socket().close(ignored);
    }

    beast::tcp_stream stream_;
    asio::steady_timer timer_;
    std::shared_ptr<Shared> shared_;  // the server and every connection own it, whoever ends last
    beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
    Response response_;
    std::string out_;
    std::size_t dripped_ = 0;
    bool keep_alive_ = true;
};

}  // namespace

struct HttpServer::Impl {
    explicit Impl(const ServerOptions& options)
        : context(options.threads), acceptor(asio::make_strand(context)) {}

    void accept_next() {
        acceptor.async_accept(
            asio::make_strand(context), [this](error_code error, tcp::socket socket) {
                if (!acceptor.is_open()) return;
                if (!error && shared->connections < shared->options.connection_limit) {
                    error_code ignored;
                    socket.set_option(tcp::no_delay(true), ignored);
                    std::make_shared<Session>(std::move(socket), shared)->read_next();
                }
                accept_next();
            });
    }

    asio::io_context context;
    tcp::acceptor acceptor;
    std::shared_ptr<Shared> shared;
    std::vector<std::thread> threads;
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() {
    stop();
}

Result<std::unique_ptr<HttpServer>> HttpServer::start(const ServerOptions& options,
                                                      Handler handler) {
    auto impl = std::make_unique<Impl>(options);
    const tcp::endpoint endpoint(asio::ip::make_address_v4("127.0.0.1"), options.port);
    error_code error;
    impl->acceptor.open(endpoint.protocol(), error);
    if (!error) impl->acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) impl->acceptor.bind(endpoint, error);
    if (!error) impl->acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error)
        return misconfigured("sandbox.listen",
                             "cannot listen on 127.0.0.1:" + std::to_string(options.port) + ": " +
                                 error.message() + "; choose another --port");
    impl->shared = std::make_shared<Shared>();
    impl->shared->options = options;
    impl->shared->handler = std::move(handler);
    impl->shared->host_url =
        "http://127.0.0.1:" + std::to_string(impl->acceptor.local_endpoint().port());
    impl->accept_next();
    for (int i = 0; i < options.threads; ++i)
        impl->threads.emplace_back([context = &impl->context] { context->run(); });
    return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

std::uint16_t HttpServer::port() const {
    return impl_->acceptor.local_endpoint().port();
}

void HttpServer::stop() {
    if (impl_->threads.empty()) return;
    impl_->context.stop();
    for (std::thread& thread : impl_->threads) thread.join();
    impl_->threads.clear();
}

}  // namespace carrick::sandbox
