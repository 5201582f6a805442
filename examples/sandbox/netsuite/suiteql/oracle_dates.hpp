// SPDX-License-Identifier: Apache-2.0
// Oracle's date formats, over the marked texts that dates are inside the mirror.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace carrick::sandbox::netsuite::suiteql {

/// "YYYY-MM-DD"T"HH24:MI:SS" applied to a marked date; std::nullopt for an unknown element.
[[nodiscard]] std::optional<std::string> to_char(std::string_view marked, std::string_view format);
/// Reads a text by a format into a marked date; std::nullopt where it does not fit.
[[nodiscard]] std::optional<std::string> to_date(std::string_view text, std::string_view format);
/// Moves a marked date by seconds or months.
[[nodiscard]] std::string add_seconds(std::string_view marked, std::int64_t seconds);
[[nodiscard]] std::string add_months(std::string_view marked, std::int64_t months);
/// Seconds since 1970 on the local calendar.
[[nodiscard]] std::int64_t seconds_of(std::string_view marked);

}  // namespace carrick::sandbox::netsuite::suiteql
