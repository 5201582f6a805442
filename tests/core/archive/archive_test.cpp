// SPDX-License-Identifier: Apache-2.0
#include "core/archive/archive.hpp"
#include "core/base/failpoint.hpp"
#include "tests/core/archive/packing.hpp"

#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <fstream>

namespace carrick::archive {
namespace {

namespace fs = std::filesystem;

class Folder {
public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "carrick-archive-XXXXXX").string();
        path = ::mkdtemp(name.data());
    }
    ~Folder() { fs::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    fs::path path;
};

UtcTime at(std::string_view text) {
    return UtcTime::parse(text).value();
}

std::unique_ptr<Archive> archive_in(const Folder& folder) {
    return Archive::open({.folder = folder.path / "archive"}).value();
}

NewDocument shipments(std::string name = "amzn1.spdoc.1") {
    return {.origin = {"EU1", "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL", std::move(name),
                       at("2026-11-23T10:00:00Z")},
            .declared_encoding = "Cp1252"};
}

Result<ArchivedDocument> put(const Archive& archive, const NewDocument& document,
                             std::string_view bytes) {
    const std::unique_ptr<Archive::Writer> writer = archive.begin().value();
    if (const Result<void> written = writer->write(bytes); !written) return written.error();
    return writer->finish(document);
}

Result<std::string> read_all(const Archive& archive, std::string_view id,
                             std::uint64_t offset = 0) {
    const Result<std::unique_ptr<DocumentReader>> reader = archive.text(id, offset);
    if (!reader) return reader.error();
    std::string text;
    std::array<char, 100> piece;
    for (;;) {
        const Result<std::size_t> got = (*reader)->read(piece.data(), piece.size());
        if (!got) return got.error();
        if (*got == 0) return text;
        text.append(piece.data(), *got);
    }
}

std::size_t files_in(const fs::path& folder) {
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file()) ++files;
    return files;
}

TEST_CASE("a document is kept under the SHA-256 of its unpacked bytes and read back as UTF-8") {
    const Folder folder;
    const auto archive = archive_in(folder);
    // sha256("sku\tGr\xF6\xDFe\n"), by `printf 'sku\tGr\366\337e\n' | sha256sum`
    const std::string raw =
        "sku\tGr\xF6\xDF"
        "e\n";
    const ArchivedDocument document = put(*archive, shipments(), gzipped(raw)).value();
    CHECK(document.bytes == 10);
    CHECK(document.encoding == "CP1252");
    CHECK(document.encoding_why == "declared");
    CHECK(document.id.size() == 64);
    CHECK(read_all(*archive, document.id).value() == "sku\tGröße\n");
    CHECK(read_all(*archive, document.id, 4).value() == "Größe\n");
    CHECK(read_all(*archive, document.id, 1000).value().empty());
    CHECK(put(*archive, shipments(), raw).value().id == document.id);  // packed or not
}

TEST_CASE("the same bytes under another name are kept once and list both origins") {
    const Folder folder;
    const auto archive = archive_in(folder);
    const ArchivedDocument first = put(*archive, shipments("amzn1.spdoc.1"), "a\n").value();
    const ArchivedDocument again = put(*archive, shipments("amzn1.spdoc.1"), "a\n").value();
    CHECK(again.origins.size() == 1);
    const ArchivedDocument other = put(*archive, shipments("amzn1.spdoc.2"), "a\n").value();
    CHECK(other.id == first.id);
    REQUIRE(other.origins.size() == 2);
    CHECK(other.origins[1].name == "amzn1.spdoc.2");
    CHECK(files_in(folder.path) == 2);
    CHECK(archive->list("GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL").value().size() == 1);
    CHECK(archive->list("GET_OTHER").value().empty());
}

TEST_CASE("what is cut short or damaged leaves nothing behind") {
    const Folder folder;
    const auto archive = archive_in(folder);
    const std::string packed = gzipped("a report that does not arrive whole\n");
    const Result<ArchivedDocument> cut =
        put(*archive, shipments(), std::string_view(packed).substr(0, packed.size() - 3));
    REQUIRE_FALSE(cut);
    CHECK(cut.error().code == "document.cut_short");
    CHECK(files_in(folder.path) == 0);
}

TEST_CASE("a crash at any step leaves a whole document or none, and opening tidies up") {
    const Folder folder;
    const std::string step = GENERATE("archive.before_content", "archive.before_note");
    {
        const auto archive = archive_in(folder);
        failpoint::arm(step, [] { throw std::runtime_error("the power went"); });
        std::ofstream(folder.path / "archive" / "incoming-999999999-1.part") << "half";
        CHECK_THROWS(put(*archive, shipments(), "a\n"));
        failpoint::disarm_all();
    }
    const auto archive = archive_in(folder);
    CHECK(archive->list("").value().empty());
    CHECK_FALSE(fs::exists(folder.path / "archive" / "incoming-999999999-1.part"));
    const ArchivedDocument document = put(*archive, shipments(), "a\n").value();
    CHECK(read_all(*archive, document.id).value() == "a\n");
}

TEST_CASE("what another living process is writing is left alone") {
    const Folder folder;
    const auto archive = archive_in(folder);
    const std::unique_ptr<Archive::Writer> writer = archive->begin().value();
    REQUIRE(writer->write("half of it, "));
    const auto beside = archive_in(folder);
    REQUIRE(writer->write("all of it"));
    CHECK(read_all(*archive, writer->finish(shipments()).value().id).value() ==
          "half of it, all of it");
}

TEST_CASE("a file that was damaged on disk is found out while it is read") {
    const Folder folder;
    const auto archive = archive_in(folder);
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += "row " + std::to_string(i) + "\n";
    const ArchivedDocument document = put(*archive, shipments(), text).value();
    fs::resize_file(archive->content_path(document.id),
                    fs::file_size(archive->content_path(document.id)) / 2);
    const Result<std::string> read = read_all(*archive, document.id);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == "archive.damaged");
}

TEST_CASE("what is not there, or no id at all, is refused with the id") {
    const Folder folder;
    const auto archive = archive_in(folder);
    for (const std::string& id : {std::string(64, 'a'), std::string("../../etc/passwd"),
                                  std::string(64, 'G'), std::string()}) {
        const Result<ArchivedDocument> found = archive->find(id);
        REQUIRE_FALSE(found);
        CHECK(found.error().code == "archive.unknown");
        CHECK(found.error().message.find(id) != std::string::npos);
    }
}

TEST_CASE("personal documents expire: their bytes go, what is known of them stays") {
    const Folder folder;
    const auto archive = archive_in(folder);
    NewDocument personal = shipments("amzn1.spdoc.9");
    personal.personal = true;
    personal.expires = at("2026-12-23T10:00:00Z");
    const ArchivedDocument kept = put(*archive, shipments(), "no names\n").value();
    const ArchivedDocument gone = put(*archive, personal, "Sample Name\n").value();
    CHECK(archive->purge(at("2026-12-23T09:59:59Z")).value() == 0);
    CHECK(archive->purge(at("2026-12-23T10:00:00Z")).value() == 1);
    CHECK(archive->purge(at("2027-01-01T00:00:00Z")).value() == 0);
    CHECK_FALSE(fs::exists(archive->content_path(gone.id)));
    const Result<std::string> read = read_all(*archive, gone.id);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == "archive.purged");
    CHECK(read.error().message.find("2026-12-23") != std::string::npos);
    CHECK(read_all(*archive, kept.id).value() == "no names\n");
    // Fetched again, it is there again.
    personal.expires = at("2027-12-23T10:00:00Z");
    CHECK(read_all(*archive, put(*archive, personal, "Sample Name\n").value().id).value() ==
          "Sample Name\n");
}

TEST_CASE("a damaged copy on disk is replaced when the document comes again") {
    const Folder folder;
    const auto archive = archive_in(folder);
    const ArchivedDocument document = put(*archive, shipments(), "a row\n").value();
    std::ofstream(archive->content_path(document.id), std::ios::trunc) << "no gzip at all";
    CHECK(put(*archive, shipments(), "a row\n").value().id == document.id);
    CHECK(read_all(*archive, document.id).value() == "a row\n");
}

TEST_CASE("one note that cannot be read does not keep others from being purged") {
    const Folder folder;
    const auto archive = archive_in(folder);
    NewDocument personal = shipments();
    personal.personal = true;
    personal.expires = at("2026-12-23T10:00:00Z");
    const ArchivedDocument broken = put(*archive, personal, "one\n").value();
    REQUIRE(put(*archive, personal, "two\n"));
    std::ofstream(fs::path(archive->content_path(broken.id)).replace_extension(".json")) << "{";
    std::ofstream(folder.path / "archive" / "stray.json") << "not ours";
    CHECK(archive->purge(at("2027-01-01T00:00:00Z")).value() == 1);
}

TEST_CASE("what was personal once stays personal under another name") {
    const Folder folder;
    const auto archive = archive_in(folder);
    NewDocument personal = shipments("amzn1.spdoc.7");
    personal.personal = true;
    personal.expires = at("2026-12-23T10:00:00Z");
    REQUIRE(put(*archive, personal, "Sample Name\n"));
    const ArchivedDocument again =
        put(*archive, shipments("amzn1.spdoc.8"), "Sample Name\n").value();
    CHECK(again.personal);
    CHECK(again.expires == personal.expires);
}

TEST_CASE("documents and folder belong to their owner alone") {
    const Folder folder;
    const auto archive = archive_in(folder);
    const ArchivedDocument document = put(*archive, shipments(), "a\n").value();
    struct stat status {};
    REQUIRE(::stat(archive->content_path(document.id).c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    REQUIRE(::stat((folder.path / "archive").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0700);
}

TEST_CASE("a folder that cannot be used is named, with the setting that says so") {
    const Folder folder;
    std::ofstream(folder.path / "file") << "no folder";
    const auto opened = Archive::open({.folder = folder.path / "file" / "archive"});
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == "archive.folder");
    CHECK(opened.error().message.find("archive.path") != std::string::npos);
}

}  // namespace
}  // namespace carrick::archive
