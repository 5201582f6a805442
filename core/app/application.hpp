// SPDX-License-Identifier: Apache-2.0
// Application: what every command of the program starts from: plugins, flows.yaml, store,
// connections.
#pragma once

#include "core/base/clock.hpp"
#include "core/config/config.hpp"
#include "core/connectors/connection.hpp"
#include "core/connectors/http/http_transport.hpp"
#include "core/plugin_host/manifest.hpp"
#include "core/store/store.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace carrick::app {

/// How the program ends. 64 and up are left to plugins' commands.
enum ExitCode : int {
    kOk = 0,
    kFailed = 1,         ///< the work could not be finished; the reason was printed
    kMisconfigured = 2,  ///< flows.yaml, a plugin, a credential or the command line is wrong
    kWaiting = 3,        ///< nothing failed, but not everything has come to its end yet
};

struct GlobalOptions {
    std::filesystem::path config = "flows.yaml";
    std::vector<std::filesystem::path> plugin_path;
    std::string test_clock;  ///< "" or "sandbox"
    bool json = false;
    bool verbose = false;
    std::string log;  ///< "json", "text", or "": text on a terminal
};

/// DryRun: a peer, or, before the first run, a store in memory that nobody will miss.
enum class StoreUse { Engine, Peer, DryRun };

/// The connections of a configuration, with what they borrow.
class Connections {
public:
    /// Builds every connection of the configuration. Errors: Misconfigured, naming the connection.
    [[nodiscard]] static Result<std::unique_ptr<Connections>> make(const config::Config& config,
                                                                   const GlobalOptions& options);
    ~Connections();

    [[nodiscard]] Clock& clock() { return *clock_; }
    [[nodiscard]] Random& random() { return random_; }
    [[nodiscard]] const std::map<std::string, connectors::Connection*>& by_name() const {
        return by_name_;
    }

private:
    Connections() = default;
    [[nodiscard]] Result<void> make_clock(const config::Config& config,
                                          const GlobalOptions& options);
    [[nodiscard]] Result<void> make_one(const config::ConnectionConfig& connection);
    [[nodiscard]] http::HttpTransport& transport_for(const std::string& ca_file);

    // In the order in which they borrow from each other.
    std::map<std::string, std::unique_ptr<http::HttpTransport>> transports_;
    std::map<std::string, std::unique_ptr<http::HttpTransport>> logging_;
    std::unique_ptr<Clock> clock_;
    SystemRandom random_;
    std::vector<std::unique_ptr<connectors::Connection>> owned_;
    std::map<std::string, connectors::Connection*> by_name_;
};

class Application {
public:
    explicit Application(GlobalOptions options) : options_(std::move(options)) {}

    [[nodiscard]] const GlobalOptions& options() const { return options_; }
    /// Every manifest on the plugin path; scanned once.
    [[nodiscard]] const plugin_host::ManifestSet& manifests();
    /// Reads flows.yaml and prints its problems. Null when it cannot be used.
    [[nodiscard]] const config::Config* configuration();
    /// After that: what was read, also where an expression in it does not compile.
    [[nodiscard]] const config::Config* read() const { return config_ ? &*config_ : nullptr; }
    /// Reads of flows.yaml only where the store is and what the flows are called, for commands that
    /// need no more: they work without secrets, and while the rest of the file is being edited.
    /// What is wrong elsewhere is one warning line. Null when the store is not known; said then.
    [[nodiscard]] const config::Outline* outline();
    [[nodiscard]] const std::vector<config::Problem>& problems() const { return problems_; }
    /// Of whichever of the two above was read.
    [[nodiscard]] Result<std::unique_ptr<store::Store>> open_store(StoreUse use);
    [[nodiscard]] const std::filesystem::path& store_path() const { return store_path_; }
    /// False before the first run. Commands that only look have nothing to show then, which is no
    /// error.
    [[nodiscard]] bool store_exists() const;

private:
    GlobalOptions options_;
    std::optional<plugin_host::ManifestSet> manifests_;
    std::optional<config::Config> config_;
    std::optional<config::Outline> outline_;
    std::filesystem::path store_path_;
    std::vector<config::Problem> problems_;
    bool loaded_ = false;
};

/// The folders that plugins are looked for in: --plugin-path, $CARRICK_PLUGIN_PATH, and those
/// beside the program.
[[nodiscard]] std::vector<std::filesystem::path> plugin_folders(const GlobalOptions& options);

/// Says on standard error that there is nothing yet, and which command changes that.
void say_nothing_yet(const Application& app);

/// Prints "error: message (code)" to standard error and returns the exit code of its class.
int report(const Error& error);

}  // namespace carrick::app
