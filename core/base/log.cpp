// SPDX-License-Identifier: Apache-2.0
#include "core/base/log.hpp"

#include "core/base/clock.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <memory>
#include <mutex>

namespace carrick::log {

namespace {

std::atomic<Level> threshold{Level::Info};
std::atomic<Form> chosen_form{Form::Json};
std::mutex sink_mutex;
std::shared_ptr<const std::function<void(Level, const std::string&)>> replaced_sink;

constexpr std::string_view name_of(Level level) {
    switch (level) {
        case Level::Debug: return "debug";
        case Level::Info: return "info";
        case Level::Warning: return "warning";
        case Level::Error: return "error";
    }
    return "info";
}

spdlog::logger& standard_error() {
    static const std::shared_ptr<spdlog::logger> logger = [] {
        auto made = std::make_shared<spdlog::logger>(
            "carrick", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        made->set_pattern("%v");
        made->set_level(spdlog::level::trace);
        made->flush_on(spdlog::level::trace);
        return made;
    }();
    return *logger;
}

/// The bytes that a terminal may act on, as JSON writes them; everything else is left.
std::string harmless(std::string_view text) {
    static constexpr char kHex[] = "0123456789abcdef";
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : '\0');
        // C2 80 to C2 9F: the second set of control characters, in UTF-8.
        const bool second_set = byte == 0xc2 && next >= 0x80 && next <= 0x9f;
        if (byte >= 0x20 && byte != 0x7f && !second_set) {
            out += text[i];
            continue;
        }
        const unsigned code = second_set ? next : byte;
        out += "\\u00";
        out += kHex[code >> 4U];
        out += kHex[code & 0xfU];
        if (second_set) ++i;
    }
    return out;
}

/// A value of key=value: in quotes where it would not read as one word.
std::string word(const Json& value) {
    if (!value.is_string()) return harmless(value.dump());
    const std::string& text = value.text();
    const bool plain = !text.empty() && text.find_first_of(" \t\r\n\"=") == std::string::npos;
    return harmless(plain ? text : value.dump());
}

}  // namespace

std::string readable(const Json& line) {
    std::string text = line["ts"].text() + " " + line["level"].text();
    // Levels of one width, so that what follows stands in a column.
    text.append(line["level"].text().size() < 8 ? 8 - line["level"].text().size() : 1, ' ');
    std::string place;
    for (const char* key : {"flow", "origin", "partition"})
        if (const std::string& part = line[key].text(); !part.empty())
            place += (place.empty() ? "" : place.find(' ') == std::string::npos ? " " : "/") + part;
    if (!place.empty()) text += harmless(place) + ": ";
    text += harmless(line["msg"].text());
    if (const std::string& message = line["message"].text(); !message.empty())
        text += ": " + harmless(message);
    for (const JsonMember& field : line.members()) {
        bool told = false;
        for (const char* key : {"ts", "level", "flow", "origin", "partition", "msg", "message"})
            told = told || field.key == key;
        if (!told) text += " " + field.key + "=" + word(field.value);
    }
    return text;
}

void set_form(Form form) {
    chosen_form = form;
}

void set_level(Level level) {
    threshold = level;
}

bool enabled(Level level) {
    return level >= threshold.load(std::memory_order_relaxed);
}

void set_sink(std::function<void(Level, const std::string&)> sink) {
    const std::lock_guard lock(sink_mutex);
    replaced_sink = sink ? std::make_shared<const std::function<void(Level, const std::string&)>>(
                               std::move(sink))
                         : nullptr;
}

void write(Level level, std::string_view event, std::initializer_list<Field> fields) {
    if (!enabled(level)) return;
    Json line = Json::object({{"ts", Json(SystemClock().now().text())},
                              {"level", Json(name_of(level))},
                              {"msg", Json(event)}});
    for (const Field& field : fields) line.set(field.first, field.second);
    const std::string text = chosen_form == Form::Text ? readable(line) : line.dump();
    std::shared_ptr<const std::function<void(Level, const std::string&)>> sink;
    {
        const std::lock_guard lock(sink_mutex);
        sink = replaced_sink;
    }
    if (sink)
        (*sink)(level, text);
    else
        standard_error().info(text);
}

}  // namespace carrick::log
