// SPDX-License-Identifier: Apache-2.0
// gzip by zlib.
#include "examples/sandbox/gzip.hpp"

#include <zlib.h>

#include <stdexcept>

namespace carrick::sandbox {

std::string gzip(std::string_view bytes) {
    z_stream stream{};
    constexpr int kGzipWindow = 15 + 16;  // 16 asks zlib for the gzip wrapper
    if (deflateInit2_(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY,
                      ZLIB_VERSION, sizeof stream) != Z_OK)
        throw std::runtime_error("zlib refuses to start");
    std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int result = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (result != Z_STREAM_END) throw std::runtime_error("zlib did not finish");
    return out;
}

std::string broken_gzip(std::string_view bytes) {
    std::string out = gzip(bytes);
    constexpr std::size_t kHeader = 10;
    for (std::size_t i = kHeader + (out.size() - kHeader) / 2; i < out.size(); ++i)
        out[i] = static_cast<char>(~out[i]);
    return out;
}

}  // namespace carrick::sandbox
