// SPDX-License-Identifier: Apache-2.0
// What only the SQLite store promises: one engine a file, peers, full disks, purged bodies.
#include "core/base/failpoint.hpp"
#include "core/store/sqlite/engine_lock.hpp"
#include "core/store/sqlite/ledger_table.hpp"
#include "tests/core/store/sqlite_fixture.hpp"
#include "tests/core/store/store_world.hpp"

#include <atomic>
#include <fstream>
#include <optional>
#include <sstream>
#include <thread>

namespace carrick::store {

namespace {

using namespace contract;
using testing::look;
using testing::open_store;
using testing::StoreFolder;

std::string all_bytes(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    return bytes.str();
}

SqliteOptions peer_of(const StoreFolder& folder) {
    SqliteOptions options = folder.options();
    options.read_only_peer = true;
    return options;
}

}  // namespace

// ---- opening ----

TEST_CASE("two engines never share one file", "[sqlite]") {
    StoreFolder folder;
    auto first = open_store(folder.options());
    const auto second = open_sqlite_store(folder.options());
    REQUIRE_FALSE(second);
    CHECK(second.error().code == "store.locked");
    CHECK(second.error().error_class == ErrorClass::Misconfigured);
    CHECK(second.error().message.find(std::to_string(::getpid())) != std::string::npos);

    SqliteOptions by_link = folder.options();
    by_link.path = folder.path() / "link.db";
    std::filesystem::create_symlink(folder.database(), by_link.path);
    CHECK(open_sqlite_store(by_link).error().code == "store.locked");

    first.reset();
    CHECK(open_sqlite_store(folder.options()));
}

TEST_CASE("the store makes its folder, and a file that only its owner may read", "[sqlite]") {
    StoreFolder folder;
    SqliteOptions options = folder.options();
    options.path = folder.path() / "var" / "deep" / "carrick.db";
    const auto store = open_store(options);
    using std::filesystem::perms;
    for (const char* suffix : {"", "-wal", "-shm", ".lock"})
        CHECK((std::filesystem::status(options.path.string() + suffix).permissions() &
               (perms::group_all | perms::others_all)) == perms::none);
}

TEST_CASE("a path that cannot be opened is the configuration's fault", "[sqlite]") {
    StoreFolder folder;
    SqliteOptions options = folder.options();
    options.path = folder.path();  // a folder
    const auto refused = open_sqlite_store(options);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "store.cannot_open");
    CHECK(refused.error().error_class == ErrorClass::Misconfigured);
    // The reason stands there once.
    const std::string& message = refused.error().message;
    const std::string text = "Is a directory";
    INFO(message);
    REQUIRE(message.find(text) != std::string::npos);
    CHECK(message.find(text) == message.rfind(text));
    options.path = "/proc/nowhere/carrick.db";
    CHECK(open_sqlite_store(options).error().error_class == ErrorClass::Misconfigured);
}

TEST_CASE("a file that is no database is refused and left as it is", "[sqlite]") {
    StoreFolder folder;
    const std::string text(9000, 'x');
    std::ofstream(folder.database()) << text;
    const auto refused = open_sqlite_store(folder.options());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "store.corrupt");
    CHECK(refused.error().error_class == ErrorClass::Bug);
    CHECK(all_bytes(folder.database()) == text);
}

TEST_CASE("damage inside the file is an error, not a wrong answer", "[sqlite]") {
    StoreFolder folder;
    {
        auto store = open_store(folder.options());
        Instance(*store, kOrders).append(orders(3000));
    }
    SECTION("headers that are no headers") {
        look(folder.database(), "UPDATE channel_page SET headers = x'0102'");
    }
    SECTION("a payload that is too short") {
        look(folder.database(), "UPDATE payload SET bytes = x'01'");
    }
    SECTION("overwritten pages") {
        const std::uintmax_t size = std::filesystem::file_size(folder.database());
        std::fstream file(folder.database(), std::ios::in | std::ios::out | std::ios::binary);
        const std::string noise(4096, '\x5a');
        // Everything behind the schema.
        for (std::uintmax_t at = 200 * 1024; at + 4096 <= size; at += 4096) {
            file.seekp(static_cast<std::streamoff>(at));
            file << noise;
        }
        file.close();
    }
    auto store = open_store(folder.options());
    const auto read = store->read_channel(1, 0, 3000);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == "store.corrupt");
    CHECK(read.error().error_class == ErrorClass::Bug);
}

TEST_CASE("network file systems are known by their type", "[sqlite]") {
    CHECK(sqlite::network_file_system(0x6969) == "NFS");
    CHECK(sqlite::network_file_system(0xfe534d42) == "SMB2");
    CHECK(sqlite::network_file_system(0xff534d42) == "CIFS");
    CHECK(sqlite::network_file_system(0xef53).empty());      // ext4
    CHECK(sqlite::network_file_system(0x01021994).empty());  // tmpfs
    CHECK(sqlite::require_local(std::filesystem::temp_directory_path()));
}

TEST_CASE("a store in memory does the same work", "[sqlite]") {
    SqliteOptions options;
    options.path = ":memory:";
    const auto store = open_store(options);
    OrdersAndConsumer world(*store);
    world.consumer.commit([&](Commit& commit) {
        commit.cursors = {{world.producer.number(), 3}};
        commit.open_put = {world.open(2, OpenState::Waiting)};
    });
    CHECK(world.body(2) == R"({"orderId":"111-2"})");
    CHECK(store->read_channel(world.producer.number(), 0, 10)->size() == 3);
    CHECK(open_store(options)->instances()->empty());
}

// ---- the guard ----

TEST_CASE("an engine that was taken over writes nothing more", "[sqlite]") {
    StoreFolder folder;
    auto store = open_store(folder.options());
    OrdersAndConsumer world(*store);
    look(folder.database(), "UPDATE setting SET value = value + 1 WHERE name = 'epoch'");
    const auto commit =
        world.producer.try_commit([](Commit& change) { change.append = {order("111-4")}; });
    CHECK(commit.error().code == "store.fenced");
    CHECK(store->begin_run(1, "once", kMonday).error().code == "store.fenced");
    CHECK(store->cache_put("a", "b", "c", kMonday).error().code == "store.fenced");
    CHECK(store->collect_garbage(kMonday, Milliseconds(0)).error().code == "store.fenced");
    CHECK(store->channel_end(world.producer.number()).value() == 3);
    CHECK(store->post_request({}));  // anybody may wish
}

TEST_CASE("a peer reads and posts requests beside a running engine, and nothing else", "[sqlite]") {
    StoreFolder folder;
    CHECK(open_sqlite_store(peer_of(folder)).error().code == "store.cannot_open");
    auto engine = open_store(folder.options());
    OrdersAndConsumer world(*engine);
    auto peer = open_store(peer_of(folder));
    CHECK(peer->epoch() == 0);
    CHECK(peer->read_channel(world.producer.number(), 0, 10)->size() == 3);
    world.producer.append({order("111-4")});
    CHECK(peer->channel_end(world.producer.number()).value() == 4);
    CHECK(peer->load_instance(kOrders)->last_commit == 2);
    const std::int64_t id =
        peer->post_request({0, "flows.run", "{}", "ops", kMonday, false, {}}).value();
    CHECK(engine->pending_requests()->front().kind == "flows.run");
    REQUIRE(engine->answer_request(id, "{}"));
    CHECK(peer->request(id).value()->answered);

    CHECK(peer->load_instance({"new", "NA1", ""}).error().code == "store.read_only");
    CHECK(peer->commit(Commit{}).error().code == "store.read_only");
    CHECK(peer->begin_run(1, "once", kMonday).error().code == "store.read_only");
    CHECK(peer->answer_request(id, "{}").error().code == "store.read_only");
    CHECK(engine->commit(world.producer.next()));
}

// ---- full disks and failures ----

TEST_CASE("a full disk refuses the commit whole, and work goes on when there is space",
          "[sqlite]") {
    StoreFolder folder;
    SqliteOptions small = folder.options();
    small.maximum_pages = 400;
    auto store = open_store(small);
    std::optional<Instance> producer(std::in_place, *store, kOrders);
    const auto append = [&](Seq first) {
        return producer->try_commit([&](Commit& commit) {
            commit.append = orders(1000);
            commit.ledger = {{"page-" + std::to_string(first), kMonday, {}, 0, "{}"}};
        });
    };
    Seq end = 0;
    Result<Receipt> last = append(end);
    for (; last; last = append(end)) end = last->last_appended;
    REQUIRE(end >= 1000);
    CHECK(last.error().code == "store.full");
    CHECK(last.error().error_class == ErrorClass::Transient);
    const auto nothing_of_it = [&] {
        const std::vector<std::string> keys{"page-" + std::to_string(end)};
        CHECK(store->channel_end(producer->number()).value() == end);
        CHECK_FALSE(store->ledger(producer->number(), keys)->front());
        CHECK(static_cast<Seq>(store->read_channel(producer->number(), 0, 100'000)->size()) == end);
    };
    nothing_of_it();
    CHECK(append(end).error().code == "store.full");
    SECTION("after garbage was collected") {
        const Milliseconds hour(3'600'000);
        CHECK(store->collect_garbage(kMonday + 2 * hour, hour).value() == end);
    }
    SECTION("after the disk grew") {
        store.reset();
        store = open_store(folder.options());
        nothing_of_it();
        producer.emplace(*store, kOrders);
    }
    CHECK(append(end)->last_appended == end + 1000);
    store.reset();
    CHECK(look(folder.database(), "PRAGMA integrity_check") == "ok");
}

TEST_CASE("an exception in the middle of a commit rolls it back", "[sqlite]") {
    StoreFolder folder;
    auto store = open_store(folder.options());
    Instance producer(*store, kOrders);
    failpoint::arm("store.mid_commit", [] { throw std::runtime_error("pulled plug"); });
    const auto failed = producer.try_commit([](Commit& commit) { commit.append = orders(10); });
    failpoint::disarm_all();
    CHECK(failed.error().code == "store.exception");
    CHECK(store->channel_end(producer.number()).value() == 0);
    CHECK(producer.append(orders(10)).last_appended == 10);
}

// ---- the ledger's hashes ----

TEST_CASE("keys whose hashes collide keep their own entries", "[sqlite][ledger]") {
    StoreFolder folder;
    SqliteOptions options = folder.options();
    // All keys at the last number: the chain wraps around to the first.
    options.ledger_hash = [](InstanceNumber, std::string_view) -> std::uint64_t {
        return 0x7fffffffffffffff;
    };
    const auto store = open_store(options);
    Instance sales(*store, kSalesOrders);
    Instance other(*store, {"mfn_orders", "NA1", "CA"});
    std::vector<std::string> keys;
    for (int i = 0; i < 40; ++i) keys.push_back("key-" + std::to_string(i));
    const auto put = [&](Instance& instance, const std::string& what) {
        instance.commit([&](Commit& commit) {
            for (const std::string& key : keys)
                commit.ledger.push_back({key, kMonday, {}, 0, what + key});
        });
    };
    put(sales, "first ");
    put(other, "other ");
    put(sales, "second ");
    const auto mine = store->ledger(sales.number(), keys).value();
    const auto others = store->ledger(other.number(), keys).value();
    for (std::size_t i = 0; i < keys.size(); ++i) {
        REQUIRE((mine[i] && others[i]));
        CHECK(mine[i]->target_ids == "second " + keys[i]);
        CHECK(others[i]->target_ids == "other " + keys[i]);
    }
    CHECK(look(folder.database(), "SELECT count(*) FROM ledger_key") == "80");
    // What newer entries replaced is garbage, and nothing else is.
    REQUIRE(store->collect_garbage(kMonday, Milliseconds(0)));
    CHECK(look(folder.database(), "SELECT count(*) FROM ledger_entry") == "80");
    CHECK(store->ledger(sales.number(), keys)->at(7)->target_ids == "second key-7");
}

TEST_CASE("the hash of a ledger key never changes", "[sqlite][ledger]") {
    // From a second implementation, in Python.
    CHECK(sqlite::ledger_hash(1, "") == 0x4a3a3a4ba6523826);
    CHECK(sqlite::ledger_hash(1, "111-1234567-1234567") == 0x5be1250b9648294e);
    CHECK(sqlite::ledger_hash(2, "111-1234567-1234567") == 0xd7acf07845e17aca);
}

// ---- personal data ----

TEST_CASE("bodies past their expiry are gone from the file, their headers stay", "[sqlite]") {
    StoreFolder folder;
    SqliteOptions options = folder.options();
    options.payload_life = Milliseconds(3'600'000);
    auto store = open_store(options);
    OrdersAndConsumer world(*store);
    const InstanceNumber channel = world.producer.number();
    world.producer.append(
        {order("111-4", R"({"buyer":"Canary Lane 4)" + std::string(9000, '.') + "\"}")});
    world.consumer.commit([&](Commit& commit) {
        commit.open_put = {world.open(4, OpenState::Failed), world.open(1, OpenState::Failed)};
        commit.open_put[1].record.body = R"({"buyer":"Canary Lane 1"})";
        commit.attempts_put = {{channel, 1, "salesOrder", "X", "Canary Lane 1", kMonday}};
    });
    REQUIRE(store->collect_garbage(kMonday + Milliseconds(3'599'999), Milliseconds(1LL << 40)));
    CHECK(world.body(1) == R"({"buyer":"Canary Lane 1"})");
    REQUIRE(store->collect_garbage(kMonday + Milliseconds(3'600'000), Milliseconds(1LL << 40)));
    CHECK(world.body(1).empty());
    CHECK(world.body(4).empty());
    const auto read = store->read_channel(channel, 0, 10).value();
    REQUIRE(read.size() == 4);
    CHECK(read[3].record.key == "111-4");
    CHECK(read[3].record.body.empty());
    CHECK(world.consumer.state().open.size() == 2);
    CHECK(world.consumer.state().attempts[0].body.empty());
    store.reset();
    CHECK(all_bytes(folder.database()).find("Canary") == std::string::npos);
    CHECK(look(folder.database(), "SELECT count(*) FROM payload") != "0");
}

TEST_CASE("personal data stands in the payload table only", "[sqlite]") {
    StoreFolder folder;
    {
        auto store = open_store(folder.options());
        OrdersAndConsumer world(*store);
        world.consumer.commit([&](Commit& commit) {
            commit.open_put = {world.open(1, OpenState::Failed)};
            commit.open_put[0].record.body = R"({"buyer":"Canary"})";
            commit.attempts_put = {
                {world.producer.number(), 1, "salesOrder", "X", "Canary", kMonday}};
        });
    }
    CHECK(all_bytes(folder.database()).find("Canary") != std::string::npos);
    look(folder.database(), "PRAGMA secure_delete = ON; DELETE FROM payload");
    CHECK(all_bytes(folder.database()).find("Canary") == std::string::npos);
    CHECK(all_bytes(folder.database()).find("orderId") == std::string::npos);
}

TEST_CASE("payloads of settled records and attempts leave no row behind", "[sqlite]") {
    StoreFolder folder;
    auto store = open_store(folder.options());
    OrdersAndConsumer world(*store);
    const std::string before = look(folder.database(), "SELECT count(*) FROM payload");
    const InstanceNumber channel = world.producer.number();
    for (int round = 0; round < 2; ++round)
        world.consumer.commit([&](Commit& commit) {
            commit.open_put = {world.open(1, OpenState::Failed)};
            commit.open_put[0].record.body = "{}";
            commit.attempts_put = {{channel, 1, "salesOrder", "X", "{}", kMonday}};
        });
    world.consumer.commit([&](Commit& commit) {
        commit.open_settled = {{channel, 1}};
        commit.attempts_settled = {{channel, 1}};
    });
    CHECK(look(folder.database(), "SELECT count(*) FROM payload") == before);
}

TEST_CASE("a body handed back unchanged is not stored twice", "[sqlite]") {
    StoreFolder folder;
    auto store = open_store(folder.options());
    OrdersAndConsumer world(*store);
    const std::string before = look(folder.database(), "SELECT count(*) FROM payload");
    for (int twice = 0; twice < 2; ++twice)
        world.consumer.commit([&](Commit& commit) {
            commit.open_put = {world.open(2, OpenState::Retrying)};
            commit.open_put[0].record.body = R"({"orderId":"111-2"})";
        });
    CHECK(look(folder.database(), "SELECT count(*) FROM payload") == before);
    CHECK(world.body(2) == R"({"orderId":"111-2"})");
}

// ---- size and threads ----

TEST_CASE("a hundred thousand records pass through, in order and complete", "[sqlite]") {
    StoreFolder folder;
    const auto store = open_store(folder.options());
    Instance producer(*store, kOrders);
    Instance consumer(*store, kSalesOrders);
    REQUIRE(store->subscribe(consumer.number(), producer.number(), false));
    for (int page = 0; page < 20; ++page) {
        std::vector<Record> records = orders(5000);
        for (Record& record : records) record.key += "-" + std::to_string(page);
        producer.append(std::move(records));
    }
    Seq seen = 0;
    while (seen < 100'000) {
        const auto read = store->read_channel(producer.number(), seen, 4000).value();
        REQUIRE(read.size() == 4000);
        consumer.commit([&](Commit& commit) {
            for (const StoredRecord& stored : read) {
                if (stored.seq != ++seen) FAIL("a gap before " << stored.seq);
                commit.ledger.push_back({stored.record.key, kMonday, {}, 0, "{}"});
            }
            commit.cursors = {{producer.number(), seen}};
        });
    }
    CHECK(look(folder.database(), "SELECT count(*) FROM ledger_key") == "100000");
    CHECK(store->collect_garbage(kMonday + Milliseconds(1), Milliseconds(0)).value() == 100'000);
}

TEST_CASE("commits that wait together succeed and fail each for itself", "[sqlite][threads]") {
    StoreFolder folder;
    const auto store = open_store(folder.options());
    constexpr int kThreads = 6;
    constexpr int kCommits = 40;
    std::vector<std::unique_ptr<Instance>> instances;
    for (int i = 0; i < kThreads; ++i)
        instances.push_back(std::make_unique<Instance>(
            *store, InstanceName{"mfn_orders", "NA1", std::to_string(i)}));
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i)
        threads.emplace_back([&, i] {
            for (int n = 0; n < kCommits; ++n) {
                const std::string key = std::to_string(n);
                const bool refused = (n + i) % 3 == 0;
                const auto receipt =
                    instances[static_cast<std::size_t>(i)]->try_commit([&](Commit& commit) {
                        commit.ledger = {{key, kMonday, {}, 0, "{}"}};
                        if (refused) commit.run = 99;  // found out when the ledger is written
                    });
                if (receipt.ok() == refused) ++wrong;
                if (refused && !receipt.ok() && receipt.error().code != "store.unknown_run")
                    ++wrong;
            }
        });
    for (std::thread& thread : threads) thread.join();
    CHECK(wrong == 0);
    for (int i = 0; i < kThreads; ++i)
        for (int n = 0; n < kCommits; ++n) {
            const std::vector<std::string> key{std::to_string(n)};
            const auto entry =
                store->ledger(instances[static_cast<std::size_t>(i)]->number(), key).value();
            CHECK(entry[0].has_value() == ((n + i) % 3 != 0));
        }
}

TEST_CASE("readers see whole commits while several instances write", "[sqlite][threads]") {
    StoreFolder folder;
    const auto store = open_store(folder.options());
    constexpr int kCommits = 60;
    std::atomic<int> writing{2};
    std::atomic<bool> torn{false};
    std::atomic<int> refused{0};
    const auto write = [&](const std::string& partition) {
        const InstanceName name{"amazon_orders", "NA1", partition};
        std::int64_t last = 0;
        const InstanceNumber number = store->load_instance(name)->number;
        for (int i = 0; i < kCommits; ++i) {
            Commit commit;
            commit.instance = number;
            commit.epoch = store->epoch();
            commit.expected_commit = last;
            commit.append = orders(10);
            commit.checkpoint = Checkpoint{"api", std::to_string((i + 1) * 10), {}};
            const auto receipt = store->commit(commit);
            if (!receipt) ++refused;
            last = i + 1;
        }
        --writing;
    };
    const auto read = [&](const std::string& partition) {
        const InstanceName name{"amazon_orders", "NA1", partition};
        while (writing > 0) {
            const auto state = store->load_instance(name);
            if (!state) {
                ++refused;
                continue;
            }
            if (state->channel_end != state->last_commit * 10) torn = true;
            if (state->last_commit > 0 &&
                state->checkpoints.front().text != std::to_string(state->channel_end))
                torn = true;
            const auto records = store->read_channel(state->number, 0, 100'000);
            if (!records || static_cast<Seq>(records->size()) < state->channel_end ||
                records->size() % 10 != 0)
                torn = true;
        }
    };
    std::vector<std::thread> threads;
    for (const char* partition : {"US", "CA"}) {
        threads.emplace_back(write, partition);
        threads.emplace_back(read, partition);
    }
    for (std::thread& thread : threads) thread.join();
    CHECK_FALSE(torn);
    CHECK(refused == 0);
    CHECK(store->channel_end(1).value() == kCommits * 10);
    CHECK(store->channel_end(2).value() == kCommits * 10);
}

TEST_CASE("the write-ahead log stays bounded while work goes on", "[sqlite]") {
    StoreFolder folder;
    const auto store = open_store(folder.options());
    Instance producer(*store, kOrders);
    std::uintmax_t largest = 0;
    for (int page = 0; page < 60; ++page) {
        producer.append({order("k", std::string(4 << 20, 'x'))});
        largest =
            std::max(largest, std::filesystem::file_size(folder.database().string() + "-wal"));
    }
    CHECK(largest < 128U << 20);  // of 240 MiB written
}

}  // namespace carrick::store
