// SPDX-License-Identifier: Apache-2.0
// World: a sandbox and an engine as processes, in a folder of their own that goes with them.
#pragma once

#include <carrick/sdk/json.hpp>

#include <catch2/catch.hpp>

#include <sys/types.h>
#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace carrick::end_to_end {

struct Ended {
    int code = 0;     ///< exit code; 128 + signal where one ended it
    std::string out;  ///< standard output
    std::string err;  ///< standard error
};

class World {
public:
    /// Starts a sandbox with this many orders at a fixed moment, without quotas; `options` come on
    /// top ("--switch", "amazon.result_order=descending").
    explicit World(int orders = 100, std::vector<std::string> options = {});
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    /// flows.yaml of the project, to be changed with `replace` before a run.
    World& replace(const std::string& what, const std::string& with);

    /// Runs `carrick ARGUMENTS` on the world, to its end.
    Ended carrick(const std::vector<std::string>& arguments);
    /// The same without waiting; `finish` waits.
    void start(const std::vector<std::string>& arguments);
    void send(int signal) const;
    Ended finish();
    /// Runs another `carrick ARGUMENTS` to its end, beside the one that was started.
    Ended beside(const std::vector<std::string>& arguments);
    /// The largest file that the engine may write, from now on (also where it runs); 0 = any.
    void limit_files(std::uint64_t bytes);
    /// What the running engine has written to standard error by now.
    [[nodiscard]] std::string errors_so_far() const { return text_of("engine.err"); }
    /// `carrick run --once --json`: what each flow did, by flow and counter ("written").
    std::map<std::string, std::map<std::string, std::int64_t>> cross(int expected_code = 0);

    /// The control API. `get("/verdict")`.
    Json get(const std::string& path) const;
    Json post(const std::string& path, const Json& body) const;
    std::string documents() const;
    [[nodiscard]] int sales_orders() const;  ///< in NetSuite
    void advance(std::chrono::seconds span) const;
    /// Ends the sandbox, and tells all that was written into it; every record of NetSuite is under
    /// services.netsuite.
    Json end_of_sandbox();
    /// Requires that the world adds up; otherwise shows what does not.
    /// `asked`: what the flows were set to do ("&fba=cash_sale&fba_per=shipment").
    void must_add_up(std::chrono::seconds grace = std::chrono::seconds(600),
                     const std::string& asked = {}) const;

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    [[nodiscard]] const std::string& base() const { return base_; }

private:
    [[nodiscard]] pid_t spawn(const std::string& program, const std::vector<std::string>& arguments,
                              const std::string& log) const;
    [[nodiscard]] std::string text_of(const std::string& file) const;

    std::filesystem::path folder_;
    std::string base_;
    pid_t sandbox_ = 0;
    pid_t engine_ = 0;
    std::uint64_t file_limit_ = 0;
};

}  // namespace carrick::end_to_end
