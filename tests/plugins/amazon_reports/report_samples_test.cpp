// SPDX-License-Identifier: Apache-2.0
// Order and shipment reports as sellers got them from Amazon, against sums that were computed from
// them by other means. The files are no part of this repository: CARRICK_SAMPLES names their
// folder.
#include "plugins/shared/amazon_reports/order_rows.hpp"
#include "plugins/shared/amazon_reports/row_groups.hpp"

#include <carrick/sdk/marketplaces.hpp>
#include <carrick/sdk/money.hpp>

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
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

/// All order and shipment reports among the samples; none where there are no samples.
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
        if (member.key.starts_with("amazon/orders/"))
            found.push_back({member.key, read_file(base + member.key), member.value});
    CHECK(found.size() >= 7);
    return found;
}

/// Calls `each` with every row behind the header; gives the columns.
template <class Each>
Columns for_each_row(const std::string& text, Each each) {
    // Cut at odd places on purpose: a report comes in pieces.
    StringSource source(text, 997);
    TableReader reader(source);
    TableRow row;
    REQUIRE(reader.next(row).value());
    Columns columns = Columns::from_header(row).value();
    for (;;) {
        const Result<bool> more = reader.next(row);
        REQUIRE(more);
        if (!*more) return columns;
        each(columns, row);
    }
}

/// What the truths say of a column, by the beginnings of their names: "sum_", "filled_", "count_".
class ColumnSums {
public:
    explicit ColumnSums(std::string column) : column_(std::move(column)) {}
    void add(const Columns& columns, const TableRow& row) {
        const std::string_view value = columns.get(row, column_);
        ++counts_[std::string(value)];
        if (value.empty()) return;
        ++filled_;
        const std::string currency(columns.get(row, "currency"));
        if (const Result<Decimal> number = Decimal::parse(value))
            sums_[currency] = sums_[currency].plus(*number).value();
    }
    void check(const Json& truth) const {
        INFO(column_);
        if (const Json* filled = truth.find("filled_" + column_))
            CHECK(filled_ == filled->integer_if());
        if (const Json* sum = truth.find("sum_" + column_)) check_sums(*sum);
        if (const Json* counts = truth.find("count_" + column_))
            for (const JsonMember& value : counts->members()) {
                INFO(value.key);
                const auto found = counts_.find(value.key);
                CHECK((found == counts_.end() ? 0 : found->second) == value.value.integer_if());
            }
    }

private:
    void check_sums(const Json& truth) const {
        if (truth.is_object()) {
            for (const JsonMember& sum : truth.members())
                CHECK(sums_.at(sum.key) == Decimal::parse(sum.value.text()).value());
            return;
        }
        Decimal all;
        for (const auto& [currency, sum] : sums_) all = all.plus(sum).value();
        CHECK(all == Decimal::parse(truth.text()).value());
    }

    std::string column_;
    std::map<std::string, std::int64_t> counts_;
    std::map<std::string, Decimal> sums_;
    std::int64_t filled_ = 0;
};

std::set<std::string> columns_in(const Json& truth) {
    std::set<std::string> columns;
    for (const JsonMember& member : truth.members())
        for (const std::string_view beginning : {"sum_", "filled_", "count_"})
            if (member.key.starts_with(beginning))
                columns.insert(member.key.substr(beginning.size()));
    return columns;
}

/// Sums of what the groups of a report become.
struct Books {
    std::map<std::string, Decimal> totals;  ///< by currency
    std::int64_t units = 0;
    std::size_t documents = 0;
    std::set<std::string> orders;
};

template <class FromRows>
Books books_of(const std::string& text, const char* key, const char* store, FromRows from_rows) {
    const auto open = [&]() -> Result<std::unique_ptr<TextSource>> {
        return std::unique_ptr<TextSource>(std::make_unique<StringSource>(text));
    };
    const ScatteredRows scattered = find_scattered(open, key).value();
    StringSource source(text);
    TableReader reader(source);
    TableRow header;
    REQUIRE(reader.next(header).value());
    const Columns columns = Columns::from_header(header).value();
    const amazon::Marketplace& marketplace = *amazon::marketplace_from_code(store);
    Books books;
    const auto add = [&](const RowGroup& group) {
        const Result<ReportedOrder> order =
            from_rows(group, columns, marketplace, TaxCollection::Seller);
        INFO((order ? std::string() : order.error().message));
        REQUIRE(order);
        ++books.documents;
        books.orders.insert(order->body["orderId"].text());
        const Json& total = order->body["proceeds"]["grandTotal"];
        Decimal& sum = books.totals[total["currencyCode"].text()];
        sum = sum.plus(Decimal::parse(total["amount"].text()).value()).value();
        for (const Json& item : order->body["orderItems"].items())
            books.units += item["quantityOrdered"].integer_if().value_or(0);
    };
    for (const auto& [id, rows] : scattered) add({id, rows, 0, 0});
    GroupReader groups(reader, columns, key, scattered);
    RowGroup group;
    while (groups.next(group).value()) add(group);
    return books;
}

Decimal sum_of(const Json& truth, const std::string& column, const std::string& currency) {
    const Json& sum = truth["sum_" + column][currency];
    return sum.is_null() ? Decimal() : Decimal::parse(sum.text()).value();
}

/// What buyers paid by the sums of the columns; promotions take off, whatever their sign.
Decimal paid(const Json& truth, const std::string& currency, bool prices_include_tax) {
    Decimal sum;
    for (const char* column : {"item-price", "shipping-price", "gift-wrap-price"})
        sum = sum.plus(sum_of(truth, column, currency)).value();
    if (!prices_include_tax)
        for (const char* column : {"item-tax", "shipping-tax", "gift-wrap-tax"})
            sum = sum.plus(sum_of(truth, column, currency)).value();
    for (const char* column : {"item-promotion-discount", "ship-promotion-discount"})
        sum = sum.minus(sum_of(truth, column, currency).absolute()).value();
    return sum;
}

}  // namespace

TEST_CASE("each report of the samples has the rows, columns and sums of its truths",
          "[report_samples]") {
    for (const Sample& sample : samples()) {
        INFO(sample.name);
        std::vector<ColumnSums> sums;
        for (const std::string& column : columns_in(sample.truth)) sums.emplace_back(column);
        std::int64_t rows = 0;
        std::int64_t ragged = 0;
        std::set<std::string> orders;
        const Columns columns =
            for_each_row(sample.text, [&](const Columns& known, const TableRow& row) {
                ++rows;
                ragged += row.fields.size() == known.size() ? 0 : 1;
                CHECK(known.check(row));
                const std::string id(known.get(row, "order-id"));
                orders.insert(id.empty() ? std::string(known.get(row, "amazon-order-id")) : id);
                for (ColumnSums& sum : sums) sum.add(known, row);
            });
        CHECK(columns.size() == static_cast<std::size_t>(*sample.truth["columns"].integer_if()));
        CHECK(rows == sample.truth["data_rows"].integer_if());
        CHECK(ragged == sample.truth["ragged_rows"].integer_if());
        CHECK(orders.size() == static_cast<std::size_t>(*sample.truth["orders"].integer_if()));
        for (const ColumnSums& sum : sums) sum.check(sample.truth);
    }
}

TEST_CASE("the shipments of the samples become documents of what their buyers paid",
          "[report_samples]") {
    for (const Sample& sample : samples()) {
        if (sample.truth["kind"].text() != "fulfilled-shipments") continue;
        INFO(sample.name);
        const Books books = books_of(sample.text, "shipment-id", "JP", shipment_from_rows);
        REQUIRE(books.totals.size() == 1);
        CHECK(books.totals.at("JPY") == paid(sample.truth, "JPY", true));
        CHECK(std::to_string(books.units) == sample.truth["sum_quantity-shipped"].text());
        CHECK(books.orders.size() ==
              static_cast<std::size_t>(*sample.truth["orders"].integer_if()));
    }
}

TEST_CASE("the order reports of the samples become orders of what their buyers paid",
          "[report_samples]") {
    int read = 0;
    for (const Sample& sample : samples()) {
        INFO(sample.name);
        bool has_prices = false;
        const Columns columns = for_each_row(sample.text, [](const Columns&, const TableRow&) {});
        has_prices = static_cast<bool>(check_order_columns(columns));
        if (sample.truth["kind"].text() != "orders-report") continue;
        // Reports of unshipped orders have no prices, the all-orders report no order items.
        if (!has_prices) {
            CHECK(check_order_columns(columns).error().code == "report.column_missing");
            continue;
        }
        ++read;
        const bool british = sample.truth["sum_item-price"].contains("GBP");
        const std::string currency = british ? "GBP" : "USD";
        const Books books =
            books_of(sample.text, "order-id", british ? "UK" : "US", order_from_rows);
        CHECK(books.totals.at(currency) == paid(sample.truth, currency, british));
        CHECK(std::to_string(books.units) == sample.truth["sum_quantity-purchased"].text());
    }
    if (std::getenv("CARRICK_SAMPLES") != nullptr) CHECK(read == 2);
}

}  // namespace carrick::plugins
