// SPDX-License-Identifier: Apache-2.0
// GroupCommit: write transactions of several threads that wait at the same time share one wait for
// the disk. Each is true or not for itself, as if it had been alone.
#pragma once

#include "core/store/sqlite/connections.hpp"

#include <exception>
#include <functional>
#include <mutex>
#include <vector>

namespace carrick::store::sqlite {

class GroupCommit {
public:
    explicit GroupCommit(Connections& connections) : connections_(connections) {}

    /// Returns when what `work` wrote is on the disk, or throws what it threw; then nothing of it
    /// was written. `work` runs on this thread, or on that of another caller while this one waits.
    void write(const std::function<void(Connection&)>& work);

private:
    struct Part {
        const std::function<void(Connection&)>& work;
        std::exception_ptr failure{};
        bool ended = false;
    };

    static void carry_out(Connection& database, const std::vector<Part*>& parts);
    static void carry_out_each(Connection& database, const std::vector<Part*>& parts);

    Connections& connections_;
    std::mutex mutex_;
    std::vector<Part*> waiting_;
};

}  // namespace carrick::store::sqlite
