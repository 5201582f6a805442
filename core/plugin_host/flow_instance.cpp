// SPDX-License-Identifier: Apache-2.0
// The host glue around a plugin's table of stages: builds pages, calls, and turns whatever happens
// into a CallEnd. It holds no lock while a plugin runs, so one that never returns blocks only its
// own thread.
#include "core/plugin_host/flow_instance.hpp"

#include "core/plugin_host/table_instance.hpp"
#include "core/plugin_host/text_checks.hpp"

#include <algorithm>

namespace carrick::plugin_host {
namespace {

class TableInstance final : public FlowInstance {
public:
    /// `flow` is owned from here on; `table` is what its struct_size covers.
    TableInstance(std::shared_ptr<const LoadedPlugin> plugin, InstanceIdentity identity,
                  carrick_flow* flow, const carrick_flow& table)
        : plugin_(std::move(plugin)),
          identity_(std::move(identity)),
          flow_(flow),
          table_(table),
          call_(identity_, table.resume != nullptr),
          pure_(identity_) {}
    ~TableInstance() override {
        try {
            table_.destroy(flow_);
        } catch (...) {
            // Without glue a destructor may throw; the instance is gone either way.
        }
    }
    TableInstance(const TableInstance&) = delete;
    TableInstance& operator=(const TableInstance&) = delete;

    [[nodiscard]] const Manifest& manifest() const override { return *identity_.manifest; }

    [[nodiscard]] bool offers(Stage stage) const override {
        switch (stage) {
            case Stage::Extract: return table_.extract != nullptr;
            case Stage::Needs: return table_.needs != nullptr;
            case Stage::Map: return table_.map != nullptr;
            case Stage::Verify: return table_.verify != nullptr;
            case Stage::Deliver: return table_.deliver != nullptr;
            case Stage::Reconcile: return table_.reconcile != nullptr;
            case Stage::Resume: return table_.resume != nullptr;
        }
        return false;
    }

    [[nodiscard]] ExtractPage extract(Gateway& gateway, std::string_view stream,
                                      std::string_view checkpoint) override {
        ExtractPage page;
        const auto declared =
            std::ranges::find(manifest().streams, stream, &StreamDeclaration::name);
        if (!offers(Stage::Extract) || declared == manifest().streams.end()) {
            page.end = not_offered(Stage::Extract);
            return page;
        }
        const carrick_call& call = call_.begin_page(gateway, page);
        page.end = call_.end_page(run(call_, [&] {
            return table_.extract(flow_, &call, sdk::to_span(stream), sdk::to_span(checkpoint));
        }));
        for (store::Record& record : page.records) record.stream_rank = declared->rank;
        return page;
    }

    [[nodiscard]] NeedsResult needs(std::span<const store::Record* const> records) override {
        NeedsResult result;
        if (!offers(Stage::Needs)) {
            result.outcomes.resize(records.size());
            return result;  // no look-ups: nothing is missing
        }
        build_.set_records(records);
        const carrick_pure& pure =
            pure_.start(Stage::Needs, records, result.outcomes, &result.lookups, nullptr);
        result.end = pure_.finish(run(pure_, [&] {
            return table_.needs(flow_, &pure, build_.records.data(), build_.records.size());
        }));
        return result;
    }

    [[nodiscard]] MapResult map(std::span<const store::Record* const> records,
                                std::span<const LookupResult> lookups,
                                std::span<const LedgerView> ledger) override {
        MapResult result;
        if (!offers(Stage::Map)) {
            result.outcomes.resize(records.size());
            return result;  // no payloads: deliver alone settles the records
        }
        build_.set_records(records);
        build_.set_lookups(lookups);
        build_.set_ledger(ledger);
        const carrick_pure& pure =
            pure_.start(Stage::Map, records, result.outcomes, nullptr, &result.payloads);
        result.end = pure_.finish(run(pure_, [&] {
            return table_.map(flow_, &pure, build_.records.data(), build_.records.size(),
                              build_.lookups.data(), build_.lookups.size(), build_.ledger.data(),
                              build_.ledger.size());
        }));
        return result;
    }

    [[nodiscard]] VerifyResult verify(std::span<const store::Record* const> records,
                                      std::span<const Payload> payloads) override {
        VerifyResult result;
        if (!offers(Stage::Verify)) {
            result.outcomes.resize(records.size());
            return result;
        }
        build_.set_records(records);
        build_.set_payloads(payloads);
        const carrick_pure& pure =
            pure_.start(Stage::Verify, records, result.outcomes, nullptr, nullptr);
        result.end = pure_.finish(run(pure_, [&] {
            return table_.verify(flow_, &pure, build_.records.data(), build_.records.size(),
                                 build_.payloads.data(), build_.payloads.size());
        }));
        return result;
    }

    [[nodiscard]] CallEnd deliver(Gateway& gateway, DeliverBoard& board,
                                  std::span<const store::Record* const> records,
                                  std::span<const Payload> payloads,
                                  std::span<const LedgerView> ledger) override {
        if (!offers(Stage::Deliver)) return not_offered(Stage::Deliver);
        build_.set_payloads(payloads);
        build_.set_ledger(ledger);
        return settle(Stage::Deliver, gateway, board, records, [&](const carrick_call& call) {
            return table_.deliver(flow_, &call, build_.records.data(), build_.records.size(),
                                  build_.payloads.data(), build_.payloads.size(),
                                  build_.ledger.data(), build_.ledger.size());
        });
    }

    [[nodiscard]] CallEnd reconcile(Gateway& gateway, DeliverBoard& board,
                                    std::span<const store::Record* const> records,
                                    std::span<const AttemptView> attempts) override {
        if (!offers(Stage::Reconcile)) return not_offered(Stage::Reconcile);
        build_.set_attempts(attempts);
        return settle(Stage::Reconcile, gateway, board, records, [&](const carrick_call& call) {
            return table_.reconcile(flow_, &call, build_.records.data(), build_.records.size(),
                                    build_.attempts.data(), build_.attempts.size());
        });
    }

    [[nodiscard]] CallEnd resume(Gateway& gateway, DeliverBoard& board,
                                 std::span<const store::Record* const> records,
                                 std::span<const WaitView> waits) override {
        if (!offers(Stage::Resume)) return not_offered(Stage::Resume);
        build_.set_waits(waits);
        return settle(Stage::Resume, gateway, board, records, [&](const carrick_call& call) {
            return table_.resume(flow_, &call, build_.records.data(), build_.records.size(),
                                 build_.waits.data(), build_.waits.size());
        });
    }

private:
    template <class Slot>
    CallEnd settle(Stage stage, Gateway& gateway, DeliverBoard& board,
                   std::span<const store::Record* const> records, Slot&& slot) {
        build_.set_records(records);
        const carrick_call& call = call_.begin_board(gateway, stage, board, records);
        return call_.end_board(run(call_, [&] { return slot(call); }));
    }

    /// The one place where plugin code runs. A plugin without glue may throw through its C table;
    /// unwinding reaches us, whatever C++ library threw.
    template <class Slot>
    static std::int32_t run(StageContext& context, Slot&& slot) {
        try {
            return slot();
        } catch (const std::exception& thrown) {
            context.plugin_threw(thrown.what());
        } catch (...) {
            context.plugin_threw("an exception that is no std::exception of this engine");
        }
        return CARRICK_FAILED;
    }

    [[nodiscard]] CallEnd not_offered(Stage stage) const {
        return {CallStatus::Failed,
                bug("host.stage", "the engine called " + std::string(stage_name(stage)) +
                                      " of flow " + identity_.flow + ", which plugin " +
                                      manifest().name + " does not offer")};
    }

    std::shared_ptr<const LoadedPlugin> plugin_;  // shared with whoever loaded it; code lives there
    InstanceIdentity identity_;
    carrick_flow* flow_;
    carrick_flow table_;
    CallContext call_;
    PureContext pure_;
    PageBuilder build_;
};

carrick_flow covered_table(const carrick_flow& flow) {
    return sdk::covered_copy(flow, &carrick_flow::destroy, &carrick_flow::extension,
                             &carrick_flow::extract, &carrick_flow::needs, &carrick_flow::map,
                             &carrick_flow::verify, &carrick_flow::deliver,
                             &carrick_flow::reconcile, &carrick_flow::resume);
}

/// The first stage that the manifest promises and the table lacks, with the promise; or nothing.
std::optional<std::pair<Stage, std::string>> missing_stage(const Manifest& manifest,
                                                           const carrick_flow& table) {
    const bool source = manifest.kind == PluginKind::Source;
    const bool unsafe = std::ranges::any_of(
        manifest.writes, [](const WriteDeclaration& write) { return !write.repeat_safe; });
    if (source && table.extract == nullptr) return {{Stage::Extract, "it is a source"}};
    if (!source && table.deliver == nullptr) return {{Stage::Deliver, "it is no source"}};
    if (!manifest.lookups.empty() && table.needs == nullptr)
        return {{Stage::Needs, "it declares lookups"}};
    if (!manifest.writes.empty() && table.map == nullptr)
        return {{Stage::Map, "it declares writes"}};
    if (unsafe && table.reconcile == nullptr)
        return {{Stage::Reconcile, "it declares a write that is not repeat: safe"}};
    return std::nullopt;
}

struct CreateFailure {
    std::optional<Error> error;
    static void fail(void* context, const carrick_error* error) noexcept {
        try {
            if (context != nullptr && error != nullptr)
                static_cast<CreateFailure*>(context)->error = read_error(*error);
        } catch (...) {
            // Out of memory: create's null return is then reported without its reason.
        }
    }
};

}  // namespace

Result<std::unique_ptr<FlowInstance>> create_instance(std::shared_ptr<const LoadedPlugin> plugin,
                                                      const carrick_plugin& descriptor,
                                                      const Json& config) {
    const Manifest& manifest = plugin->manifest();
    const auto contract = [&](const std::string& what) {
        return bug("plugin.contract",
                   "plugin " + manifest.name + " " + manifest.version + " in create: it " + what);
    };
    if (manifest.kind == PluginKind::Command || descriptor.create == nullptr)
        return misconfigured("plugin.stage_missing",
                             "plugin " + manifest.name +
                                 (manifest.kind == PluginKind::Command
                                      ? " brings commands only and cannot be a flow"
                                      : " has no create, so no flow can be made of it"));
    CreateFailure failure;
    carrick_flow* flow = nullptr;
    const std::string text = config.dump();
    try {
        flow = descriptor.create(sdk::to_span(text), &CallContext::host_table(),
                                 &CreateFailure::fail, &failure);
    } catch (const std::exception& thrown) {
        return bug("plugin.exception",
                   "plugin " + manifest.name +
                       " let an exception out of create: " + clean_text(thrown.what()));
    } catch (...) {
        return bug("plugin.exception",
                   "plugin " + manifest.name +
                       " let an exception out of create that is no std::exception of this engine");
    }
    if (flow == nullptr)
        return failure.error ? *std::move(failure.error)
                             : contract("returned no flow without a reason given to fail");
    const carrick_flow table = covered_table(*flow);
    if (table.destroy == nullptr) return contract("made a flow without destroy");
    InstanceIdentity identity{&manifest, config["flow"].text(), config["origin"].text(),
                              config["partition"].text()};
    // From here on the instance owns the flow, so that no way out leaks it.
    auto instance =
        std::make_unique<TableInstance>(std::move(plugin), std::move(identity), flow, table);
    if (failure.error) return contract("called fail and returned a flow all the same");
    if (const auto missing = missing_stage(manifest, table))
        return misconfigured("plugin.stage_missing",
                             "plugin " + manifest.name + " " + manifest.version + " offers no " +
                                 std::string(stage_name(missing->first)) +
                                 ", which its manifest calls for: " + missing->second);
    return std::unique_ptr<FlowInstance>(std::move(instance));
}

}  // namespace carrick::plugin_host
