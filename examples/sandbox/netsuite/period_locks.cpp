// SPDX-License-Identifier: Apache-2.0
// A period is closed when it begins on or before the last day that is.
#include "examples/sandbox/netsuite/period_locks.hpp"

#include <vector>

namespace carrick::sandbox::netsuite {

void PeriodLocks::keep(RecordStore& store, const Switches& switches) {
    const std::string closed = switches.get("netsuite.closed_through");
    const std::string locked = switches.get("netsuite.ar_locked_through");
    if (kept_ == closed + "|" + locked) return;
    kept_ = closed + "|" + locked;
    std::vector<Record> changed;
    for (const auto& [id, period] : store.family("accountingPeriod")) {
        Record now = period;
        const std::string start = now.body["startDate"].text();
        const bool by_seed = now.is_true("seedClosed");
        now.body.set("closed", by_seed || start <= closed);
        now.body.set("allLocked", by_seed || start <= closed);
        now.body.set("arLocked", by_seed || start <= closed || start <= locked);
        changed.push_back(std::move(now));
    }
    for (Record& period : changed) store.put(std::move(period));
}

}  // namespace carrick::sandbox::netsuite
