// SPDX-License-Identifier: Apache-2.0
// Config: flows.yaml, read into types. Every problem names file, line, column, key, what was
// expected and the nearest valid spelling; all problems come at once.
#pragma once

#include "core/plugin_host/manifest.hpp"

#include <carrick/sdk/json.hpp>
#include <carrick/sdk/utc_time.hpp>

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace carrick::config {

/// A place in the file. Lines and columns count from 1; 0 = not from a file.
struct Mark {
    int line = 0;
    int column = 0;
};

struct Problem {
    std::string file;
    Mark mark;
    std::string key;      ///< "flows.mfn_orders.every"
    std::string code;     ///< stable: "config.unknown_key"
    std::string message;  ///< thing, value, what was expected
    std::string nearest;  ///< nearest valid spelling, or ""

    /// "flows.yaml:12:5: flows.mfn_orders.evry: unknown key; did you mean \"every\"?"
    [[nodiscard]] std::string text() const;
};

/// A value that must never be printed. Deliberately has no text accessor but `reveal`.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string value) : value_(std::move(value)) {}
    [[nodiscard]] const std::string& reveal() const { return value_; }
    [[nodiscard]] bool empty() const { return value_.empty(); }

private:
    std::string value_;
};

enum class ConnectorKind { Amazon, NetSuite };
enum class Mode { Shadow, Live };

struct ConnectionConfig {
    std::string name;  ///< "seller-na"
    Mark mark;
    std::string id;  ///< "NA1"
    ConnectorKind connector = ConnectorKind::Amazon;
    Mode mode = Mode::Shadow;
    /// Everything else of the connection, references resolved: region, seller_id, account,
    /// concurrency, base_url, token_url, ca_file, ... Durations are numbers of milliseconds, paths
    /// are resolved beside the file; what was not given is absent.
    Json options;
    std::map<std::string, Secret>
        auth;           ///< client_id, client_secret, refresh_token, private_key, ...
    Json settings;      ///< level `connections.C.settings`
    Json marketplaces;  ///< level `connections.C.marketplaces`, by code
};

struct RetryConfig {
    int attempts = 8;
    Milliseconds max_delay{3'600'000};
};

struct FlowConfig {
    std::string name;
    Mark mark;
    std::string plugin;
    bool enabled = true;
    std::string source;  ///< connection name, may be empty
    std::string target;
    std::vector<std::string> from;          ///< producing flows
    std::vector<std::string> marketplaces;  ///< selection; empty: all that the input has
    std::optional<Milliseconds> every;
    std::optional<UtcTime> start;
    bool read_from_now = false;
    std::string where;  ///< one Lua expression, or empty
    RetryConfig retry;
    Milliseconds wait_deadline{30LL * 24 * 3'600'000};
    std::size_t max_open = 10'000;
    std::size_t batch = 0;  ///< records a deliver; 0 = sized by time
    std::optional<std::int64_t> first_run_limit;
    Milliseconds timeout{120'000};  ///< of one plugin call
};

/// One effective value and where it came from.
struct Origin {
    std::string level;  ///< "plugin default", "defaults", "marketplaces.DE",
                        ///< "flows.mfn_orders.settings", ...
    Mark mark;
    std::string key;  ///< where in the file: "marketplaces.DE.tax.rate"; empty for a default
};

/// The settings and mapping of one flow in one marketplace (or with an empty code), merged.
struct EffectiveSettings {
    Json settings;
    Json mapping;  ///< write name -> field path -> expression
    std::map<std::string, Origin>
        origins;  ///< "settings.customer.policy", "mapping.salesOrder.memo"
};

struct Config {
    std::filesystem::path file;
    Json store;    ///< {"driver": "sqlite", "path": "..."}; paths resolved beside the file
    Json archive;  ///< {"path": "..."}: where raw documents are kept; default beside the store
    /// With defaults filled in: workers, page (numbers); retention, history, lookup_ttl,
    /// schema_ttl, lookup_wait (milliseconds); books_zone (the `defaults` level's, else "UTC").
    Json engine;
    std::map<std::string, ConnectionConfig> connections;
    std::map<std::string, FlowConfig> flows;
    std::vector<std::string> order;  ///< flow names, producers before consumers

    /// Every partition a flow runs in: (origin id, marketplace code). Derived from its root
    /// sources.
    struct Partition {
        std::string origin;             ///< connection id, "NA1"
        std::string origin_connection;  ///< connection name, "seller-na"
        std::string marketplace;
    };
    [[nodiscard]] std::vector<Partition> partitions(const std::string& flow) const;
    /// Merged for one flow and partition, low to high as the design says.
    [[nodiscard]] EffectiveSettings effective(const std::string& flow,
                                              const Partition& partition) const;
    // Levels that `effective` merges, as read.
    Json defaults;
    Json marketplaces;
    std::map<std::string, Json> flow_settings;  ///< flow -> settings
    std::map<std::string, Json> flow_mapping;
    std::map<std::string, Json> flow_per_marketplace;  ///< flow -> code -> {settings, mapping}
    std::map<std::string, const plugin_host::Manifest*> plugins;  ///< flow -> manifest; borrowed
    std::map<std::string, Mark> marks;  ///< dotted key -> place, for origins
    /// Dotted keys whose value came from a secret or a file, which no output may show.
    std::set<std::string> secret_keys;
};

struct LoadOptions {
    /// Reads environment variables; tests replace it.
    std::function<std::optional<std::string>(const std::string&)> environment;
};

struct Loaded {
    std::optional<Config> config;  ///< absent when a problem makes it unusable
    std::vector<Problem> problems;
};

/// Reads and checks a flows.yaml against the manifests found. Never throws, never hangs: hostile
/// YAML ends in a problem.
[[nodiscard]] Loaded load_config(const std::filesystem::path& file,
                                 const plugin_host::ManifestSet& plugins,
                                 const LoadOptions& options);
/// The same for text (fuzzing); relative paths resolve beside `file`.
[[nodiscard]] Loaded parse_config(std::string_view text, const std::filesystem::path& file,
                                  const plugin_host::ManifestSet& plugins,
                                  const LoadOptions& options);

/// What the commands need that only look into the store: where it is, and the flows' names.
struct Outline {
    /// Absent where the file does not say, beyond doubt, which store is meant; `problems` say why.
    std::optional<std::filesystem::path> store;
    std::vector<std::string> flows;  ///< producers before consumers; empty where unreadable
    std::vector<Problem> problems;   ///< with a store: what is wrong elsewhere in the file
};

/// Reads only that much of a flows.yaml: no secret and no file is resolved, and what is wrong in
/// other parts, even slips in their YAML, locks nobody out of the error queue.
[[nodiscard]] Outline load_outline(const std::filesystem::path& file,
                                   const plugin_host::ManifestSet& plugins,
                                   const LoadOptions& options);
/// The same for text.
[[nodiscard]] Outline parse_outline(std::string_view text, const std::filesystem::path& file,
                                    const plugin_host::ManifestSet& plugins,
                                    const LoadOptions& options);

/// What is allowed, and yet hardly meant: a marketplace that a source reads and that nothing in
/// the file describes.
[[nodiscard]] std::vector<Problem> warnings_of(const Config& config);

/// `carrick plan`: the graph and the effective settings per marketplace with their origin.
[[nodiscard]] std::string describe_plan(const Config& config);
[[nodiscard]] Json plan_json(const Config& config);

}  // namespace carrick::config
