// SPDX-License-Identifier: Apache-2.0
// How the SP-API says no.
#pragma once

#include "examples/sandbox/service.hpp"

#include <string_view>

namespace carrick::sandbox {

[[nodiscard]] Response sp_refusal(int status, std::string_view code, std::string_view message,
                                  std::string_view details = "");
[[nodiscard]] inline Response invalid_input(std::string_view message) {
    return sp_refusal(400, "InvalidInput", message);
}
/// 403: a role, a region, a token or a path that is not the caller's.
[[nodiscard]] inline Response denied(std::string_view details) {
    return sp_refusal(403, "Unauthorized", "Access to requested resource is denied.", details);
}

}  // namespace carrick::sandbox
