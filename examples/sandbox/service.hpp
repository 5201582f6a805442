// SPDX-License-Identifier: Apache-2.0
// What a system inside the sandbox is made of: a request in, a response out, and the things that
// every such system shares (clock, switches, faults, world).
#pragma once

#include "examples/sandbox/clock.hpp"
#include "examples/sandbox/faults.hpp"
#include "examples/sandbox/switches.hpp"

#include <carrick/sdk/json.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carrick::sandbox {

class World;

using Headers = std::vector<std::pair<std::string, std::string>>;

/// One HTTP request, already off the wire. `path` is below the service's prefix, percent-encoded as
/// it was sent ("/services/rest/record/v1/salesOrder/eid:AMZ-SO-NA1-1"); `query` is decoded.
struct Request {
    std::string method;
    std::string path;
    std::vector<std::pair<std::string, std::string>> query;
    Headers headers;
    std::string body;
    UtcTime time;          ///< the system's own time when it came in: the clock's, plus any skew
    std::string base_url;  ///< "http://127.0.0.1:PORT/netsuite", to build Location and next links

    /// The first header of that name, without regard to case; "" when absent.
    [[nodiscard]] std::string_view header(std::string_view name) const;
    [[nodiscard]] bool has_header(std::string_view name) const;
    /// The first query parameter of that name.
    [[nodiscard]] std::optional<std::string> parameter(std::string_view name) const;
    /// The path's segments, percent-decoded: {"services", "rest", "record", ...}.
    [[nodiscard]] std::vector<std::string> segments() const;
};

/// One HTTP response, with what the wire shall do to it. Faults of the transport are part of the
/// answer, because a service may need them itself (a slow commit, say).
struct Response {
    int status = 200;
    Headers headers;
    std::string body;

    bool as_is = false;  ///< a storage's answer: not compressed on the way, whatever is accepted
    bool drop_connection = false;  ///< close without a byte: the caller never learns the outcome
    std::optional<std::size_t> truncate_at;  ///< send the whole Content-Length, then only so much
    std::chrono::milliseconds drip{0};       ///< send the body byte by byte, so long between two
    std::chrono::milliseconds delay{0};      ///< wait (wall time) before the first byte

    void set_header(std::string_view name, std::string value);
    [[nodiscard]] std::string_view header(std::string_view name) const;
    [[nodiscard]] static Response json(int status, const Json& body,
                                       std::string content_type = "application/json");
};

/// What all services of one sandbox share. The references outlive the services.
struct Environment {
    SandboxClock& clock;
    Switches& switches;
    Faults& faults;
    World& world;
};

/// One system inside the sandbox. `handle` is called from several threads at once; a service locks
/// what it owns. It must not sleep: a delay is said in the Response.
class Service {
public:
    virtual ~Service() = default;

    /// "amazon", "netsuite": the URL prefix and the name in faults and statistics.
    [[nodiscard]] virtual std::string_view name() const = 0;
    /// The operation a request means ("searchOrders", "salesOrder.create", "suiteql", "token"), for
    /// fault rules and statistics; "unknown" when it means nothing.
    [[nodiscard]] virtual std::string operation(const Request& request) const = 0;
    [[nodiscard]] virtual Response handle(const Request& request) = 0;
    /// How this system words a fault that stands in for its own answer (Throttled, ServerError,
    /// Unavailable): status, headers and body as the real system has them.
    [[nodiscard]] virtual Response fault_response(Fault fault, const Request& request) const = 0;

    /// State that must survive a restart with --state (what was written; never what the seed
    /// makes).
    [[nodiscard]] virtual Json snapshot() const = 0;
    [[nodiscard]] virtual Result<void> restore(const Json& snapshot) = 0;
    /// Back to the state right after start.
    virtual void reset() = 0;
    /// Counters of its own for GET /_sandbox/stats ("duplicate_writes_refused": 3); an object.
    [[nodiscard]] virtual Json statistics() const = 0;
    /// What was written to it, in order, for GET /_sandbox/ledger; an array of objects.
    [[nodiscard]] virtual Json ledger() const = 0;
};

[[nodiscard]] std::string percent_decode(std::string_view text, bool plus_is_blank = false);
/// Splits "a=1&b=%20" into decoded pairs.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> parse_query(std::string_view text);

}  // namespace carrick::sandbox
