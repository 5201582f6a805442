// SPDX-License-Identifier: Apache-2.0
#include "core/base/failpoint.hpp"

#include <catch2/catch.hpp>

namespace failpoint = carrick::failpoint;

TEST_CASE("a failpoint acts only where and while it is armed", "[failpoint]") {
    int hits = 0;
    failpoint::arm("test.here", [&] { ++hits; });
    failpoint::pass("test.elsewhere");
    CHECK(hits == 0);
    failpoint::pass("test.here");
    CHECK(hits == 1);
    failpoint::disarm("test.here");
    failpoint::pass("test.here");
    CHECK(hits == 1);
}

TEST_CASE("failpoints are armed from text, and text that cannot be read is refused",
          "[failpoint]") {
    CHECK(failpoint::arm_from_text("a.b=delay:1;c.d=crash@7"));
    CHECK_FALSE(failpoint::arm_from_text("a.b"));
    CHECK_FALSE(failpoint::arm_from_text("a.b=explode"));
    CHECK_FALSE(failpoint::arm_from_text("a.b=delay:soon"));
    CHECK_FALSE(failpoint::arm_from_text("a.b=crash@0"));
    failpoint::disarm_all();
}
