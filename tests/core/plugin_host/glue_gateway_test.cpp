// SPDX-License-Identifier: Apache-2.0
// The host glue: requests and links on their way to the connections.
#include "tests/core/plugin_host/liar.hpp"

using namespace carrick;
using namespace carrick::plugin_host;
using Catch::Matchers::Contains;

TEST_CASE("requests that the manifest does not cover are refused and never sent") {
    Liar liar("sink");
    const auto called = [&](carrick_request request, std::string_view role = "target") {
        liar.gateway.sent.clear();
        std::string message = bug_of(liar.deliver([&](const carrick_call* call) {
            int failed = 0;
            const auto count = [](void* user, std::uint64_t, const carrick_reply* reply) {
                *static_cast<int*>(user) += reply->status == CARRICK_REPLY_FAILED ? 1 : 0;
            };
            const int status = call->host->call(call, to_span(role), &request, 1, count, &failed);
            CHECK((status == CARRICK_FAILED || failed == 1));
            return settle_all(call);
        }));
        CHECK(liar.gateway.sent.empty());
        return message;
    };
    const carrick_request good{sizeof(carrick_request), 0, 0, to_span("netsuite.records.create"),
                               to_span("{}")};
    carrick_request request = good;
    request.operation = to_span("netsuite.records.delete");
    CHECK_THAT(called(request),
               Contains("netsuite.records.delete, which is not among its manifest's operations"));
    request = good;
    request.record = -1;
    CHECK_THAT(called(request), Contains("without the record that it belongs to"));
    request = good;
    request.struct_size = 16;  // too short to say which record, or what
    CHECK_THAT(called(request), Contains("not among its manifest's operations"));
    request = good;
    request.record = 2;
    CHECK_THAT(called(request), Contains("for record 2, but the page has 2"));
    request = good;
    request.body = to_span("nothing");
    CHECK_THAT(called(request), Contains("no JSON object"));
    request = good;
    request.struct_size = 5;
    CHECK_THAT(called(request), Contains("struct_size is 5"));
    CHECK_THAT(called(good, "source"), Contains("the role \"source\""));
}

TEST_CASE("a request that the connection does not know is misconfigured, not a bug") {
    Liar liar("sink");
    liar.deliver([&](const carrick_call* call) {
        const carrick_request request{sizeof(carrick_request), 0, -1,
                                      to_span("netsuite.suiteql.query"), to_span("{}")};
        return call->host->call(
            call, to_span("target"), &request, 1,
            [](void* user, std::uint64_t, const carrick_reply* reply) {
                CHECK(reply->error->error_class == CARRICK_ERROR_MISCONFIGURED);
                settle_all(static_cast<const carrick_call*>(user));
            },
            const_cast<carrick_call*>(call));
    });
    CHECK(liar.board.outcomes[0].has_value());
}

TEST_CASE("a reply that a connection loses leaves its write unknown") {
    Liar liar("sink");
    liar.gateway.swallow_replies = true;
    int status = -1;
    liar.deliver([&](const carrick_call* call) {
        const carrick_request request{sizeof(carrick_request), 0, 0,
                                      to_span("netsuite.records.create"), to_span("{}")};
        call->host->call(
            call, to_span("target"), &request, 1,
            [](void* user, std::uint64_t, const carrick_reply* reply) {
                *static_cast<int*>(user) = reply->status;
            },
            &status);
        return settle_all(call);
    });
    CHECK(status == CARRICK_REPLY_UNKNOWN);
}

TEST_CASE("requests of a longer header are read at their own stride") {
    Liar liar("sink");
    struct Longer {
        carrick_request request;
        std::uint64_t more[2];
    };
    liar.deliver([&](const carrick_call* call) {
        const carrick_request one{sizeof(Longer), 0, 0, to_span("netsuite.records.create"),
                                  to_span("{\"n\":1}")};
        Longer requests[2] = {{one, {~0ULL, ~0ULL}}, {one, {}}};
        requests[1].request.body = to_span("{\"n\":2}");
        call->host->call(
            call, to_span("target"), &requests[0].request, 2,
            [](void*, std::uint64_t, const carrick_reply*) {}, nullptr);
        return settle_all(call);
    });
    REQUIRE(liar.gateway.sent.size() == 2);
    CHECK_THAT(liar.gateway.sent[1], Contains("{\"n\":2}"));
}

TEST_CASE("links are read through the gateway and checked when put") {
    Liar liar("sink");
    std::string answer;
    const auto keep = [](void* user, std::uint64_t, const carrick_reply* reply) {
        *static_cast<std::string*>(user) = reply->status == CARRICK_REPLY_OK
                                               ? std::string(sdk::to_view(reply->body))
                                               : std::string(sdk::to_view(reply->error->code));
    };
    liar.deliver([&](const carrick_call* call) {
        call->host->link_get(call, to_span("a.b"), to_span("1"), keep, &answer);
        CHECK(answer == R"(["SO-1"])");
        call->host->link_get(call, to_span("a.b"), to_span("broken"), keep, &answer);
        CHECK(answer == "store.busy");
        call->host->log(call, 99, to_span("two\nlines"));
        return settle_all(call);
    });
    CHECK(liar.gateway.logged == std::vector<std::string>{"2 two lines"});
    CHECK_THAT(bug_of(liar.deliver([](const carrick_call* call) {
                   call->host->link_put(call, 0, {}, to_span("1"), to_span("2"));
                   return settle_all(call);
               })),
               Contains("a link with a part that is empty"));
}
