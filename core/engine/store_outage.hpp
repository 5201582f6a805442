// SPDX-License-Identifier: Apache-2.0
// StoreOutage: whether the store takes commits. While it does not (a full disk, a disk that fails),
// no instance works, because nothing that it reads or writes could be remembered.
#pragma once

#include "core/base/clock.hpp"
#include "core/store/store.hpp"

#include <mutex>
#include <optional>

namespace carrick::engine {

/// Thread-safe. Says so once when an outage begins and once when it is over.
class StoreOutage {
public:
    StoreOutage(store::Store& store, Clock& clock) : store_(store), clock_(clock) {}

    /// The store refused a read or a write that may succeed later.
    void begin(const Error& error);
    /// Whether work may go on. While an outage stands, a caller that comes when the next try is due
    /// makes it: first after a second of the clock, then after twice the last pause, up to a
    /// minute.
    [[nodiscard]] bool passes();
    /// When the next try is due; nothing while all is well.
    [[nodiscard]] std::optional<UtcTime> next_try() const;
    /// Why the store takes nothing; nothing while all is well.
    [[nodiscard]] std::optional<Error> error() const;

private:
    void pause();  // with mutex_ held

    store::Store& store_;
    Clock& clock_;
    mutable std::mutex mutex_;
    std::optional<Error> error_;
    bool trying_ = false;
    int tries_ = 0;
    UtcTime began_at_;
    UtcTime next_try_;
    UtcTime ended_at_;
};

}  // namespace carrick::engine
