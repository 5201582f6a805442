// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/http/decompress.hpp"

#include "core/connectors/http/http_transport.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>

namespace carrick::http {
namespace {

constexpr int kWindowBits = 15;
constexpr int kGzipOnly = kWindowBits + 16;
constexpr int kZlibFrame = kWindowBits;
constexpr int kRaw = -kWindowBits;

class Inflater {
public:
    explicit Inflater(int window_bits) : ready_(inflateInit2(&stream_, window_bits) == Z_OK) {}
    ~Inflater() {
        if (ready_) inflateEnd(&stream_);
    }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    Result<std::string> run(std::string_view body, std::size_t limit);

private:
    static Error damaged(std::string_view why) {
        return transient("http.encoding", "the compressed answer is " + std::string(why));
    }

    z_stream stream_{};
    bool ready_;
};

Result<std::string> Inflater::run(std::string_view body, std::size_t limit) {
    if (!ready_) return damaged("more than zlib could get memory for");
    if (body.size() > std::numeric_limits<uInt>::max()) return damaged("larger than 4 GB");
    // zlib's interface predates const; it does not write to its input.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
    stream_.avail_in = static_cast<uInt>(body.size());
    std::string out;
    std::array<char, 65536> chunk;
    for (;;) {
        stream_.next_out = reinterpret_cast<Bytef*>(chunk.data());
        stream_.avail_out = static_cast<uInt>(chunk.size());
        const int code = inflate(&stream_, Z_NO_FLUSH);
        const std::size_t produced = chunk.size() - stream_.avail_out;
        if (produced > limit - out.size())
            return transient("http.too_large", "the answer has more than " + std::to_string(limit) +
                                                   " bytes after decompression");
        out.append(chunk.data(), produced);
        if (code == Z_STREAM_END) {
            if (stream_.avail_in == 0) return out;
            // RFC 1952 2.2: members may follow each other.
            if (inflateReset(&stream_) != Z_OK) return damaged("damaged");
            continue;
        }
        if (code == Z_BUF_ERROR || (code == Z_OK && stream_.avail_in == 0 && produced == 0))
            return damaged("cut short");
        if (code != Z_OK) return damaged("damaged");
    }
}

}  // namespace

Result<std::string> decompress(std::string_view encoding, std::string_view body,
                               std::size_t limit) {
    if (encoding.empty() || equals_ignoring_case(encoding, "identity")) {
        if (body.size() > limit)
            return transient("http.too_large",
                             "the answer has more than " + std::to_string(limit) + " bytes");
        return std::string(body);
    }
    // An answer without a body (204, HEAD) may still name an encoding.
    if (body.empty()) return std::string();
    if (equals_ignoring_case(encoding, "gzip") || equals_ignoring_case(encoding, "x-gzip"))
        return Inflater(kGzipOnly).run(body, limit);
    if (equals_ignoring_case(encoding, "deflate")) {
        // RFC 9110 8.4.1.2 means zlib's frame; some servers send the bare stream.
        Result<std::string> framed = Inflater(kZlibFrame).run(body, limit);
        if (framed || framed.error().code != "http.encoding") return framed;
        Result<std::string> raw = Inflater(kRaw).run(body, limit);
        return raw ? raw : framed;
    }
    return transient("http.encoding_unknown",
                     "the answer has a Content-Encoding that was not asked for; only gzip and "
                     "deflate are");
}

}  // namespace carrick::http
