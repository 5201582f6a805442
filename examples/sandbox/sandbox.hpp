// SPDX-License-Identifier: Apache-2.0
// The sandbox as a whole: clock, world, services, faults, statistics, control. Without sockets, so
// that a test can ask it directly; server/http_server puts it on the wire.
#pragma once

#include "examples/sandbox/netsuite_view.hpp"
#include "examples/sandbox/server/http_server.hpp"
#include "examples/sandbox/service.hpp"
#include "examples/sandbox/world/world.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>

namespace carrick::sandbox {

using NetSuiteFactory = std::function<std::unique_ptr<NetSuiteService>(const Environment&)>;

struct SandboxOptions {
    WorldOptions world;
    std::int64_t speed_percent = 100;
    bool official_quotas = true;
};

/// Thread-safe. URL prefixes: /amazon, /netsuite, /_sandbox.
class Sandbox {
public:
    /// `netsuite` may be empty: a sandbox without one (its verdict is then refused).
    Sandbox(const SandboxOptions& options, const NetSuiteFactory& netsuite);

    [[nodiscard]] Response handle(RawRequest raw);

    [[nodiscard]] SandboxClock& clock() { return clock_; }
    [[nodiscard]] Switches& switches() { return switches_; }
    [[nodiscard]] Faults& faults() { return faults_; }
    [[nodiscard]] World& world() { return world_; }
    [[nodiscard]] const World& world() const { return world_; }
    [[nodiscard]] const NetSuiteView* netsuite() const { return netsuite_; }
    /// What a person does in NetSuite's own pages: `path` behind the record API's root
    /// ("salesOrder/12/!transform/invoice"). Errors: `sandbox.control` without a NetSuite.
    [[nodiscard]] Result<Response> in_netsuite(std::string method, const std::string& path,
                                               const Json& body);

    /// Requests, statuses and faults per service and operation, and the services' own counters.
    [[nodiscard]] Json statistics() const;
    [[nodiscard]] Json ledger() const;
    /// Everything back to the state right after start, the clock included.
    void reset();

    /// What a restart needs. The world itself comes from its seed again.
    [[nodiscard]] Json snapshot() const;
    /// Errors: `sandbox.state` when the snapshot is of another world (seed, start, go-live,
    /// orders).
    [[nodiscard]] Result<void> restore(const Json& snapshot);

private:
    struct Counter {
        std::uint64_t requests = 0;
        std::map<int, std::uint64_t> statuses;
        std::map<std::string, std::uint64_t, std::less<>> faults;
    };

    [[nodiscard]] Service* service_named(std::string_view name) const;
    [[nodiscard]] Response serve(Service& service, const Request& original,
                                 const std::string& operation);
    void count(Service& service, const std::string& operation, const Response& response,
               std::optional<Fault> fault);

    SandboxOptions options_;
    SandboxClock clock_;
    Switches switches_;
    Faults faults_;
    World world_;
    std::vector<std::unique_ptr<Service>> services_;
    NetSuiteService* netsuite_ = nullptr;  // one of services_
    mutable std::mutex mutex_;
    std::map<std::pair<std::string, std::string>, Counter> counters_;
};

}  // namespace carrick::sandbox
