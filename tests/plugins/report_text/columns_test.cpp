// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/report_text/columns.hpp"

#include <catch2/catch.hpp>

namespace carrick::plugins {
namespace {

/// A row with storage of its own.
struct OwnRow {
    explicit OwnRow(std::vector<std::string_view> given) : fields(std::move(given)) {
        row.line = 7;
        row.fields = fields;
    }
    std::vector<std::string_view> fields;
    TableRow row;
};

TEST_CASE("columns are found by name, whatever their place and spelling") {
    const OwnRow header({"Order ID", "quantity_purchased", " SKU ", "gift-Wrap Price"});
    const Columns columns = Columns::from_header(header.row).value();
    const OwnRow row({"111-1", "2", " ROPE ", "3.00"});
    CHECK(columns.get(row.row, "order-id") == "111-1");
    CHECK(columns.get(row.row, "quantity-purchased") == "2");
    CHECK(columns.get(row.row, "sku") == "ROPE");
    CHECK(columns.get(row.row, "gift-wrap-price") == "3.00");
    CHECK(columns.get(row.row, "ship-city").empty());
}

TEST_CASE("trailing empty fields may be cut off") {
    const OwnRow header({"order-id", "sku", "ship-state"});
    const Columns columns = Columns::from_header(header.row).value();
    const OwnRow row({"111-1"});
    CHECK(columns.get(row.row, "ship-state").empty());
    CHECK(columns.check(row.row));
}

TEST_CASE("a row with more values than columns is refused with its line") {
    const OwnRow header({"order-id", "sku"});
    const Columns columns = Columns::from_header(header.row).value();
    CHECK(columns.check(OwnRow({"111-1", "ROPE", "", " "}).row));
    const Result<void> refused = columns.check(OwnRow({"111-1", "ROPE", "10m"}).row);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "report.row_too_long");
    CHECK(refused.error().message.find("line 7") != std::string::npos);
}

TEST_CASE("missing columns are named, all of them, beside those that are there") {
    const OwnRow header({"order-id", "sku"});
    const Columns columns = Columns::from_header(header.row).value();
    CHECK(columns.require({"order-id", "sku"}));
    const Result<void> refused = columns.require({"order-id", "currency", "item-price"});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "report.column_missing");
    CHECK(refused.error().message.find("no column currency, item-price; its columns are order-id, "
                                       "sku") != std::string::npos);
}

TEST_CASE("two columns of one name are refused") {
    const Result<Columns> columns = Columns::from_header(OwnRow({"sku", "SKU"}).row);
    REQUIRE_FALSE(columns);
    CHECK(columns.error().code == "report.column_twice");
}

}  // namespace
}  // namespace carrick::plugins
