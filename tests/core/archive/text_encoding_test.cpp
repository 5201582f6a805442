// SPDX-License-Identifier: Apache-2.0
#include "core/archive/text_encoding.hpp"

#include <catch2/catch.hpp>

namespace carrick::archive {
namespace {

EncodingScan scan_of(std::string_view bytes) {
    EncodingScan scan;
    for (const char c : bytes) scan.look_at(std::string_view(&c, 1));
    return scan;
}

std::string converted(const std::string& encoding, std::string_view bytes, std::size_t step) {
    Transcoder transcoder = Transcoder::make(encoding).value();
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += step)
        transcoder.convert(bytes.substr(at, step), at + step >= bytes.size(), out);
    return out;
}

TEST_CASE("names of encodings are known as servers and Java write them") {
    CHECK(known_encoding("Cp1252") == "CP1252");
    CHECK(known_encoding("windows-31j") == "CP932");
    CHECK(known_encoding("MS932") == "CP932");
    CHECK(known_encoding("Shift_JIS") == "CP932");
    CHECK(known_encoding("\"utf-8\"") == "UTF-8");
    CHECK(known_encoding("ISO-8859-1") == "CP1252");
    CHECK(known_encoding("EBCDIC").empty());
    CHECK(known_encoding("").empty());
}

TEST_CASE("the encoding is told from mark, bytes, declaration and region, in this order") {
    // "Größe" in Windows-1252 is no UTF-8; "Größe" in UTF-8 is.
    const std::string_view latin =
        "Gr\xF6\xDF"
        "e";
    const std::string_view utf8 =
        "Gr\xC3\xB6\xC3\x9F"
        "e";
    CHECK(choose_encoding(scan_of("\xEF\xBB\xBFx"), "Cp1252", "CP932").encoding == "UTF-8");
    CHECK(choose_encoding(scan_of(std::string_view("\xFF\xFEx\0", 4)), "", "CP932").encoding ==
          "UTF-16LE");
    CHECK(choose_encoding(scan_of(latin), "Cp1252", "CP932").encoding == "CP1252");
    CHECK(choose_encoding(scan_of(latin), "", "CP932").encoding == "CP932");
    CHECK(choose_encoding(scan_of(utf8), "", "CP932").encoding == "UTF-8");
    const EncodingChoice contradicted = choose_encoding(scan_of(utf8), "ISO-8859-1", "CP932");
    CHECK(contradicted.encoding == "UTF-8");
    CHECK(contradicted.why == "valid UTF-8, although declared as CP1252");
    const EncodingChoice untrue = choose_encoding(scan_of(latin), "UTF-8", "CP1252");
    CHECK(untrue.encoding == "CP1252");
    CHECK(untrue.why == "by region, because it is declared as UTF-8 and is not");
}

TEST_CASE("UTF-8 is valid only in its shortest form, without surrogates, and whole") {
    CHECK(scan_of("\xF0\x9F\xAA\xA2").utf8());        // a knot
    CHECK_FALSE(scan_of("\xC0\xAF").utf8());          // an overlong slash
    CHECK_FALSE(scan_of("\xE0\x80\xAF").utf8());      // another
    CHECK_FALSE(scan_of("\xED\xA0\x80").utf8());      // half of a surrogate pair
    CHECK_FALSE(scan_of("\xF4\x90\x80\x80").utf8());  // behind the last character
    CHECK_FALSE(scan_of("\xE3\x83").utf8());          // cut off
    CHECK(scan_of("plain").ascii());
    CHECK_FALSE(scan_of("\xC3\xA9").ascii());
}

TEST_CASE("text becomes UTF-8 however its characters are cut between pieces") {
    const auto step = static_cast<std::size_t>(GENERATE(1, 2, 3, 100));
    CHECK(converted("CP1252",
                    "Gr\xF6\xDF"
                    "e \x80 5",
                    step) == "Größe € 5");
    CHECK(converted("CP932", "\x83\x8D\x81\x5B\x83\x76 5M", step) == "ロープ 5M");
    CHECK(converted("UTF-8", "ロープ", step) == "ロープ");
    CHECK(converted("UTF-16LE", std::string_view("a\0\xE9\0", 4), step) == "aé");
}

TEST_CASE("a byte order mark is not part of the text") {
    CHECK(converted("UTF-8", "\xEF\xBB\xBForder-id", 100) == "order-id");
    CHECK(converted("UTF-16LE",
                    std::string_view("\xFF\xFE"
                                     "a\0",
                                     4),
                    100) == "a");
}

TEST_CASE("what is no character is replaced and counted, and the rest stays") {
    Transcoder transcoder = Transcoder::make("CP932").value();
    std::string out;
    transcoder.convert(
        "A\x83\xFF"
        "B\x83",
        true, out);  // a broken pair, and one cut off at the end
    CHECK(out.starts_with("A\xEF\xBF\xBD"));
    CHECK(out.ends_with("B\xEF\xBF\xBD"));
    CHECK(transcoder.replaced() >= 2);
}

TEST_CASE("an encoding that the system does not have is our own bug") {
    const Result<Transcoder> made = Transcoder::make("NO-SUCH-THING");
    REQUIRE_FALSE(made);
    CHECK(made.error().code == "document.encoding");
}

}  // namespace
}  // namespace carrick::archive
