// SPDX-License-Identifier: Apache-2.0
// Loads plugin libraries through Boost.DLL and shakes hands with them.
#include "core/plugin_host/flow_instance.hpp"
#include "core/plugin_host/library_file.hpp"
#include "core/plugin_host/table_instance.hpp"
#include "core/plugin_host/text_checks.hpp"

#include <boost/dll/shared_library.hpp>

#include <dlfcn.h>

#include <mutex>
#include <vector>

namespace carrick::plugin_host {
namespace {

class TablePlugin final : public LoadedPlugin, public std::enable_shared_from_this<TablePlugin> {
public:
    TablePlugin(Manifest manifest, const carrick_plugin& descriptor)
        : manifest_(std::move(manifest)), descriptor_(descriptor) {}

    [[nodiscard]] const Manifest& manifest() const override { return manifest_; }
    [[nodiscard]] Result<std::unique_ptr<FlowInstance>> create(const Json& config) override {
        return create_instance(shared_from_this(), descriptor_, config);
    }
    [[nodiscard]] const carrick_command* command() const override {
        if (descriptor_.extension == nullptr) return nullptr;
        try {
            const auto* table = static_cast<const carrick_command*>(
                descriptor_.extension(sdk::to_span(CARRICK_COMMAND_EXTENSION)));
            const bool usable = table != nullptr && sdk::covers(*table, &carrick_command::run) &&
                                table->run != nullptr;
            return usable ? table : nullptr;
        } catch (...) {
            return nullptr;  // an extension that throws offers nothing
        }
    }

private:
    Manifest manifest_;
    carrick_plugin descriptor_;  // what its struct_size covers
};

std::string version_text(unsigned major, unsigned minor) {
    return std::to_string(major) + "." + std::to_string(minor);
}

Result<void> check_names(const Manifest& manifest, const carrick_plugin& descriptor) {
    const std::string name = clean_text(sdk::to_view(descriptor.name), 100);
    const std::string version = clean_text(sdk::to_view(descriptor.version), 100);
    if (name != manifest.name)
        return misconfigured("plugin.name", manifest.library.string() + " calls itself \"" + name +
                                                "\", its manifest \"" + manifest.name +
                                                "\"; they must be equal");
    if (version != manifest.version)
        return misconfigured("plugin.name",
                             manifest.library.string() + " is version " + version +
                                 ", its manifest says " + manifest.version +
                                 "; install the library and the manifest of one build");
    return {};
}

Result<std::shared_ptr<LoadedPlugin>> shake_hands(const Manifest& manifest,
                                                  carrick_plugin_entry entry) {
    const carrick_plugin* raw = nullptr;
    try {
        raw = entry();
    } catch (...) {
        return bug("plugin.exception", manifest.library.string() + ": its entry " +
                                           CARRICK_ENTRY_SYMBOL + " let an exception out");
    }
    if (raw == nullptr || !sdk::covers(*raw, &carrick_plugin::version))
        return bug("plugin.contract", manifest.library.string() + ": its entry " +
                                          CARRICK_ENTRY_SYMBOL + " returned no usable descriptor");
    const carrick_plugin descriptor = sdk::covered_copy(
        *raw, &carrick_plugin::abi_minor, &carrick_plugin::name, &carrick_plugin::version,
        &carrick_plugin::create, &carrick_plugin::extension);
    if (descriptor.abi_minor != CARRICK_ABI_MINOR)
        return misconfigured(
            "plugin.version",
            manifest.library.string() + " is built for ABI " +
                version_text(CARRICK_ABI_MAJOR, descriptor.abi_minor) + ", this engine offers " +
                version_text(CARRICK_ABI_MAJOR, CARRICK_ABI_MINOR) +
                (descriptor.abi_minor > CARRICK_ABI_MINOR
                     ? "; upgrade the engine"
                     : "; upgrade the plugin, or build it again with this engine's SDK"));
    if (Result<void> same = check_names(manifest, descriptor); !same) return same.error();
    return std::shared_ptr<LoadedPlugin>(std::make_shared<TablePlugin>(manifest, descriptor));
}

struct Entry {
    carrick_plugin_entry function;
};

/// Every library that was ever loaded, for as long as the process lives: its code may be on any
/// thread's stack, and thread-locals and unique symbols pin it anyway. Never destroyed.
class LibraryRegistry {
public:
    static LibraryRegistry& instance() {
        static LibraryRegistry* const kRegistry = new LibraryRegistry;
        return *kRegistry;
    }

    Result<Entry> entry_of(const std::filesystem::path& file) {
        // dlopen runs static initialisers; one at a time, as Boost.DLL asks.
        const std::lock_guard lock(mutex_);
        try {
            boost::dll::shared_library library(
                boost::dll::fs::path(std::filesystem::absolute(file).string()), mode());
            Result<Entry> entry = find_entry(library, file);
            libraries_.push_back(std::move(library));
            return entry;
        } catch (const std::exception& thrown) {
            return misconfigured(
                "plugin.not_a_library",
                file.string() + ": the dynamic loader refuses it: " + clean_text(thrown.what()));
        } catch (...) {
            return bug("plugin.exception",
                       file.string() + ": an exception left its static initialisers");
        }
    }

private:
    // Boost.DLL has no word for NODELETE. No RTLD_DEEPBIND: it breaks sanitizers and, with a static
    // libstdc++, exceptions.
    static boost::dll::load_mode::type mode() {
        return static_cast<boost::dll::load_mode::type>(RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    }

    static Result<Entry> find_entry(const boost::dll::shared_library& library,
                                    const std::filesystem::path& file) {
        if (library.has(CARRICK_ENTRY_SYMBOL))
            return Entry{&library.get<const carrick_plugin*(void)>(CARRICK_ENTRY_SYMBOL)};
        for (int major = CARRICK_ABI_MAJOR + 1; major <= CARRICK_ABI_MAJOR + 3; ++major)
            if (library.has("carrick_plugin_v" + std::to_string(major)))
                return misconfigured("plugin.version",
                                     file.string() + " is built for ABI " + std::to_string(major) +
                                         ", this engine offers " +
                                         version_text(CARRICK_ABI_MAJOR, CARRICK_ABI_MINOR) +
                                         "; upgrade the engine");
        return misconfigured("plugin.no_entry",
                             file.string() + ": the symbol " + CARRICK_ENTRY_SYMBOL +
                                 " is missing; build the plugin with carrick_add_flow, and define "
                                 "it with CARRICK_PLUGIN or in C");
    }

    std::mutex mutex_;
    std::vector<boost::dll::shared_library> libraries_;
};

}  // namespace

Result<std::shared_ptr<LoadedPlugin>> load_plugin(const Manifest& manifest) {
    if (Result<void> library = check_library_file(manifest.library); !library)
        return library.error();
    const Result<Entry> entry = LibraryRegistry::instance().entry_of(manifest.library);
    if (!entry) return entry.error();
    return shake_hands(manifest, entry->function);
}

Result<std::shared_ptr<LoadedPlugin>> adopt_plugin(const Manifest& manifest,
                                                   carrick_plugin_entry entry) {
    return shake_hands(manifest, entry);
}

}  // namespace carrick::plugin_host
