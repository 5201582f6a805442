// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/order_model/read_once.hpp"

#include <catch2/catch.hpp>

using carrick::plugins::ReadOnce;
using carrick::sdk::RecordView;

namespace {

RecordView record(const char* key, const char* body) {
    RecordView view;
    view.key = key;
    view.body = body;
    return view;
}

}  // namespace

TEST_CASE("what a stage made of a record is there for the next one", "[read_once]") {
    ReadOnce<int> read;
    CHECK(read.find(record("112-1", R"({"total":1})")) == nullptr);
    CHECK(read.keep(record("112-1", R"({"total":1})"), 1) == 1);
    CHECK(read.keep(record("112-2", R"({"total":2})"), 2) == 2);
    REQUIRE(read.find(record("112-1", R"({"total":1})")) != nullptr);
    CHECK(*read.find(record("112-1", R"({"total":1})")) == 1);
}

TEST_CASE("a record whose content changed is read again", "[read_once]") {
    ReadOnce<int> read;
    read.keep(record("112-1", R"({"total":1})"), 1);
    CHECK(read.find(record("112-1", R"({"total":7})")) == nullptr);
    read.keep(record("112-1", R"({"total":7})"), 7);
    CHECK(*read.find(record("112-1", R"({"total":7})")) == 7);
    CHECK(read.find(record("112-1", R"({"total":1})")) == nullptr);
}

TEST_CASE("the end of a page forgets it, and a page without an end stays small", "[read_once]") {
    ReadOnce<int> read;
    read.keep(record("112-1", "{}"), 1);
    read.forget();
    CHECK(read.find(record("112-1", "{}")) == nullptr);

    int kept = 0;
    for (int i = 0; i < 2'500; ++i) read.keep(record(std::to_string(i).c_str(), "{}"), i);
    for (int i = 0; i < 2'500; ++i)
        if (read.find(record(std::to_string(i).c_str(), "{}")) != nullptr) ++kept;
    CHECK(kept == 500);
}
