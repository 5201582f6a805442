// SPDX-License-Identifier: Apache-2.0
// A sandbox inside the benchmark's own process, so that it can look at every request as it comes.
#pragma once

#include "examples/sandbox/sandbox.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace carrick::bench {

using SteadyTime = std::chrono::steady_clock::time_point;

/// A request that came, and what became of it.
struct Exchange {
    sandbox::RawRequest request;  ///< with headers and body only where `keep_content`
    SteadyTime began;
    SteadyTime ended;
    UtcTime at;  ///< of the sandbox's clock
    int status = 0;
    std::string location;  ///< of what it created

    [[nodiscard]] bool is_search() const;  ///< searchOrders
    [[nodiscard]] bool is_next_page() const;
};

/// Serves one world after the other on the same port. Ends the program when it cannot.
class SandboxHost {
public:
    /// `keys`: directory for NetSuite's demo keys.
    explicit SandboxHost(std::string keys);

    /// A new world; what was recorded of the one before is forgotten. NetSuite's answers travel for
    /// so long.
    void begin(const sandbox::SandboxOptions& options, bool keep_content,
               std::chrono::milliseconds distance = {});
    [[nodiscard]] sandbox::Sandbox& sandbox() { return *sandbox_; }
    [[nodiscard]] const std::string& base() const { return base_; }
    /// Everything recorded so far, by the moment it came.
    [[nodiscard]] std::vector<Exchange> exchanges() const;
    /// Ends the program unless every order that is importable for longer than `grace` is in
    /// NetSuite exactly once, to the cent.
    void require_that_it_adds_up(Milliseconds grace = std::chrono::minutes(10));

private:
    sandbox::Response answer(sandbox::RawRequest request);

    std::string keys_;
    std::string base_;
    std::shared_ptr<sandbox::Sandbox> sandbox_;
    mutable std::mutex mutex_;
    bool keep_content_ = false;
    std::chrono::milliseconds distance_{0};
    std::vector<Exchange> exchanges_;
    std::unique_ptr<sandbox::HttpServer> server_;  // last: its threads use all of the above
};

/// The world of the quickstart with so many orders.
[[nodiscard]] sandbox::SandboxOptions world_of(std::uint64_t orders, bool official_quotas,
                                               std::int64_t speed_percent);

}  // namespace carrick::bench
