// SPDX-License-Identifier: Apache-2.0
// The commands of the settlement plugin as their user sees them.
#pragma once

#include "core/config/yaml_json.hpp"
#include "plugins/settlement/settlement_commands.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace carrick::testing {

/// A map as the host reads it.
inline Json yaml(const std::string& text) {
    Result<Json> read = config::yaml_with_marks("map.yaml", text);
    INFO((read ? std::string() : read.error().message));
    REQUIRE(read);
    return *std::move(read);
}

/// What the host gives a command: files in memory, and two texts that it writes.
class Terminal {
public:
    explicit Terminal(std::vector<std::string> files) : files_(std::move(files)) {
        at_.resize(files_.size());
    }

    struct Ended {
        int code = 0;
        std::string out;
        std::string err;
        std::string error;
        [[nodiscard]] Json json() const { return Json::parse(out).value(); }
    };

    Ended prove(Json arguments = Json::object()) { return run("prove", std::move(arguments)); }
    Ended run(const char* verb, Json arguments) {
        carrick_command_io table{};
        table.struct_size = sizeof table;
        table.context = this;
        table.write = [](const carrick_command_io* io, std::int32_t channel, carrick_span text) {
            Terminal& self = from(io);
            (channel == 2 ? self.ended_.err : self.ended_.out) += sdk::to_view(text);
            return std::int32_t{CARRICK_OK};
        };
        table.read = [](const carrick_command_io* io, std::uint32_t file, char* buffer,
                        std::uint64_t capacity) {
            Terminal& self = from(io);
            const std::size_t got = self.files_[file].copy(
                buffer, std::min<std::size_t>(capacity, 997), self.at_[file]);
            self.at_[file] += got;
            return static_cast<std::int64_t>(got);
        };
        table.file_count = [](const carrick_command_io* io) {
            return static_cast<std::uint32_t>(from(io).files_.size());
        };
        table.file_name = [](const carrick_command_io*, std::uint32_t file) {
            static constexpr const char* kNames[] = {"first.txt", "second.txt", "third.txt"};
            return sdk::to_span(kNames[file]);
        };
        table.cancelled = [](const carrick_command_io*) { return std::int32_t{0}; };
        table.fail = [](const carrick_command_io*, const carrick_error*) {};
        sdk::CommandIo io(table);
        const Result<int> code =
            plugins::run_settlement_command(io, {"settlement", verb, std::move(arguments)});
        if (code)
            ended_.code = *code;
        else
            ended_.error = code.error().message;
        return std::move(ended_);
    }
    Ended json() { return prove(Json::object({{"json", Json(true)}})); }

private:
    static Terminal& from(const carrick_command_io* io) {
        return *static_cast<Terminal*>(io->context);
    }
    std::vector<std::string> files_;
    std::vector<std::size_t> at_;
    Ended ended_;
};

}  // namespace carrick::testing
