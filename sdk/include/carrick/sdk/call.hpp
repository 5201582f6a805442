// SPDX-License-Identifier: Apache-2.0
// Call and Pure: what a flow may do while a stage runs. A Call talks to connections and settles
// records; a Pure only computes.
#pragma once

#include <carrick/sdk/document.hpp>
#include <carrick/sdk/json_text.hpp>
#include <carrick/sdk/page.hpp>

#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace carrick::sdk {

enum class LogLevel : std::int32_t {
    Debug = CARRICK_LOG_DEBUG,
    Info = CARRICK_LOG_INFO,
    Warning = CARRICK_LOG_WARNING,
    Error = CARRICK_LOG_ERROR,
};

/// How an `extract` ended: more pages now, none for now, or none before `look_again_at`.
enum class PageEnd : std::int32_t {
    More = CARRICK_PAGE_MORE,
    Idle = CARRICK_PAGE_IDLE,
    LookAgain = CARRICK_PAGE_LOOK_AGAIN,
};

/// One request to a connection. A write names its record, so that a lost answer can be tied to it.
struct Request {
    std::string operation;
    std::string body;
    std::int64_t record = -1;

    [[nodiscard]] static Request read(std::string_view operation, const JsonText& body) {
        return {std::string(operation), std::string(body.view()), -1};
    }
    [[nodiscard]] static Request write(RecordIndex record, std::string_view operation,
                                       const JsonText& body) {
        return {std::string(operation), std::string(body.view()), record.value};
    }
};

enum class ReplyStatus : std::int32_t {
    Ok = CARRICK_REPLY_OK,
    Failed = CARRICK_REPLY_FAILED,        ///< `error` says why; a write was not carried out
    Cancelled = CARRICK_REPLY_CANCELLED,  ///< stopped before it was sent
    Unknown = CARRICK_REPLY_UNKNOWN,      ///< a write was sent and its answer lost
};

struct Reply {
    ReplyStatus status = ReplyStatus::Ok;
    Json body;
    Error error{};

    [[nodiscard]] bool ok() const { return status == ReplyStatus::Ok; }
    [[nodiscard]] bool failed() const { return status == ReplyStatus::Failed; }
    [[nodiscard]] bool cancelled() const { return status == ReplyStatus::Cancelled; }
    [[nodiscard]] bool unknown() const { return status == ReplyStatus::Unknown; }
    explicit operator bool() const { return ok(); }
};

/// A record that a source found. `type` may stay empty: the manifest's output. The origin is the
/// instance's own; so is the partition, unless the instance reads a whole connection.
struct NewRecord {
    std::string_view key;
    UtcTime version{};
    UtcTime event_time{};
    UtcTime due{};
    std::string_view value{};  ///< money at stake, "12.50 USD"
    JsonText body{};
    std::string_view type{};
    std::string_view partition{};  ///< marketplace code, for `"instance_per": "connection"`
};

/// A document to write for a record.
struct NewPayload {
    std::string_view write;  ///< a name from the manifest's `writes`
    WriteAction action = WriteAction::Create;
    std::string_view external_id{};
    std::string_view target_id{};  ///< for Update and Adopt
    JsonText body{};               ///< for Create and Update
};

/// Why a record waits, and until when.
struct Wait {
    std::string_view reason;
    /// None, with a deadline: not before a newer version of the record arrives, or the deadline.
    /// None, without one: after a few minutes.
    UtcTime look_again_at{};
    UtcTime deadline{};               ///< none: the flow's default
    std::string_view token{};         ///< given back to `resume`; empty: enter at `needs` again
    std::string_view awaited_link{};  ///< "kind:from": wakes when that link appears
};

namespace detail {

[[nodiscard]] inline carrick_error to_abi(const Error& error) noexcept {
    return {sizeof(carrick_error), static_cast<std::int32_t>(error.error_class),
            to_span(error.code),   to_span(error.message),
            to_span(error.field),  error.retry_after.count()};
}

[[nodiscard]] inline Error from_abi(const carrick_error* error) {
    if (error == nullptr) return bug("sdk.no_reason", "the host gave no reason");
    Error out;
    read_struct(
        *error,
        [&out](const carrick_error& from) {
            const bool known = from.error_class >= CARRICK_ERROR_TRANSIENT &&
                               from.error_class <= CARRICK_ERROR_BUG;
            out.error_class = known ? static_cast<ErrorClass>(from.error_class) : ErrorClass::Bug;
            out.code = to_view(from.code);
            out.message = to_view(from.message);
            out.field = to_view(from.field);
            out.retry_after = Milliseconds(from.retry_after_ms);
        },
        &carrick_error::error_class, &carrick_error::code, &carrick_error::message,
        &carrick_error::field, &carrick_error::retry_after_ms);
    return out;
}

// Member by member: an initialiser list makes compilers clear all 112 bytes with a string
// instruction that costs more than the rest of an outcome.
[[nodiscard]] inline carrick_outcome blank_outcome(std::int32_t kind) noexcept {
    carrick_outcome outcome;
    outcome.struct_size = sizeof outcome;
    outcome.kind = kind;
    for (carrick_span* text : {&outcome.target_ids, &outcome.learnt, &outcome.reason,
                               &outcome.token, &outcome.awaited_link}) {
        text->data = nullptr;
        text->length = 0;
    }
    outcome.look_again_at = 0;
    outcome.deadline = 0;
    outcome.error = nullptr;
    return outcome;
}

[[nodiscard]] inline carrick_outcome skipped_outcome(std::string_view reason,
                                                     std::string_view learnt) noexcept {
    carrick_outcome outcome = blank_outcome(CARRICK_OUTCOME_SKIPPED);
    outcome.reason = to_span(reason);
    outcome.learnt = to_span(learnt);
    return outcome;
}

[[nodiscard]] inline carrick_outcome waiting_outcome(const Wait& wait) noexcept {
    carrick_outcome outcome = blank_outcome(CARRICK_OUTCOME_WAITING);
    outcome.reason = to_span(wait.reason);
    outcome.token = to_span(wait.token);
    outcome.awaited_link = to_span(wait.awaited_link);
    outcome.look_again_at = wait.look_again_at.milliseconds();
    outcome.deadline = wait.deadline.milliseconds();
    return outcome;
}

[[nodiscard]] inline Reply to_reply(const carrick_reply& from, bool is_write) {
    Reply reply;
    read_struct(
        from,
        [&reply, is_write](const carrick_reply& raw) {
            // A status that this SDK does not know reads as failed; for a write that would claim
            // too much.
            const bool known =
                raw.status >= CARRICK_REPLY_OK && raw.status <= CARRICK_REPLY_UNKNOWN;
            reply.status = known      ? static_cast<ReplyStatus>(raw.status)
                           : is_write ? ReplyStatus::Unknown
                                      : ReplyStatus::Failed;
            if (raw.error != nullptr) reply.error = from_abi(raw.error);
            const std::string_view body = to_view(raw.body);
            if (body.empty()) return;
            Result<Json> parsed = Json::parse(body);
            if (parsed) {
                reply.body = *std::move(parsed);
            } else if (reply.ok()) {
                // The request was carried out, but what came back cannot be read.
                reply.status = is_write ? ReplyStatus::Unknown : ReplyStatus::Failed;
                reply.error = bug("sdk.reply_body", parsed.error().message);
            }
        },
        &carrick_reply::status, &carrick_reply::body, &carrick_reply::error);
    return reply;
}

/// Carries a callable through the C reply handler; what it throws comes out after the host
/// returned.
template <class OnReply>
struct ReplyRelay {
    OnReply& on_reply;
    std::span<const Request> requests;
    std::exception_ptr thrown{};

    static void handle(void* user, std::uint64_t request, const carrick_reply* reply) noexcept {
        auto& relay = *static_cast<ReplyRelay*>(user);
        if (relay.thrown != nullptr) return;
        try {
            const bool is_write =
                request < relay.requests.size() && relay.requests[request].record >= 0;
            relay.on_reply(static_cast<std::size_t>(request), to_reply(*reply, is_write));
        } catch (...) {
            relay.thrown = std::current_exception();
        }
    }
};

}  // namespace detail

/// The context of extract, deliver, reconcile and resume. Valid until the stage returns.
class Call {
public:
    explicit Call(const carrick_call& call) : call_(call), host_(*call.host) {}
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    // ---- connections ----

    /// Sends requests to the connection that plays `role`, several in parallel within its budget,
    /// and returns when each has had its reply. `on_reply(std::size_t request, const Reply&)` runs
    /// as each completes: settle the record there, and it is committed while slower ones still run.
    template <class OnReply>
    void call(std::string_view role, std::span<const Request> requests, OnReply&& on_reply) {
        std::vector<carrick_request> raw;
        raw.reserve(requests.size());
        for (const Request& request : requests)
            raw.push_back({sizeof(carrick_request), 0, request.record, to_span(request.operation),
                           to_span(request.body)});
        detail::ReplyRelay<std::remove_reference_t<OnReply>> relay{on_reply, requests};
        check(host_.call(&call_, to_span(role), raw.data(), raw.size(), &relay.handle, &relay));
        if (relay.thrown != nullptr) std::rethrow_exception(relay.thrown);
    }

    /// One request, one reply.
    [[nodiscard]] Reply call_one(std::string_view role, const Request& request) {
        Reply answer{ReplyStatus::Failed, Json(),
                     bug("sdk.no_reply", "the host refused the request without a reply")};
        call(role, std::span(&request, 1),
             [&answer](std::size_t, const Reply& reply) { answer = reply; });
        return answer;
    }
    [[nodiscard]] Reply call_one(std::string_view role, std::string_view operation,
                                 const JsonText& body) {
        return call_one(role, Request::read(operation, body));
    }

    // ---- documents ----

    /// Fetches the document that a document operation names, archives it and opens it as text.
    /// Errors   the connection's own; Misconfigured `sdk.no_documents`  an engine without them.
    [[nodiscard]] Result<Document> open_document(std::string_view role, std::string_view operation,
                                                 const JsonText& body) {
        const carrick_stream* streams = extension<carrick_stream>(CARRICK_STREAM_EXTENSION);
        if (streams == nullptr) return no_documents();
        const carrick_request request{sizeof(carrick_request), 0, -1, to_span(operation),
                                      to_span(body.view())};
        return opened(
            *streams, [&](std::uint64_t* stream, carrick_reply_handler handler, void* user) {
                return streams->open(&call_, to_span(role), &request, stream, handler, user);
            });
    }
    /// Opens an archived document from `offset` (bytes of its text) on.
    /// Errors   Rejected `archive.unknown`, `archive.purged`.
    [[nodiscard]] Result<Document> open_archived(std::string_view id, std::uint64_t offset) {
        const carrick_stream* streams = extension<carrick_stream>(CARRICK_STREAM_EXTENSION);
        const carrick_archive* archive = extension<carrick_archive>(CARRICK_ARCHIVE_EXTENSION);
        if (streams == nullptr || archive == nullptr) return no_documents();
        return opened(*streams,
                      [&](std::uint64_t* stream, carrick_reply_handler handler, void* user) {
                          return archive->open(&call_, to_span(id), offset, stream, handler, user);
                      });
    }

    // ---- extract ----

    void emit_record(const NewRecord& record) {
        const carrick_record raw{sizeof(carrick_record),        0,
                                 to_span(record.type),          {},
                                 to_span(record.partition),     to_span(record.key),
                                 record.version.milliseconds(), record.event_time.milliseconds(),
                                 record.due.milliseconds(),     to_span(record.value),
                                 to_span(record.body.view()),   {}};
        check(host_.emit_record(&call_, &raw));
    }
    /// Once a page: where the next one starts. `look_again_at` only with PageEnd::LookAgain.
    void set_checkpoint(std::string_view checkpoint, PageEnd end, UtcTime look_again_at = {}) {
        check(host_.set_checkpoint(&call_, to_span(checkpoint), static_cast<std::int32_t>(end),
                                   look_again_at.milliseconds()));
    }

    // ---- outcomes: the last one set for a record wins ----

    /// `target_ids`: JSON object write name -> id, kept in the ledger. `learnt`: JSON object merged
    /// into the "carrick" member of the record that passes downstream.
    void done(RecordIndex record, const JsonText& target_ids, const JsonText& learnt = {}) {
        carrick_outcome outcome = detail::blank_outcome(CARRICK_OUTCOME_DONE);
        outcome.target_ids = to_span(target_ids.view());
        outcome.learnt = to_span(learnt.view());
        set(record, outcome);
    }
    void done(RecordIndex record) { set(record, detail::blank_outcome(CARRICK_OUTCOME_DONE)); }
    void skipped(RecordIndex record, std::string_view reason, const JsonText& learnt = {}) {
        set(record, detail::skipped_outcome(reason, learnt.view()));
    }
    void waiting(RecordIndex record, const Wait& wait) {
        set(record, detail::waiting_outcome(wait));
    }
    /// A write's answer was lost, and nobody here can say what became of it.
    void unknown(RecordIndex record, std::string_view reason) {
        carrick_outcome outcome = detail::blank_outcome(CARRICK_OUTCOME_UNKNOWN);
        outcome.reason = to_span(reason);
        set(record, outcome);
    }
    void failed(RecordIndex record, const Error& error) {
        const carrick_error raw = detail::to_abi(error);
        carrick_outcome outcome = detail::blank_outcome(CARRICK_OUTCOME_FAILED);
        outcome.error = &raw;
        set(record, outcome);
    }
    /// reconcile only: the write never arrived and is safe to send.
    void absent(RecordIndex record) { set(record, detail::blank_outcome(CARRICK_OUTCOME_ABSENT)); }
    /// Settles a record whose write was not answered with success: failed with the reply's error,
    /// unknown, or, where it was never sent, left as not attempted. False after a good reply.
    bool settle_failure(RecordIndex record, const Reply& reply) {
        if (reply.ok()) return false;
        if (reply.failed()) failed(record, reply.error);
        if (reply.unknown()) unknown(record, reply.error.message);
        if (reply.cancelled()) cancelled_ = true;
        return true;
    }

    // ---- links ----

    /// Buffered into the commit of this record's outcome.
    void link_put(RecordIndex record, std::string_view kind, std::string_view from,
                  std::string_view to) {
        check(host_.link_put(&call_, record.value, to_span(kind), to_span(from), to_span(to)));
    }
    /// What `from` is linked to, as far as it is committed.
    [[nodiscard]] Result<std::vector<std::string>> links(std::string_view kind,
                                                         std::string_view from) {
        Reply answer{ReplyStatus::Failed, Json(), bug("sdk.no_reply", "link_get gave no reply")};
        const auto keep = [&answer](std::size_t, const Reply& reply) { answer = reply; };
        detail::ReplyRelay<decltype(keep)> relay{keep, {}};
        check(host_.link_get(&call_, to_span(kind), to_span(from), &relay.handle, &relay));
        if (relay.thrown != nullptr) std::rethrow_exception(relay.thrown);
        if (!answer.ok()) return answer.error;
        std::vector<std::string> found;
        for (const Json& item : answer.body.items()) found.push_back(item.text());
        return found;
    }

    // ---- time, logs, ends ----

    /// The host's clock when the call began.
    [[nodiscard]] UtcTime now() const { return UtcTime(call_.now); }
    [[nodiscard]] UtcTime deadline() const { return UtcTime(call_.deadline); }
    /// True when the stage should return soon: nothing more is sent.
    [[nodiscard]] bool cancelled() {
        if (host_.cancelled(&call_) != 0) cancelled_ = true;
        return cancelled_;
    }
    /// No secret and no personal data.
    void log(LogLevel level, std::string_view message) {
        host_.log(&call_, static_cast<std::int32_t>(level), to_span(message));
    }
    [[nodiscard]] bool log_enabled(LogLevel level) {
        return host_.log_enabled(&call_, static_cast<std::int32_t>(level)) != 0;
    }
    /// The whole call failed; the stage should return. The same as returning the error.
    void fail(const Error& error) {
        const carrick_error raw = detail::to_abi(error);
        host_.fail(&call_, &raw);
        failed_ = true;
    }

    /// For the trampolines: how the call ended so far.
    [[nodiscard]] std::int32_t status() const {
        if (failed_) return CARRICK_FAILED;
        return cancelled_ ? CARRICK_CANCELLED : CARRICK_OK;
    }

private:
    template <class Table>
    [[nodiscard]] const Table* extension(std::string_view name) const {
        return static_cast<const Table*>(host_.extension(to_span(name)));
    }
    [[nodiscard]] static Error no_documents() {
        return misconfigured("sdk.no_documents",
                             "this engine offers no documents to plugins; upgrade the engine");
    }
    template <class Open>
    [[nodiscard]] Result<Document> opened(const carrick_stream& streams, Open&& open) {
        Reply answer{ReplyStatus::Failed, Json(),
                     bug("sdk.no_reply", "the host refused to open the document without a reply")};
        const auto keep = [&answer](std::size_t, const Reply& reply) { answer = reply; };
        detail::ReplyRelay<decltype(keep)> relay{keep, {}};
        std::uint64_t stream = 0;
        check(open(&stream, &decltype(relay)::handle, &relay));
        if (relay.thrown != nullptr) std::rethrow_exception(relay.thrown);
        if (answer.ok()) return Document(call_, streams, stream, answer.body);
        if (answer.cancelled()) cancelled_ = true;
        return answer.error;
    }
    void set(RecordIndex record, const carrick_outcome& outcome) {
        check(host_.set_outcome(&call_, record.value, &outcome));
    }
    // The host remembers what it refused and reports that, so the stage may run on.
    void check(std::int32_t status) {
        if (status != CARRICK_OK && !failed_)
            fail(bug("sdk.refused", "the host refused what the flow asked for"));
    }

    const carrick_call& call_;
    const carrick_host& host_;
    bool failed_ = false;
    bool cancelled_ = false;
};

/// The context of needs, map and verify: the same inputs always give the same results.
class Pure {
public:
    explicit Pure(const carrick_pure& pure) : pure_(pure) {}
    Pure(const Pure&) = delete;
    Pure& operator=(const Pure&) = delete;

    /// needs only. `name` from the manifest's `lookups`; `fresh`: not from the cache.
    void emit_lookup(RecordIndex record, std::string_view name, std::string_view key,
                     bool fresh = false) {
        check(pure_.emit_lookup(&pure_, record.value, to_span(name), to_span(key), fresh ? 1 : 0));
    }
    /// map only: 0 to n a record.
    void emit_payload(RecordIndex record, const NewPayload& payload) {
        const carrick_payload raw{sizeof(carrick_payload),
                                  record.value,
                                  to_span(payload.write),
                                  static_cast<std::int32_t>(payload.action),
                                  0,
                                  to_span(payload.external_id),
                                  to_span(payload.target_id),
                                  to_span(payload.body.view())};
        check(pure_.emit_payload(&pure_, &raw));
    }
    void skipped(RecordIndex record, std::string_view reason, const JsonText& learnt = {}) {
        set(record, detail::skipped_outcome(reason, learnt.view()));
    }
    void waiting(RecordIndex record, const Wait& wait) {
        set(record, detail::waiting_outcome(wait));
    }
    void failed(RecordIndex record, const Error& error) {
        const carrick_error raw = detail::to_abi(error);
        carrick_outcome outcome = detail::blank_outcome(CARRICK_OUTCOME_FAILED);
        outcome.error = &raw;
        set(record, outcome);
    }
    void log(LogLevel level, std::string_view message) {
        pure_.log(&pure_, static_cast<std::int32_t>(level), to_span(message));
    }
    [[nodiscard]] bool log_enabled(LogLevel level) {
        return pure_.log_enabled(&pure_, static_cast<std::int32_t>(level)) != 0;
    }
    void fail(const Error& error) {
        const carrick_error raw = detail::to_abi(error);
        pure_.fail(&pure_, &raw);
        failed_ = true;
    }
    [[nodiscard]] std::int32_t status() const { return failed_ ? CARRICK_FAILED : CARRICK_OK; }

private:
    void set(RecordIndex record, const carrick_outcome& outcome) {
        check(pure_.set_outcome(&pure_, record.value, &outcome));
    }
    void check(std::int32_t status) {
        if (status != CARRICK_OK && !failed_)
            fail(bug("sdk.refused", "the host refused what the flow asked for"));
    }

    const carrick_pure& pure_;
    bool failed_ = false;
};

}  // namespace carrick::sdk
