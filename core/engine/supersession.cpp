// SPDX-License-Identifier: Apache-2.0
#include "core/engine/supersession.hpp"

namespace carrick::engine {

Verdict judge(const store::Record& arriving, const KnownVersion& known) {
    if (arriving.preview != known.preview)
        return arriving.preview ? Verdict::Preview : Verdict::Accept;
    if (arriving.version < known.version) return Verdict::Older;
    if (arriving.version == known.version) {
        if (arriving.content_hash == known.hash) return Verdict::Duplicate;
        if (arriving.stream_rank < known.rank) return Verdict::LowerRank;
    }
    return known.in_question ? Verdict::Behind : Verdict::Accept;
}

std::string_view skip_reason(Verdict verdict) {
    switch (verdict) {
        case Verdict::Duplicate: return "duplicate";
        case Verdict::Older: return "older version";
        case Verdict::LowerRank: return "lower stream rank";
        case Verdict::Preview: return kPreview;
        case Verdict::Accept:
        case Verdict::Behind: break;
    }
    return {};
}

}  // namespace carrick::engine
