// SPDX-License-Identifier: Apache-2.0
// Commands that a plugin brings: `carrick <noun> <verb>`, declared in the manifest, run without an
// instance of any flow.
#pragma once

#include <carrick/sdk/call.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace carrick::sdk {

/// What a command may use while it runs.
class CommandIo {
public:
    explicit CommandIo(const carrick_command_io& io) : io_(io) {}
    CommandIo(const CommandIo&) = delete;
    CommandIo& operator=(const CommandIo&) = delete;

    void out(std::string_view text) { io_.write(&io_, 1, to_span(text)); }
    void err(std::string_view text) { io_.write(&io_, 2, to_span(text)); }

    /// The files among the arguments, opened by the host. A file argument's value is its number.
    [[nodiscard]] std::uint32_t file_count() const { return io_.file_count(&io_); }
    [[nodiscard]] std::string_view file_name(std::uint32_t file) const {
        return to_view(io_.file_name(&io_, file));
    }
    /// Up to `capacity` bytes; 0 at the end, nothing after an error (the host reports it).
    [[nodiscard]] std::optional<std::size_t> read(std::uint32_t file, char* buffer,
                                                  std::size_t capacity) {
        const std::int64_t count = io_.read(&io_, file, buffer, capacity);
        if (count < 0) return std::nullopt;
        return static_cast<std::size_t>(count);
    }
    [[nodiscard]] bool cancelled() const { return io_.cancelled(&io_) != 0; }
    void fail(const Error& error) {
        const carrick_error raw = detail::to_abi(error);
        io_.fail(&io_, &raw);
    }

private:
    const carrick_command_io& io_;
};

/// One call of a command. `arguments`: name -> text, boolean (flags), number (files) or an array of
/// them (repeated), as the manifest declares. A file that it declares YAML comes as what it says:
///   {"file": "map.yaml", "value": {"rules": [{"class": "fee"}]},
///    "marks": {"": "map.yaml:1:1", "/rules/0/class": "map.yaml:2:5"}}
/// Marks are those of keys and list items, by JSON pointer. Unquoted scalars are numbers, booleans
/// or null where they look like one, all else is text.
struct CommandCall {
    std::string_view noun;
    std::string_view verb;
    Json arguments;
};

/// A plugin's command function: Result<int>(CommandIo&, const CommandCall&), the exit code.
using CommandFunction = Result<int> (*)(CommandIo&, const CommandCall&);

/// The C table in front of a command function.
template <CommandFunction run>
class CommandTable {
public:
    [[nodiscard]] static const carrick_command* table() noexcept {
        static const carrick_command kTable{sizeof(carrick_command), 0, &trampoline};
        return &kTable;
    }

private:
    static std::int32_t trampoline(const carrick_command_io* io, carrick_span noun,
                                   carrick_span verb, carrick_span arguments,
                                   std::int32_t* exit_code) noexcept {
        try {
            CommandIo host(*io);
            Result<Json> parsed = Json::parse(to_view(arguments));
            if (!parsed) return fail(io, parsed.error());
            const Result<int> code = run(host, {to_view(noun), to_view(verb), *std::move(parsed)});
            if (!code) return fail(io, code.error());
            *exit_code = *code;
            return CARRICK_OK;
        } catch (const std::exception& thrown) {
            return report(io, thrown.what());
        } catch (...) {
            return report(io, "an exception that is no std::exception");
        }
    }
    static std::int32_t fail(const carrick_command_io* io, const Error& error) noexcept {
        const carrick_error raw = detail::to_abi(error);
        io->fail(io, &raw);
        return CARRICK_FAILED;
    }
    static std::int32_t report(const carrick_command_io* io, std::string_view what) noexcept {
        const carrick_error raw{sizeof(carrick_error),
                                CARRICK_ERROR_BUG,
                                to_span("plugin.exception"),
                                to_span(what),
                                {},
                                0};
        io->fail(io, &raw);
        return CARRICK_FAILED;
    }
};

}  // namespace carrick::sdk
