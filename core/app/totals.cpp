// SPDX-License-Identifier: Apache-2.0
// What a run came to, per flow.
#include "core/app/commands.hpp"
#include "core/app/console.hpp"

#include <algorithm>

namespace carrick::app {

namespace {

struct FlowTotals {
    store::RunCounts counts;
    std::int64_t waiting = 0;
    std::int64_t failed = 0;
    std::int64_t shadow = 0;
    std::int64_t ready = 0;
};

FlowTotals totals_of(const std::vector<store::RunTotals>& totals, const std::string& flow) {
    FlowTotals sum;
    for (const store::RunTotals& one : totals) {
        if (one.instance.flow != flow) continue;
        sum.counts.add(one.counts);
        sum.waiting += one.open_waiting;
        sum.failed += one.open_failed;
        sum.shadow += one.open_shadow;
        sum.ready += one.open_ready;
    }
    return sum;
}

std::int64_t skipped_of(const store::RunCounts& counts) {
    std::int64_t sum = 0;
    for (const auto& [reason, count] : counts.skipped) sum += count;
    return sum;
}

std::string reasons_of(const store::RunCounts& counts) {
    std::string text;
    for (const auto& [reason, count] : counts.skipped)
        text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + reason;
    return text;
}

}  // namespace

std::string totals_table(const std::vector<store::RunTotals>& totals,
                         const std::vector<std::string>& flows) {
    Table table({"flow", "seen", "done", "written", "skipped", "waiting", "failed", "why skipped"},
                {false, true, true, true, true, true, true, false});
    for (const std::string& flow : flows) {
        const FlowTotals sum = totals_of(totals, flow);
        table.add({flow, std::to_string(sum.counts.seen), std::to_string(sum.counts.done),
                   std::to_string(sum.counts.written), std::to_string(skipped_of(sum.counts)),
                   std::to_string(sum.waiting + sum.shadow), std::to_string(sum.failed),
                   reasons_of(sum.counts)});
    }
    return table.text();
}

Json totals_json(const std::vector<store::RunTotals>& totals,
                 const std::vector<std::string>& flows) {
    Json result = Json::array();
    for (const std::string& flow : flows) {
        const FlowTotals sum = totals_of(totals, flow);
        Json skipped = Json::object();
        for (const auto& [reason, count] : sum.counts.skipped) skipped.set(reason, Json(count));
        result.push_back(Json::object({{"flow", Json(flow)},
                                       {"seen", Json(sum.counts.seen)},
                                       {"done", Json(sum.counts.done)},
                                       {"written", Json(sum.counts.written)},
                                       {"skipped", std::move(skipped)},
                                       {"waiting", Json(sum.waiting)},
                                       {"shadow", Json(sum.shadow)},
                                       {"ready", Json(sum.ready)},
                                       {"failed", Json(sum.failed)}}));
    }
    return result;
}

}  // namespace carrick::app
