// SPDX-License-Identifier: Apache-2.0
// Orders that change or are cancelled after they came across.
#include "tests/end_to_end/bench_world.hpp"

using namespace carrick;
using carrick::end_to_end::World;

namespace {

void must_add_up(const World& world, const std::string& followed) {
    const Json verdict = world.get("/verdict?grace_s=600" + followed);
    INFO(verdict.pretty());
    CHECK(verdict["adds_up"].bool_if() == true);
    CHECK(verdict["required"].integer_if().value_or(0) > 0);
}

}  // namespace

TEST_CASE("orders that change or are cancelled after their import are followed to the cent",
          "[end_to_end][afterwards]") {
    World world(600, {"--changes"});
    world.replace("settings: { discount: line }",
                  "settings: { discount: line, changes: update, cancellations: close }");
    std::int64_t failed = 0;
    for (int round = 0; round < 6; ++round) {
        const auto counts = world.cross();
        failed += counts.at("mfn_orders").at("failed");
        world.advance(std::chrono::hours(12));
    }
    world.cross();
    CHECK(failed == 0);
    must_add_up(world, "&cancelled=closed&changes=follow");
    // And what is followed to its end stays there.
    const std::string documents = world.documents();
    CHECK(world.cross().at("mfn_orders").at("written") == 0);
    CHECK(world.documents() == documents);
}

TEST_CASE("a cancellation that a person is to carry out waits in the error queue",
          "[end_to_end][afterwards]") {
    World world(600, {"--changes"});
    world.replace("settings: { discount: line }",
                  "settings: { discount: line, cancellations: task }");
    for (int round = 0; round < 6; ++round) {
        world.carrick({"run", "--once"});
        world.advance(std::chrono::hours(12));
    }
    const std::string errors = world.carrick({"errors", "list"}).out;
    INFO(errors);
    CHECK(errors.find("order.cancelled_after_import") != std::string::npos);
    must_add_up(world, "");
}
