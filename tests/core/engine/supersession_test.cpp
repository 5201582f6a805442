// SPDX-License-Identifier: Apache-2.0
#include "core/engine/supersession.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::engine;

namespace {
store::Record record(std::int64_t version, std::uint8_t hash, int rank = 0, bool preview = false) {
    store::Record record;
    record.version = UtcTime(version);
    record.content_hash[0] = hash;
    record.stream_rank = rank;
    record.preview = preview;
    return record;
}
KnownVersion known(std::int64_t version, std::uint8_t hash, int rank = 0, bool preview = false,
                   bool in_question = false) {
    KnownVersion known;
    known.version = UtcTime(version);
    known.hash[0] = hash;
    known.rank = rank;
    known.preview = preview;
    known.in_question = in_question;
    return known;
}
}  // namespace

TEST_CASE("what another record of a known key means", "[engine][supersession]") {
    // A newer version supersedes what waits or failed, but never a write that may be on its way.
    CHECK(judge(record(2, 1), known(1, 1)) == Verdict::Accept);
    CHECK(judge(record(2, 1), known(1, 1, 0, false, true)) == Verdict::Behind);
    CHECK(judge(record(1, 1), known(2, 1)) == Verdict::Older);
    // Equal versions: the same content is a duplicate; other content goes by stream rank, and at
    // equal rank the later append wins.
    CHECK(judge(record(1, 1), known(1, 1)) == Verdict::Duplicate);
    CHECK(judge(record(1, 2, 0), known(1, 1, 1)) == Verdict::LowerRank);
    CHECK(judge(record(1, 2, 1), known(1, 1, 0)) == Verdict::Accept);
    CHECK(judge(record(1, 2, 1), known(1, 1, 1)) == Verdict::Accept);
    CHECK(judge(record(1, 2), known(1, 1, 0, false, true)) == Verdict::Behind);
    // Previews settle nothing.
    CHECK(judge(record(9, 1, 0, true), known(1, 1)) == Verdict::Preview);
    CHECK(judge(record(1, 1, 0, false), known(9, 1, 0, true)) == Verdict::Accept);
    CHECK(judge(record(1, 1, 0, true), known(1, 1, 0, true)) == Verdict::Duplicate);
}
