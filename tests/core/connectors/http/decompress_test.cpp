// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/http/decompress.hpp"

#include <zlib.h>
#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::http;

namespace {
std::string deflated(const std::string& text, int window_bits) {
    z_stream stream{};
    REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string in = text;
    std::string out(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}
constexpr int kGzip = 31;
constexpr int kZlib = 15;
constexpr int kRaw = -15;
}  // namespace

TEST_CASE("gzip, its members, both kinds of deflate and none are undone", "[decompress]") {
    const std::string text = "settlement 13579 " + std::string(100'000, 'x');
    CHECK(decompress("gzip", deflated(text, kGzip), 1 << 20).value() == text);
    CHECK(decompress("GZIP", deflated("a", kGzip) + deflated("b", kGzip), 10).value() == "ab");
    CHECK(decompress("deflate", deflated(text, kZlib), 1 << 20).value() == text);
    CHECK(decompress("deflate", deflated(text, kRaw), 1 << 20).value() == text);
    CHECK(decompress("", text, 1 << 20).value() == text);
    CHECK(decompress("identity", text, 1 << 20).value() == text);
    CHECK(decompress("gzip", "", 10).value().empty());
}

TEST_CASE("gzip cut at any byte is an error", "[decompress]") {
    const std::string whole = deflated("an order of three lines and some more", kGzip);
    for (std::size_t length = 1; length < whole.size(); ++length)
        CHECK(decompress("gzip", whole.substr(0, length), 1000).error().code == "http.encoding");
    CHECK(decompress("gzip", whole + "tail", 1000).error().code == "http.encoding");
}

TEST_CASE("a bomb stops at the limit", "[decompress]") {
    const std::string bomb = deflated(std::string(50'000'000, '0'), kGzip);
    REQUIRE(bomb.size() < 100'000);
    const Result<std::string> result = decompress("gzip", bomb, 1'000'000);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == "http.too_large");
    CHECK(decompress("gzip", deflated(std::string(1000, '0'), kGzip), 1000));
    CHECK_FALSE(decompress("gzip", deflated(std::string(1001, '0'), kGzip), 1000));
}

TEST_CASE("an encoding that was not asked for is an error", "[decompress]") {
    CHECK(decompress("br", "x", 10).error().code == "http.encoding_unknown");
    CHECK(decompress("gzip, gzip", "x", 10).error().code == "http.encoding_unknown");
}
