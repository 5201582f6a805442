// SPDX-License-Identifier: Apache-2.0
// Document: a file of any size that the host fetched or archived, read as UTF-8 text in pieces.
#pragma once

#include <carrick/abi/carrick_plugin.h>
#include <carrick/sdk/json.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace carrick::sdk {

/// Open until it is destroyed or the stage returns, whichever comes first. Move-only.
class Document {
public:
    Document(const carrick_call& call, const carrick_stream& table, std::uint64_t stream,
             const Json& facts)
        : call_(&call),
          table_(&table),
          stream_(stream),
          id_(facts["id"].text()),
          name_(facts["name"].text()),
          encoding_(facts["encoding"].text()) {}
    Document(Document&& other) noexcept
        : call_(other.call_),
          table_(std::exchange(other.table_, nullptr)),
          stream_(other.stream_),
          id_(std::move(other.id_)),
          name_(std::move(other.name_)),
          encoding_(std::move(other.encoding_)) {}
    Document& operator=(Document&&) = delete;
    Document(const Document&) = delete;
    Document& operator=(const Document&) = delete;
    ~Document() {
        if (table_ != nullptr) table_->close(call_, stream_);
    }

    /// Under which it is archived: with it and an offset a later call goes on where this one ends.
    [[nodiscard]] const std::string& id() const { return id_; }
    /// The sender's name of it.
    [[nodiscard]] const std::string& name() const { return name_; }
    /// What it was written in before it became UTF-8.
    [[nodiscard]] const std::string& encoding() const { return encoding_; }

    /// Up to `capacity` bytes; 0 at the end, -1 when reading failed: the stage should return, the
    /// host has the reason.
    [[nodiscard]] std::int64_t read(char* buffer, std::size_t capacity) {
        return table_->read(call_, stream_, buffer, capacity);
    }

private:
    const carrick_call* call_;
    const carrick_stream* table_;
    std::uint64_t stream_;
    std::string id_;
    std::string name_;
    std::string encoding_;
};

}  // namespace carrick::sdk
