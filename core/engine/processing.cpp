// SPDX-License-Identifier: Apache-2.0
// Processing: where, needs, map, overlay, verify, schema. Everything here is pure or only reads, so
// that the same records give the same payloads in a preview, a dry run and a replay.
#include "core/base/failpoint.hpp"
#include "core/engine/call_scope.hpp"
#include "core/engine/instance.hpp"
#include "core/engine/supersession.hpp"

#include <algorithm>

namespace carrick::engine {

using plugin_host::Outcome;
using plugin_host::OutcomeKind;
using plugin_host::Payload;
using plugin_host::Stage;
using plugin_host::WriteAction;
using store::OpenState;

namespace {

Outcome failure(Error error) {
    Outcome outcome(OutcomeKind::Failed);
    outcome.add_details().error = std::move(error);
    return outcome;
}

/// What an expression sees as `lookups`: name -> key -> body.
Json lookups_of(const std::vector<plugin_host::LookupResult>& lookups, std::uint32_t record) {
    Json view = Json::object();
    for (const plugin_host::LookupResult& lookup : lookups) {
        if (lookup.record != record || !lookup.found) continue;
        if (Result<Json> body = Json::parse(lookup.body)) {
            Json& named = view.member(lookup.name);
            named.set(lookup.key, std::move(*body));
        }
    }
    return view;
}

}  // namespace

void Instance::run_batch() {
    const std::optional<Way> way = open_.next_way();
    if (!way) return;
    std::vector<OpenEntry*> entries = open_.take(*way, batch_limit());
    if (!end_by_hand(entries)) return;
    if (!load_bodies(entries) || entries.empty()) return;
    switch (*way) {
        case Way::Reconcile: return reconcile(std::move(entries));
        case Way::Resume: return resume(std::move(entries));
        case Way::Process: return process(std::move(entries));
    }
}

bool Instance::load_bodies(std::vector<OpenEntry*>& entries) {
    std::vector<OpenEntry*> missing;
    std::vector<store::Position> places;
    for (OpenEntry* entry : entries)
        if (!entry->has_body) {
            missing.push_back(entry);
            places.push_back(entry->at);
        }
    if (missing.empty()) return true;
    Result<std::vector<std::string>> bodies = services_.store.bodies(number_, places);
    if (!bodies) {
        store_failed(bodies.error());
        return false;
    }
    for (std::size_t i = 0; i < missing.size(); ++i) {
        OpenEntry& entry = *missing[i];
        if ((*bodies)[i].empty()) {
            std::erase(entries, &entry);
            to_error_queue(entry,
                           rejected("engine.body_purged",
                                    "the content of record " + entry.record.key +
                                        " has been purged; fetch it again from its source"),
                           Stage::Needs, OpenState::Failed);
            continue;
        }
        entry.record.body = std::move((*bodies)[i]);
        entry.has_body = true;
    }
    return true;
}

bool Instance::load_ledger(const std::vector<OpenEntry*>& entries) {
    std::vector<OpenEntry*> unknown;
    std::vector<std::string> keys;
    for (OpenEntry* entry : entries)
        if (!entry->ledger_known) {
            unknown.push_back(entry);
            keys.push_back(entry->record.key);
        }
    if (unknown.empty()) return true;
    Result<std::vector<std::optional<store::LedgerEntry>>> ledger =
        services_.store.ledger(number_, keys);
    if (!ledger) {
        store_failed(ledger.error());
        return false;
    }
    for (std::size_t i = 0; i < unknown.size(); ++i) {
        unknown[i]->ledger = std::move((*ledger)[i]);
        unknown[i]->ledger_known = true;
    }
    return true;
}

void Instance::process(std::vector<OpenEntry*> entries) {
    if (keeps_ledger_ && !load_ledger(entries)) return;
    Batch batch;
    batch.entries = std::move(entries);
    for (const OpenEntry* entry : batch.entries) batch.records.push_back(&entry->record);
    batch.concluded.assign(batch.entries.size(), false);

    using Stop = void (Instance::*)(Batch&);
    for (const Stop stop : {&Instance::filter, &Instance::needs, &Instance::map, &Instance::overlay,
                            &Instance::verify, &Instance::check_schema}) {
        if (stopping()) batch.stopped = true;
        if (!batch.stopped && !batch.entries.empty()) (this->*stop)(batch);
        if (call_was_abandoned()) return;
        compact(batch);
    }
    if (batch.entries.empty()) return;
    if (batch.stopped) return give_back(batch);
    const bool any_preview =
        std::any_of(batch.records.begin(), batch.records.end(),
                    [](const store::Record* record) { return record->preview; });
    if (keeps_ledger_ && (any_preview || writes_in_shadow())) hold_in_shadow(batch);
    compact(batch);
    if (!batch.entries.empty()) deliver(batch);
}

void Instance::give_back(Batch& batch) {
    for (std::size_t i = 0; i < batch.entries.size(); ++i) {
        if (batch.concluded[i]) continue;
        open_.set_state(*batch.entries[i], OpenState::Ready);
        open_.queue(*batch.entries[i]);
    }
}

// ---- the stages
// ----------------------------------------------------------------------------------

void Instance::filter(Batch& batch) {
    const bool maps = !compiled_.overlays.empty();
    if (!compiled_.where && !maps) return;
    batch.bodies.resize(batch.entries.size());
    for (std::size_t i = 0; i < batch.entries.size(); ++i) {
        OpenEntry& entry = *batch.entries[i];
        Result<Json> body = Json::parse(entry.record.body);
        if (!body) {
            batch.concluded[i] = true;
            apply(entry, failure(body.error()), Stage::Needs, 0);
            continue;
        }
        batch.bodies[i] = std::move(*body);
        if (!compiled_.where) continue;
        const Result<bool> matches =
            compiled_.where->matches({&batch.bodies[i], nullptr, &partition_.settings, nullptr});
        if (matches && *matches) continue;
        batch.concluded[i] = true;
        if (!matches)
            apply(entry, failure(matches.error()), Stage::Needs, 0);
        else
            skipped(entry, std::string(kFiltered), {}, SkippedBy::Filter);
    }
}

void Instance::needs(Batch& batch) {
    if (!plugin_->offers(Stage::Needs)) return;
    failpoint::pass("engine.before_needs");
    plugin_host::NeedsResult named;
    {
        const CallScope scope(*this);
        named = plugin_->needs(batch.records);
    }
    if (call_was_abandoned()) return;
    if (!apply_pure(batch, Stage::Needs, named.end, named.outcomes)) return;

    CallGateway gateway(gateway_context());
    LookupAnswers answers;
    {
        const CallScope scope(*this);
        answers = run_lookups(compiled_.lookups, std::move(named.lookups), gateway.call_context(),
                              services_.lookups, services_.shadow, now());
    }
    if (call_was_abandoned()) return;
    failpoint::pass("engine.after_lookups");
    if (stopping()) {
        batch.stopped = true;
        return;
    }
    for (std::size_t i = 0; i < answers.results.size(); ++i) {
        const plugin_host::LookupResult& result = answers.results[i];
        if (batch.concluded[result.record]) continue;
        if (answers.errors[i]) {
            batch.concluded[result.record] = true;
            apply(*batch.entries[result.record], failure(*answers.errors[i]), Stage::Needs, 0);
        } else if (!result.found) {
            lookup_missing(batch, result, *manifest_.lookup(result.name));
        }
    }
    batch.lookups = std::move(answers.results);
    if (end_.hold_flow || end_.hold_instance) batch.stopped = true;
}

void Instance::lookup_missing(Batch& batch, const plugin_host::LookupResult& result,
                              const plugin_host::LookupDeclaration& declaration) {
    if (declaration.missing_is_fine) return;
    OpenEntry& entry = *batch.entries[result.record];
    batch.concluded[result.record] = true;
    const std::string what =
        "look-up \"" + result.name + "\" found nothing for \"" + result.key + "\"";
    if (!declaration.missing_waits)
        return apply(entry,
                     failure(rejected("engine.lookup_missing",
                                      what + "; create it in the target or map it, then retry")),
                     Stage::Needs, 0);
    // Asked again after as long as it has waited already: often at first, hourly at last.
    constexpr Milliseconds kLongest{3'600'000};
    const UtcTime at = now();
    const Milliseconds waited = entry.since == UtcTime() ? Milliseconds(0) : at - entry.since;
    Outcome outcome(OutcomeKind::Waiting);
    plugin_host::OutcomeDetails& details = outcome.add_details();
    details.reason = what;
    details.look_again_at = at + std::clamp(waited, services_.settings.lookup_wait,
                                            std::max(kLongest, services_.settings.lookup_wait));
    apply(entry, std::move(outcome), Stage::Needs, 0);
}

void Instance::map(Batch& batch) {
    if (!plugin_->offers(Stage::Map)) return;
    const std::vector<plugin_host::LedgerView> ledger = ledger_views(batch);
    plugin_host::MapResult mapped;
    {
        const CallScope scope(*this);
        mapped = plugin_->map(batch.records, batch.lookups, ledger);
    }
    if (call_was_abandoned()) return;
    failpoint::pass("engine.after_map");
    batch.payloads = std::move(mapped.payloads);
    // A plugin may emit in any order; the stages behind get them by record.
    std::stable_sort(batch.payloads.begin(), batch.payloads.end(),
                     [](const Payload& a, const Payload& b) { return a.record < b.record; });
    shadow_skips(batch, mapped.outcomes);
    if (!apply_pure(batch, Stage::Map, mapped.end, mapped.outcomes)) return;
    for (const Payload& payload : batch.payloads) {
        if (batch.concluded[payload.record] || manifest_.write(payload.write) != nullptr) continue;
        batch.concluded[payload.record] = true;
        apply(*batch.entries[payload.record],
              failure(bug("engine.undeclared_write",
                          "plugin " + manifest_.name + " mapped to \"" + payload.write +
                              "\", which its manifest does not list under writes")),
              Stage::Map, 0);
        batch.stopped = true;
    }
}

void Instance::overlay(Batch& batch) {
    if (compiled_.overlays.empty()) return;
    std::uint32_t viewed = 0;
    std::optional<Json> lookups;
    for (Payload& payload : batch.payloads) {
        const auto found = compiled_.overlays.find(payload.write);
        if (found == compiled_.overlays.end() || payload.action == WriteAction::Adopt ||
            batch.concluded[payload.record])
            continue;
        if (!lookups || viewed != payload.record) {
            lookups = lookups_of(batch.lookups, payload.record);
            viewed = payload.record;
        }
        OpenEntry& entry = *batch.entries[payload.record];
        Result<Json> body = Json::parse(payload.body);
        Result<void> applied = body ? Result<void>() : Result<void>(body.error());
        if (body) {
            const Json before = *body;
            applied = found->second.apply(
                *body, {&batch.bodies[payload.record], &before, &partition_.settings, &*lookups});
        }
        if (!applied) {
            batch.concluded[payload.record] = true;
            apply(entry, failure(applied.error()), Stage::Map, 0);
            continue;
        }
        payload.body = body->dump();
    }
}

void Instance::verify(Batch& batch) {
    if (!plugin_->offers(Stage::Verify)) return;
    plugin_host::VerifyResult verified;
    {
        const CallScope scope(*this);
        verified = plugin_->verify(batch.records, batch.payloads);
    }
    if (call_was_abandoned()) return;
    (void)apply_pure(batch, Stage::Verify, verified.end, verified.outcomes);
}

void Instance::check_schema(Batch& batch) {
    const ConnectionSpec* target = connection("target");
    if (target == nullptr) return;
    for (const Payload& payload : batch.payloads) {
        if (payload.action == WriteAction::Adopt || batch.concluded[payload.record]) continue;
        const plugin_host::WriteDeclaration& write = *manifest_.write(payload.write);
        if (write.record_type.empty()) continue;
        OpenEntry& entry = *batch.entries[payload.record];
        const auto fail = [&](Error error) {
            batch.concluded[payload.record] = true;
            apply(entry, failure(std::move(error)), Stage::Verify, 0);
        };
        CallGateway gateway(gateway_context());
        Result<std::shared_ptr<const schema::Schema>> schema = [&] {
            const CallScope scope(*this);
            return services_.schemas.get(flow_.roles.at("target"), *target, write.record_type,
                                         gateway.call_context(), now());
        }();
        if (call_was_abandoned()) return;
        if (!schema) {
            fail(schema.error());
            if (end_.hold_flow || end_.hold_instance) batch.stopped = true;
            if (batch.stopped) return;
            continue;
        }
        if (*schema == nullptr) continue;
        Result<Json> body = Json::parse(payload.body);
        if (!body) {
            fail(body.error());
            continue;
        }
        const std::vector<schema::Violation> violations = (*schema)->validate(*body);
        if (!violations.empty())
            fail(rejected("engine.schema",
                          write.record_type + ": " +
                              (violations[0].path.empty() ? std::string("the document")
                                                          : violations[0].path) +
                              ": " + violations[0].message +
                              (violations.size() > 1
                                   ? " (and " + std::to_string(violations.size() - 1) + " more)"
                                   : std::string()),
                          violations[0].path));
    }
}

// ---- shared
// --------------------------------------------------------------------------------------

bool Instance::apply_pure(Batch& batch, Stage stage, const plugin_host::CallEnd& end,
                          Outcomes& outcomes) {
    if (end.status == plugin_host::CallStatus::Cancelled) {
        batch.stopped = true;
        return false;
    }
    for (std::size_t i = 0; i < batch.entries.size(); ++i) {
        if (batch.concluded[i]) continue;
        if (i < outcomes.size() && outcomes[i]) {
            batch.concluded[i] = true;
            apply(*batch.entries[i], std::move(*outcomes[i]), stage, 0);
        } else if (end.status == plugin_host::CallStatus::Failed && !batch.stopped) {
            batch.concluded[i] = true;
            apply(*batch.entries[i], failure(end.error), stage, 0);
        }
        // One error of this kind says it for all; the others stay where they were.
        if (end_.hold_flow || end_.hold_instance) batch.stopped = true;
    }
    return !batch.stopped;
}

void Instance::compact(Batch& batch) {
    if (std::none_of(batch.concluded.begin(), batch.concluded.end(), [](bool is) { return is; }))
        return;
    constexpr std::uint32_t kGone = UINT32_MAX;
    std::vector<std::uint32_t> place(batch.entries.size(), kGone);
    std::uint32_t kept = 0;
    for (std::size_t i = 0; i < batch.entries.size(); ++i) {
        if (batch.concluded[i]) continue;
        place[i] = kept;
        batch.entries[kept] = batch.entries[i];
        batch.records[kept] = batch.records[i];
        if (!batch.bodies.empty() && kept != i) batch.bodies[kept] = std::move(batch.bodies[i]);
        ++kept;
    }
    batch.entries.resize(kept);
    batch.records.resize(kept);
    if (!batch.bodies.empty()) batch.bodies.resize(kept);
    batch.concluded.assign(kept, false);
    const auto renumber = [&](auto& items) {
        std::erase_if(items, [&](const auto& item) { return place[item.record] == kGone; });
        for (auto& item : items) item.record = place[item.record];
    };
    renumber(batch.lookups);
    renumber(batch.payloads);
}

std::vector<plugin_host::LedgerView> Instance::ledger_views(const Batch& batch) const {
    std::vector<plugin_host::LedgerView> views;
    for (std::size_t i = 0; i < batch.entries.size(); ++i)
        if (const auto& ledger = batch.entries[i]->ledger)
            views.push_back({static_cast<std::uint32_t>(i), ledger->version, ledger->target_ids});
    return views;
}

}  // namespace carrick::engine
