// SPDX-License-Identifier: Apache-2.0
#include "core/store/store.hpp"

namespace carrick::store {

void RunCounts::add(const RunCounts& other) {
    seen += other.seen;
    done += other.done;
    for (const auto& [reason, count] : other.skipped) skipped[reason] += count;
    waiting += other.waiting;
    failed += other.failed;
    unknown += other.unknown;
    written += other.written;
}

}  // namespace carrick::store
