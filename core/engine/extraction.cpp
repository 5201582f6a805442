// SPDX-License-Identifier: Apache-2.0
// Extraction: one page of a source's stream. Page and checkpoint become true in one transaction,
// so a crash anywhere repeats the page or never happened.
#include "core/base/failpoint.hpp"
#include "core/base/log.hpp"
#include "core/engine/call_scope.hpp"
#include "core/engine/instance.hpp"

#include <algorithm>

namespace carrick::engine {

namespace {

// What a source without `every:` and without a default in its manifest gets.
constexpr Milliseconds kDefaultEvery{300'000};

std::string hold_key(std::string_view stream) {
    return "stream:" + std::string(stream);
}

/// A page may only speak of the instance's own origin and partition and of the declared type. An
/// instance of a whole connection speaks of the marketplaces that it was given.
std::optional<Error> complete_record(store::Record& record, const store::InstanceName& name,
                                     const Json& marketplaces,
                                     const plugin_host::Manifest& manifest, int rank) {
    if (record.origin.empty()) record.origin = name.origin;
    if (record.partition.empty()) record.partition = name.partition;
    if (record.type.empty()) record.type = manifest.output_type;
    record.stream_rank = rank;
    const bool of_partition =
        name.partition.empty() && !record.partition.empty()
            ? marketplaces.is_null() || marketplaces.contains(record.partition)
            : record.partition == name.partition;
    const bool foreign = record.origin != name.origin || !of_partition;
    if (foreign || record.type != manifest.output_type || record.key.empty())
        return bug("engine.foreign_record", "plugin " + manifest.name +
                                                " emitted a record of type \"" + record.type +
                                                "\" for " + record.origin + "/" + record.partition +
                                                " into " + name.origin + "/" + name.partition +
                                                "; a page holds records of its own instance, each "
                                                "with a key");
    return std::nullopt;
}

}  // namespace

Instance::Stream* Instance::due_stream(UtcTime at) {
    // What has a schedule goes before what was asked for, a wish for some keys before a backfill,
    // and among equals the one that has waited longest.
    Stream* due = nullptr;
    const auto rank_of = [](const Stream& stream) {
        return stream.on_demand == plugin_host::OnDemand::No     ? 0
               : stream.on_demand == plugin_host::OnDemand::Keys ? 1
                                                                 : 2;
    };
    for (Stream& stream : streams_) {
        if (!wanted(stream) || stream.next_at > at || (services_.settings.once && stream.idle_once))
            continue;
        if (due == nullptr ||
            std::pair(rank_of(stream), stream.next_at) < std::pair(rank_of(*due), due->next_at))
            due = &stream;
    }
    return due;
}

void Instance::extract(Stream& stream) {
    failpoint::pass("engine.before_extract");
    CallGateway::Context context = gateway_context();
    if (stream.on_demand == plugin_host::OnDemand::Range) {
        context.priority = connectors::Priority::Backfill;
        context.share = stream.demand->share;
    }
    CallGateway gateway(context);
    plugin_host::ExtractPage page;
    {
        const CallScope scope(*this);
        page = plugin_->extract(gateway, stream.name,
                                stream.demand ? stream.demand->for_plugin() : stream.checkpoint);
    }
    failpoint::pass("engine.after_extract");
    if (call_was_abandoned()) return;

    if (page.end.status == plugin_host::CallStatus::Failed)
        return stream_failed(stream, page.end.error);
    if (page.end.status == plugin_host::CallStatus::Cancelled) {
        if (stopping()) return;
        return stream_failed(
            stream, transient("engine.timeout",
                              "stream " + stream.name + " did not answer within its time"));
    }
    for (store::Record& record : page.records)
        if (const auto problem =
                complete_record(record, name_, partition_.marketplaces, manifest_, stream.rank))
            return stream_failed(stream, *problem);

    const UtcTime at = now();
    UtcTime next_at;
    if (page.page_end == CARRICK_PAGE_IDLE) next_at = at + flow_.every.value_or(kDefaultEvery);
    if (page.page_end == CARRICK_PAGE_LOOK_AGAIN) next_at = std::max(page.look_again_at, at);
    const auto count = static_cast<std::int64_t>(page.records.size());
    std::optional<Demand> demand = stream.demand;
    std::string checkpoint = page.checkpoint.value_or(demand ? demand->at : stream.checkpoint);
    if (demand) {
        demand->at = std::move(checkpoint);
        demand->records += count;
        ++demand->pages;
        if (page.page_end == CARRICK_PAGE_IDLE) {
            demand->end(DemandState::Done, at);
            next_at = {};
        }
        checkpoint = demand->text();
        note_page(*stream.demand, *demand);
    }
    draft_.checkpoint = store::Checkpoint{stream.name, checkpoint, next_at};
    std::vector<std::string> keys;
    for (const store::Record& record : page.records) {
        if (services_.settings.on_page) keys.push_back(record.key);
        if (watched(record.key)) note(record.key, {.state = KeyState::Done});
    }
    if (services_.settings.on_page) services_.settings.on_page(name_, keys);
    draft_.append = std::move(page.records);
    draft_.counts.seen += count;
    draft_.counts.done += count;
    if (const auto known = error_keys_.find(hold_key(stream.name)); known != error_keys_.end()) {
        draft_.resolve_key_errors.emplace_back(known->first, "succeeded later");
        error_keys_.erase(known);
    }
    if (!flush("engine.before_page_commit", "engine.after_page_commit")) return;
    end_.progressed = true;
    stream.checkpoint = checkpoint;
    stream.demand = std::move(demand);
    stream.next_at = next_at;
    stream.tries = 0;
    if (page.page_end == CARRICK_PAGE_IDLE) stream.idle_once = true;
}

void Instance::stream_failed(Stream& stream, const Error& error) {
    using errors::Remedy;
    if (stream.demand && (error.error_class == ErrorClass::Throttled ||
                          errors::remedy_for(error.error_class) == Remedy::Queue))
        return demand_failed(stream, error);
    end_.trouble = error;
    const Remedy remedy = errors::remedy_for(error.error_class);
    const UtcTime at = now();
    if (services_.said.first("stream failed", name_, error, at))
        log::warning("stream failed", {{"flow", Json(name_.flow)},
                                       {"partition", Json(name_.partition)},
                                       {"stream", Json(stream.name)},
                                       {"code", Json(error.code)},
                                       {"message", Json(error.message)}});
    ++stream.tries;
    stream.next_at = at + flow_.retry.delay_without_end(stream.tries, error, services_.random);
    // A stream never gives up; after its tries (or where time will not heal it) people are told,
    // once, and it goes on trying.
    const bool tell = remedy != Remedy::RetryLater || stream.tries >= flow_.retry.attempts;
    const std::string key = hold_key(stream.name);
    const auto known = error_keys_.find(key);
    if (tell && (known == error_keys_.end() || known->second != error.code)) {
        add_error(nullptr, error, "extract");
        draft_.errors.back().key = key;
        error_keys_[key] = error.code;
        ++draft_.counts.failed;
        flush("engine.before_page_commit", "engine.after_page_commit");
    }
    if (remedy == Remedy::StopFlow) end_.hold_flow = error;
    if (remedy == Remedy::StopInstance) end_.hold_instance = error;
}

}  // namespace carrick::engine
