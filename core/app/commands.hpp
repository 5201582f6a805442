// SPDX-License-Identifier: Apache-2.0
// The commands of the program. Each prints to standard output, errors to standard error, and
// returns the exit code.
#pragma once

#include "core/app/application.hpp"

#include <cstdint>
#include <string>
#include <vector>

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

struct BackfillOptions {
    std::string flow;
    std::string from;  ///< a day in the books' zone, both included
    std::string to;    ///< empty: up to now
    std::vector<std::string> marketplaces;
    int share = 50;  ///< of Amazon's quota, in percent
    bool before_start = false;
    bool dry_run = false;
};
/// Reads a source's days once more: here, or by the engine that runs.
int backfill(Application& app, const BackfillOptions& options);
/// `flow` empty: all.
int backfill_status(Application& app, const std::string& flow);
int stop_backfill(Application& app, const std::string& flow);
/// One backfill in a line: "orders_na NA1: running, 240 records in 3 pages, read up to ...".
[[nodiscard]] std::string backfill_line(const Json& backfill);

struct SyncOptions {
    std::string noun;
    std::vector<std::string> keys;
    std::string flow;  ///< empty: every source that knows the noun
    int wait_s = 60;
};
/// Fetches records by key now and prints what became of each. Ends with kOk when all is settled,
/// kWaiting when something waits or is tried again, kFailed when something failed or was not found.
int sync(Application& app, const SyncOptions& options);

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
struct ResolveOptions {
    std::vector<std::int64_t> ids;
    std::string reason;  ///< why, in the person's own words
};
/// Ends records that a person has settled by hand.
int resolve_errors(Application& app, const ResolveOptions& options);
/// Lets a flow write more in its first run than first_run_limit.
int allow_flow(Application& app, const std::string& flow);

/// The table of a run: per flow seen, done, skipped with reasons, waiting, failed.
[[nodiscard]] std::string totals_table(const std::vector<store::RunTotals>& totals,
                                       const std::vector<std::string>& flows);
[[nodiscard]] Json totals_json(const std::vector<store::RunTotals>& totals,
                               const std::vector<std::string>& flows);

}  // namespace carrick::app
