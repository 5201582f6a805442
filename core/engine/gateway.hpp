// SPDX-License-Identifier: Apache-2.0
// CallGateway: what one plugin call may reach, and CallWatch: how the watchdog sees that call.
#pragma once

#include "core/archive/archive.hpp"
#include "core/base/clock.hpp"
#include "core/engine/settings.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>

namespace carrick::engine {

/// The call that an instance is in, shared between its thread and the watchdog.
class CallWatch {
public:
    struct State {
        std::uint64_t call = 0;
        std::chrono::steady_clock::time_point started;
        Milliseconds timeout{0};
        bool cancelled = false;
    };
    /// Returns the number of the call.
    std::uint64_t begin(Milliseconds timeout, const std::atomic<bool>& stopping);
    /// True when the call was given up while it ran.
    bool end();
    [[nodiscard]] std::optional<State> current() const;
    void cancel(std::uint64_t call);
    /// Marks the call as given up; false when it has ended or was given up before.
    bool abandon(std::uint64_t call);
    [[nodiscard]] bool abandoned() const { return abandoned_.load(); }
    [[nodiscard]] const std::atomic<bool>& cancelled() const { return cancelled_; }

private:
    mutable std::mutex mutex_;
    std::uint64_t call_ = 0;
    bool running_ = false;
    std::chrono::steady_clock::time_point started_;
    Milliseconds timeout_{0};
    std::atomic<bool> cancelled_{false};
    std::atomic<bool> abandoned_{false};
};

/// Gateway of one call. Refuses writes to a connection in shadow, whatever a plugin tries.
class CallGateway final : public plugin_host::Gateway {
public:
    struct Context {
        const FlowSpec* flow = nullptr;
        const std::map<std::string, ConnectionSpec>* connections = nullptr;
        store::Store* store = nullptr;
        const archive::Archive* archive = nullptr;  ///< null: no documents
        const Clock* clock = nullptr;
        const std::atomic<bool>* stopping = nullptr;
        const CallWatch* watch = nullptr;
        bool dry_run = false;
        connectors::Priority priority = connectors::Priority::Order;
        int share = 100;  ///< of the quota, in percent, where the priority is Backfill
    };
    /// `on_progress` runs between replies, on the calling thread; may be empty.
    explicit CallGateway(Context context, std::function<void()> on_progress = {});

    void call(std::string_view role, std::span<const connectors::Request> requests,
              std::span<const std::int64_t> records, connectors::ReplyHandler& handler) override;
    [[nodiscard]] const connectors::Operation* operation(std::string_view role,
                                                         std::string_view name) override;
    [[nodiscard]] Result<plugin_host::OpenedDocument> open_document(
        std::string_view role, const connectors::Request& request) override;
    [[nodiscard]] Result<plugin_host::OpenedDocument> open_archived(std::string_view id,
                                                                    std::uint64_t offset) override;
    [[nodiscard]] Result<std::vector<std::string>> links(std::string_view kind,
                                                         std::string_view from) override;
    [[nodiscard]] bool cancelled() override;
    [[nodiscard]] UtcTime now() override { return context_.clock->now(); }
    [[nodiscard]] UtcTime deadline() override { return deadline_; }
    void log(int level, std::string_view message) override;
    void progress() override;

    /// For calls that the engine makes itself (look-ups, schemas).
    [[nodiscard]] connectors::CallContext call_context() const;
    [[nodiscard]] bool timed_out() const {
        return std::chrono::steady_clock::now() >= steady_deadline_;
    }

private:
    [[nodiscard]] const ConnectionSpec* connection(std::string_view role) const;

    Context context_;
    std::function<void()> on_progress_;
    UtcTime deadline_;
    std::chrono::steady_clock::time_point steady_deadline_;
};

}  // namespace carrick::engine
