// SPDX-License-Identifier: Apache-2.0
// base64url without padding (RFC 4648 section 5), for opaque tokens.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace carrick::sandbox {

[[nodiscard]] std::string base64url(std::string_view bytes);
/// Nothing for a text with another character or an impossible length.
[[nodiscard]] std::optional<std::string> base64url_decode(std::string_view text);

}  // namespace carrick::sandbox
