// SPDX-License-Identifier: Apache-2.0
// A plain HTTP client for the sandbox's own command line and tests. Blocking, one request a
// connection.
#pragma once

#include "examples/sandbox/service.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace carrick::sandbox {

/// `url`: "http://127.0.0.1:PORT/path?query". Errors: `sandbox.url`, `sandbox.unreachable` (also
/// for an answer that breaks off).
[[nodiscard]] Result<Response> fetch(std::string_view method, std::string_view url,
                                     const Headers& headers = {}, std::string_view body = {},
                                     std::chrono::milliseconds deadline = std::chrono::seconds(30));

}  // namespace carrick::sandbox
