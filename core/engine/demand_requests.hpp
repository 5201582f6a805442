// SPDX-License-Identifier: Apache-2.0
// Requests that start or stop a stream on demand:
//
//   backfill.start  {"flow": "...", "from": T, "to": T, "marketplaces": ["US"], "share": 50,
//                    "before_start": true}         reads a range of the source once more;
//                                                    without "to": up to now
//   backfill.stop   {"flow": "..."}
//   records.sync    {"noun": "order", "keys": ["..."], "flow": "...", "wait_ms": 60000}
//                   fetches records by key now, runs again what failed or waits for them, and
//                   answers what became of each
//
// Answers: {"ok": true, "backfills": [{"flow", "account", "marketplaces", "from", "to", "share",
// ...}]}, for records.sync as sync_report.hpp says, or {"ok": false, "code", "message"}.
#pragma once

#include "core/engine/demand.hpp"
#include "core/engine/settings.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace carrick::engine {

/// What is asked of the stream of one instance.
struct DemandPart {
    store::InstanceName instance;
    std::string stream;
    Demand demand;
};

enum class DemandAction { Start, Stop, Sync };

struct DemandPlan {
    DemandAction action = DemandAction::Start;
    std::string flow;
    std::vector<DemandPart> parts;
    std::vector<std::string> keys;      ///< Sync
    std::chrono::milliseconds wait{0};  ///< Sync: the answer comes by then
};

/// How many keys one request may ask for: their checkpoint has 64 KiB.
inline constexpr std::size_t kMostKeys = 100;

[[nodiscard]] bool is_demand(std::string_view kind);

/// Errors   Rejected `request.arguments`; `backfill.flow`: no such flow, or one that cannot;
///          `backfill.range`: empty, or not begun yet; `backfill.before_start`;
///          `backfill.marketplace`; `sync.noun`, `sync.flow`, `sync.key`.
[[nodiscard]] Result<DemandPlan> plan_demand(const EngineSettings& settings,
                                             const store::EngineRequest& request, UtcTime now);

/// One backfill, as answers and `carrick backfill status` show it.
[[nodiscard]] Json backfill_json(const store::InstanceName& instance, const Demand& demand);

/// Every backfill that the store knows of, the latest of each instance. Empty `flow`: of all flows.
[[nodiscard]] Result<std::vector<std::pair<store::InstanceName, Demand>>> stored_backfills(
    store::Store& store, const std::string& flow);

/// Stops a flow's backfills where no engine runs; the answer, as the engine would give it.
[[nodiscard]] Result<std::string> stop_in_store(store::Store& store,
                                                const store::EngineRequest& request, UtcTime now);

}  // namespace carrick::engine
