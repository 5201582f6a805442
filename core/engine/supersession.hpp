// SPDX-License-Identifier: Apache-2.0
// Supersession: what happens when a channel brings another record of a key that is known already.
// Pure, so that the whole table can be read off in a test.
#pragma once

#include "core/store/store.hpp"

#include <string_view>

namespace carrick::engine {

/// What is known of a key: from its open record or from the ledger.
struct KnownVersion {
    UtcTime version;
    store::ContentHash hash{};
    int rank = 0;
    bool preview = false;
    /// A write may be on its way: the arriving record must wait for its answer.
    bool in_question = false;
};

enum class Verdict {
    Accept,     ///< run it; what was open is superseded
    Behind,     ///< run it when the one in question has its answer
    Duplicate,  ///< same version, same content
    Older,      ///< a newer version is known
    LowerRank,  ///< same version from a stream that counts less
    Preview,    ///< a preview of something that is known for real
};

/// | arriving      | known                         | verdict   |
/// | ---           | ---                           | ---       |
/// | real          | preview                       | Accept    |
/// | preview       | real                          | Preview   |
/// | older         | any                           | Older     |
/// | equal version | equal hash                    | Duplicate |
/// | equal version | other hash, higher rank       | LowerRank |
/// | equal version | other hash, same or lower rank| as newer  |
/// | newer         | in question                   | Behind    |
/// | newer         | not in question               | Accept    |
[[nodiscard]] Verdict judge(const store::Record& arriving, const KnownVersion& known);

/// The reason under which a verdict is counted as skipped.
[[nodiscard]] std::string_view skip_reason(Verdict verdict);

inline constexpr std::string_view kSuperseded = "superseded";
inline constexpr std::string_view kFiltered = "filtered";
inline constexpr std::string_view kPreview = "preview";

}  // namespace carrick::engine
