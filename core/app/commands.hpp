// SPDX-License-Identifier: Apache-2.0
// The commands of the program. Each prints to standard output, errors to standard error, and
// returns the exit code.
#pragma once

#include "core/app/application.hpp"

#include <cstdint>
#include <string>

namespace carrick::app {

int validate(Application& app);
/// `offline`: without asking the connections what the settings refer to.
int plan(Application& app, bool offline);

struct RunOptions {
    bool once = false;
    bool dry_run = false;
    bool progress = false;  ///< a line for every document that comes across
    int workers = 0;        ///< 0: as flows.yaml says
};
int run(Application& app, const RunOptions& options);

int list_flows(Application& app);
int list_runs(Application& app, std::size_t limit);
int list_operations(Application& app);
int list_plugins(Application& app);
int inspect_plugin(Application& app, const std::string& name);

struct ErrorListOptions {
    std::string flow;
    std::string fingerprint;
    bool all = false;  ///< resolved ones too
    std::string order = "id";
    std::size_t limit = 50;
};
int list_errors(Application& app, const ErrorListOptions& options);
int show_error(Application& app, std::int64_t id);
struct RetryOptions {
    std::int64_t id = 0;
    std::string flow;
    std::string fingerprint;
};
int retry_errors(Application& app, const RetryOptions& options);
/// Lets a flow write more in its first run than first_run_limit.
int allow_flow(Application& app, const std::string& flow);

/// The table of a run: per flow seen, done, skipped with reasons, waiting, failed.
[[nodiscard]] std::string totals_table(const std::vector<store::RunTotals>& totals,
                                       const std::vector<std::string>& flows);
[[nodiscard]] Json totals_json(const std::vector<store::RunTotals>& totals,
                               const std::vector<std::string>& flows);

}  // namespace carrick::app
