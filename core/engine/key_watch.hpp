// SPDX-License-Identifier: Apache-2.0
// KeyWatch: what becomes of some keys, flow by flow, while somebody waits for the answer. The
// instances note it as they commit; nothing here survives a restart, because the answer would be
// asked for anew.
#pragma once

#include "core/store/store.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::engine {

enum class KeyState {
    Running,   ///< on its way
    Done,      ///< of a source: passed on
    Skipped,   ///< `reason`
    Waiting,   ///< `reason`, `look_again_at`, `deadline`
    Retrying,  ///< `code`, `message`, `look_again_at`
    Failed,    ///< `code`, `message`; of a source: it has no record for this key
    Unknown,   ///< as Failed: a write's answer was lost
    Shadow,    ///< proven and held, because its target is in shadow
};

[[nodiscard]] std::string_view to_string(KeyState state);

struct KeyNote {
    KeyState state = KeyState::Running;
    bool earlier = false;  ///< decided before the watch began
    std::string reason{};
    std::string code{};
    std::string message{};
    std::string ids{};  ///< Done: JSON object, write name -> id in the target
    UtcTime look_again_at{};
    UtcTime deadline{};
    std::int64_t error_id = 0;   ///< Failed, Unknown: its row in the error queue
    store::Seq appended_to = 0;  ///< the end of its instance's channel by then
};

/// Thread-safe.
class KeyWatch {
public:
    using Notes = std::map<store::InstanceName, std::map<std::string, KeyNote, std::less<>>>;

    void begin(std::span<const std::string> keys);
    void end();
    /// Costs nothing while nobody watches.
    [[nodiscard]] bool watches(std::string_view key) const;
    [[nodiscard]] bool active() const { return active_.load(std::memory_order_acquire); }
    void note(const store::InstanceName& instance, const std::string& key, KeyNote note);
    [[nodiscard]] Notes notes() const;

private:
    std::atomic<bool> active_{false};
    mutable std::mutex mutex_;
    std::set<std::string, std::less<>> keys_;
    Notes notes_;
};

}  // namespace carrick::engine
