// SPDX-License-Identifier: Apache-2.0
// Reads a command's words against its declaration.
#include "core/plugin_host/command_arguments.hpp"

#include "core/plugin_host/manifest_reader.hpp"
#include "core/plugin_host/nearest.hpp"

#include <algorithm>

namespace carrick::plugin_host {
namespace {

using Argument = CommandDeclaration::Argument;

Error usage(const std::string& what) {
    return misconfigured("command.usage", what);
}

class ArgumentParser {
public:
    explicit ArgumentParser(const CommandDeclaration& command) : command_(command) {
        read_.values = Json::object();
    }

    Result<void> parse(std::span<const std::string> words) {
        for (std::size_t i = 0; i < words.size(); ++i) {
            const std::string& word = words[i];
            if (!options_ended_ && word == "--") {
                options_ended_ = true;
            } else if (!options_ended_ && (word == "--help" || word == "-h")) {
                read_.help = true;
                return {};
            } else if (!options_ended_ && word.size() > 1 && word[0] == '-') {
                if (Result<void> taken = option(word, words, i); !taken) return taken;
            } else if (Result<void> taken = positional(word); !taken) {
                return taken;
            }
        }
        return check_required();
    }

    CommandArguments take() { return std::move(read_); }

private:
    Result<void> option(const std::string& word, std::span<const std::string> words,
                        std::size_t& at) {
        const std::size_t equals = word.find('=');
        const std::string name = word.substr(0, equals);
        const auto found = std::ranges::find_if(command_.arguments, [&](const Argument& argument) {
            return !argument.positional && "--" + argument.name == name;
        });
        if (found == command_.arguments.end())
            return usage("unknown option " + in_quotes(name) + did_you_mean(name, option_names()));
        if (found->flag) {
            if (equals != std::string::npos) return usage(name + " takes no value");
            read_.values.set(found->name, true);
            return {};
        }
        if (equals != std::string::npos) return put(*found, word.substr(equals + 1));
        if (at + 1 >= words.size()) return usage(name + " needs a value");
        return put(*found, words[++at]);
    }

    Result<void> positional(const std::string& word) {
        std::size_t place = 0;
        for (const Argument& argument : command_.arguments) {
            if (!argument.positional || (place++ < positionals_ && !argument.repeated)) continue;
            ++positionals_;
            return put(argument, word);
        }
        return usage("nothing is expected at " + in_quotes(word));
    }

    Result<void> put(const Argument& argument, const std::string& text) {
        Json value = Json(text);
        if (argument.yaml) {
            read_.yaml.emplace_back(argument.name, text);
        } else if (argument.file) {
            value = Json(static_cast<std::uint64_t>(read_.files.size()));
            read_.files.push_back(text);
        }
        if (argument.repeated) {
            read_.values.member(argument.name).push_back(std::move(value));
            return {};
        }
        if (read_.values.contains(argument.name))
            return usage("--" + argument.name + " was given twice");
        read_.values.set(argument.name, std::move(value));
        return {};
    }

    Result<void> check_required() const {
        for (const Argument& argument : command_.arguments)
            if (argument.required && !read_.values.contains(argument.name))
                return usage(
                    (argument.positional ? "<" + argument.name + ">" : "--" + argument.name) +
                    " is missing");
        return {};
    }

    [[nodiscard]] std::vector<std::string> option_names() const {
        std::vector<std::string> names{"--help"};
        for (const Argument& argument : command_.arguments)
            if (!argument.positional) names.push_back("--" + argument.name);
        return names;
    }

    const CommandDeclaration& command_;
    CommandArguments read_;
    std::size_t positionals_ = 0;
    bool options_ended_ = false;
};

}  // namespace

Result<CommandArguments> parse_arguments(const CommandDeclaration& command,
                                         std::span<const std::string> words) {
    ArgumentParser parser(command);
    if (Result<void> read = parser.parse(words); !read) return std::move(read).error();
    return parser.take();
}

}  // namespace carrick::plugin_host
