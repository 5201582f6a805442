// SPDX-License-Identifier: Apache-2.0
// Archive: the raw documents that flows worked from, kept as they came, so that every figure can be
// traced to Amazon's own rows and every run repeated.
//
// A folder beside the store. A document's id is the SHA-256 of its unpacked bytes; it lies gzipped
// in `ab/abcd….gz`, with what is known of it in `ab/abcd….json`. A document exists once its JSON
// does. The same bytes that come again, under whatever name, are kept once and list both origins.
#pragma once

#include "core/archive/text_encoding.hpp"
#include "core/archive/unpacker.hpp"
#include "core/base/document.hpp"

#include <carrick/sdk/json.hpp>
#include <carrick/sdk/utc_time.hpp>

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::archive {

/// Where a document came from.
struct DocumentOrigin {
    std::string connection;  ///< its id: "EU1"
    std::string kind;        ///< "GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING"
    std::string name;        ///< the sender's: a report document's id
    UtcTime at;

    /// The same document fetched again at another time has the same origin.
    [[nodiscard]] bool same(const DocumentOrigin& other) const {
        return connection == other.connection && kind == other.kind && name == other.name;
    }
};

struct ArchivedDocument {
    std::string id;  ///< SHA-256 of the unpacked bytes, 64 hexadecimal digits
    std::uint64_t bytes = 0;
    std::string encoding;      ///< "UTF-8", "CP1252", ...
    std::string encoding_why;  ///< "declared", "valid UTF-8", ...
    bool personal = false;
    UtcTime expires;                      ///< of personal documents; 0 = kept for ever
    UtcTime purged;                       ///< set: the bytes are gone, what is known stays
    std::vector<DocumentOrigin> origins;  ///< oldest first
};

/// What must be known of a document besides its bytes.
struct NewDocument {
    DocumentOrigin origin;
    std::string declared_encoding;  ///< as the sender's Content-Type has it, or ""
    std::string regional_encoding = "CP1252";
    bool personal = false;
    UtcTime expires{};
};

class Archive {
public:
    struct Options {
        std::filesystem::path folder;
        std::uint64_t max_bytes = std::uint64_t{32} * 1024 * 1024 * 1024;  ///< of one document
    };

    /// Takes one document. Nothing of it stays unless `finish` answers well.
    class Writer : public DocumentSink {
    public:
        [[nodiscard]] virtual Result<ArchivedDocument> finish(const NewDocument& document) = 0;
    };

    /// Makes the folder (0700) where it is missing and removes what a crash left half-written.
    /// Errors   Misconfigured `archive.folder`  it cannot be made or written to.
    [[nodiscard]] static Result<std::unique_ptr<Archive>> open(Options options);

    [[nodiscard]] Result<std::unique_ptr<Writer>> begin() const;
    /// Errors   Rejected `archive.unknown`  there is no such document, or its id is no id;
    ///          Bug `archive.damaged`       what is known of it cannot be read.
    [[nodiscard]] Result<ArchivedDocument> find(std::string_view id) const;
    /// All documents of a kind ("" = of every kind), oldest first.
    [[nodiscard]] Result<std::vector<ArchivedDocument>> list(std::string_view kind) const;
    /// The text as UTF-8 without byte order mark, from `offset` (bytes of that text) on.
    /// Errors   as `find`; Rejected `archive.purged`  its bytes are gone, and since when.
    ///          Reading answers Bug `archive.damaged` where the file does not unpack to its id's
    ///          number of bytes.
    [[nodiscard]] Result<std::unique_ptr<DocumentReader>> text(std::string_view id,
                                                               std::uint64_t offset) const;
    /// Removes the bytes of documents that have expired, and what crashes left; returns of how many
    /// documents. One whose note cannot be read is told of and passed over.
    [[nodiscard]] Result<std::int64_t> purge(UtcTime now) const;

    /// Held by whoever changes what is known of a document.
    [[nodiscard]] std::mutex& notes() const { return notes_; }
    /// Where the bytes of a document lie.
    [[nodiscard]] std::filesystem::path content_path(std::string_view id) const;

private:
    explicit Archive(Options options) : options_(std::move(options)) {}
    [[nodiscard]] std::filesystem::path note_path(std::string_view id) const;

    [[nodiscard]] Result<bool> purge_one(std::string_view id, UtcTime now) const;

    Options options_;
    mutable std::mutex notes_;
};

/// A file's text as UTF-8, gunzipped where it is packed: also for files that are not in an archive.
/// `bytes`: how many raw bytes it must have; 0 = not known.
[[nodiscard]] Result<std::unique_ptr<DocumentReader>> open_text(const std::filesystem::path& file,
                                                                const std::string& encoding,
                                                                std::uint64_t bytes);

}  // namespace carrick::archive
