// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/settlement/row_cutter.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace carrick::plugins {

namespace {

constexpr std::size_t kBlock = 64;

/// One bit for each of 64 bytes.
struct Masks {
    std::uint64_t separators = 0;  ///< tabs and line feeds
    std::uint64_t line_feeds = 0;
    std::uint64_t nuls = 0;
};

#if defined(__SSE2__)

Masks masks_of(const char* at) {
    const __m128i tab = _mm_set1_epi8('\t');
    const __m128i feed = _mm_set1_epi8('\n');
    const __m128i nul = _mm_setzero_si128();
    Masks masks;
    for (unsigned part = 0; part < 4; ++part) {
        const __m128i bytes =
            _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + std::size_t{16} * part));
        const auto bits = [&](__m128i wanted) {
            return static_cast<std::uint64_t>(
                       static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, wanted))))
                   << (16U * part);
        };
        const std::uint64_t feeds = bits(feed);
        masks.separators |= bits(tab) | feeds;
        masks.line_feeds |= feeds;
        masks.nuls |= bits(nul);
    }
    return masks;
}

#else

Masks masks_of(const char* at) {
    Masks masks;
    for (std::size_t i = 0; i < kBlock; ++i) {
        const std::uint64_t bit = std::uint64_t{1} << i;
        if (at[i] == '\n') masks.line_feeds |= bit;
        if (at[i] == '\n' || at[i] == '\t') masks.separators |= bit;
        if (at[i] == '\0') masks.nuls |= bit;
    }
    return masks;
}

#endif

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t") == std::string_view::npos;
}

}  // namespace

RowCutter::RowCutter(TextSource& source, std::size_t piece)
    : source_(source), buffer_(piece + kBlock), piece_(piece) {}

/// Keeps the row that has begun, and reads on behind it. False where nothing more comes.
Result<bool> RowCutter::refill() {
    const std::size_t kept = filled_ - given_;
    if (given_ > 0) std::memmove(buffer_.data(), buffer_.data() + given_, kept);
    given_ = 0;
    filled_ = kept;
    if (kept > kLongestLine)
        return rejected("report.line_too_long",
                        "line " + std::to_string(line_) +
                            " is longer than a megabyte: this is not a report, or it is damaged; "
                            "fetch it again");
    if (kept + piece_ + kBlock > buffer_.size()) buffer_.resize(kept + piece_ + kBlock);
    while (filled_ < kept + piece_ && !ended_) {
        const std::int64_t got = source_.read(buffer_.data() + filled_, kept + piece_ - filled_);
        if (got < 0)
            return transient("report.unreadable", "the report could not be read on behind line " +
                                                      std::to_string(line_) +
                                                      "; check the disk, and read it again");
        ended_ = got == 0;
        filled_ += static_cast<std::size_t>(got);
        bytes_ += static_cast<std::uint64_t>(got);
    }
    mark();
    return filled_ > kept;
}

void RowCutter::mark() {
    marks_.clear();
    lines_.clear();
    next_line_ = 0;
    next_mark_ = 0;
    nul_at_ = UINT64_MAX;
    // A last line may lack its end; the byte behind what was read stands in for it.
    const bool unended = ended_ && filled_ > 0 && buffer_[filled_ - 1] != '\n';
    if (unended) buffer_[filled_] = '\n';
    const std::size_t to = filled_ + (unended ? 1 : 0);
    std::fill_n(buffer_.begin() + static_cast<std::ptrdiff_t>(to),
                std::min(kBlock - (to % kBlock), buffer_.size() - to), ' ');
    for (std::size_t block = 0; block < to; block += kBlock) {
        Masks masks = masks_of(buffer_.data() + block);
        if (masks.nuls != 0 && nul_at_ == UINT64_MAX)
            nul_at_ = block + static_cast<std::size_t>(std::countr_zero(masks.nuls));
        const std::size_t known = marks_.size();
        while (masks.line_feeds != 0) {
            const int bit = std::countr_zero(masks.line_feeds);
            const std::uint64_t before = masks.separators & ((std::uint64_t{1} << bit) - 1);
            lines_.push_back(static_cast<std::uint32_t>(known) +
                             static_cast<std::uint32_t>(std::popcount(before)));
            masks.line_feeds &= masks.line_feeds - 1;
        }
        const auto found = static_cast<std::size_t>(std::popcount(masks.separators));
        marks_.resize(known + found);
        for (std::size_t i = known; i < known + found; ++i) {
            marks_[i] = static_cast<std::uint32_t>(block) +
                        static_cast<std::uint32_t>(std::countr_zero(masks.separators));
            masks.separators &= masks.separators - 1;
        }
    }
}

Result<bool> RowCutter::next(CutRow& row) {
    for (;;) {
        while (next_line_ == lines_.size()) {
            if (ended_ && given_ >= filled_) return false;
            const Result<bool> more = refill();
            if (!more) return more.error();
            if (!*more && lines_.empty()) return false;
        }
        const std::uint32_t last = lines_[next_line_++];
        const std::uint32_t feed = marks_[last];
        row.base_ = buffer_.data();
        row.marks_ = marks_.data() + next_mark_;
        row.begin_ = static_cast<std::uint32_t>(given_);
        row.end_ = feed > given_ && buffer_[feed - 1] == '\r' ? feed - 1 : feed;
        row.count_ = last - next_mark_ + 1;
        row.line_ = line_++;
        row.has_end_ = feed < filled_;
        next_mark_ = last + std::size_t{1};
        given_ = feed + std::size_t{1};
        if (nul_at_ < feed)
            return rejected("report.nul", "line " + std::to_string(row.line_) +
                                              " holds a NUL byte: this is not a text report, or it "
                                              "is damaged; fetch it again");
        const std::string_view text = row.text();
        const bool may_be_blank = text.empty() || text.front() == ' ' || text.front() == '\t';
        if (!may_be_blank || !is_blank(text)) return true;
    }
}

}  // namespace carrick::plugins
