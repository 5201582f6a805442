// SPDX-License-Identifier: Apache-2.0
#include "core/plugin_host/document_streams.hpp"

namespace carrick::plugin_host {

Result<OpenedDocument> Gateway::open_document(std::string_view, const connectors::Request&) {
    return misconfigured("engine.no_archive",
                         "this engine has no archive to fetch documents into; set archive.path");
}

Result<OpenedDocument> Gateway::open_archived(std::string_view, std::uint64_t) {
    return misconfigured("engine.no_archive", "this engine has no archive; set archive.path");
}

std::uint64_t DocumentStreams::add(OpenedDocument document, std::uint64_t offset) {
    const std::uint64_t number = next_++;
    open_.emplace(number, Open{std::move(document), offset});
    return number;
}

std::uint64_t DocumentStreams::reopen(std::string_view id, std::uint64_t offset) {
    if (!last_ || last_->document.id != id || last_->offset != offset) return 0;
    const std::uint64_t number = next_++;
    open_.emplace(number, *std::move(last_));
    last_.reset();
    return number;
}

const OpenedDocument* DocumentStreams::find(std::uint64_t stream) const {
    const auto found = open_.find(stream);
    return found == open_.end() ? nullptr : &found->second.document;
}

std::optional<Result<std::size_t>> DocumentStreams::read(std::uint64_t stream, char* buffer,
                                                         std::size_t capacity) {
    const auto found = open_.find(stream);
    if (found == open_.end()) return std::nullopt;
    Open& open = found->second;
    Result<std::size_t> got = open.document.text->read(buffer, capacity);
    if (got)
        open.offset += *got;
    else
        open.failed = true;
    return got;
}

void DocumentStreams::close(std::uint64_t stream) {
    const auto found = open_.find(stream);
    if (found == open_.end()) return;
    if (!found->second.failed) last_ = std::move(found->second);
    open_.erase(found);
}

void DocumentStreams::close_all() {
    while (!open_.empty()) close(open_.begin()->first);
}

}  // namespace carrick::plugin_host
