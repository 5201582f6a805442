// SPDX-License-Identifier: Apache-2.0
// World: a source whose orders keep changing and a target that keeps strict books, both from one
// seed and under one virtual clock. What is broken here is broken as the real systems break it.
#pragma once

#include "core/connectors/connection.hpp"
#include "tests/support/virtual_clock.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace carrick::simulation {

using carrick::testing::SeededRandom;
using carrick::testing::VirtualClock;

/// Thrown where a crash is simulated; deliberately no std::exception, so that nothing handles it.
struct SimulatedCrash {};

/// When the process dies next. Once dead, everything that would touch the world dies too.
class CrashPlan {
public:
    /// Dies at the `passings`-th place from now on; 0 = never.
    void arm(std::uint64_t passings) {
        left_ = passings;
        crashed_ = false;
    }
    void pass() {
        if (crashed_) throw SimulatedCrash{};
        if (left_ == 0 || --left_ > 0) return;
        crashed_ = true;
        throw SimulatedCrash{};
    }

private:
    std::uint64_t left_ = 0;
    bool crashed_ = false;
};

struct OrderVersion {
    std::string partition;
    std::string key;
    std::int64_t version = 0;
    bool unsafe = false;  ///< goes to the target that enforces nothing
    bool poison = false;  ///< the target will never take this version
    /// The last version of it: what is in the target is cancelled there, else nothing is written.
    bool cancelled = false;
    std::string item;  ///< needed in the target first
    [[nodiscard]] std::string body() const;
};

/// A document in the target's books.
struct Document {
    std::string id;
    std::string body;
    UtcTime visible_at;  ///< reads do not find it before
    int creations = 0;   ///< more than one: doubled
};

class World {
public:
    World(std::uint64_t seed, VirtualClock& clock, CrashPlan& crash);

    /// No faults any more, and every item that will ever come is there.
    void heal();
    /// The next moment at which the world changes by itself.
    [[nodiscard]] std::optional<UtcTime> next_event() const;

    // ---- what the connections do ----
    connectors::Reply search(const Json& request);
    connectors::Reply create(const Json& request);
    connectors::Reply update(const Json& request);
    connectors::Reply find(const Json& request);
    connectors::Reply items(const Json& request);

    // ---- the truth, for the verdict ----
    [[nodiscard]] const std::map<std::string, std::vector<OrderVersion>>& orders() const {
        return orders_;
    }
    [[nodiscard]] const std::map<std::string, Document>& documents() const { return documents_; }
    /// This version can never be written, as it is poisoned or its item never comes.
    [[nodiscard]] bool refuses(const OrderVersion& order) const {
        return order.poison || (!order.cancelled && !items_.contains(order.item));
    }
    /// Of everything that was asked and answered, in order.
    [[nodiscard]] std::uint64_t trace() const { return trace_; }
    void note(std::string_view text);
    [[nodiscard]] static std::string document_id(const std::string& order) { return "SO-" + order; }

    /// Where a person who looks at a failing seed sees everything.
    std::function<void(const std::string&)> log;

private:
    struct Event {
        UtcTime at;
        OrderVersion order;
    };
    struct SlowWrite {
        UtcTime at;
        std::string external_id;
        std::string body;
        bool enforced = false;
    };
    enum class Fault { None, Throttled, ServerError, LostBefore, LostAfter, Slow };

    void make_orders();
    void settle_slow_writes();
    [[nodiscard]] Fault roll();
    void book(const std::string& external_id, const std::string& body, bool enforced, UtcTime at);
    [[nodiscard]] bool chance(std::uint64_t percent) { return random_.below(100) < percent; }
    [[nodiscard]] Milliseconds up_to(std::int64_t milliseconds) {
        return Milliseconds(
            static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(milliseconds))));
    }

    SeededRandom random_;
    VirtualClock& clock_;
    CrashPlan& crash_;
    std::map<std::string, std::vector<Event>> log_;  // by partition, in the order of appearance
    std::map<std::string, std::vector<OrderVersion>> orders_;
    std::map<std::string, UtcTime> items_;  // when each comes into being
    std::map<std::string, Document> documents_;
    std::vector<SlowWrite> slow_;
    bool healed_ = false;
    std::uint64_t trace_ = 1469598103934665603ULL;
};

/// A connection to one side of the world.
class WorldConnection final : public connectors::Connection {
public:
    explicit WorldConnection(World& world) : world_(world) {}
    [[nodiscard]] std::span<const connectors::Operation> operations() const override;
    void call(std::span<const connectors::Request> requests, const connectors::CallContext& context,
              connectors::ReplyHandler& handler) override;
    [[nodiscard]] Result<Json> schema(std::string_view, const connectors::CallContext&) override {
        return Json();
    }
    [[nodiscard]] Result<std::string> resolve_reference(std::string_view, std::string_view name,
                                                        const connectors::CallContext&) override {
        return std::string(name);
    }
    [[nodiscard]] Result<void> check(const connectors::CallContext&) override { return {}; }

private:
    World& world_;
};

}  // namespace carrick::simulation
