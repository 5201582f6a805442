// SPDX-License-Identifier: Apache-2.0
// Requests in parallel, replies on one thread.
#include "core/connectors/parallel_calls.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <set>
#include <stdexcept>

using namespace carrick;
using namespace carrick::connectors;
using namespace std::chrono_literals;

namespace {

std::vector<Request> requests(std::size_t count) {
    std::vector<Request> all;
    for (std::size_t i = 0; i < count; ++i) all.push_back({"test.read", std::to_string(i)});
    return all;
}

Reply echo(const Request& request) {
    return {ReplyStatus::Ok, "reply to " + request.body, {}};
}

class Collect : public ReplyHandler {
public:
    void on_reply(std::size_t request, Reply reply) override {
        threads.insert(std::this_thread::get_id());
        order.push_back(request);
        replies[request] = std::move(reply);
    }
    void on_tick() override {
        threads.insert(std::this_thread::get_id());
        ++ticks;
    }
    std::set<std::thread::id> threads;
    std::vector<std::size_t> order;
    std::map<std::size_t, Reply> replies;
    int ticks = 0;
};

}  // namespace

TEST_CASE("each request has one reply, delivered on the calling thread", "[parallel]") {
    ParallelCalls pool(4);
    Collect collect;
    const std::vector<Request> all = requests(100);
    pool.run(all, {}, 4, collect, echo);
    REQUIRE(collect.replies.size() == 100);
    REQUIRE(collect.order.size() == 100);
    for (std::size_t i = 0; i < 100; ++i)
        CHECK(collect.replies[i].body == "reply to " + std::to_string(i));
    CHECK(collect.threads == std::set{std::this_thread::get_id()});
}

TEST_CASE("never more requests at a time than allowed, and as many as allowed", "[parallel]") {
    ParallelCalls pool(8);
    Collect collect;
    std::atomic<int> running{0};
    std::atomic<int> most{0};
    const std::vector<Request> all = requests(30);
    pool.run(all, {}, 3, collect, [&](const Request& request) {
        const int now = ++running;
        int seen = most.load();
        while (now > seen && !most.compare_exchange_weak(seen, now)) {
        }
        // The first stay until as many as allowed are there, ten seconds at the most.
        for (int i = 0; i < 10'000 && most < 3; ++i) std::this_thread::sleep_for(1ms);
        std::this_thread::sleep_for(2ms);
        --running;
        return echo(request);
    });
    CHECK(most == 3);
}

TEST_CASE("a slow request does not hold back the replies of the others", "[parallel]") {
    ParallelCalls pool(2);
    Collect collect;
    const std::vector<Request> all = requests(6);
    std::atomic<int> others{0};
    pool.run(all, {}, 2, collect, [&](const Request& request) {
        if (request.body != "0") {
            ++others;
            return echo(request);
        }
        // Slower than all others together, ten seconds at the most.
        for (int i = 0; i < 10'000 && others < 5; ++i) std::this_thread::sleep_for(1ms);
        std::this_thread::sleep_for(200ms);
        return echo(request);
    });
    CHECK(others == 5);
    CHECK(collect.order.back() == 0);
}

TEST_CASE("ticks come while replies are awaited", "[parallel]") {
    ParallelCalls pool(2);
    Collect collect;
    const std::vector<Request> all = requests(2);
    pool.run(all, {}, 2, collect, [](const Request& request) {
        std::this_thread::sleep_for(1200ms);
        return echo(request);
    });
    CHECK(collect.ticks >= 2);
}

TEST_CASE("what has not begun when the call is cancelled is never sent", "[parallel]") {
    const std::size_t at_most = GENERATE(std::size_t{1}, std::size_t{2});
    ParallelCalls pool(2);
    Collect collect;
    std::atomic<bool> cancelled{false};
    std::atomic<int> sent{0};
    CallContext context;
    context.cancelled = &cancelled;
    const std::vector<Request> all = requests(10);
    pool.run(all, context, at_most, collect, [&](const Request& request) {
        if (++sent == 3) cancelled = true;
        return echo(request);
    });
    CHECK(sent <= 4);
    CHECK(collect.replies.size() == 10);
    CHECK(collect.replies[9].status == ReplyStatus::Cancelled);
}

TEST_CASE("an exception of one request is that request's failure", "[parallel]") {
    const std::size_t at_most = GENERATE(std::size_t{1}, std::size_t{2});
    ParallelCalls pool(2);
    Collect collect;
    const std::vector<Request> all = requests(3);
    pool.run(all, {}, at_most, collect, [](const Request& request) -> Reply {
        if (request.body == "1") throw std::runtime_error("broken");
        return echo(request);
    });
    CHECK(collect.replies[0].status == ReplyStatus::Ok);
    CHECK(collect.replies[1].status == ReplyStatus::Failed);
    CHECK(collect.replies[1].error.error_class == ErrorClass::Bug);
    CHECK(collect.replies[2].status == ReplyStatus::Ok);
}

TEST_CASE("an exception of the handler reaches the caller after all threads are done",
          "[parallel]") {
    class Throwing final : public ReplyHandler {
    public:
        void on_reply(std::size_t, Reply) override { throw std::runtime_error("store is gone"); }
    };
    ParallelCalls pool(2);
    Throwing handler;
    std::atomic<int> running{0};
    const std::vector<Request> all = requests(20);
    CHECK_THROWS_WITH(pool.run(all, {}, 2, handler,
                               [&](const Request& request) {
                                   ++running;
                                   std::this_thread::sleep_for(1ms);
                                   --running;
                                   return echo(request);
                               }),
                      "store is gone");
    CHECK(running == 0);
}

TEST_CASE("several calls share the threads of a pool", "[parallel]") {
    ParallelCalls pool(2);
    std::vector<std::thread> callers;
    std::atomic<std::size_t> replies{0};
    for (int i = 0; i < 4; ++i)
        callers.emplace_back([&] {
            Collect collect;
            const std::vector<Request> all = requests(50);
            pool.run(all, {}, 2, collect, echo);
            replies += collect.replies.size();
        });
    for (std::thread& caller : callers) caller.join();
    CHECK(replies == 200);
}
