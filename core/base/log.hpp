// SPDX-License-Identifier: Apache-2.0
// Structured logs: one JSON object a line, or a line for people. The event is a constant text; what
// varies stands in fields. No secret and no personal data may be passed in: redaction happens where
// HTTP is logged.
#pragma once

#include <carrick/sdk/json.hpp>

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace carrick::log {

enum class Level { Debug = 1, Info = 2, Warning = 3, Error = 4 };

using Field = std::pair<std::string_view, Json>;

/// Json for machines, Text for a terminal: time, level, flow, event: message, then key=value.
enum class Form { Json, Text };
void set_form(Form form);

/// `ts` is the machine's own time in UTC, also where the engine follows the sandbox's sped-up
/// clock: a line must stand in order with what other programs log, and a clock that jumps would
/// put it days away. The times of the engine's clock that matter stand in the fields.
void set_level(Level level);
[[nodiscard]] bool enabled(Level level);
/// Where lines go instead of standard error; an empty function restores that. For tests and the
/// app.
void set_sink(std::function<void(Level, const std::string& line)> sink);

/// One line of the text form; `line` is the object that the JSON form prints. Control characters
/// are escaped: what a remote system says must not steer a terminal.
[[nodiscard]] std::string readable(const Json& line);

void write(Level level, std::string_view event, std::initializer_list<Field> fields);

inline void debug(std::string_view event, std::initializer_list<Field> fields = {}) {
    write(Level::Debug, event, fields);
}
inline void info(std::string_view event, std::initializer_list<Field> fields = {}) {
    write(Level::Info, event, fields);
}
inline void warning(std::string_view event, std::initializer_list<Field> fields = {}) {
    write(Level::Warning, event, fields);
}
inline void error(std::string_view event, std::initializer_list<Field> fields = {}) {
    write(Level::Error, event, fields);
}

}  // namespace carrick::log
