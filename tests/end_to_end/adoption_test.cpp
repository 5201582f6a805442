// SPDX-License-Identifier: Apache-2.0
// Going live on a seller's existing account: what another tool has made stays and is linked, the
// rest is made, and nothing is written before somebody has said so.
#include "tests/end_to_end/bench_world.hpp"

using namespace carrick;
using carrick::end_to_end::Ended;
using carrick::end_to_end::World;

namespace {

/// The lines of the documents' list that hold a text.
int count_lines(const std::string& documents, const std::string& text) {
    int count = 0;
    for (std::size_t at = documents.find(text); at != std::string::npos;
         at = documents.find(text, at + 1))
        ++count;
    return count;
}

}  // namespace

TEST_CASE("going live on an account where another tool made part of the orders",
          "[end_to_end][adoption][safety]") {
    World world(400);
    world.replace("account: TSTDRV1234567\n    mode: live",
                  "account: TSTDRV1234567\n    mode: shadow");
    world.replace("settings: { discount: line }",
                  "settings: { discount: line }\n    first_run_limit: 5");
    const std::string before = world.documents();
    const int of_others = world.sales_orders();
    CHECK(of_others > 10);
    CHECK(count_lines(before, "AMZ-SO-") == 0);

    // In the shadow everything is decided and proven, and nothing written; no limit is in the way.
    const auto shadow = world.cross();
    CHECK(world.documents() == before);
    CHECK(shadow.at("mfn_orders").at("failed") == 0);

    // Live: the limit holds each store's first run after five orders and asks.
    world.replace("account: TSTDRV1234567\n    mode: shadow",
                  "account: TSTDRV1234567\n    mode: live");
    const Ended asked = world.carrick({"run", "--once"});
    INFO(asked.err);
    CHECK(asked.code == 1);
    CHECK(asked.err.find("first_run_limit") != std::string::npos);
    CHECK(world.sales_orders() - of_others <= 5 * 10);
    CHECK(world.carrick({"flows", "allow", "mfn_orders"}).code == 0);
    world.cross();
    world.must_add_up();

    // The orders of the other tool are as it made them; ours carry our external ids.
    const std::string after = world.documents();
    CHECK(count_lines(after, "AMZ-SO-") == world.sales_orders() - of_others);
    std::string rest = before;
    while (!rest.empty()) {
        const std::string line = rest.substr(0, rest.find('\n') + 1);
        rest.erase(0, line.size());
        INFO(line);
        CHECK(after.find(line) != std::string::npos);
    }

    // Another pass over the same orders, and over what changed in a day, doubles none of them.
    world.advance(std::chrono::hours(24));
    world.cross();
    world.must_add_up();
}
