// SPDX-License-Identifier: Apache-2.0
// Runs commands that plugins bring.
#include "core/plugin_host/commands.hpp"

#include "core/plugin_host/command_arguments.hpp"
#include "core/plugin_host/flow_instance.hpp"
#include "core/plugin_host/manifest_reader.hpp"
#include "core/plugin_host/nearest.hpp"
#include "core/plugin_host/stage_context.hpp"
#include "core/plugin_host/text_checks.hpp"

#include <algorithm>
#include <deque>
#include <fstream>
#include <istream>
#include <ostream>
#include <set>

namespace carrick::plugin_host {
namespace {

struct FoundCommand {
    const Manifest* manifest = nullptr;
    const CommandDeclaration* command = nullptr;
};

template <class Visit>
void each_command(const ManifestSet& plugins, Visit&& visit) {
    for (const Manifest& manifest : plugins.manifests)
        for (const CommandDeclaration& command : manifest.commands) visit(manifest, command);
}

FoundCommand find_command(const ManifestSet& plugins, std::string_view noun,
                          std::string_view verb) {
    FoundCommand found;
    each_command(plugins, [&](const Manifest& manifest, const CommandDeclaration& command) {
        if (command.noun == noun && command.verb == verb) found = {&manifest, &command};
    });
    return found;
}

std::string placeholder(const CommandDeclaration::Argument& argument) {
    std::string text = argument.positional ? "<" + argument.name + ">"
                       : argument.flag     ? "--" + argument.name
                       : argument.file     ? "--" + argument.name + " FILE"
                                           : "--" + argument.name + " VALUE";
    if (argument.repeated) text += "...";
    return text;
}

std::string usage_line(const CommandDeclaration& command) {
    std::string line = "carrick " + command.noun + " " + command.verb;
    for (const auto& argument : command.arguments)
        line +=
            argument.required ? " " + placeholder(argument) : " [" + placeholder(argument) + "]";
    return line;
}

/// A running command's streams, as the C table sees them.
class CommandHost {
public:
    explicit CommandHost(const CommandStreams& streams) : streams_(streams) {}

    /// Opens every file before the plugin runs, so that nothing is half done when one is missing.
    Result<void> open(std::span<const std::string> paths) {
        for (const std::string& path : paths) {
            File& file = files_.emplace_back();
            file.name = path;
            if (path == "-") {
                file.stream = &streams_.in;
                continue;
            }
            file.owned = opened(path);
            if (!file.owned) return unreadable_file(path);
            file.stream = file.owned.get();
        }
        return {};
    }

    /// What a file that is declared YAML says.
    [[nodiscard]] Result<Json> read_yaml(const std::string& path) const {
        if (!streams_.read_yaml) return bug("command.yaml", path + ": nothing here can read YAML");
        const std::unique_ptr<std::istream> owned = path == "-" ? nullptr : opened(path);
        if (!owned && path != "-") return unreadable_file(path);
        std::istream& from = owned ? *owned : streams_.in;
        std::string text(kLongestYaml + 1, '\0');
        from.read(text.data(), static_cast<std::streamsize>(text.size()));
        if (from.bad()) return misconfigured("command.file", path + ": reading it failed");
        text.resize(static_cast<std::size_t>(from.gcount()));
        if (text.size() > kLongestYaml)
            return misconfigured("command.file", path + ": longer than " +
                                                     std::to_string(kLongestYaml >> 20) +
                                                     " MiB, which no map is");
        return streams_.read_yaml(path, text);
    }

    [[nodiscard]] carrick_command_io table() {
        return {sizeof(carrick_command_io),
                0,
                this,
                &write,
                &read,
                &file_count,
                &file_name,
                &cancelled,
                &fail};
    }

    [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }
    [[nodiscard]] const std::optional<Error>& unreadable() const { return unreadable_; }

private:
    struct File {
        std::string name;
        std::unique_ptr<std::istream> owned;
        std::istream* stream = nullptr;
    };
    static constexpr std::size_t kLongestYaml = std::size_t{4} << 20;

    [[nodiscard]] std::unique_ptr<std::istream> opened(const std::string& path) const {
        std::error_code ignored;
        if (std::filesystem::is_directory(path, ignored)) return nullptr;
        if (streams_.open) return streams_.open(path);
        auto file = std::make_unique<std::ifstream>(path, std::ios::binary);
        return *file ? std::move(file) : nullptr;
    }
    static Error unreadable_file(const std::string& path) {
        return misconfigured("command.file",
                             path + ": cannot be read; check that the file exists and may be read");
    }

    static CommandHost& from(const carrick_command_io* io) {
        return *static_cast<CommandHost*>(io->context);
    }
    static std::int32_t write(const carrick_command_io* io, std::int32_t channel,
                              carrick_span text) noexcept {
        try {
            std::ostream& to = channel == 2 ? from(io).streams_.err : from(io).streams_.out;
            to << sdk::to_view(text);
            return to ? CARRICK_OK : CARRICK_FAILED;
        } catch (...) {
            return CARRICK_FAILED;
        }
    }
    static std::int64_t read(const carrick_command_io* io, std::uint32_t file, char* buffer,
                             std::uint64_t capacity) noexcept {
        CommandHost& self = from(io);
        try {
            if (file >= self.files_.size() || buffer == nullptr) return -1;
            File& source = self.files_[file];
            constexpr std::uint64_t kAtOnce = std::uint64_t{1} << 30;
            source.stream->read(buffer, static_cast<std::streamsize>(std::min(capacity, kAtOnce)));
            if (!source.stream->bad()) return source.stream->gcount();
            self.unreadable_ = misconfigured(
                "command.file", source.name +
                                    ": reading it failed, for its disk or because it is "
                                    "gzipped and damaged; get it again");
            return -1;
        } catch (...) {
            return -1;
        }
    }
    static std::uint32_t file_count(const carrick_command_io* io) noexcept {
        return static_cast<std::uint32_t>(from(io).files_.size());
    }
    static carrick_span file_name(const carrick_command_io* io, std::uint32_t file) noexcept {
        const CommandHost& self = from(io);
        return file < self.files_.size() ? sdk::to_span(self.files_[file].name) : carrick_span{};
    }
    static std::int32_t cancelled(const carrick_command_io* io) noexcept {
        const std::atomic<bool>* flag = from(io).streams_.cancelled;
        return flag != nullptr && flag->load(std::memory_order_acquire) ? 1 : 0;
    }
    static void fail(const carrick_command_io* io, const carrick_error* error) noexcept {
        try {
            if (error != nullptr) from(io).failure_ = read_error(*error);
        } catch (...) {
            // Out of memory: the failure is then reported without its reason.
        }
    }

    const CommandStreams& streams_;
    std::deque<File> files_;
    std::optional<Error> failure_;
    std::optional<Error> unreadable_;
};

int report(const CommandStreams& streams, const Error& error, int code) {
    streams.err << "carrick: " << error.message << " [" << error.code << "]\n";
    return code;
}

int run_loaded(const carrick_command& table, const CommandDeclaration& command,
               const CommandArguments& arguments, const CommandStreams& streams) {
    CommandHost host(streams);
    if (Result<void> opened = host.open(arguments.files); !opened)
        return report(streams, opened.error(), kCommandUsage);
    Json given = arguments.values;
    for (const auto& [argument, path] : arguments.yaml) {
        Result<Json> read = host.read_yaml(path);
        if (!read) return report(streams, read.error(), kCommandUsage);
        given.set(argument, *std::move(read));
    }
    const carrick_command_io io = host.table();
    const std::string values = given.dump();
    std::int32_t exit_code = 0;
    std::int32_t status = CARRICK_FAILED;
    std::optional<Error> thrown;
    try {
        status = table.run(&io, sdk::to_span(command.noun), sdk::to_span(command.verb),
                           sdk::to_span(values), &exit_code);
    } catch (const std::exception& exception) {
        thrown = bug("plugin.exception",
                     "the command let an exception out: " + clean_text(exception.what()));
    } catch (...) {
        thrown = bug("plugin.exception",
                     "the command let an exception out that is no std::exception of this engine");
    }
    streams.out.flush();
    if (thrown) return report(streams, *thrown, kCommandFailed);
    if (host.unreadable()) return report(streams, *host.unreadable(), kCommandUsage);
    if (status == CARRICK_CANCELLED)
        return report(streams, transient("command.cancelled", "the command was cancelled"),
                      kCommandFailed);
    if (status != CARRICK_OK)
        return report(streams,
                      host.failure().value_or(
                          bug("plugin.contract", "the command failed without giving a reason")),
                      kCommandFailed);
    if (exit_code < 0 || exit_code > 255)
        return report(
            streams,
            bug("plugin.contract", "the command ended with the exit code " +
                                       std::to_string(exit_code) + "; a process has 0 to 255"),
            kCommandFailed);
    return exit_code;
}

int no_such_command(const ManifestSet& plugins, std::string_view noun, std::string_view verb,
                    const CommandStreams& streams) {
    const std::string pair = std::string(noun) + " " + std::string(verb);
    bool explained = false;
    for (const Error& problem : plugins.problems)
        if (problem.message.find("\"" + pair + "\"") != std::string::npos) {
            streams.err << "carrick: " << problem.message << " [" << problem.code << "]\n";
            explained = true;
        }
    if (explained) return kCommandUsage;
    std::vector<std::string> known;
    each_command(plugins, [&](const Manifest&, const CommandDeclaration& command) {
        known.push_back(command.noun + " " + command.verb);
    });
    return report(streams,
                  misconfigured("command.unknown", "no plugin brings the command " +
                                                       in_quotes(pair) + did_you_mean(pair, known)),
                  kCommandUsage);
}

}  // namespace

void refuse_reserved_nouns(ManifestSet& plugins, std::span<const std::string_view> nouns) {
    std::erase_if(plugins.manifests, [&](const Manifest& manifest) {
        for (const CommandDeclaration& command : manifest.commands) {
            if (std::ranges::find(nouns, command.noun) == nouns.end()) continue;
            plugins.problems.push_back(misconfigured(
                "plugin.reserved_command", manifest.file.string() + " claims the command \"" +
                                               command.noun + " " + command.verb + "\"; " +
                                               command.noun +
                                               " is the engine's own, choose another noun"));
            return true;
        }
        return false;
    });
}

int run_plugin_command(const ManifestSet& plugins, std::string_view noun, std::string_view verb,
                       std::span<const std::string> words, const CommandStreams& streams) {
    const auto [manifest, command] = find_command(plugins, noun, verb);
    if (command == nullptr) return no_such_command(plugins, noun, verb, streams);
    const Result<CommandArguments> arguments = parse_arguments(*command, words);
    if (!arguments) {
        report(streams, arguments.error(), kCommandUsage);
        streams.err << "usage: " << usage_line(*command) << "\n";
        return kCommandUsage;
    }
    if (arguments->help) {
        streams.out << command_help(plugins, noun, verb);
        return kCommandOk;
    }
    Result<std::shared_ptr<LoadedPlugin>> plugin = load_plugin(*manifest);
    if (!plugin) return report(streams, plugin.error(), kCommandFailed);
    const carrick_command* table = (*plugin)->command();
    if (table == nullptr)
        return report(
            streams,
            misconfigured("plugin.no_command", manifest->library.string() + " offers no " +
                                                   CARRICK_COMMAND_EXTENSION +
                                                   ", though its manifest declares commands"),
            kCommandFailed);
    return run_loaded(*table, *command, *arguments, streams);
}

std::string command_help(const ManifestSet& plugins, std::string_view noun, std::string_view verb) {
    std::string text;
    if (verb.empty()) {
        each_command(plugins, [&](const Manifest&, const CommandDeclaration& command) {
            if (!noun.empty() && command.noun != noun) return;
            const std::string name = "carrick " + command.noun + " " + command.verb;
            text += "  " + name + std::string(name.size() < 38 ? 38 - name.size() : 2, ' ') +
                    command.summary + "\n";
        });
        return text;
    }
    const auto [manifest, command] = find_command(plugins, noun, verb);
    if (command == nullptr) return text;
    text = "usage: " + usage_line(*command) + "\n\n" + command->summary + "\n";
    if (!command->arguments.empty()) text += "\n";
    for (const auto& argument : command->arguments) {
        const std::string name = placeholder(argument);
        text += "  " + name + std::string(name.size() < 28 ? 28 - name.size() : 2, ' ') +
                argument.help + "\n";
    }
    return text + "\nFrom plugin " + manifest->name + " " + manifest->version + " (" +
           manifest->vendor + ").\n";
}

std::vector<std::string> complete_command(const ManifestSet& plugins,
                                          std::span<const std::string> words) {
    std::set<std::string> candidates;
    const std::string typed = words.empty() ? std::string() : words.back();
    if (words.size() <= 2) {
        each_command(plugins, [&](const Manifest&, const CommandDeclaration& command) {
            if (words.size() < 2)
                candidates.insert(command.noun);
            else if (command.noun == words[0])
                candidates.insert(command.verb);
        });
    } else if (const FoundCommand found = find_command(plugins, words[0], words[1]);
               found.command != nullptr) {
        const std::string& before = words[words.size() - 2];
        for (const auto& argument : found.command->arguments) {
            const std::string option = "--" + argument.name;
            const bool takes_value = !argument.positional && !argument.flag;
            if (words.size() > 3 && takes_value && option == before) return {};  // its value
            const bool given = std::ranges::find(words.first(words.size() - 1), option) !=
                               words.first(words.size() - 1).end();
            if (!argument.positional && (argument.repeated || !given)) candidates.insert(option);
        }
        candidates.insert("--help");
        // A word that does not begin an option is a positional's value: the shell knows more.
        if (!typed.starts_with("-") && !typed.empty()) return {};
    }
    std::erase_if(candidates, [&](const std::string& one) { return !one.starts_with(typed); });
    return {candidates.begin(), candidates.end()};
}

}  // namespace carrick::plugin_host
