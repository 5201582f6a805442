// SPDX-License-Identifier: Apache-2.0
// What a run of Carrick sent, written down for bare_client to send again.
#pragma once

#include "tests/bench/sandbox_host.hpp"

#include <filesystem>

namespace carrick::bench {

/// Calls by lane: one for each Amazon account, whose pages follow each other, and one for NetSuite,
/// as wide as the most calls that were under way there at a time. A call waits only for the last
/// one before it that named the same document and had been answered when it was sent.
void write_recording(const std::vector<Exchange>& exchanges, const std::filesystem::path& file);

/// The most calls to NetSuite under way at one moment.
[[nodiscard]] std::size_t netsuite_width(const std::vector<Exchange>& exchanges);

}  // namespace carrick::bench
