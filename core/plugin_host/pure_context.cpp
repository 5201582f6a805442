// SPDX-License-Identifier: Apache-2.0
// The functions of carrick_pure, and what they demand of a payload.
#include "core/plugin_host/pure_context.hpp"

#include "core/base/log.hpp"
#include "core/plugin_host/text_checks.hpp"

#include <algorithm>

namespace carrick::plugin_host {
namespace {

using sdk::to_view;

constexpr std::size_t kLongestLookupKey = 500;
constexpr std::size_t kLongestId = 200;
constexpr std::size_t kLargestBody = std::size_t{16} << 20;

constexpr unsigned kAllowed = 1U << static_cast<unsigned>(OutcomeKind::Skipped) |
                              1U << static_cast<unsigned>(OutcomeKind::Waiting) |
                              1U << static_cast<unsigned>(OutcomeKind::Failed);

log::Level read_level(std::int32_t level) {
    const bool known = level >= CARRICK_LOG_DEBUG && level <= CARRICK_LOG_ERROR;
    return known ? static_cast<log::Level>(level) : log::Level::Info;
}

// clang-format off
template <class Body>
std::int32_t guarded(const carrick_pure* pure, Body&& body) noexcept {
    return pure == nullptr ? CARRICK_FAILED : host_function<PureContext>(pure->context, body);
}
std::int32_t pure_emit_lookup(const carrick_pure* pure, std::uint32_t record, carrick_span name,
                              carrick_span key, std::int32_t fresh) noexcept {
    return guarded(pure, [&](PureContext& self) { return self.emit_lookup(record, to_view(name), to_view(key), fresh); });
}
std::int32_t pure_emit_payload(const carrick_pure* pure, const carrick_payload* payload) noexcept {
    return guarded(pure, [&](PureContext& self) { return self.emit_payload(payload); });
}
std::int32_t pure_set_outcome(const carrick_pure* pure, std::uint32_t record,
                              const carrick_outcome* outcome) noexcept {
    return guarded(pure, [&](PureContext& self) { return self.set_outcome(record, outcome); });
}
void pure_fail(const carrick_pure* pure, const carrick_error* error) noexcept {
    guarded(pure, [&](PureContext& self) { self.fail(error); return CARRICK_OK; });
}
void pure_log(const carrick_pure* pure, std::int32_t level, carrick_span message) noexcept {
    guarded(pure, [&](PureContext& self) { self.log(level, to_view(message)); return CARRICK_OK; });
}
std::int32_t pure_log_enabled(const carrick_pure* pure, std::int32_t level) noexcept {
    return guarded(pure, [&](PureContext&) { return log::enabled(read_level(level)) ? 1 : 0; });
}
// clang-format on

}  // namespace

const carrick_pure& PureContext::start(Stage stage, std::span<const store::Record* const> records,
                                       std::vector<std::optional<Outcome>>& outcomes,
                                       std::vector<LookupRequest>* lookups,
                                       std::vector<Payload>* payloads) {
    outcomes.resize(records.size());
    outcomes_ = &outcomes;
    lookups_ = lookups;
    payloads_ = payloads;
    raw_ = {sizeof(carrick_pure), 0,          this,      &pure_emit_lookup, &pure_emit_payload,
            &pure_set_outcome,    &pure_fail, &pure_log, &pure_log_enabled};
    begin(stage, records);
    return raw_;
}

CallEnd PureContext::finish(std::int32_t status) {
    // A record that was skipped, failed or left waiting goes no further: what was emitted for it
    // before that was decided is dropped. What remains stands in the order of the page.
    const auto decided = [this](const auto& item) { return (*outcomes_)[item.record].has_value(); };
    const auto by_record = [](const auto& a, const auto& b) { return a.record < b.record; };
    if (lookups_ != nullptr) {
        std::erase_if(*lookups_, decided);
        std::ranges::stable_sort(*lookups_, by_record);
    }
    if (payloads_ != nullptr) {
        std::erase_if(*payloads_, decided);
        std::ranges::stable_sort(*payloads_, by_record);
    }
    return end(status);
}

std::int32_t PureContext::emit_lookup(std::uint32_t record, std::string_view name,
                                      std::string_view key, std::int32_t fresh) {
    if (lookups_ == nullptr) return breach("emitted a look-up, which only needs may do");
    if (record >= records_.size())
        return breach("emitted a look-up for record " + std::to_string(record) +
                      ", but the page has " + std::to_string(records_.size()));
    if (manifest().lookup(name) == nullptr)
        return breach("emitted the look-up \"" + clean_text(name, 80) +
                      "\", which is not among its manifest's lookups");
    if (key.empty() || key.size() > kLongestLookupKey || !is_utf8(key))
        return breach("emitted the look-up " + std::string(name) +
                      " with a key that is empty, over 500 bytes or not UTF-8, for " +
                      name_record(record));
    lookups_->push_back({record, std::string(name), std::string(key), fresh != 0});
    return CARRICK_OK;
}

std::int32_t PureContext::emit_payload(const carrick_payload* raw) {
    if (payloads_ == nullptr) return breach("emitted a payload, which only map may do");
    if (raw == nullptr) return breach("emitted a payload through a null pointer");
    if (raw->struct_size >= sizeof(carrick_payload)) return take_payload(*raw);
    if (!sdk::covers(*raw, &carrick_payload::record))
        return breach("emitted a payload that is too short to name its record");
    return take_payload(sdk::covered_copy(*raw, &carrick_payload::record, &carrick_payload::write,
                                          &carrick_payload::action, &carrick_payload::external_id,
                                          &carrick_payload::target_id, &carrick_payload::body));
}

std::int32_t PureContext::take_payload(const carrick_payload& raw) {
    const std::string_view write = to_view(raw.write);
    const std::string_view external_id = to_view(raw.external_id);
    const std::string_view target_id = to_view(raw.target_id);
    const std::string_view body = to_view(raw.body);
    if (raw.record >= records_.size())
        return breach("emitted a payload for record " + std::to_string(raw.record) +
                      ", but the page has " + std::to_string(records_.size()));
    if (manifest().write(write) == nullptr)
        return breach("emitted a payload for the write \"" + clean_text(write, 80) +
                      "\", which is not among its manifest's writes");
    const auto of_payload = [&] {
        return std::string(write) + " payload of " + name_record(raw.record);
    };
    if (raw.action < CARRICK_WRITE_CREATE || raw.action > CARRICK_WRITE_ADOPT)
        return breach("gave the " + of_payload() + " the action " + std::to_string(raw.action) +
                      ", which means nothing in ABI 0.1");
    for (const std::string_view id : {external_id, target_id})
        if (id.size() > kLongestId || !is_utf8(id))
            return breach("gave the " + of_payload() + " an id over 200 bytes or not UTF-8");
    const bool adopts = raw.action == CARRICK_WRITE_ADOPT;
    if (raw.action == CARRICK_WRITE_CREATE && external_id.empty())
        return breach("gave the " + of_payload() +
                      " no external id; a document without one could be created twice");
    if (raw.action == CARRICK_WRITE_UPDATE && external_id.empty() && target_id.empty())
        return breach("gave the " + of_payload() + " no id to update");
    if (adopts && target_id.empty()) return breach("gave the " + of_payload() + " no id to adopt");
    if (adopts ? !body.empty() : !looks_like_object(body))
        return breach(
            "gave the " + of_payload() +
            (adopts ? " a body, but to adopt writes nothing" : " a body that is no JSON object"));
    if (body.size() > kLargestBody)
        return breach("gave the " + of_payload() + " a body over 16 MiB");
    payloads_->push_back({raw.record, std::string(write), static_cast<WriteAction>(raw.action),
                          std::string(external_id), std::string(target_id), std::string(body)});
    return CARRICK_OK;
}

std::int32_t PureContext::set_outcome(std::uint32_t record, const carrick_outcome* outcome) {
    return take_outcome(record, outcome, kAllowed, *outcomes_);
}

void PureContext::log(std::int32_t level, std::string_view message) {
    // Logs are for people: they are no result, so a pure stage stays pure.
    log::write(read_level(level), "plugin",
               {{"flow", Json(identity().flow)},
                {"partition", Json(identity().partition)},
                {"stage", Json(stage_name(stage()))},
                {"message", Json(clean_text(message))}});
}

}  // namespace carrick::plugin_host
