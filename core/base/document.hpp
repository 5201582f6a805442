// SPDX-License-Identifier: Apache-2.0
// Documents: files of any size that flow through the house piece by piece, never whole in memory.
#pragma once

#include <carrick/sdk/result.hpp>

#include <cstddef>
#include <string_view>

namespace carrick {

/// Takes a document's bytes in order, as a connection receives them.
class DocumentSink {
public:
    virtual ~DocumentSink() = default;
    /// Errors end the transfer and reach whoever asked for the document.
    [[nodiscard]] virtual Result<void> write(std::string_view bytes) = 0;
};

/// Gives a document's bytes in order.
class DocumentReader {
public:
    virtual ~DocumentReader() = default;
    /// Up to `capacity` (at least 1) bytes into `buffer`; returns how many, 0 only at the end.
    [[nodiscard]] virtual Result<std::size_t> read(char* buffer, std::size_t capacity) = 0;
};

}  // namespace carrick
