// SPDX-License-Identifier: Apache-2.0
// EngineSettings: everything that an engine runs, as plain values. The application fills it from
// flows.yaml (engine_builder.hpp); tests and the simulation write it down.
#pragma once

#include "core/connectors/connection.hpp"
#include "core/errors/retry_policy.hpp"
#include "core/plugin_host/flow_instance.hpp"
#include "core/store/store.hpp"

#include <carrick/sdk/json.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace carrick::archive {
class Archive;
}

namespace carrick::engine {

/// One connection, as flows refer to it by name. The connection itself is borrowed.
struct ConnectionSpec {
    connectors::Connection* connection = nullptr;
    std::string id;         ///< "NA1"
    std::string connector;  ///< "amazon", "netsuite"
    bool live = true;       ///< false: shadow; nothing is ever written to it
};

/// Where a flow runs once: a partition of an origin, with its effective settings.
struct PartitionSpec {
    std::string origin;
    std::string partition;
    Json settings;      ///< of this marketplace; with an empty partition, what all share
    Json marketplaces;  ///< with an empty partition: code -> settings
    Json mapping;       ///< write name -> field path -> expression
};

struct FlowSpec {
    std::string name;
    std::shared_ptr<plugin_host::LoadedPlugin> plugin;
    std::map<std::string, std::string> roles;  ///< "source", "target" -> connection name
    std::vector<std::string> from;             ///< producing flows
    std::vector<PartitionSpec> partitions;
    std::optional<UtcTime> start;  ///< sources: nothing older is read
    bool read_from_now = false;
    std::string where;
    std::optional<Milliseconds> every;  ///< sources: between two idle polls
    errors::RetryPolicy retry;
    Milliseconds wait_deadline{30LL * 24 * 3'600'000};
    std::size_t max_open = 10'000;  ///< ready records before the producer pauses
    std::size_t batch = 0;          ///< records a deliver; 0 = sized to two seconds of target time
    std::optional<std::int64_t> first_run_limit;
    Milliseconds timeout{120'000};  ///< of one plugin call
    connectors::Priority priority = connectors::Priority::Order;
};

/// What a dry run would have written for one record.
struct PlannedWrite {
    store::InstanceName instance;
    std::string key;
    plugin_host::Payload payload;
};

/// What one commit made true, for live progress and metrics.
struct Progress {
    store::InstanceName instance;
    store::RunCounts counts;
};

struct EngineSettings {
    std::map<std::string, ConnectionSpec> connections;
    std::vector<FlowSpec> flows;  ///< producers before consumers
    /// Where documents are kept; must outlive the engine. Null: flows get none.
    const archive::Archive* archive = nullptr;

    std::size_t page = 1'000;           ///< records read from a channel at once
    Milliseconds commit_interval{250};  ///< between the commits of one long deliver
    Milliseconds lookup_ttl{600'000};   ///< how long a found look-up is believed
    Milliseconds schema_ttl{86'400'000};
    Milliseconds lookup_wait{300'000};    ///< first wait for a missing look-up; doubles to an hour
    Milliseconds run_idle{2'000};         ///< a run ends after so long without work
    Milliseconds bucket_interval{5'000};  ///< between two stored quota levels of a connection

    /// `--once`: every stream runs now, whatever its schedule; finished when all are idle and
    /// nothing is ready. Retries due within `once_patience` are still awaited.
    bool once = false;
    Milliseconds once_patience{300'000};
    /// No stream follows its schedule: only what was asked for is read, and the records on their
    /// way go on. A command that carries out a request itself runs an engine so.
    bool demands_only = false;
    /// Every way ends after the schema; needs a DryRunStore. `on_planned` takes what would have
    /// been written, from any worker's thread.
    bool dry_run = false;
    std::function<void(const PlannedWrite&)> on_planned;
    /// Called after each commit, from any worker's thread; must be quick.
    std::function<void(const Progress&)> on_progress;
    /// Called before a page of a source is committed, from any worker's thread; a page that the
    /// store refuses comes again.
    std::function<void(const store::InstanceName&, std::span<const std::string> keys)> on_page;
    /// The simulation: the next instance is chosen by chance instead of in turn.
    bool shuffle = false;
};

}  // namespace carrick::engine
