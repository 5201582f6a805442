// SPDX-License-Identifier: Apache-2.0
#include "core/base/failpoint.hpp"

#include <unistd.h>
#include <charconv>
#include <chrono>
#include <csignal>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

namespace carrick::failpoint {

namespace {

struct Registry {
    std::mutex mutex;
    std::map<std::string, std::function<void()>, std::less<>> actions;
};

Registry& registry() {
    static Registry instance;
    return instance;
}

bool number_of(std::string_view text, unsigned& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size();
}

bool arm_one(std::string_view name, std::string_view action) {
    unsigned nth = 1;
    if (const std::size_t at = action.find('@'); at != std::string_view::npos) {
        if (!number_of(action.substr(at + 1), nth) || nth == 0) return false;
        action = action.substr(0, at);
    }
    auto passes = std::make_shared<std::atomic<unsigned>>(0);
    if (action == "crash") {
        arm(std::string(name), [passes, nth] {
            if (++*passes >= nth) ::kill(::getpid(), SIGKILL);
        });
        return true;
    }
    constexpr std::string_view kDelay = "delay:";
    unsigned milliseconds = 0;
    if (action.substr(0, kDelay.size()) != kDelay ||
        !number_of(action.substr(kDelay.size()), milliseconds))
        return false;
    arm(std::string(name),
        [milliseconds] { std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds)); });
    return true;
}

}  // namespace

namespace detail {

std::atomic<bool> any_armed{false};

void hit(std::string_view name) {
    std::function<void()> action;
    {
        const std::lock_guard lock(registry().mutex);
        const auto found = registry().actions.find(name);
        if (found == registry().actions.end()) return;
        action = found->second;
    }
    action();
}

}  // namespace detail

void arm(std::string name, std::function<void()> action) {
    const std::lock_guard lock(registry().mutex);
    registry().actions[std::move(name)] = std::move(action);
    detail::any_armed = true;
}

void disarm(std::string_view name) {
    const std::lock_guard lock(registry().mutex);
    if (const auto found = registry().actions.find(name); found != registry().actions.end())
        registry().actions.erase(found);
    detail::any_armed = !registry().actions.empty();
}

void disarm_all() {
    const std::lock_guard lock(registry().mutex);
    registry().actions.clear();
    detail::any_armed = false;
}

bool arm_from_text(std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = text.find(';');
        const std::string_view part = text.substr(0, end);
        const std::size_t equals = part.find('=');
        if (equals == std::string_view::npos || equals == 0 ||
            !arm_one(part.substr(0, equals), part.substr(equals + 1)))
            return false;
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    }
    return true;
}

}  // namespace carrick::failpoint
