// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <istream>
#include <memory>
#include <string>

namespace carrick::archive {

/// A file's bytes, unpacked where it is gzipped, as those of the archive are. Packed data that is
/// damaged or ends in its middle makes the stream bad. Null where the file cannot be opened.
[[nodiscard]] std::unique_ptr<std::istream> open_unpacked(const std::string& path);

}  // namespace carrick::archive
