// SPDX-License-Identifier: Apache-2.0
// A plugin that brings commands: `text count` and `text fail`.
#include <carrick/sdk/plugin.hpp>

#include <array>
#include <stdexcept>

namespace {

using carrick::Result;

// Streams the files, so that one of any size costs one buffer.
Result<int> count(carrick::sdk::CommandIo& io, const carrick::Json& arguments) {
    std::array<char, 4096> buffer{};
    for (std::uint32_t file = 0; file < io.file_count(); ++file) {
        std::size_t lines = 0;
        while (const auto length = io.read(file, buffer.data(), buffer.size())) {
            if (*length == 0) break;
            for (std::size_t i = 0; i < *length; ++i) lines += buffer[i] == '\n' ? 1U : 0U;
        }
        io.out(arguments["label"].text_or("lines") + " " + std::to_string(lines) + " " +
               std::string(io.file_name(file)) + "\n");
    }
    io.out(arguments.dump() + "\n");
    return arguments["strict"].bool_if().value_or(false) ? 7 : 0;
}

Result<int> run(carrick::sdk::CommandIo& io, const carrick::sdk::CommandCall& call) {
    if (call.verb == "count") return count(io, call.arguments);
    if (call.arguments["how"].text() == "throw") throw std::runtime_error("thrown from a command");
    if (call.arguments["how"].text() == "code") return 4711;
    return carrick::rejected("text.fail", "it was told to fail");
}

}  // namespace

CARRICK_PLUGIN("word_count", "1.0.0", run)
