// SPDX-License-Identifier: Apache-2.0
// Unpacker: undoes gzip while a document arrives, whatever its sender declared.
#pragma once

#include <carrick/sdk/result.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace carrick::archive {

/// Takes bytes in pieces of any size and gives on what they unpack to. A document is packed when it
/// begins with gzip's two magic bytes, which no text does: what was declared is not asked, because
/// a storage server may have unpacked it already, or not.
class Unpacker {
public:
    using Out = std::function<Result<void>(std::string_view)>;
    /// More than `limit` unpacked bytes are refused: a small file must not fill the disk.
    Unpacker(std::uint64_t limit, Out out);
    ~Unpacker();
    Unpacker(const Unpacker&) = delete;
    Unpacker& operator=(const Unpacker&) = delete;

    /// Errors   Transient `document.damaged`  the gzip data is damaged;
    ///          Rejected `document.too_large`  more than the limit comes out; and what `out`
    ///          answers.
    [[nodiscard]] Result<void> push(std::string_view bytes);
    /// Errors   Transient `document.cut_short`  the gzip data ends in its middle.
    [[nodiscard]] Result<void> finish();
    /// True when the document came packed. Known after two bytes.
    [[nodiscard]] bool packed() const { return packed_; }

private:
    struct Inflater;
    Result<void> give(std::string_view bytes);
    Result<void> inflate_all(std::string_view bytes);

    std::uint64_t left_;
    std::uint64_t limit_;
    Out out_;
    std::string head_;  // until its two bytes tell what this is
    bool decided_ = false;
    bool packed_ = false;
    std::unique_ptr<Inflater> inflater_;
};

}  // namespace carrick::archive
