// SPDX-License-Identifier: Apache-2.0
// gzip for response bodies, good and (for a fault) broken.
#pragma once

#include <string>
#include <string_view>

namespace carrick::sandbox {

[[nodiscard]] std::string gzip(std::string_view bytes);
/// Begins as a gzip stream and goes wrong in its middle.
[[nodiscard]] std::string broken_gzip(std::string_view bytes);

}  // namespace carrick::sandbox
