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

}  // namespace

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
    const std::string text = line.dump();
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
