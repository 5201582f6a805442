// SPDX-License-Identifier: Apache-2.0
// What the tests of stores share: orders, an instance that remembers its commits, a producer with
// its consumer.
#pragma once

#include "core/store/store.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace carrick::store::contract {

inline UtcTime at(std::string_view text) {
    return UtcTime::parse(text).value();
}
inline const UtcTime kMonday = at("2026-11-23T10:00:00Z");
inline const InstanceName kOrders{"amazon_orders", "NA1", "US"};
inline const InstanceName kSalesOrders{"mfn_orders", "NA1", "US"};

inline Record order(const std::string& key, std::string body = {}) {
    Record record;
    record.type = "amazon.order/1";
    record.origin = "NA1";
    record.partition = "US";
    record.key = key;
    record.version = at("2026-11-23T09:30:00Z");
    record.event_time = at("2026-11-23T09:12:00.250Z");
    record.due = at("2026-11-25T08:00:00Z");
    record.value = "25.98 USD";
    record.content_hash.fill(static_cast<std::uint8_t>(key.size()));
    record.content_hash[0] = static_cast<std::uint8_t>(key.back());
    record.stream_rank = 2;
    record.body = body.empty() ? R"({"orderId":")" + key + R"("})" : std::move(body);
    return record;
}

inline std::vector<Record> orders(std::size_t count) {
    std::vector<Record> records;
    for (std::size_t i = 0; i < count; ++i)
        records.push_back(order("111-0000001-" + std::to_string(1'000'000 + i)));
    return records;
}

inline bool same(const Record& a, const Record& b) {
    return a.type == b.type && a.origin == b.origin && a.partition == b.partition &&
           a.key == b.key && a.version == b.version && a.event_time == b.event_time &&
           a.due == b.due && a.value == b.value && a.content_hash == b.content_hash &&
           a.stream_rank == b.stream_rank && a.preview == b.preview && a.body == b.body;
}

/// An instance and the number of its last commit, as the engine keeps them.
class Instance {
public:
    Instance(Store& store, const InstanceName& name) : store_(store), name_(name) {
        const Result<InstanceState> state = store.load_instance(name);
        REQUIRE(state);
        number_ = state->number;
        last_commit_ = state->last_commit;
    }
    [[nodiscard]] Commit next() const {
        Commit commit;
        commit.instance = number_;
        commit.epoch = store_.epoch();
        commit.expected_commit = last_commit_;
        commit.now = kMonday;
        return commit;
    }
    Result<Receipt> try_commit(const std::function<void(Commit&)>& fill) {
        Commit commit = next();
        fill(commit);
        Result<Receipt> receipt = store_.commit(commit);
        if (receipt) last_commit_ = receipt->commit;
        return receipt;
    }
    Receipt commit(const std::function<void(Commit&)>& fill) {
        Result<Receipt> receipt = try_commit(fill);
        if (!receipt) FAIL(receipt.error().code << ": " << receipt.error().message);
        return std::move(receipt).value();
    }
    Receipt append(std::vector<Record> records) {
        return commit([&](Commit& commit) { commit.append = std::move(records); });
    }
    [[nodiscard]] InstanceState state() const { return store_.load_instance(name_).value(); }
    [[nodiscard]] InstanceNumber number() const { return number_; }
    [[nodiscard]] RunTotals totals() const {
        const Result<std::vector<RunTotals>> all = store_.totals(0);
        REQUIRE(all);
        for (const RunTotals& its : *all)
            if (its.instance == name_) return its;
        FAIL("no totals for " << name_.flow);
        return {};
    }

private:
    Store& store_;
    InstanceName name_;
    InstanceNumber number_ = 0;
    std::int64_t last_commit_ = 0;
};

/// A producer with three orders in its channel and a consumer that reads it.
struct OrdersAndConsumer {
    explicit OrdersAndConsumer(Store& its)
        : store(its), producer(its, kOrders), consumer(its, kSalesOrders) {
        REQUIRE(store.subscribe(consumer.number(), producer.number(), false));
        producer.append({order("111-1"), order("111-2"), order("111-3")});
    }
    [[nodiscard]] OpenRecord open(Seq seq, OpenState state) const {
        OpenRecord record;
        record.channel = producer.number();
        record.seq = seq;
        record.record = order("111-" + std::to_string(seq));
        record.record.body.clear();
        record.state = state;
        record.stage = "deliver";
        record.reason = "HTTP 503";
        record.since = kMonday;
        record.tries = 1;
        return record;
    }
    [[nodiscard]] std::string body(Seq seq) const {
        const Position position{producer.number(), seq};
        const auto bodies = store.bodies(consumer.number(), {&position, 1});
        REQUIRE(bodies);
        return bodies->front();
    }
    Store& store;
    Instance producer;
    Instance consumer;
};

inline EngineRequest retry_at(UtcTime time) {
    EngineRequest request;
    request.kind = "errors.retry";
    request.arguments = R"({"id":7})";
    request.who = "ops";
    request.at = time;
    return request;
}

inline ErrorRow error_row(const std::string& key, const std::string& value = {}, UtcTime due = {}) {
    ErrorRow row;
    row.channel = 1;
    row.seq = 2;
    row.key = key;
    row.stage = "deliver";
    row.error_class = ErrorClass::Rejected;
    row.code = "netsuite.nonexistent_item";
    row.message = "item SKU-1 does not exist";
    row.field = "item.items[0].item";
    row.fingerprint = "mfn_orders/deliver/netsuite.nonexistent_item/SKU-1";
    row.value = value;
    row.due = due;
    row.at = kMonday;
    row.tries = 2;
    return row;
}

}  // namespace carrick::store::contract
