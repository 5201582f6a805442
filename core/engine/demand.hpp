// SPDX-License-Identifier: Apache-2.0
// Demand: what a person has asked of a stream that has no schedule, and how far that has come. It
// is the stream's checkpoint in the store, so a crash loses nothing of it and repeats at most a
// page.
//
//   {"demand": {"from": T, "to": T, "marketplaces": ["US"], "before_start": true} | {"keys":
//   [...]},
//    "at": "the plugin's own checkpoint", "id": 12, "share": 50, "who": "ops", "since": T,
//    "state": "running", "pages": 3, "records": 240, "ended": T, "error": {"code", "message"}}
//
// The plugin is handed `demand` and `at` (empty at the first page) and sets only `at`. Where that
// is a JSON object, two members of it are understood: "reached" (a time: up to when a range is
// read) and "refused" (key -> {"code", "message"}: why a key brings no record).
#pragma once

#include <carrick/sdk/json.hpp>
#include <carrick/sdk/utc_time.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace carrick::engine {

enum class DemandState {
    Running,
    Done,
    Stopped,  ///< by a person
    Failed,   ///< the source cannot serve it; `error` says why
};

struct Demand {
    Json asked;           ///< as the plugin sees it
    std::string at;       ///< the plugin's own checkpoint
    std::int64_t id = 0;  ///< of the request that began it; 0 where none was posted
    int share = 100;      ///< of Amazon's quota, in percent
    std::string who;
    UtcTime since;
    DemandState state = DemandState::Running;
    std::int64_t pages = 0;
    std::int64_t records = 0;
    UtcTime ended;
    std::int64_t ended_by = 0;  ///< the request that stopped it
    Error error{};              ///< Failed
    bool until_now = false;     ///< asked for without an end; not stored
    /// Running: the quota lets no page through before; 0 = it may go on. Stored beside the text.
    UtcTime next_page{};

    [[nodiscard]] bool running() const { return state == DemandState::Running; }
    [[nodiscard]] bool of_keys() const { return asked.contains("keys"); }
    /// Who asks for this asks for nothing else than `earlier`, which may go on.
    [[nodiscard]] bool same_range(const Demand& earlier) const;
    void end(DemandState how, UtcTime at_time);

    [[nodiscard]] std::string text() const;
    /// Errors: Bug `engine.demand` for a checkpoint that no engine wrote.
    [[nodiscard]] static Result<Demand> parse(std::string_view text);
    /// The checkpoint as the plugin gets it.
    [[nodiscard]] std::string for_plugin() const;
    /// Up to when a range is read; 0 = not said.
    [[nodiscard]] UtcTime reached() const;
    /// key -> {"code", "message"}; an empty object where nothing was refused.
    [[nodiscard]] Json refused() const;
};

[[nodiscard]] std::string_view to_string(DemandState state);

}  // namespace carrick::engine
