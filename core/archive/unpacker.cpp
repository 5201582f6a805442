// SPDX-License-Identifier: Apache-2.0
#include "core/archive/unpacker.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <vector>

namespace carrick::archive {
namespace {

constexpr std::string_view kMagic = "\x1f\x8b";
constexpr int kGzipOnly = 15 + 16;
constexpr std::size_t kPiece = std::size_t{64} * 1024;

Error damaged() {
    return transient("document.damaged",
                     "the document's gzip data is damaged; it is fetched again");
}

}  // namespace

struct Unpacker::Inflater {
    Inflater() : piece(kPiece) { ready = inflateInit2(&stream, kGzipOnly) == Z_OK; }
    ~Inflater() {
        if (ready) inflateEnd(&stream);
    }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    z_stream stream{};
    bool ready = false;
    bool in_member = true;  // gzip data may hold several members, one after the other
    std::vector<char> piece;
};

Unpacker::Unpacker(std::uint64_t limit, Out out)
    : left_(limit), limit_(limit), out_(std::move(out)) {}
Unpacker::~Unpacker() = default;

Result<void> Unpacker::give(std::string_view bytes) {
    if (bytes.empty()) return {};
    if (bytes.size() > left_)
        return rejected("document.too_large", "the document has more than " +
                                                  std::to_string(limit_) +
                                                  " bytes once unpacked, more than is kept: ask "
                                                  "for a shorter time in one document");
    left_ -= bytes.size();
    return out_(bytes);
}

Result<void> Unpacker::inflate_all(std::string_view bytes) {
    z_stream& stream = inflater_->stream;
    while (!bytes.empty()) {
        const std::size_t step =
            std::min<std::size_t>(bytes.size(), std::numeric_limits<uInt>::max());
        // zlib's interface predates const; it does not write to its input.
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
        stream.avail_in = static_cast<uInt>(step);
        do {
            if (!inflater_->in_member) {
                if (inflateReset(&stream) != Z_OK) return damaged();
                inflater_->in_member = true;
            }
            stream.next_out = reinterpret_cast<Bytef*>(inflater_->piece.data());
            stream.avail_out = static_cast<uInt>(inflater_->piece.size());
            const int code = inflate(&stream, Z_NO_FLUSH);
            if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) return damaged();
            if (Result<void> given = give(std::string_view(
                    inflater_->piece.data(), inflater_->piece.size() - stream.avail_out));
                !given)
                return given;
            if (code == Z_STREAM_END) inflater_->in_member = false;
            // Z_BUF_ERROR: nothing to do before more bytes come.
            if (code == Z_BUF_ERROR) break;
        } while (stream.avail_in > 0 || stream.avail_out == 0);
        bytes.remove_prefix(step);
    }
    return {};
}

Result<void> Unpacker::push(std::string_view bytes) {
    if (decided_) return packed_ ? inflate_all(bytes) : give(bytes);
    head_.append(bytes);
    if (head_.size() < kMagic.size()) return {};
    decided_ = true;
    packed_ = head_.starts_with(kMagic);
    if (packed_) {
        inflater_ = std::make_unique<Inflater>();
        if (!inflater_->ready)
            return transient("document.memory", "zlib could get no memory to unpack the document");
    }
    const std::string begun = std::move(head_);
    return packed_ ? inflate_all(begun) : give(begun);
}

Result<void> Unpacker::finish() {
    if (!decided_) {
        decided_ = true;
        return give(std::exchange(head_, {}));
    }
    if (packed_ && inflater_->in_member)
        return transient("document.cut_short",
                         "the document's gzip data ends in its middle; it is fetched again");
    return {};
}

}  // namespace carrick::archive
