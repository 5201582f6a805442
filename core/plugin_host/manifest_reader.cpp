// SPDX-License-Identifier: Apache-2.0
// Reads the members of one JSON object and collects every problem with its place.
#include "core/plugin_host/manifest_reader.hpp"

#include "core/plugin_host/nearest.hpp"

#include <algorithm>

namespace carrick::plugin_host {

void Problems::add(std::string_view place, std::string_view what) {
    texts_.push_back(place.empty() ? std::string(what)
                                   : std::string(place) + ": " + std::string(what));
}

std::string Problems::text() const {
    constexpr std::size_t kShown = 8;
    std::string all;
    for (std::size_t i = 0; i < std::min(kShown, texts_.size()); ++i)
        all += (i == 0 ? "" : "; ") + texts_[i];
    if (texts_.size() > kShown) all += "; and " + std::to_string(texts_.size() - kShown) + " more";
    return all;
}

std::string in_quotes(std::string_view value) {
    constexpr std::size_t kShown = 60;
    std::string text = "\"";
    for (const char c : value.substr(0, kShown))
        text.push_back(static_cast<unsigned char>(c) < 0x20 ? '?' : c);
    return text + (value.size() > kShown ? "...\"" : "\"");
}

ObjectReader::ObjectReader(const Json& json, std::string place,
                           std::span<const std::string_view> keys, Problems& problems)
    : json_(json), place_(std::move(place)), problems_(problems) {
    if (!json.is_object()) {
        problems_.add(place_, "expected an object, found " + std::string(json.type_name()));
        return;
    }
    for (const JsonMember& member : json.members())
        if (std::ranges::find(keys, member.key) == keys.end())
            problems_.add(place_,
                          "unknown key " + in_quotes(member.key) + did_you_mean(member.key, keys));
}

std::string ObjectReader::place(std::string_view key) const {
    return place_.empty() ? std::string(key) : place_ + "." + std::string(key);
}

void ObjectReader::problem(std::string_view key, std::string_view what) const {
    problems_.add(place(key), what);
}

const Json* ObjectReader::member(std::string_view key, Presence presence) const {
    const Json* found = json_.find(key);
    if (found == nullptr && presence == Presence::Required && json_.is_object())
        problems_.add(place_, "the key " + in_quotes(key) + " is missing");
    return found;
}

void ObjectReader::wrong_type(std::string_view key, const Json& value,
                              std::string_view expected) const {
    problem(key, "expected " + std::string(expected) + ", found " + std::string(value.type_name()));
}

std::string ObjectReader::text(std::string_view key, Presence presence) const {
    const Json* value = member(key, presence);
    if (value == nullptr) return {};
    const std::string* text = value->string_if();
    if (text == nullptr) {
        wrong_type(key, *value, "a text");
        return {};
    }
    if (text->empty() && presence == Presence::Required) problem(key, "must not be empty");
    return *text;
}

std::size_t ObjectReader::choice(std::string_view key, Presence presence,
                                 std::span<const std::string_view> choices) const {
    if (!has(key) && presence == Presence::Optional) return 0;
    const std::string value = text(key, presence);
    const auto found = std::ranges::find(choices, value);
    if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
    if (!value.empty()) {
        std::string all;
        for (const std::string_view choice : choices)
            all += (all.empty() ? "" : ", ") + std::string(choice);
        problem(key, in_quotes(value) + " is not one of " + all + did_you_mean(value, choices));
    }
    return 0;
}

bool ObjectReader::flag(std::string_view key) const {
    const Json* value = member(key, Presence::Optional);
    if (value == nullptr) return false;
    if (!value->is_bool()) wrong_type(key, *value, "true or false");
    return value->bool_if().value_or(false);
}

int ObjectReader::integer(std::string_view key, int fallback, int low, int high) const {
    const Json* value = member(key, Presence::Optional);
    if (value == nullptr) return fallback;
    const std::optional<std::int64_t> number = value->integer_if();
    if (!number || *number < low || *number > high) {
        problem(key, "expected a whole number from " + std::to_string(low) + " to " +
                         std::to_string(high));
        return fallback;
    }
    return static_cast<int>(*number);
}

std::vector<std::string> ObjectReader::texts(std::string_view key) const {
    std::vector<std::string> all;
    for (const Json& item : items(key)) {
        const std::string* text = item.string_if();
        if (text == nullptr || text->empty())
            problem(key,
                    "expected texts that are not empty, found " + std::string(item.type_name()));
        else if (std::ranges::find(all, *text) != all.end())
            problem(key, in_quotes(*text) + " stands there twice");
        else
            all.push_back(*text);
    }
    return all;
}

Json ObjectReader::object(std::string_view key) const {
    const Json* value = member(key, Presence::Optional);
    if (value == nullptr) return Json::object();
    if (value->is_object()) return *value;
    wrong_type(key, *value, "an object");
    return Json::object();
}

std::span<const Json> ObjectReader::items(std::string_view key) const {
    const Json* value = member(key, Presence::Optional);
    if (value == nullptr) return {};
    if (!value->is_array()) wrong_type(key, *value, "an array");
    return value->items();
}

}  // namespace carrick::plugin_host
