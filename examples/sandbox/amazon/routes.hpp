// SPDX-License-Identifier: Apache-2.0
// From method and path to the operation that is meant.
#pragma once

#include "examples/sandbox/service.hpp"

#include <string>

namespace carrick::sandbox {

/// `operation` is as Amazon's models name it; "token" (LWA), "downloadDocument" (the storage behind
/// a report's URL) and "unknown" beside them.
struct Route {
    std::string operation = "unknown";
    std::string region;  ///< of the host; empty when the path names none
    std::string id;      ///< the last part of the path, where it is one
    std::string path;    ///< without the region, as restricted data tokens name it
};

[[nodiscard]] Route route_of(const Request& request);

}  // namespace carrick::sandbox
