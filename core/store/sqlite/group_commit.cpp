// SPDX-License-Identifier: Apache-2.0
#include "core/store/sqlite/group_commit.hpp"

namespace carrick::store::sqlite {

void GroupCommit::write(const std::function<void(Connection&)>& work) {
    Part mine{work};
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(&mine);
    }
    {
        // Who gets the writer carries out what all others have left here while they wait for it.
        const Connections::Writer writer = connections_.writer();
        if (!mine.ended) {
            std::vector<Part*> parts;
            {
                const std::lock_guard lock(mutex_);
                parts.swap(waiting_);
            }
            carry_out(*writer, parts);
        }
    }
    if (mine.failure) std::rethrow_exception(mine.failure);
}

void GroupCommit::carry_out(Connection& database, const std::vector<Part*>& parts) {
    try {
        Transaction transaction(database, Transaction::Kind::Write);
        if (parts.size() == 1)
            parts.front()->work(database);
        else
            carry_out_each(database, parts);
        transaction.commit();
    } catch (...) {
        // Begin or commit failed: that is everybody's failure who has none of his own.
        for (Part* part : parts)
            if (!part->failure) part->failure = std::current_exception();
    }
    for (Part* part : parts) part->ended = true;
}

void GroupCommit::carry_out_each(Connection& database, const std::vector<Part*>& parts) {
    for (Part* part : parts) {
        try {
            Savepoint savepoint(database);
            part->work(database);
            savepoint.release();
        } catch (...) {
            part->failure = std::current_exception();
            // A full disk ends the whole transaction, and with it what the others had written.
            if (sqlite3_get_autocommit(database.handle()) != 0) throw;
        }
    }
}

}  // namespace carrick::store::sqlite
