// SPDX-License-Identifier: Apache-2.0
// The functions of carrick_host, each behind the guard that keeps exceptions, strangers and broken
// promises out.
#include "core/plugin_host/call_context.hpp"

#include "core/base/log.hpp"
#include "core/plugin_host/document_tables.hpp"
#include "core/plugin_host/text_checks.hpp"

#include <algorithm>

namespace carrick::plugin_host {
namespace {

using sdk::to_span;
using sdk::to_view;

constexpr std::size_t kLongestKey = 200;
constexpr std::size_t kLongestValue = 64;
constexpr std::size_t kLargestBody = std::size_t{16} << 20;
constexpr std::size_t kLongestCheckpoint = std::size_t{64} << 10;
constexpr std::size_t kLongestLink = 200;
constexpr std::uint64_t kMostRequests = 100'000;

constexpr unsigned bit(OutcomeKind kind) {
    return 1U << static_cast<unsigned>(kind);
}
constexpr unsigned kSettling = bit(OutcomeKind::Done) | bit(OutcomeKind::Skipped) |
                               bit(OutcomeKind::Waiting) | bit(OutcomeKind::Unknown) |
                               bit(OutcomeKind::Failed);
constexpr unsigned kReconciling = bit(OutcomeKind::Done) | bit(OutcomeKind::Absent) |
                                  bit(OutcomeKind::Waiting) | bit(OutcomeKind::Unknown);

log::Level read_level(std::int32_t level) {
    const bool known = level >= CARRICK_LOG_DEBUG && level <= CARRICK_LOG_ERROR;
    return known ? static_cast<log::Level>(level) : log::Level::Info;
}

carrick_error to_raw(const Error& error) {
    return {sizeof(carrick_error), static_cast<std::int32_t>(error.error_class),
            to_span(error.code),   to_span(error.message),
            to_span(error.field),  error.retry_after.count()};
}

carrick_request read_request(const carrick_request& raw) {
    carrick_request request = sdk::covered_copy(
        raw, &carrick_request::record, &carrick_request::operation, &carrick_request::body);
    if (!sdk::covers(raw, &carrick_request::record)) request.record = -1;
    return request;
}

/// Done, with nothing to keep or pass on.
bool is_bare_done(const carrick_outcome& outcome) {
    return outcome.struct_size >= sizeof(carrick_outcome) && outcome.kind == CARRICK_OUTCOME_DONE &&
           (outcome.target_ids.length | outcome.learnt.length | outcome.reason.length |
            outcome.token.length | outcome.awaited_link.length) == 0 &&
           outcome.look_again_at == 0 && outcome.deadline == 0;
}

// clang-format off
template <class Body>
std::int32_t guarded(const carrick_call* call, Body&& body) noexcept {
    return call == nullptr ? CARRICK_FAILED : host_function<CallContext>(call->context, body);
}
const void* host_extension(carrick_span name) noexcept { return document_extension(to_view(name)); }
std::int32_t host_call(const carrick_call* call, carrick_span role, const carrick_request* requests,
                       std::uint64_t count, carrick_reply_handler on_reply, void* user) noexcept {
    return guarded(call, [&](CallContext& self) { return self.call(to_view(role), requests, count, on_reply, user); });
}
std::int32_t host_emit_record(const carrick_call* call, const carrick_record* record) noexcept {
    return guarded(call, [&](CallContext& self) { return self.emit_record(record); });
}
std::int32_t host_set_checkpoint(const carrick_call* call, carrick_span checkpoint,
                                 std::int32_t page_end, std::int64_t look_again_at) noexcept {
    return guarded(call, [&](CallContext& self) { return self.set_checkpoint(to_view(checkpoint), page_end, look_again_at); });
}
std::int32_t host_set_outcome(const carrick_call* call, std::uint32_t record,
                              const carrick_outcome* outcome) noexcept {
    return guarded(call, [&](CallContext& self) { return self.set_outcome(record, outcome); });
}
std::int32_t host_link_put(const carrick_call* call, std::uint32_t record, carrick_span kind,
                           carrick_span from, carrick_span to) noexcept {
    return guarded(call, [&](CallContext& self) { return self.link_put(record, to_view(kind), to_view(from), to_view(to)); });
}
std::int32_t host_link_get(const carrick_call* call, carrick_span kind, carrick_span from,
                           carrick_reply_handler on_reply, void* user) noexcept {
    return guarded(call, [&](CallContext& self) { return self.link_get(to_view(kind), to_view(from), on_reply, user); });
}
std::int32_t host_cancelled(const carrick_call* call) noexcept {
    return guarded(call, [&](CallContext& self) { return self.cancelled(); });
}
void host_fail(const carrick_call* call, const carrick_error* error) noexcept {
    guarded(call, [&](CallContext& self) { self.fail(error); return CARRICK_OK; });
}
void host_log(const carrick_call* call, std::int32_t level, carrick_span message) noexcept {
    guarded(call, [&](CallContext& self) { self.log(level, to_view(message)); return CARRICK_OK; });
}
std::int32_t host_log_enabled(const carrick_call* call, std::int32_t level) noexcept {
    return guarded(call, [&](CallContext&) { return log::enabled(read_level(level)) ? 1 : 0; });
}
// clang-format on

}  // namespace

const carrick_host& CallContext::host_table() {
    static constexpr carrick_host kTable{
        sizeof(carrick_host), CARRICK_ABI_MINOR,    &host_extension,   &host_call,
        &host_emit_record,    &host_set_checkpoint, &host_set_outcome, &host_link_put,
        &host_link_get,       &host_cancelled,      &host_fail,        &host_log,
        &host_log_enabled};
    return kTable;
}

void CallContext::begin_call(Gateway& gateway, Stage stage,
                             std::span<const store::Record* const> records) {
    gateway_ = &gateway;
    page_ = nullptr;
    board_ = nullptr;
    in_call_ = false;
    raw_ = {sizeof(carrick_call),
            0,
            &host_table(),
            this,
            gateway.now().milliseconds(),
            gateway.deadline().milliseconds()};
    begin(stage, records);
}

const carrick_call& CallContext::begin_page(Gateway& gateway, ExtractPage& page) {
    begin_call(gateway, Stage::Extract, {});
    page_ = &page;
    page.records.reserve(last_page_size_);
    return raw_;
}

const carrick_call& CallContext::begin_board(Gateway& gateway, Stage stage, DeliverBoard& board,
                                             std::span<const store::Record* const> records) {
    begin_call(gateway, stage, records);
    board_ = &board;
    if (board.outcomes.size() < records.size()) board.outcomes.resize(records.size());
    settled_.assign(records.size(), 0);
    return raw_;
}

CallEnd CallContext::end_page(std::int32_t status) {
    streams_.close_all();
    if (status == CARRICK_OK && !broken() && !page_->checkpoint)
        breach("returned ok without a checkpoint");
    CallEnd ended = end(status);
    last_page_size_ = page_->records.size();
    if (ended.status == CallStatus::Ok) {
        // Hashed here and not at each emit, so that the plugin is not held up by it.
        for (store::Record& record : page_->records)
            record.content_hash = hasher_.hash(record.body);
    } else {
        page_->records.clear();
        page_->checkpoint.reset();
    }
    return ended;
}

CallEnd CallContext::end_board(std::int32_t status) {
    streams_.close_all();
    if (status == CARRICK_OK && !broken()) {
        const auto missing = std::ranges::count(settled_, 0);
        if (missing > 0) {
            const auto first =
                static_cast<std::uint32_t>(std::ranges::find(settled_, 0) - settled_.begin());
            breach("returned ok but left " + std::to_string(missing) + " of " +
                   std::to_string(settled_.size()) + " records without an outcome, first " +
                   name_record(first));
        }
    }
    return end(status);
}

std::int32_t CallContext::emit_record(const carrick_record* raw) {
    if (stage() != Stage::Extract) return breach("emitted a record, which only extract may do");
    if (raw == nullptr) return breach("emitted a record through a null pointer");
    const auto take = [this](const carrick_record& from) {
        const std::string_view type = to_view(from.type);
        const std::string_view origin = to_view(from.origin);
        const std::string_view partition = to_view(from.partition);
        const std::string_view key = to_view(from.key);
        const std::string_view value = to_view(from.value);
        const std::string_view body = to_view(from.body);
        if (key.empty() || key.size() > kLongestKey || !is_utf8(key))
            return breach("emitted a record whose key has " + std::to_string(key.size()) +
                          " bytes; a key has 1 to 200 bytes of UTF-8");
        const auto named = [key] { return "record " + clean_text(key); };
        if (!type.empty() && type != manifest().output_type)
            return breach("emitted " + named() + " of type \"" + clean_text(type, 80) +
                          "\"; its manifest's output is \"" + manifest().output_type + "\"");
        if (!origin.empty() && origin != identity().origin)
            return breach("emitted " + named() + " of origin \"" + clean_text(origin, 80) +
                          "\"; this instance's is \"" + identity().origin + "\"");
        // Which marketplaces a whole connection has, the engine knows.
        if (!partition.empty() && partition != identity().partition &&
            !manifest().instance_per_connection)
            return breach("emitted " + named() + " of partition \"" + clean_text(partition, 80) +
                          "\"; this instance's is \"" + identity().partition + "\"");
        if (value.size() > kLongestValue || !is_utf8(value))
            return breach("emitted " + named() + " with a value over 64 bytes, or not UTF-8");
        if (body.size() > kLargestBody)
            return breach("emitted " + named() + " with a body of " + std::to_string(body.size()) +
                          " bytes; the limit is 16 MiB");
        if (!looks_like_object(body))
            return breach("emitted " + named() + " whose body is no JSON object");
        store::Record& record = page_->records.emplace_back();
        record.type = manifest().output_type;
        record.origin = identity().origin;
        record.partition = partition.empty() ? identity().partition : std::string(partition);
        record.key = key;
        record.version = UtcTime(from.version);
        record.event_time = UtcTime(from.event_time);
        record.due = UtcTime(from.due);
        record.value = value;
        record.body = body;
        return static_cast<std::int32_t>(CARRICK_OK);
    };
    if (raw->struct_size >= sizeof(carrick_record)) return take(*raw);
    return take(sdk::covered_copy(
        *raw, &carrick_record::type, &carrick_record::origin, &carrick_record::partition,
        &carrick_record::key, &carrick_record::version, &carrick_record::event_time,
        &carrick_record::due, &carrick_record::value, &carrick_record::body));
}

std::int32_t CallContext::set_checkpoint(std::string_view checkpoint, std::int32_t page_end,
                                         std::int64_t look_again_at) {
    if (stage() != Stage::Extract) return breach("set a checkpoint, which only extract may do");
    if (page_->checkpoint) return breach("set a second checkpoint for one page");
    if (checkpoint.size() > kLongestCheckpoint)
        return breach("set a checkpoint of " + std::to_string(checkpoint.size()) +
                      " bytes; the limit is 64 KiB");
    if (!is_utf8(checkpoint)) return breach("set a checkpoint that is not UTF-8");
    if (page_end < CARRICK_PAGE_MORE || page_end > CARRICK_PAGE_LOOK_AGAIN)
        return breach("ended its page with the number " + std::to_string(page_end) +
                      ", which means nothing in ABI 0.1");
    if (page_end == CARRICK_PAGE_LOOK_AGAIN && look_again_at <= 0)
        return breach("asked to look again without saying when");
    page_->checkpoint = std::string(checkpoint);
    page_->page_end = page_end;
    page_->look_again_at = page_end == CARRICK_PAGE_LOOK_AGAIN ? UtcTime(look_again_at) : UtcTime();
    return CARRICK_OK;
}

std::int32_t CallContext::set_outcome(std::uint32_t record, const carrick_outcome* outcome) {
    if (!may_settle()) return breach("set an outcome in extract, which has no records to settle");
    if (outcome != nullptr && record < settled_.size() && is_bare_done(*outcome)) {
        // What nearly every record of a page becomes; a new Outcome has nothing to overwrite. The
        // board has room for all of the page since the call began.
        std::optional<Outcome>& slot = board_->outcomes[record];
        if (!slot) {
            slot.emplace();
            settled_[record] = 1;
            return CARRICK_OK;
        }
    }
    const unsigned allowed = stage() == Stage::Reconcile ? kReconciling : kSettling;
    const std::int32_t status = take_outcome(record, outcome, allowed, board_->outcomes);
    if (status != CARRICK_OK) return status;
    settled_[record] = 1;
    const Outcome& taken = *board_->outcomes[record];
    if (taken.kind == OutcomeKind::Waiting && !taken.details().token.empty() && !offers_resume_) {
        board_->outcomes[record].reset();
        return breach("let " + name_record(record) +
                      " wait with a token, but has no resume to give it back to");
    }
    return CARRICK_OK;
}

std::int32_t CallContext::link_put(std::uint32_t record, std::string_view kind,
                                   std::string_view from, std::string_view to) {
    if (!may_settle())
        return breach("put a link in extract, which has no records to commit it with");
    if (record >= records_.size())
        return breach("put a link for record " + std::to_string(record) + ", but the page has " +
                      std::to_string(records_.size()));
    for (const std::string_view part : {kind, from, to})
        if (part.empty() || part.size() > kLongestLink || !is_utf8(part))
            return breach("put a link with a part that is empty, over 200 bytes or not UTF-8");
    board_->links.emplace_back(record,
                               store::Link{std::string(kind), std::string(from), std::string(to)});
    return CARRICK_OK;
}

std::int32_t CallContext::link_get(std::string_view kind, std::string_view from,
                                   carrick_reply_handler on_reply, void* user) {
    if (on_reply == nullptr) return breach("asked for links without a reply handler");
    const Result<std::vector<std::string>> found = gateway_->links(kind, from);
    carrick_reply reply{sizeof(carrick_reply), CARRICK_REPLY_OK, {}, nullptr};
    if (!found) {
        const carrick_error error = to_raw(found.error());
        reply.status = CARRICK_REPLY_FAILED;
        reply.error = &error;
        hand_over(on_reply, user, 0, reply);
        return CARRICK_OK;
    }
    Json array = Json::array();
    for (const std::string& to : *found) array.push_back(to);
    const std::string body = array.dump();
    reply.body = to_span(body);
    hand_over(on_reply, user, 0, reply);
    return CARRICK_OK;
}

void CallContext::log(std::int32_t level, std::string_view message) {
    const log::Level known = read_level(level);
    if (log::enabled(known)) gateway_->log(static_cast<int>(known), clean_text(message));
}

bool CallContext::hand_over(carrick_reply_handler on_reply, void* user, std::uint64_t request,
                            const carrick_reply& reply) {
    // Through here an exception of a plugin without glue would reach the connection's own code.
    try {
        on_reply(user, request, &reply);
        return true;
    } catch (const std::exception& thrown) {
        plugin_threw(thrown.what());
    } catch (...) {
        plugin_threw("an exception that is no std::exception");
    }
    return false;
}

std::optional<Error> CallContext::refusal(std::string_view role, const carrick_request& raw,
                                          bool as_document) {
    const std::string_view operation = to_view(raw.operation);
    const auto refuse = [&](const std::string& what) {
        breach(what);
        return bug("plugin.refused",
                   "the engine refused a request of plugin " + manifest().name + ": it " + what);
    };
    const auto& declared = manifest().operations;
    if (std::ranges::find(declared, operation) == declared.end())
        return refuse("called " + clean_text(operation, 100) +
                      ", which is not among its manifest's operations");
    if (raw.record < -1 || raw.record >= static_cast<std::int64_t>(records_.size()))
        return refuse("called " + std::string(operation) + " for record " +
                      std::to_string(raw.record) + ", but the page has " +
                      std::to_string(records_.size()));
    if (!looks_like_object(to_view(raw.body)))
        return refuse("called " + std::string(operation) + " with a body that is no JSON object");
    const connectors::Operation* found = gateway_->operation(role, operation);
    if (found == nullptr)
        return misconfigured("plugin.unknown_operation",
                             "the connection in the role \"" + std::string(role) +
                                 "\" has no operation " + std::string(operation) +
                                 "; `carrick operations` lists what it has");
    if (found->kind == connectors::OperationKind::Write && raw.record < 0)
        return refuse("called the write " + std::string(operation) +
                      " without the record that it belongs to");
    const bool is_document = found->kind == connectors::OperationKind::Document;
    if (is_document != as_document)
        return refuse(is_document
                          ? "called " + std::string(operation) +
                                ", which fetches a document: open it through carrick.stream.v0"
                          : "opened " + std::string(operation) + " as a document, which it is not");
    return std::nullopt;
}

/// Takes the connection's replies, gives each request exactly one, and lets the engine commit in
/// between.
class ReplyCollector final : public connectors::ReplyHandler {
public:
    ReplyCollector(CallContext& context, carrick_reply_handler handler, void* user)
        : context_(context), handler_(handler), user_(user) {}

    void send_later(std::uint64_t request, const carrick_request& raw) {
        numbers_.push_back(request);
        requests_.push_back({std::string(to_view(raw.operation)), std::string(to_view(raw.body))});
        records_.push_back(raw.record);
        answered_.push_back(false);
    }

    void send(std::string_view role) {
        if (requests_.empty()) return;
        try {
            context_.gateway_->call(role, requests_, records_, *this);
        } catch (const std::exception& thrown) {
            context_.host_failure(thrown.what());
        } catch (...) {
            context_.host_failure("an unknown exception");
        }
        answer_the_rest();
    }

    void refuse(std::uint64_t request, const Error& error) {
        const carrick_error raw = to_raw(error);
        if (!alive_) return;
        alive_ = context_.hand_over(handler_, user_, request,
                                    {sizeof(carrick_reply), CARRICK_REPLY_FAILED, {}, &raw});
    }

    void on_reply(std::size_t request, connectors::Reply reply) override {
        if (request >= answered_.size() || answered_[request]) return;
        answered_[request] = true;
        const carrick_error error = to_raw(reply.error);
        const carrick_reply raw{sizeof(carrick_reply), static_cast<std::int32_t>(reply.status),
                                to_span(reply.body),
                                reply.status == connectors::ReplyStatus::Ok ? nullptr : &error};
        // After an exception the plugin's own state is anyone's guess: it gets no further replies.
        if (alive_) alive_ = context_.hand_over(handler_, user_, numbers_[request], raw);
        context_.gateway_->progress();
    }

    void on_tick() override { context_.gateway_->progress(); }

private:
    // A connection that loses a reply must not leave a write looking as if it was never sent.
    void answer_the_rest() {
        for (std::size_t i = 0; i < answered_.size(); ++i) {
            if (answered_[i]) continue;
            const bool tied = records_[i] >= 0;
            on_reply(i,
                     {tied ? connectors::ReplyStatus::Unknown : connectors::ReplyStatus::Failed, "",
                      bug("host.no_reply",
                          "the connection gave no reply to " + requests_[i].operation)});
        }
    }

    CallContext& context_;
    carrick_reply_handler handler_;
    void* user_;
    std::vector<std::uint64_t> numbers_;  // of each request sent, in the plugin's array
    std::vector<connectors::Request> requests_;
    std::vector<std::int64_t> records_;
    std::vector<bool> answered_;
    bool alive_ = true;
};

std::int32_t CallContext::call(std::string_view role, const carrick_request* requests,
                               std::uint64_t count, carrick_reply_handler on_reply, void* user) {
    if (requests == nullptr || count == 0) return breach("called a connection with no request");
    if (on_reply == nullptr) return breach("called a connection without a reply handler");
    if (count > kMostRequests)
        return breach("called a connection with " + std::to_string(count) + " requests at once");
    if (in_call_) return breach("called a connection from inside a reply handler");
    const auto& roles = manifest().roles;
    if (std::ranges::find(roles, role) == roles.end())
        return breach("called the role \"" + clean_text(role, 80) +
                      "\", which is not among its manifest's roles");
    const std::uint32_t stride = requests->struct_size;
    if (stride < sizeof(std::uint64_t) || stride % 8 != 0)
        return breach("passed requests whose struct_size is " + std::to_string(stride));

    in_call_ = true;
    ReplyCollector collector(*this, on_reply, user);
    for (std::uint64_t i = 0; i < count; ++i) {
        const carrick_request request = read_request(sdk::element_at(requests, i));
        if (const std::optional<Error> refused = refusal(role, request, false))
            collector.refuse(i, *refused);
        else
            collector.send_later(i, request);
    }
    collector.send(role);
    in_call_ = false;
    return CARRICK_OK;
}

}  // namespace carrick::plugin_host
