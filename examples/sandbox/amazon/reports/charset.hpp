// SPDX-License-Identifier: Apache-2.0
// Text in the encodings that Amazon's report files have.
#pragma once

#include <string>
#include <string_view>

namespace carrick::sandbox {

/// UTF-8 into the encoding that Java calls "Cp1252", "windows-31j" or "UTF-8"; what it lacks
/// becomes
/// '?', as Java does it. Throws std::runtime_error where this machine does not know the encoding.
[[nodiscard]] std::string encode(std::string_view utf8, std::string_view java_charset);

}  // namespace carrick::sandbox
