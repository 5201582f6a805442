// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/http/url.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::http;

TEST_CASE("an address is taken apart without being changed", "[url]") {
    const Result<Url> url = Url::parse("https://Host.Example:8443/a%2Fb?q=1&r=%20");
    REQUIRE(url);
    CHECK(url->host == "host.example");
    CHECK(url->port == 8443);
    CHECK(url->path == "/a%2Fb");
    CHECK(url->query == "q=1&r=%20");
    CHECK(url->origin() == "https://host.example:8443");
    CHECK(url->target() == "/a%2Fb?q=1&r=%20");
    CHECK(Url::parse("https://a.example:443")->origin() == "https://a.example");
    CHECK(Url::parse("http://[::1]:80/")->origin() == "http://[::1]");
    CHECK(Url::parse("https://a.example?x=1")->target() == "/?x=1");
}

TEST_CASE("what is not a plain absolute web address is refused", "[url]") {
    for (const char* text :
         {"", "a.example", "ftp://a/", "https://", "https://user@a.example/",
          "https://a.example/#x", "https://a.example:0/", "https://a.example:65536/",
          "https://a.example:x/", "https://a.example:/", "https://a b/",
          "https://a.example/\r\nX: y", "https://a_%00/", "https://[::1", "https://ä.example/"}) {
        INFO(text);
        CHECK_FALSE(Url::parse(text));
    }
}

TEST_CASE("only this machine's own addresses are loopback", "[url]") {
    for (const char* text :
         {"http://127.0.0.1/", "http://127.9.9.9:1/", "http://localhost/", "http://[::1]/"})
        CHECK(Url::parse(text)->is_loopback());
    for (const char* text : {"http://127.evil.example/", "http://128.0.0.1/",
                             "http://localhost.example/", "http://127.0.0.1.example/"})
        CHECK_FALSE(Url::parse(text)->is_loopback());
}

TEST_CASE("encoding makes one value of any text, and decoding brings it back", "[url]") {
    CHECK(percent_encode("A/B #1+ü~") == "A%2FB%20%231%2B%C3%BC~");
    CHECK(percent_decode("A%2FB%20%231%2B%C3%BC~") == "A/B #1+ü~");
    CHECK(percent_decode("100%") == "100%");
    CHECK(encode_query({{"a", "1,2"}, {"b", ""}}) == "a=1%2C2&b=");
}

TEST_CASE("logs see which operation a path is, not whom it is about", "[url]") {
    CHECK(path_template("/orders/2026-01-01/orders/111-2222222-3333333") ==
          "/orders/2026-01-01/orders/{id}");
    CHECK(path_template("/sellers/v1/marketplaceParticipations") ==
          "/sellers/v1/marketplaceParticipations");
    CHECK(path_template("/record/v1/salesOrder/eid:AMZ-SO-NA1-1") == "/record/v1/salesOrder/{id}");
    CHECK(path_template("/documents/amzn1.spdoc.1.4.na.abc") == "/documents/{id}");
    CHECK(query_names("createdAfter=2026&marketplaceIds=A,B") == "createdAfter,marketplaceIds");
    CHECK(query_names("jane@doe.example&x1y2=3") == "{name},{name}");
}
