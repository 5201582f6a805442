// SPDX-License-Identifier: Apache-2.0
// The judgements of a schema that must be exact: numbers by value on their tokens, equality of
// whole values, text patterns that cannot hang, formats.
#pragma once

#include <carrick/sdk/json.hpp>

#include <compare>
#include <optional>
#include <regex>
#include <string>
#include <string_view>

namespace carrick::schema {

/// Compares two JSON number tokens by value, whatever their length: 1.0 equals 1, and
/// 9007199254740993 differs from 9007199254740992.
[[nodiscard]] std::strong_ordering compare_numbers(std::string_view a, std::string_view b);

/// Whether a number token has no fraction (5, 5.0 and 5e2 have none).
[[nodiscard]] bool is_whole(std::string_view token);

/// Whether `value` is a whole multiple of `divisor`; nothing when it has too many digits to say.
[[nodiscard]] std::optional<bool> is_multiple(std::string_view value, std::string_view divisor);

/// Equality as JSON Schema means it: numbers by value, objects without regard to order.
[[nodiscard]] bool equal_values(const Json& a, const Json& b);

/// Code points of a UTF-8 text, which is what `minLength` counts.
[[nodiscard]] std::size_t count_characters(std::string_view text);

/// Compiles a pattern for a matcher without backtracking. Errors: `schema.syntax`.
[[nodiscard]] Result<std::regex> compile_pattern(const std::string& pattern);
/// Whether the text contains the pattern; nothing when it is too long to be matched.
[[nodiscard]] std::optional<bool> contains_pattern(const std::string& text,
                                                   const std::regex& pattern);

enum class FormatSupport { Checked, Annotation, Unknown };
[[nodiscard]] FormatSupport format_support(std::string_view format);
/// For a checked format: whether the text has it.
[[nodiscard]] bool has_format(std::string_view text, std::string_view format);

}  // namespace carrick::schema
