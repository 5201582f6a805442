// SPDX-License-Identifier: Apache-2.0
// Remembers what a plugin broke while its stage ran, and says how the stage ended.
#include "core/plugin_host/stage_context.hpp"

#include "core/plugin_host/text_checks.hpp"

#include <array>

namespace carrick::plugin_host {
namespace {

constexpr std::size_t kLongestToken = std::size_t{64} * 1024;

constexpr std::string_view kOutcomeNames[] = {"",        "done",   "skipped", "waiting",
                                              "unknown", "failed", "absent"};

std::string allowed_names(unsigned allowed) {
    std::string names;
    for (std::size_t kind = 1; kind < std::size(kOutcomeNames); ++kind)
        if ((allowed & 1U << kind) != 0)
            names += (names.empty() ? "" : ", ") + std::string(kOutcomeNames[kind]);
    return names.empty() ? "none" : names;
}

}  // namespace

std::string_view stage_name(Stage stage) {
    static constexpr std::string_view kNames[] = {"extract", "needs",     "map",   "verify",
                                                  "deliver", "reconcile", "resume"};
    return kNames[static_cast<std::size_t>(stage)];
}

Error read_error(const carrick_error& raw) {
    Error error;
    sdk::read_struct(
        raw,
        [&error](const carrick_error& from) {
            const bool known = from.error_class >= CARRICK_ERROR_TRANSIENT &&
                               from.error_class <= CARRICK_ERROR_BUG;
            error.error_class = known ? static_cast<ErrorClass>(from.error_class) : ErrorClass::Bug;
            error.code = clean_text(sdk::to_view(from.code), 100);
            error.message = clean_text(sdk::to_view(from.message));
            error.field = clean_text(sdk::to_view(from.field), 300);
            error.retry_after = Milliseconds(from.retry_after_ms < 0 ? 0 : from.retry_after_ms);
        },
        &carrick_error::error_class, &carrick_error::code, &carrick_error::message,
        &carrick_error::field, &carrick_error::retry_after_ms);
    if (error.code.empty()) error.code = "plugin.error";
    if (error.message.empty()) error.message = "the plugin gave no message";
    return error;
}

void StageContext::begin(Stage stage, std::span<const store::Record* const> records) {
    stage_ = stage;
    records_ = records;
    breach_.reset();
    failure_.reset();
    owner_.store(std::this_thread::get_id(), std::memory_order_relaxed);
}

CallEnd StageContext::end(std::int32_t status) {
    owner_.store(std::thread::id(), std::memory_order_relaxed);
    if (trespassed_.exchange(false, std::memory_order_relaxed))
        breach("called the host from another thread, or after its call had ended");
    if (!breach_ && status == CARRICK_OK && failure_)
        breach("returned ok after it had called fail with " + failure_->code + ": " +
               failure_->message);
    if (!breach_ && status == CARRICK_CANCELLED &&
        (stage_ == Stage::Needs || stage_ == Stage::Map || stage_ == Stage::Verify))
        breach("returned cancelled from a pure stage, which cannot be cancelled");
    // A status that this header does not know reads as failed.
    const bool failed = status != CARRICK_OK && status != CARRICK_CANCELLED;
    if (!breach_ && failed && !failure_)
        breach("returned status " + std::to_string(status) + " without a reason given to fail");
    records_ = {};
    if (breach_) return {CallStatus::Failed, *breach_};
    if (failed) return {CallStatus::Failed, *failure_};
    return {status == CARRICK_OK ? CallStatus::Ok : CallStatus::Cancelled, {}};
}

std::int32_t StageContext::breach(std::string_view what) {
    if (!breach_)
        breach_ =
            bug("plugin.contract", "plugin " + manifest().name + " " + manifest().version + " in " +
                                       std::string(stage_name(stage_)) + " of flow " +
                                       identity_.flow + ": it " + std::string(what));
    return CARRICK_FAILED;
}

std::int32_t StageContext::host_failure(std::string_view what) {
    if (!breach_)
        breach_ = bug("host.exception",
                      "the engine failed while serving plugin " + manifest().name + " in " +
                          std::string(stage_name(stage_)) + ": " + clean_text(what));
    return CARRICK_FAILED;
}

void StageContext::plugin_threw(std::string_view what) {
    if (!breach_)
        breach_ =
            bug("plugin.exception", "plugin " + manifest().name + " " + manifest().version +
                                        " let an exception out of " +
                                        std::string(stage_name(stage_)) + ": " + clean_text(what));
}

void StageContext::fail(const carrick_error* error) {
    if (error == nullptr) {
        breach("called fail without an error");
        return;
    }
    failure_ = read_error(*error);
}

std::string StageContext::name_record(std::uint32_t record) const {
    return "record " + std::to_string(record) +
           (record < records_.size() ? " (" + records_[record]->key + ")" : "");
}

std::optional<Outcome>* StageContext::outcome_slot(std::uint32_t record,
                                                   std::vector<std::optional<Outcome>>& slots) {
    if (record < records_.size() && record < slots.size()) return &slots[record];
    breach("set the outcome of record " + std::to_string(record) + ", but the page has " +
           std::to_string(records_.size()));
    return nullptr;
}

std::int32_t StageContext::take_outcome(std::uint32_t record, const carrick_outcome* raw,
                                        unsigned allowed,
                                        std::vector<std::optional<Outcome>>& slots) {
    std::optional<Outcome>* slot = outcome_slot(record, slots);
    if (slot == nullptr) return CARRICK_FAILED;
    if (raw == nullptr) return breach("set an outcome through a null pointer");
    if (raw->struct_size >= sizeof(carrick_outcome))
        return fill_outcome(record, *raw, allowed, *slot);
    const carrick_outcome whole = sdk::covered_copy(
        *raw, &carrick_outcome::kind, &carrick_outcome::target_ids, &carrick_outcome::learnt,
        &carrick_outcome::reason, &carrick_outcome::token, &carrick_outcome::awaited_link,
        &carrick_outcome::look_again_at, &carrick_outcome::deadline, &carrick_outcome::error);
    return fill_outcome(record, whole, allowed, *slot);
}

std::int32_t StageContext::fill_outcome(std::uint32_t record, const carrick_outcome& raw,
                                        unsigned allowed, std::optional<Outcome>& slot) {
    // An outcome that this header does not know reads as unknown.
    const bool known = raw.kind >= CARRICK_OUTCOME_DONE && raw.kind <= CARRICK_OUTCOME_ABSENT;
    const auto kind = known ? static_cast<OutcomeKind>(raw.kind) : OutcomeKind::Unknown;
    if ((allowed & 1U << static_cast<unsigned>(kind)) == 0)
        return breach("set outcome " + std::string(kOutcomeNames[static_cast<std::size_t>(kind)]) +
                      (known ? "" : " (number " + std::to_string(raw.kind) + ")") + " for " +
                      name_record(record) + "; this stage allows " + allowed_names(allowed));
    if (raw.target_ids.length != 0 && !looks_like_object(sdk::to_view(raw.target_ids)))
        return breach("gave target ids that are no JSON object for " + name_record(record));
    if (raw.learnt.length != 0 && !looks_like_object(sdk::to_view(raw.learnt)))
        return breach("gave learnt facts that are no JSON object for " + name_record(record));
    if (raw.token.length > kLongestToken || !is_utf8(sdk::to_view(raw.token)))
        return breach("gave a waiting token over 64 KiB, or not UTF-8, for " + name_record(record));
    if (kind == OutcomeKind::Failed && raw.error == nullptr)
        return breach("set outcome failed without an error for " + name_record(record));

    if (slot) slot.reset();
    OutcomeDetails& outcome = slot.emplace(kind).add_details();
    const auto take = [](std::string& to, carrick_span from) {
        if (from.length != 0) to = sdk::to_view(from);
    };
    take(outcome.target_ids, raw.target_ids);
    take(outcome.learnt, raw.learnt);
    take(outcome.token, raw.token);
    if (raw.reason.length != 0) outcome.reason = clean_text(sdk::to_view(raw.reason));
    if (raw.awaited_link.length != 0)
        outcome.awaited_link = clean_text(sdk::to_view(raw.awaited_link), 500);
    outcome.look_again_at = UtcTime(raw.look_again_at);
    outcome.deadline = UtcTime(raw.deadline);
    if (kind == OutcomeKind::Failed) outcome.error = read_error(*raw.error);
    return CARRICK_OK;
}

}  // namespace carrick::plugin_host
