// SPDX-License-Identifier: Apache-2.0
#include "core/engine/said.hpp"

#include <chrono>

namespace carrick::engine {

std::string without_place(const store::InstanceName& name, const std::string& message) {
    const std::string flow = "flow " + name.flow + " in " + name.origin + "/";
    const std::size_t end = message.starts_with(flow) ? message.find(": ") : std::string::npos;
    return end == std::string::npos ? message : message.substr(end + 2);
}

bool Said::first(std::string_view event, const store::InstanceName& name, const Error& error,
                 UtcTime now) {
    constexpr Milliseconds kQuiet = std::chrono::minutes(10);
    const std::lock_guard lock(mutex_);
    std::erase_if(at_, [&](const auto& one) { return now - one.second >= kQuiet; });
    return at_
        .emplace(std::make_tuple(std::string(event), name.flow, error.code,
                                 without_place(name, error.message)),
                 now)
        .second;
}

}  // namespace carrick::engine
