// SPDX-License-Identifier: Apache-2.0
// The host's extension tables for documents.
#pragma once

#include <string_view>

namespace carrick::plugin_host {

/// The table of carrick.stream.v0 or carrick.archive.v0; null for any other name.
[[nodiscard]] const void* document_extension(std::string_view name);

}  // namespace carrick::plugin_host
