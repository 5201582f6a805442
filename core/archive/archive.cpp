// SPDX-License-Identifier: Apache-2.0
#include "core/archive/archive.hpp"

#include "core/base/failpoint.hpp"
#include "core/base/log.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <optional>
#include <span>
#include <sstream>

namespace carrick::archive {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kUnfinished = ".part";
constexpr std::size_t kIdLength = 64;

bool is_id(std::string_view text) {
    return text.size() == kIdLength && std::ranges::all_of(text, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

/// The disk's own trouble: full, read-only, gone. Trying again later is right for all of them.
Error disk_error(const std::string& what) {
    return transient("archive.disk", what + ": " + std::strerror(errno) +
                                         "; make room or repair the disk, it is tried again");
}

std::string hex(std::span<const unsigned char> bytes) {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : bytes) {
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 15U];
    }
    return text;
}

class Sha256 {
public:
    Sha256() : context_(EVP_MD_CTX_new()) {
        ok_ = context_ != nullptr && EVP_DigestInit_ex(context_, EVP_sha256(), nullptr) == 1;
    }
    ~Sha256() { EVP_MD_CTX_free(context_); }
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void add(std::string_view bytes) {
        ok_ = ok_ && EVP_DigestUpdate(context_, bytes.data(), bytes.size()) == 1;
    }
    /// Nothing when the library failed.
    [[nodiscard]] std::optional<std::string> finish() {
        std::array<unsigned char, 32> digest{};
        if (!ok_ || EVP_DigestFinal_ex(context_, digest.data(), nullptr) != 1) return std::nullopt;
        return hex(digest);
    }

private:
    EVP_MD_CTX* context_;
    bool ok_ = false;
};

Result<void> sync_folder(const fs::path& folder) {
    const int number = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (number < 0) return disk_error("the archive's folder cannot be opened");
    const bool synced = ::fsync(number) == 0;
    ::close(number);
    return synced ? Result<void>() : disk_error("the archive's folder cannot be synced");
}

Result<void> move_into_place(const fs::path& from, const fs::path& to) {
    std::error_code failure;
    const bool made = fs::create_directory(to.parent_path(), failure);
    if (!failure) fs::rename(from, to, failure);
    if (failure) {
        errno = failure.value();
        return disk_error("a document cannot be put into the archive");
    }
    if (made)
        if (Result<void> synced = sync_folder(to.parent_path().parent_path()); !synced)
            return synced;
    return sync_folder(to.parent_path());
}

Result<void> write_file(const fs::path& file, std::string_view text) {
    const int number = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (number < 0) return disk_error("the archive cannot be written to");
    while (!text.empty()) {
        const ssize_t written = ::write(number, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) {
            const Error error = disk_error("the archive cannot be written to");
            ::close(number);
            return error;
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    const bool synced = ::fsync(number) == 0;
    ::close(number);
    return synced ? Result<void>() : disk_error("the archive cannot be synced");
}

Json to_json(const ArchivedDocument& document) {
    Json note = Json::object();
    note.set("id", document.id);
    note.set("bytes", document.bytes);
    note.set("encoding", document.encoding);
    note.set("encoding_why", document.encoding_why);
    note.set("personal", document.personal);
    if (document.expires.milliseconds() != 0) note.set("expires", document.expires.text());
    if (document.purged.milliseconds() != 0) note.set("purged", document.purged.text());
    Json origins = Json::array();
    for (const DocumentOrigin& origin : document.origins) {
        Json one = Json::object();
        one.set("connection", origin.connection);
        one.set("kind", origin.kind);
        one.set("name", origin.name);
        one.set("at", origin.at.text());
        origins.push_back(std::move(one));
    }
    note.set("origins", std::move(origins));
    return note;
}

UtcTime time_at(const Json& note, std::string_view key) {
    const Json& value = note[key];
    if (!value.is_string()) return {};
    const Result<UtcTime> time = UtcTime::parse(value.text());
    return time ? *time : UtcTime();
}

std::optional<ArchivedDocument> from_json(const Json& note, std::string_view id) {
    if (!note.is_object() || note["id"].text() != id) return std::nullopt;
    ArchivedDocument document;
    document.id = std::string(id);
    const std::optional<std::int64_t> bytes = note["bytes"].integer_if();
    if (!bytes || *bytes < 0) return std::nullopt;
    document.bytes = static_cast<std::uint64_t>(*bytes);
    document.encoding = note["encoding"].text();
    document.encoding_why = note["encoding_why"].text();
    if (known_encoding(document.encoding).empty()) return std::nullopt;
    document.personal = note["personal"].bool_if().value_or(true);
    document.expires = time_at(note, "expires");
    document.purged = time_at(note, "purged");
    for (const Json& one : note["origins"].items())
        document.origins.push_back(
            {one["connection"].text(), one["kind"].text(), one["name"].text(), time_at(one, "at")});
    return document;
}

constexpr std::string_view kIncoming = "incoming-";

/// Unique within this process; a crash's leftovers are removed when the archive is opened.
fs::path unfinished_path(const fs::path& folder) {
    static std::atomic<std::uint64_t> number{0};
    return folder / (std::string(kIncoming) + std::to_string(::getpid()) + "-" +
                     std::to_string(number.fetch_add(1)) + std::string(kUnfinished));
}

/// A half-written file whose writer is no more: a dry run may work beside an engine.
bool is_left_behind(const fs::path& file) {
    const std::string name = file.filename().string();
    if (!name.starts_with(kIncoming) || !name.ends_with(kUnfinished)) return false;
    const long process = std::strtol(name.c_str() + kIncoming.size(), nullptr, 10);
    return process <= 0 || (::kill(static_cast<pid_t>(process), 0) != 0 && errno == ESRCH);
}

class WriterOfOne final : public Archive::Writer {
public:
    WriterOfOne(const Archive& archive, const Archive::Options& options)
        : archive_(archive),
          part_(unfinished_path(options.folder)),
          unpacker_(options.max_bytes, [this](std::string_view bytes) { return keep(bytes); }) {}
    ~WriterOfOne() override {
        if (file_ != nullptr) gzclose_w(file_);
        if (number_ >= 0) ::close(number_);
        ::unlink(part_.c_str());
    }
    WriterOfOne(const WriterOfOne&) = delete;
    WriterOfOne& operator=(const WriterOfOne&) = delete;

    Result<void> open() {
        number_ = ::open(part_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (number_ < 0) return disk_error("the archive cannot be written to");
        const int copy = ::dup(number_);  // gzclose closes its own, and we sync after it
        file_ = copy < 0 ? nullptr : gzdopen(copy, "wb4");
        if (file_ != nullptr) return {};
        if (copy >= 0) ::close(copy);
        return disk_error("the archive cannot be written to");
    }

    Result<void> write(std::string_view bytes) override { return unpacker_.push(bytes); }

    Result<ArchivedDocument> finish(const NewDocument& fresh) override;

private:
    Result<void> keep(std::string_view bytes);
    [[nodiscard]] ArchivedDocument described(const std::string& id,
                                             const NewDocument& document) const;

    const Archive& archive_;
    fs::path part_;
    Unpacker unpacker_;
    int number_ = -1;
    gzFile file_ = nullptr;
    Sha256 hash_;
    EncodingScan scan_;
    std::uint64_t bytes_ = 0;
};

Result<void> WriterOfOne::keep(std::string_view bytes) {
    hash_.add(bytes);
    scan_.look_at(bytes);
    bytes_ += bytes.size();
    constexpr std::size_t kMost = std::size_t{1} << 30U;
    while (!bytes.empty()) {
        const std::size_t step = std::min(bytes.size(), kMost);
        if (gzwrite(file_, bytes.data(), static_cast<unsigned>(step)) <= 0)
            return disk_error("the archive cannot be written to");
        bytes.remove_prefix(step);
    }
    return {};
}

ArchivedDocument WriterOfOne::described(const std::string& id, const NewDocument& document) const {
    const EncodingChoice choice =
        choose_encoding(scan_, document.declared_encoding, document.regional_encoding);
    return {id, bytes_,           choice.encoding, choice.why, document.personal, document.expires,
            {}, {document.origin}};
}

Result<ArchivedDocument> WriterOfOne::finish(const NewDocument& fresh) {
    if (const Result<void> ended = unpacker_.finish(); !ended) return ended.error();
    const int closed = gzclose_w(std::exchange(file_, nullptr));
    if (closed != Z_OK || ::fsync(number_) != 0)
        return disk_error("the archive cannot be written to");
    const std::optional<std::string> id = hash_.finish();
    if (!id) return bug("archive.hash", "the document's SHA-256 could not be computed");
    failpoint::pass("archive.before_content");

    const std::lock_guard lock(archive_.notes());
    ArchivedDocument document = described(*id, fresh);
    if (const Result<ArchivedDocument> known = archive_.find(*id)) {
        document.origins = known->origins;
        // Personal once, personal for ever, whatever else holds the same bytes.
        if (known->personal && !document.personal) {
            document.personal = true;
            document.expires = known->expires;
        }
        if (std::ranges::none_of(document.origins, [&](const DocumentOrigin& origin) {
                return origin.same(fresh.origin);
            }))
            document.origins.push_back(fresh.origin);
    }
    const fs::path content = archive_.content_path(*id);
    // Also over the same bytes: the copy that lies there may have been damaged since.
    if (const Result<void> moved = move_into_place(part_, content); !moved) return moved.error();
    failpoint::pass("archive.before_note");

    const fs::path note = fs::path(content).replace_extension(".json");
    const fs::path unfinished = unfinished_path(content.parent_path().parent_path());
    if (const Result<void> written = write_file(unfinished, to_json(document).dump() + "\n");
        !written) {
        ::unlink(unfinished.c_str());
        return written.error();
    }
    if (const Result<void> moved = move_into_place(unfinished, note); !moved) return moved.error();
    return document;
}

}  // namespace

fs::path Archive::content_path(std::string_view id) const {
    return options_.folder / id.substr(0, 2) / (std::string(id) + ".gz");
}

fs::path Archive::note_path(std::string_view id) const {
    return content_path(id).replace_extension(".json");
}

Result<std::unique_ptr<Archive>> Archive::open(Options options) {
    std::error_code failure;
    const bool made = fs::create_directories(options.folder, failure);
    if (!failure && made) fs::permissions(options.folder, fs::perms::owner_all, failure);
    if (failure || ::access(options.folder.c_str(), R_OK | W_OK | X_OK) != 0) {
        const std::string why = failure ? failure.message() : std::strerror(errno);
        return misconfigured("archive.folder", "the archive's folder " + options.folder.string() +
                                                   " cannot be used: " + why +
                                                   "; set archive.path to a folder that can be "
                                                   "written to");
    }
    for (const fs::directory_entry& entry : fs::directory_iterator(options.folder, failure))
        if (is_left_behind(entry.path())) fs::remove(entry.path(), failure);
    return std::unique_ptr<Archive>(new Archive(std::move(options)));
}

Result<std::unique_ptr<Archive::Writer>> Archive::begin() const {
    auto writer = std::make_unique<WriterOfOne>(*this, options_);
    if (const Result<void> opened = writer->open(); !opened) return opened.error();
    return std::unique_ptr<Writer>(std::move(writer));
}

Result<ArchivedDocument> Archive::find(std::string_view id) const {
    const std::string shown(id.substr(0, kIdLength));
    std::ifstream file;
    if (is_id(id)) file.open(note_path(id));
    if (!file.is_open())
        return rejected("archive.unknown", "the archive " + options_.folder.string() +
                                               " has no document \"" + shown +
                                               "\"; it was archived elsewhere or removed by hand");
    std::ostringstream text;
    text << file.rdbuf();
    const Result<Json> note = Json::parse(text.str());
    std::optional<ArchivedDocument> document =
        note ? from_json(*note, id) : std::optional<ArchivedDocument>();
    if (!document)
        return bug("archive.damaged", "the archive's note " + shown +
                                          ".json cannot be read; restore it from a backup");
    return *std::move(document);
}

Result<std::vector<ArchivedDocument>> Archive::list(std::string_view kind) const {
    std::vector<ArchivedDocument> found;
    std::error_code failure;
    for (const fs::directory_entry& entry :
         fs::recursive_directory_iterator(options_.folder, failure)) {
        if (entry.path().extension() != ".json") continue;
        Result<ArchivedDocument> document = find(entry.path().stem().string());
        if (!document) return document.error();
        const bool wanted =
            kind.empty() || std::ranges::any_of(document->origins, [&](const auto& origin) {
                return origin.kind == kind;
            });
        if (wanted) found.push_back(*std::move(document));
    }
    if (failure) {
        errno = failure.value();
        return disk_error("the archive cannot be read");
    }
    std::ranges::sort(found, {}, [](const ArchivedDocument& one) {
        return std::pair(one.origins.empty() ? UtcTime() : one.origins.front().at, one.id);
    });
    return found;
}

Result<std::unique_ptr<DocumentReader>> Archive::text(std::string_view id,
                                                      std::uint64_t offset) const {
    const Result<ArchivedDocument> document = find(id);
    if (!document) return document.error();
    if (document->purged.milliseconds() != 0)
        return rejected("archive.purged", "the document " + document->id.substr(0, 12) +
                                              "… was purged on " +
                                              document->purged.text().substr(0, 10) +
                                              ", because it held personal data; fetch it again");
    Result<std::unique_ptr<DocumentReader>> reader =
        open_text(content_path(id), document->encoding, document->bytes);
    if (!reader) return reader;
    std::array<char, 65536> skipped;
    while (offset > 0) {
        const Result<std::size_t> got =
            (*reader)->read(skipped.data(), std::min<std::uint64_t>(offset, skipped.size()));
        if (!got) return got.error();
        if (*got == 0) break;
        offset -= *got;
    }
    return reader;
}

Result<std::int64_t> Archive::purge(UtcTime now) const {
    constexpr auto kLeftover = std::chrono::hours(24);
    std::int64_t purged = 0;
    std::error_code failure;
    for (const fs::directory_entry& entry :
         fs::recursive_directory_iterator(options_.folder, failure)) {
        const fs::path& file = entry.path();
        const std::string id = file.stem().string();
        if (!is_id(id)) continue;
        std::error_code gone;
        // Content without a note is what a crash left: nobody knows of it, so nobody would purge
        // it.
        if (file.extension() == ".gz" && !fs::exists(note_path(id), gone) &&
            fs::file_time_type::clock::now() - entry.last_write_time(gone) > kLeftover)
            ::unlink(file.c_str());
        if (file.extension() != ".json") continue;
        const Result<bool> done = purge_one(id, now);
        if (!done && done.error().code != "archive.damaged") return done.error();
        if (!done)  // the others have their time all the same
            log::error("document not purged", {{"code", Json(done.error().code)},
                                               {"message", Json(done.error().message)}});
        else if (*done)
            ++purged;
    }
    if (failure) {
        errno = failure.value();
        return disk_error("the archive cannot be read");
    }
    return purged;
}

Result<bool> Archive::purge_one(std::string_view id, UtcTime now) const {
    const std::lock_guard lock(notes_);
    Result<ArchivedDocument> document = find(id);
    if (!document) return document.error();
    const bool due = document->personal && document->expires.milliseconds() != 0 &&
                     document->expires <= now && document->purged.milliseconds() == 0;
    if (!due) return false;
    // The bytes first: a crash in between purges again, it never claims what is not so.
    ::unlink(content_path(id).c_str());
    document->purged = now;
    const fs::path unfinished = unfinished_path(options_.folder);
    if (const Result<void> written = write_file(unfinished, to_json(*document).dump() + "\n");
        !written)
        return written.error();
    if (const Result<void> moved = move_into_place(unfinished, note_path(id)); !moved)
        return moved.error();
    return true;
}

}  // namespace carrick::archive
