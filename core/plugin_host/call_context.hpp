// SPDX-License-Identifier: Apache-2.0
// The host's side of a carrick_call: extract, deliver, reconcile and resume reach connections,
// records and links through it, and nothing that the manifest does not allow.
#pragma once

#include "core/plugin_host/content_hash.hpp"
#include "core/plugin_host/document_streams.hpp"
#include "core/plugin_host/stage_context.hpp"

namespace carrick::plugin_host {

class CallContext : public StageContext {
public:
    /// The one table that every plugin gets.
    [[nodiscard]] static const carrick_host& host_table();

    CallContext(const InstanceIdentity& identity, bool offers_resume)
        : StageContext(identity), offers_resume_(offers_resume) {}

    /// What the plugin is handed; valid until end_page or end_board.
    [[nodiscard]] const carrick_call& begin_page(Gateway& gateway, ExtractPage& page);
    [[nodiscard]] const carrick_call& begin_board(Gateway& gateway, Stage stage,
                                                  DeliverBoard& board,
                                                  std::span<const store::Record* const> records);
    [[nodiscard]] CallEnd end_page(std::int32_t status);
    [[nodiscard]] CallEnd end_board(std::int32_t status);

    // The host functions, inside their guards.
    std::int32_t call(std::string_view role, const carrick_request* requests, std::uint64_t count,
                      carrick_reply_handler on_reply, void* user);
    std::int32_t emit_record(const carrick_record* raw);
    std::int32_t set_checkpoint(std::string_view checkpoint, std::int32_t page_end,
                                std::int64_t look_again_at);
    std::int32_t set_outcome(std::uint32_t record, const carrick_outcome* outcome);
    std::int32_t link_put(std::uint32_t record, std::string_view kind, std::string_view from,
                          std::string_view to);
    std::int32_t link_get(std::string_view kind, std::string_view from,
                          carrick_reply_handler on_reply, void* user);
    std::int32_t open_stream(std::string_view role, const carrick_request* raw,
                             std::uint64_t* stream, carrick_reply_handler on_reply, void* user);
    std::int32_t open_archived(std::string_view id, std::uint64_t offset, std::uint64_t* stream,
                               carrick_reply_handler on_reply, void* user);
    std::int64_t read_stream(std::uint64_t stream, char* buffer, std::uint64_t capacity);
    std::int32_t close_stream(std::uint64_t stream);
    std::int32_t cancelled() { return gateway_->cancelled() ? 1 : 0; }
    void log(std::int32_t level, std::string_view message);

    /// Hands one reply to the plugin; what it throws ends here (false).
    bool hand_over(carrick_reply_handler on_reply, void* user, std::uint64_t request,
                   const carrick_reply& reply);

private:
    friend class ReplyCollector;
    void begin_call(Gateway& gateway, Stage stage, std::span<const store::Record* const> records);
    /// Why a request may not be sent, or nothing.
    [[nodiscard]] std::optional<Error> refusal(std::string_view role, const carrick_request& raw,
                                               bool as_document);
    [[nodiscard]] bool may_settle() const { return board_ != nullptr; }
    /// Why a document may not be opened now; nothing where it may.
    [[nodiscard]] bool refuse_stream(const std::uint64_t* stream, carrick_reply_handler on_reply);
    std::int32_t answer_stream(const Result<std::uint64_t>& opened, std::uint64_t* stream,
                               carrick_reply_handler on_reply, void* user);

    bool offers_resume_;
    carrick_call raw_{};
    Gateway* gateway_ = nullptr;
    ExtractPage* page_ = nullptr;        // extract
    DeliverBoard* board_ = nullptr;      // deliver, reconcile, resume
    std::vector<std::uint8_t> settled_;  // the engine takes outcomes off the board while we run
    std::size_t last_page_size_ = 0;
    bool in_call_ = false;
    DocumentStreams streams_;
    ContentHasher hasher_;
};

}  // namespace carrick::plugin_host
