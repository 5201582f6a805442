// SPDX-License-Identifier: Apache-2.0
// The host's side of carrick.stream.v0 and carrick.archive.v0.
#include "core/plugin_host/call_context.hpp"
#include "core/plugin_host/document_tables.hpp"
#include "core/plugin_host/text_checks.hpp"

#include <algorithm>

namespace carrick::plugin_host {
namespace {

using sdk::to_span;
using sdk::to_view;

// clang-format off
template <class Body>
std::int32_t guarded(const carrick_call* call, Body&& body) noexcept {
    return call == nullptr ? CARRICK_FAILED : host_function<CallContext>(call->context, body);
}
std::int32_t stream_open(const carrick_call* call, carrick_span role, const carrick_request* request,
                         std::uint64_t* stream, carrick_reply_handler on_reply, void* user) noexcept {
    return guarded(call, [&](CallContext& self) { return self.open_stream(to_view(role), request, stream, on_reply, user); });
}
std::int64_t stream_read(const carrick_call* call, std::uint64_t stream, char* buffer, std::uint64_t capacity) noexcept {
    std::int64_t got = -1;
    guarded(call, [&](CallContext& self) { got = self.read_stream(stream, buffer, capacity); return CARRICK_OK; });
    return got;
}
void stream_close(const carrick_call* call, std::uint64_t stream) noexcept {
    guarded(call, [&](CallContext& self) { return self.close_stream(stream); });
}
std::int32_t archive_open(const carrick_call* call, carrick_span id, std::uint64_t offset, std::uint64_t* stream,
                          carrick_reply_handler on_reply, void* user) noexcept {
    return guarded(call, [&](CallContext& self) { return self.open_archived(to_view(id), offset, stream, on_reply, user); });
}
// clang-format on

}  // namespace

const void* document_extension(std::string_view name) {
    static constexpr carrick_stream kStream{sizeof(carrick_stream), 0, &stream_open, &stream_read,
                                            &stream_close};
    static constexpr carrick_archive kArchive{sizeof(carrick_archive), 0, &archive_open};
    if (name == CARRICK_STREAM_EXTENSION) return &kStream;
    if (name == CARRICK_ARCHIVE_EXTENSION) return &kArchive;
    return nullptr;
}

bool CallContext::refuse_stream(const std::uint64_t* stream, carrick_reply_handler on_reply) {
    if (stream == nullptr) return breach("opened a document without a place for its number") != 0;
    if (on_reply == nullptr) return breach("opened a document without a reply handler") != 0;
    if (in_call_) return breach("opened a document from inside a reply handler") != 0;
    if (streams_.full())
        return breach("opened more than " + std::to_string(DocumentStreams::kMost) +
                      " documents in one call") != 0;
    return false;
}

std::int32_t CallContext::answer_stream(const Result<std::uint64_t>& opened, std::uint64_t* stream,
                                        carrick_reply_handler on_reply, void* user) {
    carrick_reply reply{sizeof(carrick_reply), CARRICK_REPLY_OK, {}, nullptr};
    carrick_error error{};
    std::string body;
    if (opened) {
        *stream = *opened;
        const OpenedDocument* document = streams_.find(*opened);
        body = Json::object({{"id", document->id},
                             {"bytes", document->bytes},
                             {"encoding", document->encoding},
                             {"encoding_why", document->encoding_why},
                             {"name", document->name}})
                   .dump();
        reply.body = to_span(body);
    } else {
        const Error& why = opened.error();
        error = {sizeof(carrick_error), static_cast<std::int32_t>(why.error_class),
                 to_span(why.code),     to_span(why.message),
                 to_span(why.field),    why.retry_after.count()};
        reply.status = gateway_->cancelled() ? CARRICK_REPLY_CANCELLED : CARRICK_REPLY_FAILED;
        reply.error = &error;
    }
    in_call_ = true;
    hand_over(on_reply, user, 0, reply);
    in_call_ = false;
    return CARRICK_OK;
}

std::int32_t CallContext::open_stream(std::string_view role, const carrick_request* raw,
                                      std::uint64_t* stream, carrick_reply_handler on_reply,
                                      void* user) {
    if (raw == nullptr) return breach("opened a document without a request");
    if (refuse_stream(stream, on_reply)) return CARRICK_FAILED;
    const auto& roles = manifest().roles;
    if (std::ranges::find(roles, role) == roles.end())
        return breach("called the role \"" + clean_text(role, 80) +
                      "\", which is not among its manifest's roles");
    const carrick_request request = sdk::covered_copy(
        *raw, &carrick_request::record, &carrick_request::operation, &carrick_request::body);
    if (const std::optional<Error> refused = refusal(role, request, true))
        return answer_stream(*refused, stream, on_reply, user);
    Result<OpenedDocument> opened = gateway_->open_document(
        role, {std::string(to_view(request.operation)), std::string(to_view(request.body))});
    if (!opened) return answer_stream(opened.error(), stream, on_reply, user);
    return answer_stream(streams_.add(*std::move(opened), 0), stream, on_reply, user);
}

std::int32_t CallContext::open_archived(std::string_view id, std::uint64_t offset,
                                        std::uint64_t* stream, carrick_reply_handler on_reply,
                                        void* user) {
    if (refuse_stream(stream, on_reply)) return CARRICK_FAILED;
    if (const std::uint64_t again = streams_.reopen(id, offset); again != 0)
        return answer_stream(again, stream, on_reply, user);
    Result<OpenedDocument> opened = gateway_->open_archived(id, offset);
    if (!opened) return answer_stream(opened.error(), stream, on_reply, user);
    return answer_stream(streams_.add(*std::move(opened), offset), stream, on_reply, user);
}

std::int64_t CallContext::read_stream(std::uint64_t stream, char* buffer, std::uint64_t capacity) {
    constexpr std::uint64_t kMostAtOnce = std::uint64_t{1} << 30U;
    if (buffer == nullptr || capacity == 0) {
        breach("read a document into no buffer");
        return -1;
    }
    const std::optional<Result<std::size_t>> got =
        streams_.read(stream, buffer, std::min(capacity, kMostAtOnce));
    if (!got) {
        breach("read document number " + std::to_string(stream) + ", which is not open");
        return -1;
    }
    if (*got) return static_cast<std::int64_t>(**got);
    keep_failure(got->error());
    return -1;
}

std::int32_t CallContext::close_stream(std::uint64_t stream) {
    if (streams_.find(stream) == nullptr)
        return breach("closed document number " + std::to_string(stream) + ", which is not open");
    streams_.close(stream);
    return CARRICK_OK;
}

}  // namespace carrick::plugin_host
