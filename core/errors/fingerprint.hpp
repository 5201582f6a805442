// SPDX-License-Identifier: Apache-2.0
// The fingerprint of an error: equal for errors that one remedy may settle together.
#pragma once

#include <carrick/sdk/result.hpp>

#include <string>
#include <string_view>

namespace carrick::errors {

/// The message with everything that differs from record to record taken out: quoted texts become
/// "*", words with a digit in them (ids, SKUs, amounts, dates) become #.
[[nodiscard]] std::string normalised_message(std::string_view message);

/// 16 hex digits over plugin, code and normalised message. Not secret, not for security; stable
/// over versions because people keep rules by it.
[[nodiscard]] std::string fingerprint(std::string_view plugin, const Error& error);

}  // namespace carrick::errors
