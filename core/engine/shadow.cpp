// SPDX-License-Identifier: Apache-2.0
// Shadow: where the way ends while a target may not be written to. The payload is kept, the record
// passes downstream as a preview, and previews settle nothing.
#include "core/engine/instance.hpp"
#include "core/engine/supersession.hpp"

namespace carrick::engine {

namespace {

/// What the writes would have taught the flows behind: carrick.<write>.id, as a plugin reports it
/// when it has written.
std::string would_learn(const std::vector<plugin_host::Payload>& payloads) {
    Json learnt = Json::object();
    for (const plugin_host::Payload& payload : payloads)
        learnt.set(
            payload.write,
            Json::object({{"id", Json(payload.target_id.empty() ? shadow_id(payload.external_id)
                                                                : payload.target_id)}}));
    return learnt.dump();
}

}  // namespace

using plugin_host::Payload;
using plugin_host::WriteAction;
using store::OpenState;

void Instance::hold_in_shadow(Batch& batch) {
    const bool shadow = writes_in_shadow();
    if (services_.settings.dry_run) plan_dry(batch);
    for (std::size_t i = 0; i < batch.entries.size(); ++i) {
        OpenEntry& entry = *batch.entries[i];
        if (!shadow && !entry.record.preview) continue;  // live, and a real record
        batch.concluded[i] = true;
        std::vector<Payload> payloads;
        for (Payload& payload : batch.payloads)
            if (payload.record == i) payloads.push_back(std::move(payload));
        const std::string learnt = would_learn(payloads);
        if (shadow) {
            shadowed(entry, std::move(payloads), learnt);
        } else {
            // A live target's preview has shown what it could; the real record will come.
            append_downstream(entry.record, learnt, /*preview=*/true);
            skipped(entry, std::string(kPreview), {}, SkippedBy::Filter);
        }
    }
}

void Instance::shadowed(OpenEntry& entry, std::vector<Payload> payloads,
                        const std::string& learnt) {
    append_downstream(entry.record, learnt, /*preview=*/true);
    // The payloads lie where attempts do: what would have been sent, under which external ids.
    drop_attempts(entry);
    for (Payload& payload : payloads) {
        if (payload.action == WriteAction::Create)
            services_.shadow.add(flow_.roles.at("target"), payload.external_id);
        entry.attempts.push_back({entry.at.channel, entry.at.seq, payload.write,
                                  payload.external_id, std::move(payload.body), now()});
        draft_.attempts_put.push_back(entry.attempts.back());
    }
    ++draft_.counts.waiting;
    entry.stage = "schema";
    entry.reason = "shadow";
    entry.record.body.clear();
    entry.record.body.shrink_to_fit();
    entry.has_body = false;
    open_.set_state(entry, OpenState::Shadow);
    put(entry);
    if (watched(entry.record.key)) note(entry.record.key, {.state = KeyState::Shadow});
}

void Instance::shadow_skips(Batch& batch, Outcomes& outcomes) {
    if (!writes_in_shadow()) return;
    for (const plugin_host::LookupResult& lookup : batch.lookups) {
        const std::uint32_t i = lookup.record;
        if (!lookup.placeholder || batch.concluded[i] || i >= outcomes.size() || !outcomes[i] ||
            outcomes[i]->kind != plugin_host::OutcomeKind::Skipped)
            continue;
        batch.concluded[i] = true;
        shadowed(*batch.entries[i], {}, outcomes[i]->details().learnt);
    }
}

void Instance::plan_dry(const Batch& batch) {
    if (!services_.settings.on_planned) return;
    for (const Payload& payload : batch.payloads)
        if (services_.planned.is_first(flow_.roles.at("target"), payload))
            services_.settings.on_planned(
                {name_, batch.entries[payload.record]->record.key, payload});
}

}  // namespace carrick::engine
