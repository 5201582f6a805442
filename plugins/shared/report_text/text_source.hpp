// SPDX-License-Identifier: Apache-2.0
// TextSource: where a report's text comes from, in pieces.
#pragma once

#include <carrick/sdk/document.hpp>

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

namespace carrick::plugins {

class TextSource {
public:
    virtual ~TextSource() = default;
    /// Up to `capacity` bytes of UTF-8; 0 at the end, -1 when reading failed.
    [[nodiscard]] virtual std::int64_t read(char* buffer, std::size_t capacity) = 0;
};

/// A document that the host has open, behind text that an earlier reader had read ahead.
class DocumentSource final : public TextSource {
public:
    explicit DocumentSource(sdk::Document document, std::string ahead = {})
        : document_(std::move(document)), ahead_(std::move(ahead)) {}
    [[nodiscard]] std::int64_t read(char* buffer, std::size_t capacity) override {
        if (at_ == ahead_.size()) return document_.read(buffer, capacity);
        const std::size_t given = std::min(capacity, ahead_.size() - at_);
        std::memcpy(buffer, ahead_.data() + at_, given);
        at_ += given;
        return static_cast<std::int64_t>(given);
    }

private:
    sdk::Document document_;
    std::string ahead_;
    std::size_t at_ = 0;
};

/// A text in memory. `step`: at most so many bytes at once, so that tests can cut where they like.
class StringSource final : public TextSource {
public:
    explicit StringSource(std::string text, std::size_t step = std::string::npos)
        : text_(std::move(text)), step_(step) {}
    [[nodiscard]] std::int64_t read(char* buffer, std::size_t capacity) override {
        const std::size_t given = std::min({capacity, step_, text_.size() - at_});
        std::memcpy(buffer, text_.data() + at_, given);
        at_ += given;
        return static_cast<std::int64_t>(given);
    }

private:
    std::string text_;
    std::size_t step_;
    std::size_t at_ = 0;
};

}  // namespace carrick::plugins
