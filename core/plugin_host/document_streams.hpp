// SPDX-License-Identifier: Apache-2.0
// DocumentStreams: the documents that a plugin's call has open, by number.
#pragma once

#include "core/plugin_host/flow_instance.hpp"

#include <cstdint>
#include <map>
#include <optional>

namespace carrick::plugin_host {

class DocumentStreams {
public:
    static constexpr std::size_t kMost = 16;

    [[nodiscard]] bool full() const { return open_.size() >= kMost; }
    /// The number that the plugin reads by; never 0, never used twice.
    std::uint64_t add(OpenedDocument document, std::uint64_t offset);
    /// A stream that was closed at exactly this place of this document, opened again; 0 = none.
    /// Pages of a large document follow each other, and unpacking it from its start for each would
    /// cost the square of its size.
    std::uint64_t reopen(std::string_view id, std::uint64_t offset);
    /// Null for a number that is not open.
    [[nodiscard]] const OpenedDocument* find(std::uint64_t stream) const;
    /// Nothing for a number that is not open.
    [[nodiscard]] std::optional<Result<std::size_t>> read(std::uint64_t stream, char* buffer,
                                                          std::size_t capacity);
    void close(std::uint64_t stream);
    /// The call has ended.
    void close_all();

private:
    struct Open {
        OpenedDocument document;
        std::uint64_t offset = 0;  // of the next byte to read
        bool failed = false;
    };
    std::map<std::uint64_t, Open> open_;
    std::optional<Open> last_;
    std::uint64_t next_ = 1;
};

}  // namespace carrick::plugin_host
