// SPDX-License-Identifier: Apache-2.0
// One request and its response through cpprestsdk, seen from the thread that waits. Private to the
// transport; knows no cpprestsdk header, so that the waiting can be read without the library.
#pragma once

#include "core/connectors/http/http_transport.hpp"
#include "core/connectors/http/url.hpp"

#include <memory>

namespace carrick::http::detail {

/// One cpprestsdk client, used for one request at a time: it holds at most one idle connection,
/// whose age we therefore know.
class Client;

struct ClientOptions {
    std::string ca_file;
    std::string user_agent;
};

/// Counts the requests that cpprestsdk has not finished with, so that the end of the program can
/// wait for them.
class Outstanding;
[[nodiscard]] std::shared_ptr<Outstanding> make_outstanding();
/// Returns when there are none left, or after `longest`; false for the latter.
bool wait_for_none(Outstanding& outstanding, std::chrono::milliseconds longest);

[[nodiscard]] std::shared_ptr<Client> make_client(const Url& url, const ClientOptions& options);

/// What came of it.
struct Exchanged {
    HttpResult result;  ///< the body still as it came, not decompressed
    /// The client may carry another request.
    bool reusable = false;
    /// Failed while writing to a connection that had been idle: nothing was answered, and repeating
    /// is right for what is safe to repeat.
    bool stale = false;
};

/// Sends, and waits for the whole response, the deadline or cancellation, whichever is first.
[[nodiscard]] Exchanged exchange(const std::shared_ptr<Client>& client, const Url& url,
                                 const HttpRequest& request, const ClientOptions& options,
                                 const std::shared_ptr<Outstanding>& outstanding);

/// cpprestsdk's threads, sized once a process: its default of 40 is slower than a few.
void initialise_threads();

/// Reads the file as the TLS context will. Errors: Misconfigured `http.ca_file`.
[[nodiscard]] Result<void> check_ca_file(const std::string& path);

}  // namespace carrick::http::detail
