// SPDX-License-Identifier: Apache-2.0
#include "core/app/application.hpp"

#include "core/app/expressions.hpp"

#include "core/connectors/netsuite/netsuite_options.hpp"
#include "core/store/sqlite/sqlite_store.hpp"

#include <cstdio>
#include <cstdlib>
#include <system_error>

namespace carrick::app {

namespace {

std::filesystem::path program_folder() {
    std::error_code error;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
    return error ? std::filesystem::path() : program.parent_path();
}

void add_path_list(std::vector<std::filesystem::path>& folders, std::string_view list) {
    while (!list.empty()) {
        const std::size_t colon = list.find(':');
        if (const std::string_view folder = list.substr(0, colon); !folder.empty())
            folders.emplace_back(folder);
        list = colon == std::string_view::npos ? std::string_view() : list.substr(colon + 1);
    }
}

/// What works today and will be switched off by the other side.
void warn_of_endings(const config::Config& config) {
    for (const auto& [name, connection] : config.connections) {
        const auto method = connection.auth.find("method");
        if (connection.connector != config::ConnectorKind::NetSuite ||
            method == connection.auth.end() || method->second.reveal() != "tba")
            continue;
        std::fprintf(stderr, "warning: connections.%s.auth.method: %.*s (config.deprecated)\n",
                     name.c_str(), static_cast<int>(connectors::netsuite::kTbaEnds.size()),
                     connectors::netsuite::kTbaEnds.data());
    }
}

}  // namespace

std::vector<std::filesystem::path> plugin_folders(const GlobalOptions& options) {
    std::vector<std::filesystem::path> folders = options.plugin_path;
    if (const char* list = std::getenv("CARRICK_PLUGIN_PATH")) add_path_list(folders, list);
    const std::filesystem::path program = program_folder();
    for (const char* beside : {"../plugins", "../lib/carrick/plugins"}) {
        std::error_code error;
        const std::filesystem::path folder =
            std::filesystem::weakly_canonical(program / beside, error);
        if (!error && std::filesystem::is_directory(folder, error)) folders.push_back(folder);
    }
    return folders;
}

int report(const Error& error) {
    std::fprintf(stderr, "error: %s (%s)\n", error.message.c_str(), error.code.c_str());
    return error.error_class == ErrorClass::Misconfigured ? kMisconfigured : kFailed;
}

const plugin_host::ManifestSet& Application::manifests() {
    if (!manifests_) manifests_ = plugin_host::scan_plugins(plugin_folders(options_));
    return *manifests_;
}

namespace {

config::LoadOptions from_environment() {
    config::LoadOptions load;
    load.environment = [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
    };
    return load;
}

}  // namespace

const config::Config* Application::configuration() {
    if (!loaded_) {
        loaded_ = true;
        config::Loaded loaded =
            config::load_config(options_.config, manifests(), from_environment());
        config_ = std::move(loaded.config);
        problems_ = std::move(loaded.problems);
        if (config_) {
            store_path_ = config_->store["path"].text();
            for (config::Problem& problem : check_expressions(*config_))
                problems_.push_back(std::move(problem));
        }
        // A plugin that no flow uses must not stop the others; one that a flow needs is a problem
        // of that flow already.
        for (const Error& problem : manifests().problems)
            std::fprintf(stderr, "warning: %s (%s)\n", problem.message.c_str(),
                         problem.code.c_str());
        if (config_) warn_of_endings(*config_);
        for (const config::Problem& problem : problems_)
            std::fprintf(stderr, "%s\n", problem.text().c_str());
    }
    return config_ && problems_.empty() ? &*config_ : nullptr;
}

const config::Outline* Application::outline() {
    if (!outline_) {
        outline_ = config::load_outline(options_.config, manifests(), from_environment());
        const std::vector<config::Problem>& problems = outline_->problems;
        if (outline_->store) {
            store_path_ = *outline_->store;
            if (!problems.empty())
                std::fprintf(
                    stderr, "warning: %s%s; `carrick validate` shows %s\n",
                    problems.front().text().c_str(),
                    problems.size() == 1
                        ? ""
                        : (" (and " + std::to_string(problems.size() - 1) + " more)").c_str(),
                    problems.size() == 1 ? "it" : "them all");
        } else {
            for (const config::Problem& problem : problems)
                std::fprintf(stderr, "%s\n", problem.text().c_str());
        }
    }
    return outline_->store ? &*outline_ : nullptr;
}

bool Application::store_exists() const {
    std::error_code unreadable;
    return std::filesystem::exists(store_path_, unreadable) || unreadable;
}

void say_nothing_yet(const Application& app) {
    std::fprintf(stderr, "nothing has run yet: there is no %s; `carrick run` makes it\n",
                 app.store_path().c_str());
}

Result<std::unique_ptr<store::Store>> Application::open_store(StoreUse use) {
    store::SqliteOptions options;
    options.path = store_path_;
    options.read_only_peer = use != StoreUse::Engine;
    std::error_code unreadable;
    if (use == StoreUse::DryRun && !std::filesystem::exists(options.path, unreadable)) {
        options.path = ":memory:";
        options.read_only_peer = false;
    }
    return store::open_sqlite_store(options);
}

}  // namespace carrick::app
