// SPDX-License-Identifier: Apache-2.0
// JsonText: JSON on its way out of a plugin, borrowed from a text or made from a Json.
#pragma once

#include <carrick/sdk/json.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace carrick::sdk {

/// A parameter type: pass a Json, or text that is JSON already. Text is borrowed, so it must live
/// as long as the call it is passed to.
class JsonText {
public:
    JsonText() = default;
    JsonText(std::string_view text) : view_(text) {}    // NOLINT(google-explicit-constructor)
    JsonText(const std::string& text) : view_(text) {}  // NOLINT(google-explicit-constructor)
    JsonText(const char* text) : view_(text) {}         // NOLINT(google-explicit-constructor)
    JsonText(const Json& json)                          // NOLINT(google-explicit-constructor)
        : owned_(json.is_null() ? std::string() : json.dump()) {}

    [[nodiscard]] std::string_view view() const {
        return owned_.empty() ? view_ : std::string_view(owned_);
    }

private:
    std::string owned_;
    std::string_view view_;
};

}  // namespace carrick::sdk
