// SPDX-License-Identifier: Apache-2.0
// Settlements as sellers got them from Amazon, against sums that were computed from them by other
// means. The files are no part of this repository: CARRICK_SAMPLES names their folder.
#include "plugins/shared/settlement/settlement_proof.hpp"

#include <carrick/sdk/json.hpp>

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

namespace carrick::plugins {
namespace {

std::string read_file(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    std::stringstream text;
    text << stream.rdbuf();
    INFO(path);
    REQUIRE(stream.good());
    return text.str();
}

struct Sample {
    std::string name;
    std::string text;
    Json truth;
};

std::vector<Sample> samples() {
    std::vector<Sample> found;
    const char* folder = std::getenv("CARRICK_SAMPLES");
    if (folder == nullptr) {
        std::cout << "SKIPPED: CARRICK_SAMPLES is not set\n";
        return found;
    }
    const std::string base = std::string(folder) + "/";
    const Json truths = Json::parse(read_file(base + "truths.json")).value();
    for (const JsonMember& member : truths.members())
        if (member.key.starts_with("amazon/settlement/v"))
            found.push_back({member.key, read_file(base + member.key), member.value});
    CHECK(found.size() >= 19);
    return found;
}

using Sums = std::map<std::string, std::string>;

Sums texts_of(const std::map<std::string, AmountSum>& sums, int digits) {
    Sums texts;
    for (const auto& [name, sum] : sums) texts[name] = to_decimal(sum, digits).text();
    return texts;
}

Sums sums_in(const Json& truth) {
    Sums texts;
    for (const JsonMember& member : truth.members()) texts[member.key] = member.value.text();
    return texts;
}

void compare(const Settlement& read, const Json& truth) {
    CHECK(to_decimal(read.total, read.digits).text() == truth["detail_sum"].text());
    CHECK(static_cast<std::int64_t>(read.rows) == truth["detail_rows"].integer_if());
    CHECK(static_cast<std::int64_t>(read.orders) == truth["orders"].integer_if());
    CHECK(static_cast<std::int64_t>(read.refunds) == truth["refunded_orders"].integer_if());
    CHECK(read.contradictions.empty());
    std::map<std::string, AmountSum> types;
    std::map<std::string, AmountSum> categories;
    std::map<std::string, AmountSum> marketplaces;
    for (const SettlementBucket& bucket : read.buckets) {
        const SettlementLabel& label = read.labels.at(bucket.label);
        types[label.transaction_type] += bucket.sum;
        categories[label.transaction_type + " | " + label.amount_type + " | " +
                   label.description] += bucket.sum;
        marketplaces[label.marketplace.empty() ? "(none)" : label.marketplace] += bucket.sum;
    }
    CHECK(texts_of(types, read.digits) == sums_in(truth["sum_per_transaction_type"]));
    CHECK(texts_of(categories, read.digits) == sums_in(truth["sum_per_category"]));
    CHECK(texts_of(marketplaces, read.digits) == sums_in(truth["sum_per_marketplace"]));
    const Result<SettlementProof> proof = prove(read, SettlementRules(), {});
    REQUIRE(proof);
    if (!read.header) {
        CHECK(truth["header_rows"].integer_if() == 0);
        CHECK_FALSE(proof->proven());
        return;
    }
    CHECK(proof->proven() == truth["settlements"].items()[0]["balanced"].bool_if());
    const Json& header = truth["settlements"].items()[0];
    CHECK(read.id == header["settlement_id"].text());
    CHECK(read.header->start == header["start"].text());
    CHECK(read.header->end == header["end"].text());
    CHECK(read.header->deposit == header["deposit"].text());
    CHECK(read.currency == header["currency"].text());
    CHECK(to_decimal(read.header->total, read.digits).text() == header["header_total"].text());
}

TEST_CASE("each settlement of a seller is what was computed by other means",
          "[settlement][samples]") {
    for (const Sample& sample : samples()) {
        INFO(sample.name);
        // Whole, and in odd pieces.
        for (const std::size_t step : {std::string::npos, std::size_t{997}}) {
            StringSource source(sample.text, step);
            const Result<SettlementFile> file = read_settlements(source);
            INFO((file ? std::string() : file.error().message));
            REQUIRE(file);
            REQUIRE(file->settlements.size() == 1);
            compare(file->settlements[0], sample.truth);
        }
    }
}

}  // namespace
}  // namespace carrick::plugins
