// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fault_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace carrick::testing {
namespace {

constexpr int kPollMilliseconds = 20;

void require(bool holds, const char* what) {
    if (!holds) throw std::runtime_error(std::string("fault server: ") + what);
}

bool is_address(const std::string& host) {
    return host.find_first_not_of("0123456789.") == std::string::npos;
}

/// Waits until there is something to read; false when stopping.
bool readable(int socket, const std::atomic<bool>& stopping) {
    for (;;) {
        if (stopping) return false;
        pollfd one{socket, POLLIN, 0};
        if (poll(&one, 1, kPollMilliseconds) > 0) return true;
    }
}

}  // namespace

TestCertificate::TestCertificate(const std::string& host) {
    std::string pattern = (std::filesystem::temp_directory_path() / "carrick-tls-XXXXXX").string();
    require(mkdtemp(pattern.data()) != nullptr, "no temporary folder");
    folder_ = pattern;

    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* certificate = X509_new();
    require(key != nullptr && certificate != nullptr, "no key");
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
    X509_set_pubkey(certificate, key);
    X509_NAME* name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("carrick test"), -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    const auto extend = [&](int kind, const std::string& value) {
        X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
        require(extension != nullptr, "no certificate extension");
        X509_add_ext(certificate, extension, -1);
        X509_EXTENSION_free(extension);
    };
    extend(NID_basic_constraints, "critical,CA:TRUE");
    extend(NID_subject_alt_name, (is_address(host) ? "IP:" : "DNS:") + host);
    require(X509_sign(certificate, key, EVP_sha256()) > 0, "not signed");

    FILE* file = std::fopen(certificate_file().c_str(), "w");
    require(file != nullptr && PEM_write_X509(file, certificate) == 1, "certificate not written");
    std::fclose(file);
    file = std::fopen(key_file().c_str(), "w");
    require(file != nullptr &&
                PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
            "key not written");
    std::fclose(file);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

TestCertificate::~TestCertificate() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

bool FaultPeer::write(std::string_view bytes) {
    while (open_ && !bytes.empty()) {
        const int step = static_cast<int>(std::min<std::size_t>(bytes.size(), 65536));
        const ssize_t written =
            ssl_ != nullptr
                ? SSL_write(ssl_, bytes.data(), step)
                : send(socket_, bytes.data(), static_cast<std::size_t>(step), MSG_NOSIGNAL);
        if (written <= 0 || *stopping_) {
            open_ = false;
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return open_;
}

void FaultPeer::drip(std::string_view bytes, std::chrono::milliseconds pause) {
    for (std::size_t i = 0; i < bytes.size() && write(bytes.substr(i, 1)); ++i)
        std::this_thread::sleep_for(pause);
}

void FaultPeer::respond(int status, std::string_view body, std::string_view more_headers) {
    write("HTTP/1.1 " + std::to_string(status) +
          " Told\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
          std::string(more_headers) + "\r\n" + std::string(body));
}

void FaultPeer::close() {
    open_ = false;
}

void FaultPeer::reset() {
    // Lingering for zero seconds makes close() send RST instead of FIN.
    const linger now{1, 0};
    setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    open_ = false;
}

void FaultPeer::hang() {
    char byte = 0;
    while (readable(socket_, *stopping_))
        if (recv(socket_, &byte, 1, 0) <= 0) break;
    open_ = false;
}

FaultServer::FaultServer(Script script) : script_(std::move(script)) {
    listen();
}

FaultServer::FaultServer(Script script, const Tls& tls) : script_(std::move(script)) {
    tls_ = SSL_CTX_new(TLS_server_method());
    // Level 0, so that the server would speak what the client must refuse.
    SSL_CTX_set_security_level(tls_, 0);
    SSL_CTX_set_min_proto_version(tls_, TLS1_VERSION);
    if (tls.highest_version != 0) SSL_CTX_set_max_proto_version(tls_, tls.highest_version);
    require(SSL_CTX_use_certificate_file(tls_, tls.certificate.certificate_file().c_str(),
                                         SSL_FILETYPE_PEM) == 1 &&
                SSL_CTX_use_PrivateKey_file(tls_, tls.certificate.key_file().c_str(),
                                            SSL_FILETYPE_PEM) == 1,
            "certificate not loaded");
    listen();
}

FaultServer::~FaultServer() {
    stopping_ = true;
    acceptor_.join();
    {
        const std::lock_guard lock(mutex_);
        for (const int socket : sockets_) shutdown(socket, SHUT_RDWR);
    }
    for (std::thread& thread : threads_) thread.join();
    for (const int socket : sockets_) ::close(socket);
    ::close(listener_);
    SSL_CTX_free(tls_);
}

void FaultServer::listen() {
    // Both ends live in this process; a peer that goes away is what is being tested.
    std::signal(SIGPIPE, SIG_IGN);
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    require(listener_ >= 0, "no socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    require(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
                ::listen(listener_, 64) == 0,
            "no port");
    socklen_t size = sizeof address;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
}

void FaultServer::accept_all() {
    while (readable(listener_, stopping_)) {
        const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) continue;
        const int number = ++connections_;
        const std::lock_guard lock(mutex_);
        sockets_.push_back(socket);
        threads_.emplace_back([this, socket, number] { serve(socket, number); });
    }
}

void FaultServer::serve(int socket, int number) {
    FaultPeer peer;
    peer.socket_ = socket;
    peer.stopping_ = &stopping_;
    if (tls_ != nullptr) {
        peer.ssl_ = SSL_new(tls_);
        SSL_set_fd(peer.ssl_, socket);
        peer.open_ = SSL_accept(peer.ssl_) == 1;
    }
    std::string buffer;
    for (int count = 1; peer.open_; ++count) {
        FaultRequest request;
        request.connection = number;
        request.on_connection = count;
        if (!read_request(peer, buffer, request)) break;
        ++processed_;
        {
            const std::lock_guard lock(mutex_);
            requests_.push_back(request);
        }
        script_(peer, request);
    }
    if (peer.ssl_ != nullptr) {
        SSL_shutdown(peer.ssl_);
        SSL_free(peer.ssl_);
    }
    const std::lock_guard lock(mutex_);
    std::erase(sockets_, socket);
    ::close(socket);
}

bool FaultServer::read_request(FaultPeer& peer, std::string& buffer, FaultRequest& request) {
    const auto read_more = [&] {
        char part[16384];
        if ((peer.ssl_ == nullptr || SSL_pending(peer.ssl_) == 0) &&
            !readable(peer.socket_, stopping_))
            return false;
        const ssize_t got = peer.ssl_ != nullptr
                                ? SSL_read(peer.ssl_, part, static_cast<int>(sizeof part))
                                : recv(peer.socket_, part, sizeof part, 0);
        if (got <= 0) return false;
        buffer.append(part, static_cast<std::size_t>(got));
        return true;
    };
    std::size_t end = 0;
    while ((end = buffer.find("\r\n\r\n")) == std::string::npos)
        if (!read_more()) return false;
    request.head = buffer.substr(0, end + 2);
    buffer.erase(0, end + 4);
    const std::size_t space = request.head.find(' ');
    request.method = request.head.substr(0, space);
    request.target = request.head.substr(space + 1, request.head.find(' ', space + 1) - space - 1);

    std::string lower = request.head;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    std::size_t length = 0;
    if (const std::size_t at = lower.find("\r\ncontent-length:"); at != std::string::npos)
        length = std::strtoul(lower.c_str() + at + 17, nullptr, 10);
    while (buffer.size() < length)
        if (!read_more()) return false;
    request.body = buffer.substr(0, length);
    buffer.erase(0, length);
    return true;
}

std::string FaultServer::url(std::string_view target) const {
    return (tls_ != nullptr ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port_) +
           std::string(target);
}

std::vector<FaultRequest> FaultServer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

}  // namespace carrick::testing
