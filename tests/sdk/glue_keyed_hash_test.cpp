// SPDX-License-Identifier: Apache-2.0
// Keyed hashes: RFC 4231's vectors, and what keys are refused.
#include <carrick/sdk/keyed_hash.hpp>

#include <catch2/catch.hpp>

using namespace carrick;

namespace {
std::string hex(const detail::Sha256Digest& digest) {
    std::string text;
    for (const std::uint8_t byte : digest) {
        text.push_back("0123456789abcdef"[byte >> 4]);
        text.push_back("0123456789abcdef"[byte & 15]);
    }
    return text;
}
const std::string kKey(64, 'a');
}  // namespace

TEST_CASE("HMAC-SHA256 gives the digests of RFC 4231") {
    CHECK(hex(detail::hmac_sha256(std::string(20, '\x0b'), "Hi There")) ==
          "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    CHECK(hex(detail::hmac_sha256("Jefe", "what do ya want for nothing?")) ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(hex(detail::hmac_sha256(std::string(131, '\xaa'),
                                  "Test Using Larger Than Block-Size Key - Hash Key First")) ==
          "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("a keyed hash is 26 characters that depend on key and text alone") {
    const Result<std::string> one = keyed_hash(kKey, "buyer@example.com");
    REQUIRE(one);
    CHECK(one->size() == 26);
    CHECK(one->find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == std::string::npos);
    CHECK(*keyed_hash(kKey, "buyer@example.com") == *one);
    CHECK(*keyed_hash(std::string(64, 'A'), "buyer@example.com") == *one);
    CHECK(*keyed_hash(std::string(64, 'b'), "buyer@example.com") != *one);
    CHECK(*keyed_hash(kKey, "other@example.com") != *one);
}

TEST_CASE("a key that is short, odd or not hexadecimal is misconfigured and not shown") {
    for (const std::string& key :
         {std::string(62, 'a'), std::string(65, 'a'), std::string(63, 'a') + "g", std::string()}) {
        const Result<std::string> refused = keyed_hash(key, "text");
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == "id.key");
        if (!key.empty()) CHECK(refused.error().message.find(key) == std::string::npos);
    }
}
