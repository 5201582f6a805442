// SPDX-License-Identifier: Apache-2.0
// A store is killed at any moment: what it acknowledged is there, and nothing is half there.
#include "core/base/failpoint.hpp"
#include "tests/core/store/sqlite_fixture.hpp"
#include "tests/core/store/store_world.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <random>
#include <thread>

namespace carrick::store {

namespace {

using namespace contract;
using testing::look;
using testing::open_store;
using testing::StoreFolder;

constexpr std::int64_t kPage = 10;

// Every part of a commit says its number, so that a half of one can be seen.
void fill(Commit& commit, std::int64_t number, InstanceNumber channel) {
    const std::string text = std::to_string(number);
    commit.append = orders(kPage);
    commit.checkpoint = Checkpoint{"api", text, {}};
    commit.ledger = {{"key-" + text, kMonday, {}, 0, "{}"}, {"same", kMonday, {}, 0, text}};
    commit.links = {{"a.b", "key-" + text, text}};
    commit.errors = {error_row("key-" + text)};
    commit.cursors = {{channel, number * kPage}};
    OpenRecord open;
    open.channel = channel;
    open.seq = number * kPage;
    open.record = order("key");
    commit.open_put = {open};
    commit.bucket_levels = {{"NA1/getOrders", text}};
}

/// In the child: commits until it dies, and writes a byte for each acknowledged one.
[[noreturn]] void commit_for_ever(const SqliteOptions& options, int acknowledge,
                                  const char* failpoints) {
    auto store = open_sqlite_store(options);
    if (!store) ::_exit(2);
    const InstanceState state = (*store)->load_instance(kOrders).value();
    if (!(*store)->subscribe(state.number, state.number, false)) ::_exit(3);
    if (!failpoint::arm_from_text(failpoints)) ::_exit(4);
    char ready = 'r';
    if (::write(acknowledge, &ready, 1) != 1) ::_exit(5);
    for (std::int64_t number = state.last_commit + 1;; ++number) {
        Commit commit;
        commit.instance = state.number;
        commit.epoch = (*store)->epoch();
        commit.expected_commit = number - 1;
        commit.now = kMonday;
        fill(commit, number, state.number);
        if (!(*store)->commit(commit)) ::_exit(6);
        if (::write(acknowledge, &ready, 1) != 1) ::_exit(7);
    }
}

struct Child {
    pid_t process = 0;
    int acknowledged = -1;
};

Child start(const SqliteOptions& options, const char* failpoints) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t process = ::fork();
    REQUIRE(process >= 0);
    if (process == 0) {
        ::close(ends[0]);
        commit_for_ever(options, ends[1], failpoints);
    }
    ::close(ends[1]);
    char ready = 0;
    REQUIRE(::read(ends[0], &ready, 1) == 1);
    return {process, ends[0]};
}

/// How many commits the child acknowledged; it must have died by SIGKILL.
std::int64_t acknowledged_by(const Child& child) {
    std::int64_t count = 0;
    char bytes[4096];
    for (ssize_t got = 0; (got = ::read(child.acknowledged, bytes, sizeof bytes)) > 0;)
        count += got;
    ::close(child.acknowledged);
    int status = 0;
    REQUIRE(::waitpid(child.process, &status, 0) == child.process);
    REQUIRE(WIFSIGNALED(status));
    REQUIRE(WTERMSIG(status) == SIGKILL);
    return count;
}

/// Returns the number of the last commit, after checking that all parts of all of them are there.
std::int64_t check_whole(const SqliteOptions& options) {
    const auto store = open_store(options);
    CHECK(look(options.path, "PRAGMA integrity_check") == "ok");
    const InstanceState state = store->load_instance(kOrders).value();
    const std::int64_t last = state.last_commit;
    CHECK(state.channel_end == last * kPage);
    const auto records = store->read_channel(state.number, 0, 1'000'000).value();
    CHECK(static_cast<std::int64_t>(records.size()) == last * kPage);
    if (last == 0) return 0;
    CHECK(state.checkpoints.at(0).text == std::to_string(last));
    CHECK(state.cursors.at(0).seq == last * kPage);
    CHECK(static_cast<std::int64_t>(state.open.size()) == last);
    CHECK(store->bucket_levels()->at(0).second == std::to_string(last));
    ErrorFilter all;
    all.limit = 10'000;
    CHECK(static_cast<std::int64_t>(store->errors(all)->size()) == last);
    std::vector<std::string> keys{"same"};
    for (std::int64_t number = 1; number <= last + 1; ++number)
        keys.push_back("key-" + std::to_string(number));
    const auto ledger = store->ledger(state.number, keys).value();
    CHECK(ledger[0]->target_ids == std::to_string(last));
    for (std::int64_t number = 1; number <= last + 1; ++number) {
        const auto& key = keys[static_cast<std::size_t>(number)];
        REQUIRE(ledger[static_cast<std::size_t>(number)].has_value() == (number <= last));
        REQUIRE(store->links("a.b", key)->empty() == (number > last));
    }
    return last;
}

}  // namespace

TEST_CASE("whatever was acknowledged survives a kill at any moment, whole", "[crash]") {
    StoreFolder folder;
    std::mt19937 random(20261123);
    std::int64_t before = 0;
    for (int round = 0; round < 20; ++round) {
        const Child child = start(folder.options(), "");
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 60'000));
        ::kill(child.process, SIGKILL);
        const std::int64_t acknowledged = acknowledged_by(child);
        const std::int64_t last = check_whole(folder.options());
        INFO("round " << round << ", " << acknowledged << " acknowledged");
        // One commit may have become durable without its acknowledgement.
        CHECK(last >= before + acknowledged);
        CHECK(last <= before + acknowledged + 1);
        before = last;
    }
    CHECK(before > 0);
}

TEST_CASE("a crash at each step of a commit leaves it whole or absent", "[crash]") {
    const auto [failpoints, expected] =
        GENERATE(table<const char*, std::int64_t>({{"store.before_commit=crash@3", 2},
                                                   {"store.mid_commit=crash@3", 2},
                                                   {"store.after_commit=crash@3", 3}}));
    StoreFolder folder;
    const Child child = start(folder.options(), failpoints);
    CHECK(acknowledged_by(child) == 2);
    CHECK(check_whole(folder.options()) == expected);
}

TEST_CASE("the kernel frees the lock of a killed engine", "[crash]") {
    StoreFolder folder;
    const Child child = start(folder.options(), "");
    const auto beside = open_sqlite_store(folder.options());
    REQUIRE_FALSE(beside);
    CHECK(beside.error().code == "store.locked");
    CHECK(beside.error().message.find(std::to_string(child.process)) != std::string::npos);
    ::kill(child.process, SIGKILL);
    static_cast<void>(acknowledged_by(child));
    CHECK(open_sqlite_store(folder.options()));
}

}  // namespace carrick::store
