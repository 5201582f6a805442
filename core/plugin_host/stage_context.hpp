// SPDX-License-Identifier: Apache-2.0
// What the host knows while a plugin's stage runs: who may call, what was promised, what was
// broken. The call's and the pure context build on it.
#pragma once

#include "core/plugin_host/flow_instance.hpp"

#include <carrick/sdk/span.hpp>

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace carrick::plugin_host {

[[nodiscard]] std::string_view stage_name(Stage stage);

/// The error that a plugin gave; unknown classes read as Bug, text is made fit to print.
[[nodiscard]] Error read_error(const carrick_error& raw);

/// What stands in every message about an instance.
struct InstanceIdentity {
    const Manifest* manifest = nullptr;
    std::string flow;
    std::string origin;
    std::string partition;
};

class StageContext {
public:
    explicit StageContext(const InstanceIdentity& identity) : identity_(identity) {}
    StageContext(const StageContext&) = delete;
    StageContext& operator=(const StageContext&) = delete;

    /// True inside a call from the host and on its thread. Elsewhere nothing of this context may be
    /// touched; that it was tried is remembered.
    [[nodiscard]] bool enter() {
        if (owner_.load(std::memory_order_relaxed) == std::this_thread::get_id()) return true;
        trespassed_.store(true, std::memory_order_relaxed);
        return false;
    }

    /// The plugin broke its contract. The first breach is the one that is reported.
    std::int32_t breach(std::string_view what);
    /// What went wrong was ours.
    std::int32_t host_failure(std::string_view what);
    void fail(const carrick_error* error);
    /// The call fails with this reason, unless the plugin gives another.
    void keep_failure(Error error) { failure_ = std::move(error); }
    void plugin_threw(std::string_view what);

    [[nodiscard]] Stage stage() const { return stage_; }
    [[nodiscard]] const Manifest& manifest() const { return *identity_.manifest; }
    [[nodiscard]] const InstanceIdentity& identity() const { return identity_; }

protected:
    void begin(Stage stage, std::span<const store::Record* const> records);
    /// How the call ended, from what the plugin returned and what it did.
    [[nodiscard]] CallEnd end(std::int32_t status);
    [[nodiscard]] bool broken() const { return breach_.has_value(); }

    /// Where the outcome of this record belongs; null after a breach.
    [[nodiscard]] std::optional<Outcome>* outcome_slot(std::uint32_t record,
                                                       std::vector<std::optional<Outcome>>& slots);
    /// Copies an outcome into its slot. `allowed`: bits 1 << kind.
    std::int32_t take_outcome(std::uint32_t record, const carrick_outcome* raw, unsigned allowed,
                              std::vector<std::optional<Outcome>>& slots);
    [[nodiscard]] std::string name_record(std::uint32_t record) const;

    std::span<const store::Record* const> records_;

private:
    std::int32_t fill_outcome(std::uint32_t record, const carrick_outcome& raw, unsigned allowed,
                              std::optional<Outcome>& slot);

    const InstanceIdentity& identity_;
    std::atomic<std::thread::id> owner_{};
    std::atomic<bool> trespassed_{false};
    Stage stage_ = Stage::Extract;
    std::optional<Error> breach_;
    std::optional<Error> failure_;
};

/// Runs the body of a host function: nothing leaves it but a status, and nothing happens outside a
/// call from the host.
template <class Context, class Body>
std::int32_t host_function(void* context, Body&& body) noexcept {
    if (context == nullptr) return CARRICK_FAILED;
    auto& self = *static_cast<Context*>(context);
    if (!self.enter()) return CARRICK_FAILED;
    try {
        return body(self);
    } catch (const std::exception& thrown) {
        return self.host_failure(thrown.what());
    } catch (...) {
        return self.host_failure("an unknown exception");
    }
}

}  // namespace carrick::plugin_host
