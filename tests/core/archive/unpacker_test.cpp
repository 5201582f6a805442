// SPDX-License-Identifier: Apache-2.0
#include "core/archive/unpacker.hpp"
#include "tests/core/archive/packing.hpp"

#include <catch2/catch.hpp>

namespace carrick::archive {
namespace {

struct Unpacked {
    std::string text;
    Result<void> end;
    bool packed = false;
};

/// Feeds `bytes` in pieces of `step`.
Unpacked unpack(std::string_view bytes, std::size_t step, std::uint64_t limit = 1'000'000) {
    Unpacked out;
    Unpacker unpacker(limit, [&](std::string_view piece) {
        out.text.append(piece);
        return Result<void>();
    });
    for (std::size_t at = 0; at < bytes.size() && out.end; at += step)
        out.end = unpacker.push(bytes.substr(at, step));
    if (out.end) out.end = unpacker.finish();
    out.packed = unpacker.packed();
    return out;
}

TEST_CASE("a gzipped document is unpacked and a plain one passes, in pieces of any size") {
    const std::string text = "sku\tquantity\nROPE-10M\t3\n";
    const auto step = static_cast<std::size_t>(GENERATE(1, 2, 3, 7, 1000));
    const Unpacked packed = unpack(gzipped(text), step);
    CHECK(packed.end);
    CHECK(packed.packed);
    CHECK(packed.text == text);
    const Unpacked plain = unpack(text, step);
    CHECK(plain.end);
    CHECK_FALSE(plain.packed);
    CHECK(plain.text == text);
}

TEST_CASE("gzip data of several members is one document") {
    const Unpacked out = unpack(gzipped("one ") + gzipped("two ") + gzipped("three"), 5);
    CHECK(out.end);
    CHECK(out.text == "one two three");
}

TEST_CASE("documents of no byte and of one byte are whole") {
    CHECK(unpack("", 1).end);
    CHECK(unpack("", 1).text.empty());
    CHECK(unpack("x", 1).text == "x");
    CHECK(unpack(gzipped(""), 4).text.empty());
}

TEST_CASE("gzip data that ends in its middle is an error at every length") {
    const std::string whole = gzipped("a line of a report\nanother line of a report\n");
    for (std::size_t length = 2; length < whole.size(); ++length) {
        const Unpacked out = unpack(std::string_view(whole).substr(0, length), 16);
        REQUIRE_FALSE(out.end);
        CHECK(out.end.error().code == "document.cut_short");
        CHECK(out.end.error().error_class == ErrorClass::Transient);
    }
}

TEST_CASE("damaged gzip data is an error") {
    std::string bytes = gzipped(std::string(5000, 'x') + "the end");
    bytes[bytes.size() - 6] = static_cast<char>(bytes[bytes.size() - 6] ^ 1);  // its checksum
    const Unpacked out = unpack(bytes, 100);
    REQUIRE_FALSE(out.end);
    CHECK(out.end.error().code == "document.damaged");
}

TEST_CASE("a small file that unpacks to more than the limit is refused") {
    const Unpacked out = unpack(gzipped(std::string(100'000, '0')), 64, 99'999);
    REQUIRE_FALSE(out.end);
    CHECK(out.end.error().code == "document.too_large");
    CHECK(unpack(gzipped(std::string(100'000, '0')), 64, 100'000).end);
}

TEST_CASE("what the taker answers ends the transfer") {
    Unpacker unpacker(
        100, [](std::string_view) { return Result<void>(transient("archive.disk", "full")); });
    const Result<void> pushed = unpacker.push("some text");
    REQUIRE_FALSE(pushed);
    CHECK(pushed.error().code == "archive.disk");
}

}  // namespace
}  // namespace carrick::archive
