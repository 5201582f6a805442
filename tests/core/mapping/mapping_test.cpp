// SPDX-License-Identifier: Apache-2.0
// Mapping expressions: what ops may write in flows.yaml, and what happens to what they may not.
#include "core/engine/mapping.hpp"

#include <catch2/catch.hpp>

#include <thread>

using namespace carrick;
using carrick::engine::ExpressionInputs;
using carrick::engine::ExpressionLimits;
using carrick::engine::Filter;
using carrick::engine::Overlay;

namespace {

const Json& order() {
    static const Json kOrder = Json::parse(R"({
        "orderId": "112-1234567-1234567", "quantity": 2, "total": 49.90, "zero": 0.00, "amountText": "12.50",
        "createdTime": "2026-11-23T23:30:00Z", "prime": true, "nothing": null,
        "buyer": {"name": "Zoë Müller"}, "items": [{"sku": "A-1"}, {"sku": "B-2"}]})")
                                   .value();
    return kOrder;
}

ExpressionInputs inputs() {
    ExpressionInputs result;
    result.record = &order();
    return result;
}

/// The value that `expression` gives for the order above, as JSON text, or the error's message.
std::string value_of(const std::string& expression, const ExpressionLimits& limits = {}) {
    const Json mapping = Json::object({{"field", Json(expression)}});
    Result<Overlay> overlay = Overlay::compile(mapping, {}, limits);
    if (!overlay) return "refused: " + overlay.error().message;
    Json payload = Json::object({{"field", Json("default")}});
    if (Result<void> applied = overlay->apply(payload, inputs()); !applied)
        return "error: " + applied.error().message;
    return payload["field"].dump();
}

bool refuses(const std::string& expression, const std::string& reason) {
    const std::string value = value_of(expression);
    INFO(expression << " -> " << value);
    const bool refused = value.starts_with("refused: ") && value.find(reason) != std::string::npos;
    CHECK(refused);
    return refused;
}

bool fails(const std::string& expression, const std::string& reason,
           const ExpressionLimits& limits = {}) {
    const std::string value = value_of(expression, limits);
    INFO(expression << " -> " << value);
    const bool failed = value.starts_with("error: ") && value.find(reason) != std::string::npos;
    CHECK(failed);
    return failed;
}

Result<bool> filter(const std::string& expression) {
    Result<Filter> compiled = Filter::compile(expression);
    if (!compiled) return compiled.error();
    return compiled->matches(inputs());
}

}  // namespace

TEST_CASE("an expression reads the record's fields", "[mapping]") {
    CHECK(value_of("r.orderId") == R"("112-1234567-1234567")");
    CHECK(value_of("r.buyer.name") == R"("Zoë Müller")");
    CHECK(value_of("r.items[2].sku") == R"("B-2")");
    CHECK(value_of("r['orderId']") == R"("112-1234567-1234567")");
    CHECK(value_of("#r.items") == "2");
    CHECK(value_of("r.prime") == "true");
    CHECK(value_of("r.items") == R"([{"sku":"A-1"},{"sku":"B-2"}])");
}

TEST_CASE("a missing field is nil however deep, and nil leaves the default", "[mapping]") {
    CHECK(value_of("r.a.b.c[3].d") == R"("default")");
    CHECK(value_of("r.nothing") == R"("default")");
    CHECK(value_of("r.orderId.deeper") == R"("default")");
    CHECK(value_of("r.a.b or 'none'") == R"("none")");
    CHECK(value_of("settings.x.y") == R"("default")");
    CHECK(value_of("keep") == R"("default")");
    CHECK(value_of("null") == "null");
}

TEST_CASE("numbers are integers or exact decimals, never floats", "[mapping]") {
    CHECK(value_of("r.total") == "49.90");
    CHECK(value_of("r.total * r.quantity") == "99.80");
    CHECK(value_of("decimal('0.1') + decimal('0.2')") == "0.3");
    CHECK(value_of("0.1 + 0.2") == "0.3");
    CHECK(value_of("decimal(r.amountText) - 0.5") == "12.00");
    CHECK(value_of("-r.quantity") == "-2");
    CHECK(value_of("7 // 2") == "3");
    CHECK(value_of("-7 // 2") == "-4");
    CHECK(value_of("-7 % 3") == "2");
    CHECK(value_of("divide(10, 3, 2)") == "3.33");
    CHECK(value_of("round(2.345, 2)") == "2.35");
    CHECK(value_of("abs(-5)") == "5");
    // Lua's own integers would wrap around here.
    CHECK(value_of("999999999999999999 * 10") == "9999999999999999990");
    CHECK(value_of("9223372036854775807 + 1") == "9223372036854775808");
    CHECK(value_of("2 + 3 * 4 - 1") == "13");
    CHECK(value_of("(2 + 3) * 4") == "20");
    refuses("10 / 3", "divide(a, b, digits)");
    refuses("2 ^ 3", "powers are not offered");
    refuses("1e5", "digits with at most one point");
    refuses("0x10", "digits with at most one point");
    fails("1.2.3", "is not a decimal number");
    fails("7 // 0", "division by zero");
    fails("7.5 // 2", "whole numbers");
}

TEST_CASE("comparing a text with a number is an error, not a guess", "[mapping]") {
    CHECK(filter("r.quantity == 2").value());
    CHECK(filter("r.total == 49.9").value());
    CHECK(filter("r.zero == 0").value());
    CHECK(filter("r.orderId ~= 'x' and r.total > 49").value());
    CHECK(filter("r.missing == nil").value());
    CHECK_FALSE(filter("r.missing == 'x'").value());
    CHECK(filter("'a' < 'b'").value());
    CHECK(filter("r.amountText == 12.5")
              .error()
              .message.find("a text cannot be compared with a number") != std::string::npos);
    CHECK(filter("r.orderId > 5").error().error_class == ErrorClass::Rejected);
    fails("r.amountText + 1", "decimal(text) makes a number");
    fails("upper(r.quantity)", "text(number) makes a text");
    fails("r.missing + 1", "found a nil");
}

TEST_CASE("a filter answers true or false and nothing else", "[mapping]") {
    CHECK(filter("r.prime").value());
    CHECK_FALSE(filter("not r.prime").value());
    CHECK(filter("r.missing").error().message.find("neither true nor false") != std::string::npos);
    CHECK(filter("r.orderId").error().code == "mapping.evaluation");
    CHECK(filter("r.").error().code == "mapping.syntax");
}

TEST_CASE("texts can be cut, joined, cased, padded, replaced and split", "[mapping]") {
    CHECK(value_of("'Amazon ' .. r.orderId") == R"("Amazon 112-1234567-1234567")");
    CHECK(value_of("'n=' .. r.total") == R"("n=49.90")");
    CHECK(value_of("upper('abc')") == R"("ABC")");
    CHECK(value_of("lower('ABC')") == R"("abc")");
    CHECK(value_of("trim('  x ')") == R"("x")");
    CHECK(value_of("length(r.buyer.name)") == "10");
    CHECK(value_of("sub(r.buyer.name, 1, 3)") == R"("Zoë")");
    CHECK(value_of("sub(r.buyer.name, -6)") == R"("Müller")");
    CHECK(value_of("sub('abc', 3, 2)") == R"("")");
    CHECK(value_of("find('a.c', '.')") == "2");
    CHECK(value_of("contains('abc', 'bc')") == "true");
    CHECK(value_of("starts_with(r.orderId, '112')") == "true");
    CHECK(value_of("ends_with(r.orderId, '112')") == "false");
    CHECK(value_of("replace('a-b-c', '-', '+')") == R"("a+b+c")");
    CHECK(value_of("split(r.orderId, '-')[2]") == R"("1234567")");
    CHECK(value_of("pad_left('7', 3, '0')") == R"("007")");
    CHECK(value_of("pad_right('7', 3) .. '|'") == R"("7  |")");
    CHECK(value_of("text(r.quantity) .. '!'") == R"("2!")");
    CHECK(value_of("'\\'' .. \"\\\"\\n\"") == R"("'\"\n")");
}

TEST_CASE("dates give their parts, and lookup tables say when they have no entry", "[mapping]") {
    CHECK(value_of("date(r.createdTime)") == R"("2026-11-23")");
    CHECK(value_of("year(r.createdTime) * 100 + month(r.createdTime)") == "202611");
    CHECK(value_of("day('2026-02-28')") == "28");
    CHECK(value_of("lookup({a = 'Main', b = 'East'}, 'b')") == R"("East")");
    CHECK(value_of("lookup({a = 1}, 'z', 9)") == "9");
    CHECK(value_of("({'x', 'y'})[2]") == R"("y")");
    CHECK(value_of("{id = r.orderId, ['a b'] = 1}") == R"({"a b":1,"id":"112-1234567-1234567"})");
    fails("lookup({a = 1}, 'z')", "no entry for \"z\"");
    fails("date('yesterday')", "is not a date");
}

TEST_CASE("only expressions are allowed: no statement, function, method, assignment or comment",
          "[mapping]") {
    refuses("", "empty");
    refuses("return 1", "only an expression");
    refuses("(function() return 1 end)()", "only an expression");
    refuses("x = 1", "nothing can be assigned");
    refuses("('x'):rep(10)", "methods are not offered");
    refuses("1) os.exit(", "does not belong here");
    refuses("r.orderId -- comment", "comments have no place");
    refuses("r.orderId r.total", "does not belong here");
    refuses("r.[1]", "a field name belongs behind");
    refuses("'open", "no closing quote");
    refuses("'\\x41'", "known escapes");
    refuses("__add(1, 2)", "do not begin with __");
    refuses(std::string(300, '('), "nested deeper");
    refuses(std::string(20'000, '1'), "the limit is 16384");
    refuses("1 +", "ends too early");
    refuses("1 ! 2", "write `not` or `~=`");
}

TEST_CASE("nothing outside our own functions can be reached", "[mapping]") {
    for (const char* name :
         {"os", "io", "string", "debug", "package", "_G", "load", "print", "coroutine",
          "setmetatable", "getmetatable", "rawset", "collectgarbage", "dofile", "table", "math",
          "utf8", "next", "pcall"}) {
        INFO(name);
        const std::string value = value_of(name);
        CHECK((value == R"("default")" || value.starts_with("refused: ")));
    }
    fails("os.exit(1)", "attempt to call a nil value");
    fails("string.rep('x', 1000000000)", "attempt to call a nil value");
    fails("lookup", "function");
}

TEST_CASE("instructions, memory and output are limited for each evaluation", "[mapping]") {
    ExpressionLimits few;
    few.instructions = 50;
    std::string sum = "1";
    for (int i = 0; i < 100; ++i) sum += " + 1";
    // The depth limit stops nesting; the instruction limit stops width.
    fails("(" + sum + ")", "too many steps", few);
    ExpressionLimits small;
    small.output_bytes = 100;
    fails("pad_left('x', 200)", "too long", small);
    fails("replace('xxxxxxxxxxxxxxxxxxxx', 'x', '0123456789')", "too long", small);
    fails("split('" + std::string(150, ',') + "', ',')", "too large", small);
    ExpressionLimits tight;
    tight.memory_bytes = 1;  // raised to what Lua itself needs
    CHECK(value_of("1 + 1", tight) == "2");
    ExpressionLimits wide;
    wide.output_bytes = 64 * 1024 * 1024;
    wide.memory_bytes = 512 * 1024;
    fails("pad_left('x', 10000000)", "too much memory", wide);
    CHECK(value_of("1 + 1", wide) == "2");
}

TEST_CASE("the overlay sets body fields, nested fields and fields of each line", "[mapping]") {
    const Json mapping = Json::parse(R"({
        "memo": "'Amazon ' .. r.orderId",
        "custom.deep.field": "payload.memo",
        "item.items[].location": "line.location or settings.locations.mfn",
        "item.items[].note": "line.sku .. '!'",
        "missing.items[].x": "1",
        "shipMethod": "null"})")
                             .value();
    const Json settings = Json::parse(R"({"locations":{"mfn":"Main"}})").value();
    const Json before = Json::parse(R"({"memo":"old","shipMethod":"7","item":{"items":[
        {"sku":"A","location":"East"},{"sku":"B"}]}})")
                            .value();
    ExpressionInputs in = inputs();
    in.payload = &before;
    in.settings = &settings;
    Json payload = before;
    REQUIRE(Overlay::compile(mapping, {}).value().apply(payload, in));
    CHECK(payload == Json::parse(R"({"memo":"Amazon 112-1234567-1234567","shipMethod":null,
        "custom":{"deep":{"field":"old"}},
        "item":{"items":[{"sku":"A","location":"East","note":"A!"},{"sku":"B","location":"Main","note":"B!"}]}})")
                         .value());
}

TEST_CASE("identity fields and amounts cannot be mapped, nor what stands above or below them",
          "[mapping]") {
    const std::vector<std::string> closed{"externalId", "item.items[].amount"};
    const auto code = [&](const char* path) {
        Result<Overlay> overlay = Overlay::compile(Json::object({{path, Json("1")}}), closed);
        return overlay ? std::string("allowed") : overlay.error().code;
    };
    CHECK(code("externalId") == "mapping.closed_field");
    CHECK(code("item.items[].amount") == "mapping.closed_field");
    CHECK(code("item") == "mapping.closed_field");
    CHECK(code("externalId.x") == "mapping.closed_field");
    CHECK(code("item.items[].amountNote") == "allowed");
    CHECK(code("memo") == "allowed");
    CHECK(code("a..b") == "mapping.syntax");
    CHECK(code("a.b[]") == "mapping.syntax");
    CHECK(Overlay::compile(Json::object({{"memo", Json(5)}}), {}).error().code == "mapping.syntax");
}

TEST_CASE("an error names the field, the expression and the reason", "[mapping]") {
    Result<Overlay> overlay =
        Overlay::compile(Json::object({{"memo", Json("upper(r.quantity)")}}), {});
    Json payload = Json::object();
    const Error error = overlay->apply(payload, inputs()).error();
    CHECK(error.error_class == ErrorClass::Rejected);
    CHECK(error.field == "memo");
    CHECK(error.message ==
          "memo: `upper(r.quantity)`: upper() wants a text, found a number; text(number) makes a "
          "text from a number");
    Json blocked = Json::object({{"memo", Json("text")}});
    CHECK(Overlay::compile(Json::object({{"memo.x", Json("1")}}), {})
              .value()
              .apply(blocked, inputs())
              .error()
              .message.find("nothing can be set below it") != std::string::npos);
}

TEST_CASE("one compiled expression serves several threads", "[mapping]") {
    const Filter shared = Filter::compile("r.quantity * 2 == 4").value();
    std::vector<int> right(4);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < right.size(); ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 500; ++i)
                right[t] += shared.matches(inputs()).value_or(false) ? 1 : 0;
        });
    for (std::thread& thread : threads) thread.join();
    for (const int count : right) CHECK(count == 500);
}
