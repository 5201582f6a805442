// SPDX-License-Identifier: Apache-2.0
// A disk that fills up in the middle of the work, played by a limit on the size of files: nothing
// is lost, nothing is written twice, and who waits for the end of a run is told.
#include "tests/end_to_end/bench_world.hpp"

#include <thread>

using namespace carrick;
using carrick::end_to_end::Ended;
using carrick::end_to_end::World;

namespace {

// Enough to open the store and bring some orders across, not enough for all.
constexpr std::uint64_t kSmall = 1'500'000;

int lines_with(const std::string& text, const std::string& words) {
    int count = 0;
    for (std::size_t at = text.find(words); at != std::string::npos;
         at = text.find(words, at + words.size()))
        ++count;
    return count;
}

}  // namespace

TEST_CASE(
    "run --once on a full disk gives up after its patience, names the place, and loses nothing",
    "[end_to_end][full_disk]") {
    World world(500);
    world.limit_files(kSmall);
    const Ended ended = world.carrick({"run", "--once"});
    INFO(ended.err);
    CHECK(ended.code == 1);
    CHECK(ended.err.find("nothing can be stored") != std::string::npos);
    CHECK(ended.err.find((world.folder() / "var").string()) != std::string::npos);
    CHECK(ended.err.find("nothing is lost") != std::string::npos);
    CHECK(lines_with(ended.err, "store takes nothing") == 1);
    CHECK(world.sales_orders() < 300);

    world.limit_files(0);
    world.cross();
    world.must_add_up();
}

TEST_CASE("an engine on a full disk goes on by itself when there is space again",
          "[end_to_end][full_disk]") {
    World world(500);
    world.limit_files(kSmall);
    world.start({"run", "--once"});
    for (int i = 0;
         i < 1'000 && world.errors_so_far().find("store takes nothing") == std::string::npos; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    world.limit_files(0);
    const Ended ended = world.finish();
    INFO(ended.err);
    CHECK(ended.code == 0);
    CHECK(lines_with(ended.err, "store takes nothing") == 1);
    CHECK(lines_with(ended.err, "store takes commits again") == 1);
    world.must_add_up();
}
