// SPDX-License-Identifier: Apache-2.0
// The answer to records.sync: what became of each key, flow by flow.
//
//   {"ok": true, "complete": true, "records": [
//     {"key": "...", "state": "settled" | "waiting" | "failed", "found": true,
//      "flows": [{"flow", "account", "marketplace", "state": "done", "earlier": false,
//                 "ids": {"salesOrder": "17"}, "reason", "code", "message", "error",
//                 "look_again_at", "deadline"}],
//      "refused": [{"flow", "account", "code", "message"}]}]}
//
// `found`: a source has passed the record on. `refused`: why the others have none; it is no failure
// where another account has it. Only members that say something are there. `complete` is false
// where the time was up before every flow had come to an end with every key.
#pragma once

#include "core/engine/key_watch.hpp"

#include <carrick/sdk/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace carrick::engine {

/// An instance that the request is about, as it stands now.
struct SyncPlace {
    store::InstanceName name;
    bool source = false;
    std::optional<Error> hold;     ///< it stands still
    std::optional<Error> trouble;  ///< what it tries again later
};

/// `places`: producers before consumers.
[[nodiscard]] Json sync_report(const std::vector<std::string>& keys,
                               const std::vector<SyncPlace>& places, const KeyWatch::Notes& notes,
                               bool complete);

}  // namespace carrick::engine
