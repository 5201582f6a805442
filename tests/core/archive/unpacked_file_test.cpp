// SPDX-License-Identifier: Apache-2.0
// Files that commands are given: plain, or gzipped as the archive's are.
#include "core/archive/unpacked_file.hpp"

#include <zlib.h>
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

using namespace carrick;

namespace {

struct Folder {
    Folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "unpacked-XXXXXX").string();
        REQUIRE(mkdtemp(pattern.data()) != nullptr);
        path = pattern;
    }
    ~Folder() { std::filesystem::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::filesystem::path path;
};

std::string gzipped(const std::filesystem::path& file, const std::string& text) {
    gzFile out = gzopen(file.c_str(), "wb");
    REQUIRE(gzwrite(out, text.data(), static_cast<unsigned>(text.size())) ==
            static_cast<int>(text.size()));
    REQUIRE(gzclose(out) == Z_OK);
    return file.string();
}

std::string all_of(std::istream& stream) {
    std::string text(1 << 20, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return text;
}

}  // namespace

TEST_CASE("a file is given as it lies, and a gzipped one unpacked", "[archive]") {
    const Folder folder;
    std::string text;
    for (int i = 0; i < 60'000; ++i) text += std::to_string(i) + "\n";
    std::ofstream(folder.path / "plain.txt", std::ios::binary) << text;
    const auto plain = archive::open_unpacked((folder.path / "plain.txt").string());
    REQUIRE(plain);
    CHECK(all_of(*plain) == text);
    const auto packed = archive::open_unpacked(gzipped(folder.path / "text.gz", text));
    REQUIRE(packed);
    CHECK(all_of(*packed) == text);
    CHECK(packed->eof());
    CHECK_FALSE(packed->bad());
    // One byte is no magic of gzip's.
    std::ofstream(folder.path / "one", std::ios::binary) << '\x1f';
    CHECK(all_of(*archive::open_unpacked((folder.path / "one").string())) == "\x1f");
    CHECK(archive::open_unpacked((folder.path / "none").string()) == nullptr);
}

TEST_CASE("a gzipped file that is damaged or cut makes its stream bad", "[archive]") {
    const Folder folder;
    std::string text;
    for (int i = 0; i < 60'000; ++i) text += std::to_string(i * 7919) + "\n";
    const std::string whole = gzipped(folder.path / "whole.gz", text);
    std::stringstream bytes;
    bytes << std::ifstream(whole, std::ios::binary).rdbuf();
    std::string damaged = bytes.str();
    std::ofstream(folder.path / "cut.gz", std::ios::binary)
        << damaged.substr(0, damaged.size() / 2);
    const auto cut = archive::open_unpacked((folder.path / "cut.gz").string());
    REQUIRE(cut);
    CHECK(all_of(*cut).size() < text.size());
    CHECK(cut->bad());
    damaged[damaged.size() / 2] = static_cast<char>(~damaged[damaged.size() / 2]);
    std::ofstream(folder.path / "damaged.gz", std::ios::binary) << damaged;
    const auto other = archive::open_unpacked((folder.path / "damaged.gz").string());
    REQUIRE(other);
    all_of(*other);
    CHECK(other->bad());
}
