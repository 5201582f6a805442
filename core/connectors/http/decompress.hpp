// SPDX-License-Identifier: Apache-2.0
// Content-Encoding undone by ourselves, with a limit: a small answer must not fill the memory.
#pragma once

#include <carrick/sdk/result.hpp>

#include <string>
#include <string_view>

namespace carrick::http {

/// Undoes one Content-Encoding: "gzip" (also several members), "deflate" (with or without zlib's
/// frame), "identity" or "".
/// Errors   Transient `http.encoding`  damaged or cut short; `http.too_large`  more than `limit`
///          bytes come out; `http.encoding_unknown`  another encoding, or several.
[[nodiscard]] Result<std::string> decompress(std::string_view encoding, std::string_view body,
                                             std::size_t limit);

}  // namespace carrick::http
