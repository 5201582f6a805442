// SPDX-License-Identifier: Apache-2.0
#include "core/engine/dry_run.hpp"

#include <algorithm>
#include <mutex>

namespace carrick::engine {

namespace {

using namespace store;

/// What the run itself has produced for one instance, on top of the real store.
struct Scratch {
    std::int64_t commits = 0;
    Seq real_end = 0;  // of its channel beneath
    std::vector<StoredRecord> appended;
    std::map<std::string, LedgerEntry> ledger;
    RunCounts counts;
};

class DryRunStore final : public Store {
public:
    explicit DryRunStore(Store& beneath) : beneath_(beneath) {}

    std::uint64_t epoch() const override { return beneath_.epoch(); }

    Result<Receipt> commit(const Commit& commit) override {
        const std::lock_guard lock(mutex_);
        Scratch& scratch = scratch_[commit.instance];
        Receipt receipt;
        receipt.commit = ++scratch.commits;
        for (const Record& record : commit.append) {
            const Seq seq = scratch.real_end + static_cast<Seq>(scratch.appended.size()) + 1;
            scratch.appended.push_back({commit.instance, seq, record});
        }
        receipt.last_appended = scratch.real_end + static_cast<Seq>(scratch.appended.size());
        for (const LedgerEntry& entry : commit.ledger) scratch.ledger[entry.key] = entry;
        scratch.counts.add(commit.counts);
        for (const ErrorRow& row : commit.errors) {
            errors_.push_back(row);
            errors_.back().id = static_cast<std::int64_t>(errors_.size());
            receipt.error_ids.push_back(errors_.back().id);
        }
        return receipt;
    }

    Result<void> try_write() override { return {}; }
    Result<void> together(const std::function<Result<void>()>& work) override { return work(); }

    Result<InstanceState> load_instance(const InstanceName& name) override {
        const std::lock_guard lock(mutex_);
        Result<std::vector<InstanceName>> known = beneath_.instances();
        if (!known) return known.error();
        InstanceState state;
        const bool real = std::find(known->begin(), known->end(), name) != known->end();
        if (real) {
            // Loading makes only what is missing, so this one changes nothing.
            Result<InstanceState> loaded = beneath_.load_instance(name);
            if (!loaded) return loaded;
            state = std::move(*loaded);
        } else {
            const auto [number, made] =
                invented_.try_emplace(name, -1 - static_cast<InstanceNumber>(invented_.size()));
            state.number = number->second;
        }
        Scratch& scratch = scratch_[state.number];
        scratch.real_end = state.channel_end;
        names_[state.number] = name;
        state.last_commit = scratch.commits;
        state.channel_end += static_cast<std::int64_t>(scratch.appended.size());
        for (const auto& [consumer_channel, cursor] : subscriptions_)
            if (consumer_channel.first == state.number) state.cursors.push_back(cursor);
        return state;
    }

    Result<std::vector<InstanceName>> instances() override { return beneath_.instances(); }

    Result<Cursor> subscribe(InstanceNumber consumer, InstanceNumber channel,
                             bool from_now) override {
        const std::lock_guard lock(mutex_);
        const auto key = std::pair(consumer, channel);
        if (const auto found = subscriptions_.find(key); found != subscriptions_.end())
            return found->second;
        if (consumer > 0) {
            Result<InstanceState> state = beneath_.load_instance(names_.at(consumer));
            if (!state) return state.error();
            for (const Cursor& cursor : state->cursors)
                if (cursor.channel == channel) return cursor;
        }
        const Cursor cursor{channel, from_now ? scratch_[channel].real_end : 0};
        subscriptions_.emplace(key, cursor);
        return cursor;
    }

    Result<std::vector<StoredRecord>> read_channel(InstanceNumber channel, Seq after,
                                                   std::size_t limit) override {
        const std::lock_guard lock(mutex_);
        const Scratch& scratch = scratch_[channel];
        if (channel > 0 && after < scratch.real_end)
            return beneath_.read_channel(channel, after, limit);
        std::vector<StoredRecord> page;
        for (auto at = static_cast<std::size_t>(after - scratch.real_end);
             at < scratch.appended.size() && page.size() < limit; ++at)
            page.push_back(scratch.appended[at]);
        return page;
    }

    Result<Seq> channel_end(InstanceNumber channel) override {
        const std::lock_guard lock(mutex_);
        const Scratch& scratch = scratch_[channel];
        return scratch.real_end + static_cast<Seq>(scratch.appended.size());
    }

    Result<std::vector<std::string>> bodies(InstanceNumber consumer,
                                            std::span<const Position> positions) override {
        std::vector<std::string> all;
        for (const Position& position : positions) {
            Result<std::string> body = body_at(consumer, position);
            if (!body) return body.error();
            all.push_back(std::move(*body));
        }
        return all;
    }

    Result<std::vector<std::optional<LedgerEntry>>> ledger(
        InstanceNumber instance, std::span<const std::string> keys) override {
        const std::lock_guard lock(mutex_);
        std::vector<std::optional<LedgerEntry>> entries(keys.size());
        if (instance > 0) {
            Result<std::vector<std::optional<LedgerEntry>>> real = beneath_.ledger(instance, keys);
            if (!real) return real;
            entries = std::move(*real);
        }
        const Scratch& scratch = scratch_[instance];
        for (std::size_t i = 0; i < keys.size(); ++i)
            if (const auto found = scratch.ledger.find(keys[i]); found != scratch.ledger.end())
                entries[i] = found->second;
        return entries;
    }

    Result<std::vector<std::string>> links(std::string_view kind, std::string_view from) override {
        return beneath_.links(kind, from);
    }

    Result<std::int64_t> begin_run(InstanceNumber, std::string_view, UtcTime) override { return 1; }
    Result<std::vector<Run>> runs(std::size_t limit) override { return beneath_.runs(limit); }

    /// Of this run alone: that is what a dry run reports.
    Result<std::vector<RunTotals>> totals(std::int64_t) override {
        const std::lock_guard lock(mutex_);
        std::vector<RunTotals> all;
        for (const auto& [number, scratch] : scratch_) {
            RunTotals totals;
            totals.instance = names_[number];
            totals.counts = scratch.counts;
            all.push_back(std::move(totals));
        }
        return all;
    }

    Result<std::vector<ErrorRow>> errors(const ErrorFilter& filter) override {
        const std::lock_guard lock(mutex_);
        std::vector<ErrorRow> rows;
        for (const ErrorRow& row : errors_)
            if (row.id > filter.after_id && rows.size() < filter.limit &&
                (filter.flow.empty() || row.instance.flow == filter.flow) &&
                (filter.fingerprint.empty() || row.fingerprint == filter.fingerprint))
                rows.push_back(row);
        return rows;
    }
    Result<std::optional<ErrorRow>> error(std::int64_t id) override {
        const std::lock_guard lock(mutex_);
        std::optional<ErrorRow> found;
        if (id >= 1 && static_cast<std::size_t>(id) <= errors_.size())
            found = errors_[static_cast<std::size_t>(id) - 1];
        return found;
    }

    // A dry run takes no requests: they are for the engine that may run beside it.
    Result<std::int64_t> post_request(const EngineRequest&) override { return refused(); }
    Result<std::vector<EngineRequest>> pending_requests() override {
        return std::vector<EngineRequest>{};
    }
    Result<void> answer_request(std::int64_t, std::string_view) override { return refused(); }
    Result<std::optional<EngineRequest>> request(std::int64_t id) override {
        return beneath_.request(id);
    }

    Result<void> bind_connection(std::string_view, std::string_view, std::string_view,
                                 std::string_view) override {
        return {};
    }
    Result<std::string> identity_key() override { return beneath_.identity_key(); }
    Result<void> cache_put(std::string_view kind, std::string_view key, std::string_view value,
                           UtcTime at) override {
        const std::lock_guard lock(mutex_);
        cache_[{std::string(kind), std::string(key)}] = {std::string(value), at};
        return {};
    }
    Result<std::optional<Cached>> cache_get(std::string_view kind, std::string_view key) override {
        const std::lock_guard lock(mutex_);
        const auto found = cache_.find({std::string(kind), std::string(key)});
        if (found != cache_.end()) return std::optional<Cached>(found->second);
        return beneath_.cache_get(kind, key);
    }
    Result<std::vector<std::pair<std::string, std::string>>> bucket_levels() override {
        return beneath_.bucket_levels();
    }
    Result<std::int64_t> collect_garbage(UtcTime, Milliseconds) override { return std::int64_t{0}; }
    Result<std::int64_t> forget_history(UtcTime, std::size_t) override { return std::int64_t{0}; }

private:
    static Error refused() {
        return bug("store.dry_run", "a dry run changes nothing, so it takes no requests");
    }

    Result<std::string> body_at(InstanceNumber consumer, const Position& position) {
        {
            const std::lock_guard lock(mutex_);
            const Scratch& channel = scratch_[position.channel];
            if (position.seq > channel.real_end)
                return channel.appended
                    .at(static_cast<std::size_t>(position.seq - channel.real_end - 1))
                    .record.body;
        }
        Result<std::vector<std::string>> real =
            consumer > 0 ? beneath_.bodies(consumer, std::span(&position, 1))
                         : Result<std::vector<std::string>>(std::vector<std::string>{""});
        if (!real) return real.error();
        if (!real->front().empty()) return std::move(real->front());
        // The run itself opened it; beneath it is only a row of the channel.
        Result<std::vector<StoredRecord>> row =
            beneath_.read_channel(position.channel, position.seq - 1, 1);
        if (!row) return row.error();
        return row->empty() || row->front().seq != position.seq
                   ? std::string()
                   : std::move(row->front().record.body);
    }

    Store& beneath_;
    std::mutex mutex_;
    std::map<InstanceName, InstanceNumber> invented_;  // negative numbers: not in the store
    std::map<InstanceNumber, InstanceName> names_;
    std::map<InstanceNumber, Scratch> scratch_;
    std::map<std::pair<InstanceNumber, InstanceNumber>, Cursor> subscriptions_;
    std::vector<ErrorRow> errors_;
    std::map<std::pair<std::string, std::string>, Cached> cache_;
};

}  // namespace

std::unique_ptr<store::Store> make_dry_run_store(store::Store& beneath) {
    return std::make_unique<DryRunStore>(beneath);
}

bool PlannedDocuments::is_first(const std::string& connection,
                                const plugin_host::Payload& payload) {
    const std::string& id = payload.external_id.empty() ? payload.target_id : payload.external_id;
    if (id.empty()) return true;
    const std::lock_guard lock(mutex_);
    return documents_.emplace(connection, payload.write, id).second;
}

}  // namespace carrick::engine
