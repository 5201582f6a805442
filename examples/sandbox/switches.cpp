// SPDX-License-Identifier: Apache-2.0
// Switches by name.
#include "examples/sandbox/switches.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>

namespace carrick::sandbox {

void Switches::declare(std::string name, std::string default_value,
                       std::vector<std::string> allowed, std::string meaning) {
    const std::lock_guard lock(mutex_);
    std::string value = default_value;
    Entry entry{std::move(value), std::move(default_value), std::move(allowed), std::move(meaning)};
    entries_.insert_or_assign(std::move(name), std::move(entry));
}

std::string Switches::get(std::string_view name) const {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(name);
    assert(found != entries_.end());
    return found == entries_.end() ? std::string() : found->second.value;
}

std::int64_t Switches::number(std::string_view name) const {
    const std::string text = get(name);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? value : 0;
}

Result<void> Switches::set(std::string_view name, std::string_view value) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(name);
    if (found == entries_.end())
        return rejected("sandbox.switch", "there is no switch \"" +
                                              std::string(name.substr(0, 80)) +
                                              "\"; GET /_sandbox/state names them all");
    Entry& entry = found->second;
    if (!entry.allowed.empty() &&
        std::find(entry.allowed.begin(), entry.allowed.end(), value) == entry.allowed.end()) {
        std::string allowed;
        for (const std::string& each : entry.allowed)
            allowed += (allowed.empty() ? "" : ", ") + each;
        return rejected("sandbox.switch", std::string(name) + " cannot be \"" +
                                              std::string(value.substr(0, 80)) +
                                              "\"; its positions are " + allowed);
    }
    entry.value = value;
    return {};
}

void Switches::reset() {
    const std::lock_guard lock(mutex_);
    for (auto& [name, entry] : entries_) entry.value = entry.default_value;
}

Json Switches::describe() const {
    const std::lock_guard lock(mutex_);
    Json list = Json::array();
    for (const auto& [name, entry] : entries_) {
        Json allowed = Json::array();
        for (const std::string& value : entry.allowed) allowed.push_back(value);
        list.push_back(Json::object({{"name", name},
                                     {"value", entry.value},
                                     {"default", entry.default_value},
                                     {"allowed", std::move(allowed)},
                                     {"meaning", entry.meaning}}));
    }
    return list;
}

Json Switches::values() const {
    const std::lock_guard lock(mutex_);
    Json object = Json::object();
    for (const auto& [name, entry] : entries_) object.set(name, entry.value);
    return object;
}

}  // namespace carrick::sandbox
