// SPDX-License-Identifier: Apache-2.0
// LabelPattern: texts with stars, as rules ask for them.
#pragma once

#include <string>
#include <string_view>

namespace carrick::plugins {

/// Without blanks at the ends; letters beyond ASCII stay as they are.
[[nodiscard]] std::string in_small_letters(std::string_view text);

/// "FBA*Fee", "*": any number of any characters for each star; blanks at the ends and the case of
/// letters do not count.
class LabelPattern {
public:
    LabelPattern() = default;
    explicit LabelPattern(std::string_view pattern);
    /// `text`: in small letters, without blanks at the ends.
    [[nodiscard]] bool matches(std::string_view text) const;
    /// How much it asks for: 0 for "*", the number of its characters, one more where it has no
    /// star.
    [[nodiscard]] int specificity() const { return specificity_; }
    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] const std::string& lowered() const { return lowered_; }

private:
    std::string text_ = "*";
    std::string lowered_ = "*";
    int specificity_ = 0;
};

}  // namespace carrick::plugins
