// SPDX-License-Identifier: Apache-2.0
// A program that a benchmark starts and measures from outside.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace carrick::bench {

/// What a program took until it ended.
struct Taken {
    int exit_code = -1;
    double wall_seconds = 0;
    double cpu_seconds = 0;     ///< user and system
    double peak_mebibytes = 0;  ///< resident; looked at every 10 ms
};

/// One running program; killed and waited for by the destructor if it still runs.
class Program {
public:
    /// `environment`: "NAME=value", added to this process's own. Output goes to the file `log`.
    Program(const std::vector<std::string>& command, const std::vector<std::string>& environment,
            const std::filesystem::path& log);
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    [[nodiscard]] std::chrono::steady_clock::time_point started() const { return started_; }
    /// Waits until it ends; after `limit` it is killed, with exit code -1.
    [[nodiscard]] Taken wait(std::chrono::seconds limit);
    void kill();

private:
    [[nodiscard]] double high_water_mark() const;

    pid_t process_ = -1;
    std::chrono::steady_clock::time_point started_;
};

}  // namespace carrick::bench
