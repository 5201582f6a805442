// SPDX-License-Identifier: Apache-2.0
// Structured logs: one JSON object a line. The event is a constant text; what varies stands in
// fields. No secret and no personal data may be passed in: redaction happens where HTTP is logged.
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

void set_level(Level level);
[[nodiscard]] bool enabled(Level level);
/// Where lines go instead of standard error; an empty function restores that. For tests and the
/// app.
void set_sink(std::function<void(Level, const std::string& line)> sink);

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
