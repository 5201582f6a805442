// SPDX-License-Identifier: Apache-2.0
// Failpoints: named places where a test can crash, delay or disturb the program. Compiled into all
// builds so that what is tested is what ships; armed only by tests.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>

namespace carrick::failpoint {

/// Runs `action` each time the named place is passed, on that thread. An action may throw.
void arm(std::string name, std::function<void()> action);
void disarm(std::string_view name);
void disarm_all();
/// Arms from text such as "engine.after_deliver=crash;store.before_commit=delay:50;x=crash@7"
/// (the seventh passing). `crash` is SIGKILL to ourselves. Returns false for text it cannot read.
[[nodiscard]] bool arm_from_text(std::string_view text);

namespace detail {
extern std::atomic<bool> any_armed;
void hit(std::string_view name);
}  // namespace detail

/// Marks a place. Costs one relaxed load when nothing is armed.
inline void pass(std::string_view name) {
    if (detail::any_armed.load(std::memory_order_relaxed)) detail::hit(name);
}

}  // namespace carrick::failpoint
