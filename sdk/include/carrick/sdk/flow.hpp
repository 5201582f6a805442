// SPDX-License-Identifier: Apache-2.0
// A flow is a class with the stages it needs; FlowTable puts any such class behind the ABI's table
// of C functions. What a class does not have becomes a NULL slot.
//
//   extract  (Call&, std::string_view stream, std::string_view checkpoint)
//   needs    (Pure&, const Records&)
//   map      (Pure&, const Records&, const Lookups&, const Ledger&)
//   verify   (Pure&, const Records&, const Payloads&)
//   deliver  (Call&, const Records&, const Payloads&, const Ledger&)
//   reconcile(Call&, const Records&, const Attempts&)
//   resume   (Call&, const Records&, const Waits&)
//
// Each returns void or Result<void>; an error says that the whole page failed. An exception becomes
// class bug. Nothing a stage throws crosses the boundary.
#pragma once

#include <carrick/sdk/call.hpp>

#include <exception>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

namespace carrick::sdk {

struct ConnectionInfo {
    std::string id;         ///< "NA1": goes into external ids
    std::string connector;  ///< "amazon", "netsuite"
};

/// What an instance is made from.
struct FlowConfig {
    std::string flow;                                   ///< its name in flows.yaml
    std::string origin;                                 ///< id of the flow's Amazon connection
    std::string partition;                              ///< marketplace code or empty
    std::map<std::string, ConnectionInfo> connections;  ///< by role
    Json settings;                                      ///< the partition's effective settings
    Json marketplaces;  ///< with an empty partition: code -> settings
    Json extra;         ///< members that this SDK does not know

    /// Errors: Bug `sdk.config`, for a config that is not what the ABI promises.
    [[nodiscard]] static Result<FlowConfig> parse(std::string_view text) {
        Result<Json> json = Json::parse(text);
        if (!json) return bug("sdk.config", "the host's config: " + json.error().message);
        if (!json->is_object()) return bug("sdk.config", "the host's config is not an object");
        FlowConfig config;
        config.extra = Json::object();
        for (const JsonMember& member : json->members()) {
            if (member.key == "flow")
                config.flow = member.value.text();
            else if (member.key == "origin")
                config.origin = member.value.text();
            else if (member.key == "partition")
                config.partition = member.value.text();
            else if (member.key == "settings")
                config.settings = member.value;
            else if (member.key == "marketplaces")
                config.marketplaces = member.value;
            else if (member.key == "connections")
                for (const JsonMember& role : member.value.members())
                    config.connections[role.key] = {role.value["id"].text(),
                                                    role.value["connector"].text()};
            else
                config.extra.set(member.key, member.value);
        }
        return config;
    }
};

// clang-format off
template <class F> concept HasExtract = requires(F& f, Call& c, std::string_view t) { f.extract(c, t, t); };
template <class F> concept HasNeeds = requires(F& f, Pure& p, const Records& r) { f.needs(p, r); };
template <class F> concept HasMap = requires(F& f, Pure& p, const Records& r, const Lookups& l, const Ledger& e) { f.map(p, r, l, e); };
template <class F> concept HasVerify = requires(F& f, Pure& p, const Records& r, const Payloads& l) { f.verify(p, r, l); };
template <class F> concept HasDeliver = requires(F& f, Call& c, const Records& r, const Payloads& l, const Ledger& e) { f.deliver(c, r, l, e); };
template <class F> concept HasReconcile = requires(F& f, Call& c, const Records& r, const Attempts& a) { f.reconcile(c, r, a); };
template <class F> concept HasResume = requires(F& f, Call& c, const Records& r, const Waits& w) { f.resume(c, r, w); };
// clang-format on

/// The C table of one instance of `Flow`, and the trampolines behind it.
template <class Flow>
class FlowTable {
public:
    /// A new instance; the host ends it through the table's `destroy`.
    [[nodiscard]] static carrick_flow* make(std::unique_ptr<Flow> flow) {
        return &(new FlowTable(std::move(flow)))->table_;
    }

private:
    explicit FlowTable(std::unique_ptr<Flow> flow) : flow_(flow.release()) {
        check_signatures();
        table_.struct_size = sizeof(carrick_flow);
        table_.destroy = &destroy;
        if constexpr (HasExtract<Flow>) table_.extract = &extract;
        if constexpr (HasNeeds<Flow>) table_.needs = &needs;
        if constexpr (HasMap<Flow>) table_.map = &map;
        if constexpr (HasVerify<Flow>) table_.verify = &verify;
        if constexpr (HasDeliver<Flow>) table_.deliver = &deliver;
        if constexpr (HasReconcile<Flow>) table_.reconcile = &reconcile;
        if constexpr (HasResume<Flow>) table_.resume = &resume;
    }

    ~FlowTable() { delete flow_; }
    FlowTable(const FlowTable&) = delete;
    FlowTable& operator=(const FlowTable&) = delete;

    // A stage with a wrong signature must not become a stage that is silently never called.
    static constexpr void check_signatures() {
        static_assert(
            HasExtract<Flow> || !requires { &Flow::extract; },
            "extract must take (Call&, std::string_view stream, std::string_view "
            "checkpoint)");
        static_assert(
            HasNeeds<Flow> || !requires { &Flow::needs; },
            "needs must take (Pure&, const Records&)");
        static_assert(
            HasMap<Flow> || !requires { &Flow::map; },
            "map must take (Pure&, const Records&, const Lookups&, const Ledger&)");
        static_assert(
            HasVerify<Flow> || !requires { &Flow::verify; },
            "verify must take (Pure&, const Records&, const Payloads&)");
        static_assert(
            HasDeliver<Flow> || !requires { &Flow::deliver; },
            "deliver must take (Call&, const Records&, const Payloads&, const Ledger&)");
        static_assert(
            HasReconcile<Flow> || !requires { &Flow::reconcile; },
            "reconcile must take (Call&, const Records&, const Attempts&)");
        static_assert(
            HasResume<Flow> || !requires { &Flow::resume; },
            "resume must take (Call&, const Records&, const Waits&)");
        static_assert(HasExtract<Flow> || HasNeeds<Flow> || HasMap<Flow> || HasVerify<Flow> ||
                          HasDeliver<Flow> || HasReconcile<Flow> || HasResume<Flow>,
                      "a flow needs at least one stage");
    }

    static FlowTable& from(carrick_flow* self) noexcept {
        static_assert(std::is_standard_layout_v<FlowTable>);
        return *reinterpret_cast<FlowTable*>(self);
    }

    // Every stage runs through here: C++ on the inside, a status on the outside.
    template <class Context, class Raw, class Stage>
    static std::int32_t guarded(const Raw* raw, Stage&& stage) noexcept {
        Context context(*raw);
        try {
            if constexpr (std::is_void_v<decltype(stage(context))>) {
                stage(context);
            } else if (Result<void> ended = stage(context); !ended) {
                context.fail(ended.error());
            }
            return context.status();
        } catch (const std::exception& thrown) {
            return report(raw, thrown.what());
        } catch (...) {
            return report(raw, "an exception that is no std::exception");
        }
    }
    static std::int32_t report(const carrick_call* call, std::string_view what) noexcept {
        const carrick_error error = exception_error(what);
        call->host->fail(call, &error);
        return CARRICK_FAILED;
    }
    static std::int32_t report(const carrick_pure* pure, std::string_view what) noexcept {
        const carrick_error error = exception_error(what);
        pure->fail(pure, &error);
        return CARRICK_FAILED;
    }
    static carrick_error exception_error(std::string_view what) noexcept {
        return {sizeof(carrick_error),
                CARRICK_ERROR_BUG,
                to_span("plugin.exception"),
                to_span(what),
                {},
                0};
    }

    static void destroy(carrick_flow* self) noexcept { delete &from(self); }
    static std::int32_t extract(carrick_flow* self, const carrick_call* call, carrick_span stream,
                                carrick_span checkpoint) noexcept {
        return guarded<Call>(call, [&](Call& context) {
            return from(self).flow_->extract(context, to_view(stream), to_view(checkpoint));
        });
    }
    static std::int32_t needs(carrick_flow* self, const carrick_pure* pure,
                              const carrick_record* records, std::uint64_t record_count) noexcept {
        return guarded<Pure>(pure, [&](Pure& context) {
            return from(self).flow_->needs(context, Records(records, record_count));
        });
    }
    static std::int32_t map(carrick_flow* self, const carrick_pure* pure,
                            const carrick_record* records, std::uint64_t record_count,
                            const carrick_lookup_result* lookups, std::uint64_t lookup_count,
                            const carrick_ledger_entry* ledger,
                            std::uint64_t ledger_count) noexcept {
        return guarded<Pure>(pure, [&](Pure& context) {
            return from(self).flow_->map(context, Records(records, record_count),
                                         Lookups(lookups, lookup_count),
                                         Ledger(ledger, ledger_count));
        });
    }
    static std::int32_t verify(carrick_flow* self, const carrick_pure* pure,
                               const carrick_record* records, std::uint64_t record_count,
                               const carrick_payload* payloads,
                               std::uint64_t payload_count) noexcept {
        return guarded<Pure>(pure, [&](Pure& context) {
            return from(self).flow_->verify(context, Records(records, record_count),
                                            Payloads(payloads, payload_count));
        });
    }
    static std::int32_t deliver(carrick_flow* self, const carrick_call* call,
                                const carrick_record* records, std::uint64_t record_count,
                                const carrick_payload* payloads, std::uint64_t payload_count,
                                const carrick_ledger_entry* ledger,
                                std::uint64_t ledger_count) noexcept {
        return guarded<Call>(call, [&](Call& context) {
            return from(self).flow_->deliver(context, Records(records, record_count),
                                             Payloads(payloads, payload_count),
                                             Ledger(ledger, ledger_count));
        });
    }
    static std::int32_t reconcile(carrick_flow* self, const carrick_call* call,
                                  const carrick_record* records, std::uint64_t record_count,
                                  const carrick_attempt* attempts,
                                  std::uint64_t attempt_count) noexcept {
        return guarded<Call>(call, [&](Call& context) {
            return from(self).flow_->reconcile(context, Records(records, record_count),
                                               Attempts(attempts, attempt_count));
        });
    }
    static std::int32_t resume(carrick_flow* self, const carrick_call* call,
                               const carrick_record* records, std::uint64_t record_count,
                               const carrick_wait* waits, std::uint64_t wait_count) noexcept {
        return guarded<Call>(call, [&](Call& context) {
            return from(self).flow_->resume(context, Records(records, record_count),
                                            Waits(waits, wait_count));
        });
    }

    carrick_flow table_{};  // first: the host's pointer to it is the pointer to this object
    Flow* flow_;            // owned; a unique_ptr is not standard layout in every C++ library
};

}  // namespace carrick::sdk
