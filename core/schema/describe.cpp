// SPDX-License-Identifier: Apache-2.0
#include "core/schema/describe.hpp"

#include "core/schema/exact.hpp"

namespace carrick::schema {

std::string describe(const Json& value) {
    const auto counted = [](std::size_t count, const std::string& thing) {
        return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
    };
    if (const std::string* text = value.string_if())
        return "a text of " + counted(count_characters(*text), "character");
    if (const std::string* token = value.number_if())
        return "the number " + (token->size() > 40 ? token->substr(0, 40) + "..." : *token);
    if (value.is_array()) return "a list of " + counted(value.size(), "item");
    if (value.is_object()) return "an object";
    return value.is_null() ? "null" : (*value.bool_if() ? "true" : "false");
}

std::string shortened(std::string text) {
    constexpr std::size_t kShown = 200;
    if (text.size() > kShown) text = text.substr(0, kShown) + "...";
    return text;
}

std::string type_text(vj::TypeConstraint::JsonType type) {
    switch (type) {
        case vj::TypeConstraint::kArray: return "a list";
        case vj::TypeConstraint::kBoolean: return "true or false";
        case vj::TypeConstraint::kInteger: return "a whole number";
        case vj::TypeConstraint::kNull: return "null";
        case vj::TypeConstraint::kNumber: return "a number";
        case vj::TypeConstraint::kObject: return "an object";
        case vj::TypeConstraint::kString: return "a text";
        case vj::TypeConstraint::kAny: break;
    }
    return "anything";
}

}  // namespace carrick::schema
