// SPDX-License-Identifier: Apache-2.0
#include <carrick/sdk/json.hpp>

#include <catch2/catch.hpp>

using carrick::Decimal;
using carrick::Json;

TEST_CASE("a number stays the token it was, on the way in and out", "[json]") {
    for (const char* text : {"0.184467440737095516159", "1234567890123456.78", "12.50", "1e5", "-0",
                             "1E+2", "123456789012345678901234567890"}) {
        CHECK(Json::parse(text)->dump() == text);
        CHECK(*Json::parse(text)->number_if() == text);
    }
    CHECK(Json::parse("12.50")->decimal_if()->text() == "12.50");
    CHECK(Json::parse("1e3")->integer_if() == 1000);
    CHECK(Json::parse("1.0")->integer_if() == 1);
    CHECK_FALSE(Json::parse("1.5")->integer_if());
    CHECK_FALSE(Json::parse("9223372036854775808")->integer_if());
    CHECK(Json::parse("-9223372036854775808")->integer_if() == INT64_MIN);
}

TEST_CASE("an exponent beyond all bounds is refused, or kept as the text it was", "[json]") {
    // RapidJSON 1.1.0 counts exponents even where it hands numbers over as text; its counters
    // overflow when they are used (CVE-2024-38517, CVE-2024-39684).
    for (const char* text : {"1e309", "1e2147483648", "0.1e99999999999999999999"})
        CHECK_FALSE(Json::parse(text));
    const std::string long_fraction = "0." + std::string(5000, '0') + "1e-2147483640";
    for (const std::string& text :
         {std::string("1e-2147483648"), std::string("1e-99999999999999999999"), long_fraction}) {
        const Json tiny = Json::parse(text).value();
        CHECK(tiny.dump() == text);
        CHECK_FALSE(tiny.decimal_if());
        CHECK_FALSE(tiny.integer_if());
    }
}

TEST_CASE("\"5\" and 5 stay different", "[json]") {
    const Json both = Json::parse(R"({"text":"5","number":5})").value();
    CHECK(both["text"].is_string());
    CHECK(both["number"].is_number());
    CHECK_FALSE(both["text"] == both["number"]);
    CHECK_FALSE(both["text"].decimal_if());
    CHECK(both.dump() == R"({"text":"5","number":5})");
}

TEST_CASE("hostile text is an error with its place, never a crash", "[json]") {
    const auto refused = [](std::string_view text) { return Json::parse(text).error().message; };
    CHECK(refused(R"({"a":1,"a":2})") == "the key \"a\" appears twice in one object at byte 10");
    CHECK(refused(std::string(200'000, '[')).find("nested deeper than 64 levels") !=
          std::string::npos);
    CHECK(refused("{\"a\":\"\xff\"}") == "not valid UTF-8 at byte 6");
    CHECK(refused(std::string_view("{\"a\"\0:1}", 8)).find("NUL byte at offset 4") !=
          std::string::npos);
    for (const char* text :
         {"", " ", "{", "}", "[1,]", "{\"a\":}", "{\"a\":1}x", "01", "1.", "+1", ".5", "nul",
          "\"\\u12\"", "\"\\ud800\"", "'a'", "NaN", "[1 2]", "{1:2}"}) {
        INFO(text);
        CHECK_FALSE(Json::parse(text));
    }
    // Cut inside a UTF-8 sequence; RapidJSON alone would read behind the last byte here.
    for (const char* text : {"\"\xf0", "\"\xf0\x9f", "\"\xf0\x9f\x8e", "\"\xe8\xa6", "\"\xf0r"})
        CHECK_FALSE(Json::parse(text));
    carrick::JsonLimits small;
    small.bytes = 10;
    CHECK(Json::parse("\"0123456789\"", small).error().message.find("the limit is 10") !=
          std::string::npos);
}

TEST_CASE("an object with a hundred thousand keys is read in linear time", "[json]") {
    std::string text = "{";
    for (int i = 0; i < 100'000; ++i) text += (i > 0 ? ",\"k" : "\"k") + std::to_string(i) + "\":0";
    CHECK(Json::parse(text + "}")->size() == 100'000);
    CHECK_FALSE(Json::parse(text + ",\"k99999\":1}"));
}

TEST_CASE("texts keep every character, escaped only where JSON needs it", "[json]") {
    const std::string text = "Zoë \"Müller\" \\ / 見本 \xf0\x9f\x8e\x81 \n\t\x01";
    CHECK(Json::parse(Json(text).dump())->text() == text);
    CHECK(Json::parse(R"("\u0041\ud83c\udf81\/")")->text() == "A\xf0\x9f\x8e\x81/");
    // A NUL inside a text does not end it.
    CHECK(Json::parse(R"("a\u0000b")")->text() == std::string_view("a\0b", 3));
    CHECK(Json::parse(Json(std::string("a\0b", 3)).dump())->text().size() == 3);
}

TEST_CASE("navigation into nothing gives null", "[json]") {
    const Json order = Json::parse(R"({"a":{"b":[{"c":"x"}]}})").value();
    CHECK(order["a"]["b"][0]["c"].text() == "x");
    CHECK(order["a"]["b"][1]["c"].is_null());
    CHECK(order["z"]["y"][5].is_null());
    CHECK(order["a"].text().empty());
    CHECK(order["z"].text_or("fallback") == "fallback");
}

TEST_CASE("objects keep their order, and compare without it", "[json]") {
    const Json one = Json::parse(R"({"b":1,"a":[1,{"y":2,"x":3}]})").value();
    const Json two = Json::parse(R"({"a":[1,{"x":3,"y":2}],"b":1})").value();
    CHECK(one == two);
    CHECK(one.dump() == R"({"b":1,"a":[1,{"y":2,"x":3}]})");
    CHECK_FALSE(one == Json::parse(R"({"b":1,"a":[1,{"y":2,"x":"3"}]})").value());
}

TEST_CASE("a document is built and changed", "[json]") {
    Json order = Json::object({{"externalId", Json("AMZ-SO-NA1-1")}, {"quantity", Json(2)}});
    order.set("rate", Json(Decimal::parse("19.90").value()));
    order.member("item").member("items").push_back(Json::object({{"line", Json(1)}}));
    order.set("quantity", Json(3));
    CHECK(
        order.dump() ==
        R"({"externalId":"AMZ-SO-NA1-1","quantity":3,"rate":19.90,"item":{"items":[{"line":1}]}})");
    CHECK(order.erase("item"));
    CHECK_FALSE(order.erase("item"));
    CHECK(order.pretty() ==
          "{\n  \"externalId\": \"AMZ-SO-NA1-1\",\n  \"quantity\": 3,\n  \"rate\": 19.90\n}");
}
