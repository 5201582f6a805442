// SPDX-License-Identifier: Apache-2.0
// A store that takes nothing: all work pauses, is tried again ever more seldom, and goes on.
#include "core/base/failpoint.hpp"
#include "core/base/log.hpp"
#include "core/store/sqlite/sqlite_handle.hpp"
#include "tests/core/engine/kit.hpp"

using namespace carrick;
using namespace carrick::engine;
using namespace carrick::engine::testing;

namespace {

/// While `full`, no commit and no try succeeds; every try's time is kept.
class FullDisk {
public:
    explicit FullDisk(const VirtualClock& clock) {
        failpoint::arm("store.before_commit", [this] {
            if (full) refuse();
        });
        failpoint::arm("store.before_try", [this, &clock] {
            tries.push_back(clock.now());
            if (full) refuse();
        });
        log::set_sink([this](log::Level, const std::string& line) { lines.push_back(line); });
    }
    ~FullDisk() {
        failpoint::disarm_all();
        log::set_sink({});
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

    [[nodiscard]] std::int64_t lines_with(const std::string& words) const {
        return std::count_if(lines.begin(), lines.end(), [&](const std::string& line) {
            return line.find(words) != std::string::npos;
        });
    }

    bool full = false;
    std::vector<UtcTime> tries;
    std::vector<std::string> lines;

private:
    static void refuse() {
        throw store::sqlite::Failure(
            store::sqlite::error_of(SQLITE_FULL, "COMMIT", "", "/var/lib/carrick/carrick.db"));
    }
};

/// A source that emits one order until its checkpoint is stored. Counts how often it is asked.
void emit_until_stored(Bench& bench, int& asked) {
    scripts()["source"].extract = [&asked](sdk::Call& call, std::string_view,
                                           std::string_view checkpoint) {
        ++asked;
        if (checkpoint.empty())
            call.emit_record({.key = "order-1", .version = UtcTime(1), .body = "{}"});
        call.set_checkpoint("read", sdk::PageEnd::Idle);
    };
    bench.start();
}

}  // namespace

TEST_CASE(
    "on a full disk nothing is fetched; the tries come after 1, 2, 4 ... 60 s, and all goes on",
    "[engine][outage]") {
    Bench bench;
    int asked = 0;
    emit_until_stored(bench, asked);
    FullDisk disk(bench.clock);
    disk.full = true;
    bench.run();
    CHECK(asked == 1);
    const auto outage = bench.engine->store_outage();
    REQUIRE(outage);
    CHECK(outage->code == "store.full");
    CHECK(outage->message.find("free space at /var/lib/carrick/carrick.db") != std::string::npos);
    CHECK(outage->message.find("nothing is lost") != std::string::npos);
    CHECK_FALSE(bench.engine->finished());
    CHECK_FALSE(bench.engine->quiet());

    const UtcTime began = bench.clock.now();
    for (int second = 0; second < 190; ++second) bench.run_after(Milliseconds(1'000));
    std::vector<std::int64_t> seconds;
    for (const UtcTime at : disk.tries) seconds.push_back((at - began).count() / 1'000);
    CHECK(seconds == std::vector<std::int64_t>{1, 3, 7, 15, 31, 63, 123, 183});
    CHECK(asked == 1);
    CHECK(bench.engine->next_wakeup() == began + Milliseconds(243'000));

    disk.full = false;
    bench.run_after(Milliseconds(53'000));
    CHECK_FALSE(bench.engine->store_outage());
    CHECK(asked == 2);
    CHECK(bench.target.order == std::vector<std::string>{"order-1"});
    CHECK(disk.lines_with("store takes nothing") == 1);
    CHECK(disk.lines_with("store takes commits again") == 1);
    CHECK(bench.errors().empty());
}

TEST_CASE("what was sent when the disk filled up is sent once where the target cannot repeat it",
          "[engine][outage]") {
    Bench bench(kUnsafeRest);
    FullDisk disk(bench.clock);
    bench.target.before_reply = [&] { disk.full = true; };
    bench.script().reconcile = [](sdk::Call& call, const sdk::Records& records,
                                  const sdk::Attempts&) {
        for (const sdk::RecordView record : records) call.done(record);
    };
    bench.emit({{"order-1"}});
    bench.run();
    CHECK(bench.engine->store_outage());
    bench.run_after(Milliseconds(600'000));
    CHECK(bench.script().deliveries == 1);
    CHECK(bench.script().reconciliations == 0);
    disk.full = false;
    bench.run_after(Milliseconds(60'000));
    CHECK(bench.script().reconciliations == 1);
    CHECK(bench.target.order.size() == 1);
    CHECK(bench.counts("sink").done == 1);
}

TEST_CASE("a disk that fills up again at once is still the same trouble: the pauses go on growing",
          "[engine][outage]") {
    Bench bench;
    int asked = 0;
    emit_until_stored(bench, asked);
    FullDisk disk(bench.clock);
    disk.full = true;
    bench.run();
    bench.run_after(Milliseconds(1'000));  // the second pause is 2 s
    disk.full = false;
    failpoint::arm("store.before_try", [&] {
        // Just enough space for the try, none for the page.
        disk.full = true;
        disk.tries.push_back(bench.clock.now());
    });
    bench.run_after(Milliseconds(2'000));
    CHECK(asked == 2);
    CHECK(bench.engine->next_wakeup() == bench.clock.now() + Milliseconds(4'000));
}

TEST_CASE("the tries of a store leave nothing behind", "[engine][outage]") {
    Bench bench;
    REQUIRE(bench.store->try_write());
    REQUIRE(bench.store->try_write());
    CHECK(bench.store->identity_key().value().size() == 64);
    CHECK(bench.store->instances()->empty());
}
