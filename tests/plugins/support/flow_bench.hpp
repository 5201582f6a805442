// SPDX-License-Identifier: Apache-2.0
// A flow on the bench: the plugin's own class behind the real ABI glue and its real manifest, with
// a target in memory. What the manifest does not allow fails here as it does in the engine.
#pragma once

#include "core/plugin_host/flow_instance.hpp"

#include <carrick/sdk/plugin.hpp>

#include <catch2/catch.hpp>

#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace carrick::plugins::testing {

using plugin_host::Outcome;
using plugin_host::OutcomeKind;

/// Answers the requests of extract and deliver by a function; keeps what was asked.
class FakeConnection final : public plugin_host::Gateway {
public:
    struct Asked {
        std::string operation;
        Json body;
        std::int64_t record = -1;
    };
    std::vector<Asked> asked;
    std::function<connectors::Reply(const std::string& operation, const Json& body)> answer;
    std::vector<std::string> logged;
    bool is_cancelled = false;

    explicit FakeConnection(const plugin_host::Manifest& manifest) {
        for (const std::string& name : manifest.operations)
            operations_[name] = {
                name,
                name.starts_with("netsuite.records.") && name != "netsuite.records.get"
                    ? connectors::OperationKind::Write
                    : connectors::OperationKind::Read,
                "",
                {},
                {}};
    }

    void call(std::string_view, std::span<const connectors::Request> requests,
              std::span<const std::int64_t> records, connectors::ReplyHandler& handler) override {
        for (std::size_t i = 0; i < requests.size(); ++i) {
            asked.push_back(
                {requests[i].operation, Json::parse(requests[i].body).value(), records[i]});
            handler.on_reply(i, answer(asked.back().operation, asked.back().body));
        }
    }
    const connectors::Operation* operation(std::string_view, std::string_view name) override {
        const auto found = operations_.find(std::string(name));
        return found == operations_.end() ? nullptr : &found->second;
    }
    /// What is linked already, by "kind:from".
    std::map<std::string, std::vector<std::string>> linked;
    Result<std::vector<std::string>> links(std::string_view kind, std::string_view from) override {
        const auto found = linked.find(std::string(kind) + ':' + std::string(from));
        return found == linked.end() ? std::vector<std::string>() : found->second;
    }
    bool cancelled() override { return is_cancelled; }
    UtcTime now() override { return UtcTime::parse("2026-11-23T12:00:00Z").value(); }
    UtcTime deadline() override { return now() + std::chrono::seconds(30); }
    void log(int, std::string_view message) override { logged.emplace_back(message); }

    [[nodiscard]] std::vector<Json> bodies(const std::string& operation) const {
        std::vector<Json> found;
        for (const Asked& one : asked)
            if (one.operation == operation) found.push_back(one.body);
        return found;
    }

private:
    std::map<std::string, connectors::Operation> operations_;
};

inline connectors::Reply ok(const Json& body) {
    return {connectors::ReplyStatus::Ok, body.dump(), {}};
}
inline connectors::Reply refused(const Error& error) {
    return {connectors::ReplyStatus::Failed, {}, error};
}

inline plugin_host::Manifest manifest_of(const std::string& name) {
    std::ifstream file(std::string(CARRICK_PLUGINS_SOURCE) + "/" + name + "/manifest.json");
    const std::string text(std::istreambuf_iterator<char>(file), {});
    Result<plugin_host::Manifest> manifest = plugin_host::parse_manifest(text, name + ".json");
    INFO((manifest ? std::string() : manifest.error().message));
    REQUIRE(manifest);
    return *manifest;
}

inline Json config_of(const std::string& flow, const std::string& partition, const Json& settings) {
    return Json::object({{"flow", Json(flow)},
                         {"origin", Json("NA1")},
                         {"partition", Json(partition)},
                         {"settings", settings}});
}

/// What became of the records of one page.
struct Passed {
    std::vector<plugin_host::LookupRequest> lookups;
    std::vector<plugin_host::Payload> payloads;
    std::vector<std::optional<Outcome>> outcomes;
    std::vector<std::pair<std::uint32_t, store::Link>> links;

    [[nodiscard]] const Outcome& of(std::size_t record) const {
        REQUIRE(outcomes.at(record));
        return *outcomes[record];
    }
    [[nodiscard]] std::string code(std::size_t record = 0) const {
        return of(record).details().error ? of(record).details().error->code : std::string();
    }
    [[nodiscard]] std::string message(std::size_t record = 0) const {
        return of(record).details().error ? of(record).details().error->message : std::string();
    }
    [[nodiscard]] std::string reason(std::size_t record = 0) const {
        return of(record).details().reason;
    }
    [[nodiscard]] Json learnt(std::size_t record = 0) const {
        return Json::parse(of(record).details().learnt).value();
    }
    [[nodiscard]] Json body(std::size_t payload = 0) const {
        REQUIRE(payload < payloads.size());
        return Json::parse(payloads[payload].body).value();
    }
};

/// A transform: needs, map, verify and deliver of one page, as the engine runs them.
class FlowBench {
public:
    /// Answers to look-ups by name and key; what is not here is not found.
    std::map<std::pair<std::string, std::string>, Json> answers;
    /// Answers to look-ups that depend on what has been written; asked first.
    std::function<std::optional<Json>(const std::string& name, const std::string& key)> look_up;
    std::vector<plugin_host::LedgerView> ledger;
    FakeConnection target;
    /// What an overlay of flows.yaml would do to a payload's body.
    std::function<void(Json& body)> overlay;

    FlowBench(const std::string& name, carrick_plugin_entry entry, const Json& config)
        : target(manifest_of(name)) {
        Result<std::shared_ptr<plugin_host::LoadedPlugin>> plugin =
            plugin_host::adopt_plugin(manifest_of(name), entry);
        INFO((plugin ? std::string() : plugin.error().message));
        REQUIRE(plugin);
        plugin_ = *plugin;
        Result<std::unique_ptr<plugin_host::FlowInstance>> made = plugin_->create(config);
        INFO((made ? std::string() : made.error().message));
        REQUIRE(made);
        instance_ = *std::move(made);
    }

    Passed run(const std::vector<Json>& orders) {
        std::vector<store::Record> records(orders.size());
        for (std::size_t i = 0; i < orders.size(); ++i) {
            records[i].type = "amazon.order/1";
            records[i].origin = "NA1";
            records[i].partition = "US";
            records[i].key = orders[i]["orderId"].text();
            records[i].version = UtcTime(1);
            records[i].body = orders[i].dump();
        }
        Passed passed;
        passed.outcomes.resize(orders.size());
        std::vector<std::uint32_t> at(orders.size());
        for (std::uint32_t i = 0; i < at.size(); ++i) at[i] = i;

        auto page = page_of(records, at);
        plugin_host::NeedsResult needs = instance_->needs(page);
        settle(passed, at, needs.outcomes, needs.end);
        passed.lookups = needs.lookups;

        // Asked one name after another as the manifest lists them, and answered in their own order.
        std::vector<plugin_host::LookupResult> results;
        for (const plugin_host::LookupRequest& request : needs.lookups)
            results.push_back({request.record, request.name, request.key, false, {}});
        for (const plugin_host::LookupDeclaration& declared : plugin_->manifest().lookups)
            for (plugin_host::LookupResult& result : results) {
                if (result.name != declared.name) continue;
                std::optional<Json> answer =
                    look_up ? look_up(result.name, result.key) : std::nullopt;
                if (const auto found = answers.find({result.name, result.key});
                    !answer && found != answers.end())
                    answer = found->second;
                result.found = answer.has_value();
                if (answer) result.body = answer->dump();
            }
        renumber(results, passed, at);
        page = page_of(records, at);
        plugin_host::MapResult mapped = instance_->map(page, results, ledger);
        settle(passed, at, mapped.outcomes, mapped.end);
        renumber(mapped.payloads, passed, at);
        for (plugin_host::Payload& payload : mapped.payloads)
            if (overlay && payload.action != plugin_host::WriteAction::Adopt) {
                Json body = Json::parse(payload.body).value();
                overlay(body);
                payload.body = body.dump();
            }
        passed.payloads = mapped.payloads;

        page = page_of(records, at);
        if (instance_->offers(plugin_host::Stage::Verify)) {
            plugin_host::VerifyResult verified = instance_->verify(page, mapped.payloads);
            settle(passed, at, verified.outcomes, verified.end);
            renumber(mapped.payloads, passed, at);
            page = page_of(records, at);
        }
        if (at.empty()) return passed;
        plugin_host::DeliverBoard board;
        const plugin_host::CallEnd end =
            instance_->deliver(target, board, page, mapped.payloads, ledger_of(at));
        settle(passed, at, board.outcomes, end);
        passed.links = std::move(board.links);
        return passed;
    }

private:
    static std::vector<const store::Record*> page_of(const std::vector<store::Record>& records,
                                                     std::vector<std::uint32_t>& at) {
        std::vector<const store::Record*> page;
        for (const std::uint32_t record : at) page.push_back(&records[record]);
        return page;
    }

    [[nodiscard]] std::vector<plugin_host::LedgerView> ledger_of(
        const std::vector<std::uint32_t>& at) const {
        std::vector<plugin_host::LedgerView> views;
        for (std::uint32_t i = 0; i < at.size(); ++i)
            for (const plugin_host::LedgerView& view : ledger)
                if (view.record == at[i]) views.push_back({i, view.version, view.target_ids});
        return views;
    }

    /// Takes the outcomes of a stage; `at` keeps the records that go on.
    static void settle(Passed& passed, const std::vector<std::uint32_t>& at,
                       std::vector<std::optional<Outcome>>& outcomes,
                       const plugin_host::CallEnd& end) {
        INFO(end.error.message);
        REQUIRE(end.status != plugin_host::CallStatus::Failed);
        for (std::size_t i = 0; i < outcomes.size() && i < at.size(); ++i)
            if (outcomes[i]) passed.outcomes[at[i]] = std::move(outcomes[i]);
    }

    /// Drops the items of settled records, numbers the others by the page that remains, and `at`
    /// becomes that page.
    template <class Item>
    static void renumber(std::vector<Item>& items, const Passed& passed,
                         std::vector<std::uint32_t>& at) {
        std::vector<std::uint32_t> left;
        std::map<std::uint32_t, std::uint32_t> number;
        for (std::uint32_t i = 0; i < at.size(); ++i)
            if (!passed.outcomes[at[i]]) {
                number[i] = static_cast<std::uint32_t>(left.size());
                left.push_back(at[i]);
            }
        std::erase_if(items, [&](const Item& item) { return !number.contains(item.record); });
        for (Item& item : items) item.record = number.at(item.record);
        at = std::move(left);
    }

    std::shared_ptr<plugin_host::LoadedPlugin> plugin_;
    std::unique_ptr<plugin_host::FlowInstance> instance_;
};

}  // namespace carrick::plugins::testing
