// SPDX-License-Identifier: Apache-2.0
// Log lines for people.
#include "core/base/log.hpp"

#include <catch2/catch.hpp>

using namespace carrick;

TEST_CASE("a line for people has time, level, place, event, message and the rest", "[log]") {
    const Json line = Json::object({{"ts", "2026-11-23T09:14:00.000Z"},
                                    {"level", "error"},
                                    {"msg", "flow stopped"},
                                    {"flow", "mfn_orders"},
                                    {"origin", "NA1"},
                                    {"partition", "US"},
                                    {"code", "netsuite.unknown_reference"},
                                    {"tries", Json(3)},
                                    {"message", "location \"Mian\" does not exist"}});
    CHECK(log::readable(line) ==
          "2026-11-23T09:14:00.000Z error   mfn_orders NA1/US: flow stopped: location \"Mian\" "
          "does not exist code=netsuite.unknown_reference tries=3");
}

TEST_CASE("a line without a flow begins with its event", "[log]") {
    const Json line = Json::object({{"ts", "2026-11-23T09:14:00.000Z"},
                                    {"level", "warning"},
                                    {"msg", "http"},
                                    {"path", "/a b"},
                                    {"empty", ""}});
    CHECK(log::readable(line) == "2026-11-23T09:14:00.000Z warning http path=\"/a b\" empty=\"\"");
}

TEST_CASE("what a remote system says cannot steer the terminal or begin a line", "[log]") {
    const Json line = Json::object({{"ts", "t"},
                                    {"level", "info"},
                                    {"msg", "plugin message"},
                                    {"message", "a\x1b[2Jb\nc\x7f\xc2\x9b d"},
                                    {"also", "x\x1b"}});
    CHECK(log::readable(line) ==
          "t info    plugin message: a\\u001b[2Jb\\u000ac\\u007f\\u009b d also=x\\u001b");
}

TEST_CASE("the form is what the program chose", "[log]") {
    std::string written;
    log::set_sink([&](log::Level, const std::string& line) { written = line; });
    log::warning("stream failed", {{"flow", Json("orders")}});
    CHECK(written.starts_with("{\"ts\":"));
    log::set_form(log::Form::Text);
    log::warning("stream failed", {{"flow", Json("orders")}});
    CHECK(written.find("warning orders: stream failed") != std::string::npos);
    log::set_form(log::Form::Json);
    log::set_sink({});
}
