// SPDX-License-Identifier: Apache-2.0
// What stands in the files: the world's orders, in each store's encoding, amounts that add up to
// the truth.
#include "tests/sandbox/report_fixture.hpp"

#include <set>

using namespace carrick;
using namespace carrick::sandbox;
using namespace carrick::sandbox::test;
using namespace std::chrono_literals;

namespace {

const Json kMonth = Reporter::range("2026-11-01T00:00:00Z", "2026-11-23T12:00:00Z");

Decimal amount(const std::map<std::string, std::string>& row, const char* column) {
    const auto cell = row.find(column);
    if (cell == row.end() || cell->second.empty()) return {};
    return Decimal::parse(cell->second).value();
}

Decimal sum(const Decimal& a, const Decimal& b) {
    return a.plus(b).value();
}

/// What the buyer pays for a row: prices, tax where it is not inside, less promotions.
Decimal paid(const std::map<std::string, std::string>& row, const Marketplace& store) {
    Decimal total;
    for (const char* column : {"item-price", "shipping-price", "gift-wrap-price"})
        total = sum(total, amount(row, column));
    if (!store.prices_include_tax)
        for (const char* column : {"item-tax", "shipping-tax", "gift-wrap-tax"})
            total = sum(total, amount(row, column));
    for (const char* column : {"item-promotion-discount", "ship-promotion-discount"})
        total = total.minus(amount(row, column)).value();
    return total;
}

/// The same from a European all-orders file, where promotions stand without their tax and item-tax
/// is what they left of it: 19.99 gross, 16.66 net, 3.00 tax, 1.67 off is 17.99 paid.
Decimal paid_after_promotions(const std::map<std::string, std::string>& row) {
    Decimal total = sum(amount(row, "vat-exclusive-item-price"), amount(row, "item-tax"));
    for (const char* column : {"shipping-price", "gift-wrap-price"})
        total = sum(total, amount(row, column));
    for (const char* column : {"item-promotion-discount", "ship-promotion-discount"})
        total = total.minus(amount(row, column)).value();
    return total;
}

/// Σ of an order's FBA parts, straight from the world.
std::int64_t units_of(const Order& order) {
    std::int64_t units = 0;
    for (const OrderLine& line : order.lines) units += line.quantity;
    return units;
}

std::map<std::string, std::vector<std::map<std::string, std::string>>> by(const File& file,
                                                                          const char* column) {
    std::map<std::string, std::vector<std::map<std::string, std::string>>> groups;
    for (const auto& row : file.rows) groups[row.at(column)].push_back(row);
    return groups;
}

}  // namespace

TEST_CASE("the all-orders report holds each order of the period once, line by line",
          "[reports][contents]") {
    Sandbox sandbox(small_world(), {});
    Reporter reporter(sandbox, "EU1");
    const File file = reporter.read(Reporter::request(kByUpdate, "DE", kMonth));
    const auto groups = by(file, "amazon-order-id");
    std::size_t expected = 0;
    for (const Order* order : sandbox.world().orders()) {
        const std::optional<OrderState> state = order->at(at("2026-11-23T12:00:00Z"));
        if (order->marketplace->code != "DE" || !state ||
            state->last_updated < at("2026-11-01T00:00:00Z"))
            continue;
        ++expected;
        INFO(order->id << " " << order->recipe);
        REQUIRE(groups.contains(order->id));
        CHECK(groups.at(order->id).size() == order->lines.size());
        const auto& row = groups.at(order->id).front();
        CHECK(row.at("fulfillment-channel") == (order->amazon_fulfilled ? "Amazon" : "Merchant"));
        CHECK(row.at("last-updated-date").ends_with("+00:00"));
        if (state->status == Status::Cancelled) {
            CHECK(row.at("order-status") == "Cancelled");
            CHECK(row.at("quantity") == "0");
            CHECK(row.at("currency") == "");
            continue;
        }
        if (state->status == Status::Pending) {
            CHECK(row.at("item-price") == "");
            continue;
        }
        Decimal total;
        for (const auto& each : groups.at(order->id))
            total = sum(total, paid_after_promotions(each));
        CHECK(total == truth_of(*order).grand_total);
    }
    CHECK(groups.size() == expected);
    CHECK(expected > 30);
}

TEST_CASE("prices of pending orders are blank, or shown by a switch, and always in Japan",
          "[reports][contents]") {
    Sandbox sandbox(small_world(), {});
    const auto priced_pending = [&](const char* account, const char* store) {
        Reporter reporter(sandbox, account);
        std::size_t priced = 0;
        std::size_t pending = 0;
        for (const auto& row : reporter.read(Reporter::request(kByUpdate, store, kMonth)).rows) {
            if (row.at("order-status") != "Pending") continue;
            ++pending;
            priced += row.at("item-price").empty() ? 0U : 1U;
        }
        CHECK(pending > 0);
        return priced;
    };
    CHECK(priced_pending("NA1", "US") == 0);
    CHECK(priced_pending("FE1", "JP") > 0);
    REQUIRE(sandbox.switches().set("amazon.report_pending_prices", "shown"));
    CHECK(priced_pending("NA1", "US") > 0);
}

TEST_CASE("the order report holds merchant orders by the moment they could be shipped",
          "[reports][contents]") {
    Sandbox sandbox(small_world(), {});
    Reporter reporter(sandbox);
    const File file = reporter.read(Reporter::request(kShipping, "US", kMonth), true);
    const auto groups = by(file, "order-id");
    for (const Order* order : sandbox.world().orders()) {
        if (order->marketplace->code != "US") continue;
        const std::optional<UtcTime> paid_at = order->time_of(Happening::Confirmed);
        const OrderState now = *order->at(sandbox.clock().now());
        const bool due = !order->amazon_fulfilled && paid_at &&
                         *paid_at >= at("2026-11-01T00:00:00Z") &&
                         *paid_at < at("2026-11-23T11:00:00Z") && now.status != Status::Cancelled &&
                         units_of(*order) > 0;
        INFO(order->id << " " << order->recipe);
        CHECK(groups.contains(order->id) == due);
        if (!due) continue;
        const auto& row = groups.at(order->id).front();
        CHECK(row.at("buyer-email") == order->buyer_email);
        // Local time with the store's offset: the Pacific winter or, on 1 November, summer.
        CHECK((row.at("purchase-date").ends_with("-08:00") ||
               row.at("purchase-date").ends_with("-07:00")));
    }
    CHECK_FALSE(file.rows.front().contains("sales-channel"));
    const File with_channel = reporter.read(
        Reporter::request(
            kShipping, "US",
            [] {
                Json more = kMonth;
                more.set("reportOptions", Json::object({{"ShowSalesChannel", "true"}}));
                return more;
            }()),
        true);
    CHECK(with_channel.rows.front().at("sales-channel") == "Amazon.com");
}

TEST_CASE("a line with several promotions goes on in rows that hold nothing else",
          "[reports][contents]") {
    Sandbox sandbox(small_world(), {});
    Reporter reporter(sandbox, "EU1");
    const bool negative = GENERATE(false, true);
    if (negative) REQUIRE(sandbox.switches().set("amazon.report_discount_sign", "negative"));
    const File file = reporter.read(Reporter::request(kInvoicing, "DE", kMonth), true);
    std::size_t continued = 0;
    for (const auto& [id, rows] : by(file, "order-item-id")) {
        Decimal goods;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            goods = sum(goods, amount(rows[i], "item-promotion-discount"));
            if (i == 0) continue;
            ++continued;
            CHECK(rows[i].at("quantity-purchased") == "");
            CHECK(rows[i].at("item-price") == "");
            CHECK(rows[i].at("item-promotion-id") != "");
        }
        const Order* order = sandbox.world().find(rows.front().at("order-id"));
        REQUIRE(order != nullptr);
        for (const OrderLine& line : order->lines) {
            if (line.order_item_id != id) continue;
            const Decimal whole = in_currency(line.item_discount.gross(), "EUR");
            CHECK(goods == (negative ? whole.negated() : whole));
        }
    }
    CHECK(continued > 0);
}

TEST_CASE("the open orders are those still to be shipped, without prices", "[reports][contents]") {
    Sandbox sandbox(small_world(), {});
    Reporter reporter(sandbox, "EU1");
    const File file = reporter.read(Reporter::request(kOpen, "UK"), true);
    const auto groups = by(file, "order-id");
    std::size_t open = 0;
    for (const Order* order : sandbox.world().orders()) {
        const Status status = order->at(sandbox.clock().now())->status;
        const bool is_open = order->marketplace->code == "UK" && !order->amazon_fulfilled &&
                             (status == Status::Unshipped || status == Status::PartiallyShipped) &&
                             units_of(*order) > 0;
        open += is_open ? 1U : 0U;
        INFO(order->id << " " << order->recipe);
        CHECK(groups.contains(order->id) == is_open);
    }
    CHECK(open > 5);
    CHECK_FALSE(file.rows.front().contains("item-price"));
}

TEST_CASE("parcels come hours late and add up to their orders", "[reports][contents][fba]") {
    Sandbox sandbox(small_world(), {});
    Reporter reporter(sandbox);
    const File file = reporter.read(Reporter::request(kParcels, "US", kMonth));
    const auto groups = by(file, "amazon-order-id");
    std::size_t split = 0;
    std::set<std::string> keys;
    for (const auto& row : file.rows)
        CHECK(keys.insert(row.at("shipment-id") + "/" + row.at("shipment-item-id")).second);
    for (const Order* order : sandbox.world().orders()) {
        if (order->marketplace->code != "US" || order->shipments.empty() ||
            order->shipments.back().reported > at("2026-11-23T12:00:00Z") ||
            order->shipments.front().reported < at("2026-11-01T00:00:00Z"))
            continue;
        INFO(order->id << " " << order->recipe);
        REQUIRE(groups.contains(order->id));
        Decimal total;
        Decimal units;
        std::set<std::string> parcels;
        for (const auto& row : groups.at(order->id)) {
            total = sum(total, paid(row, *order->marketplace));
            units = sum(units, amount(row, "quantity-shipped"));
            parcels.insert(row.at("shipment-id"));
            const Result<UtcTime> shipped = UtcTime::parse(row.at("shipment-date"));
            const Result<UtcTime> reported = UtcTime::parse(row.at("reporting-date"));
            CHECK(*reported - *shipped >= Milliseconds(59min));
            CHECK(*reported - *shipped <= Milliseconds(24h));
            CHECK(row.at("fulfillment-center-id") != "");
            CHECK(row.at("tracking-number") != "");
            CHECK(row.at("buyer-email") == "");
        }
        CHECK(total == truth_of(*order).grand_total);
        CHECK(units == Decimal(units_of(*order)));
        CHECK(parcels.size() == order->shipments.size());
        split += parcels.size() > 1 ? 1U : 0U;
    }
    CHECK(split > 0);
}

TEST_CASE("the shipments report can go by shipment date, and hold other channels' parcels",
          "[reports][contents][fba]") {
    Sandbox sandbox(small_world(), {});
    Reporter reporter(sandbox);
    REQUIRE(sandbox.switches().set("amazon.mcf_rows", "on"));
    REQUIRE(sandbox.switches().set("amazon.shipments_range", "shipment"));
    const File file = reporter.read(Reporter::request(
        kParcels, "US", Reporter::range("2026-11-20T00:00:00Z", "2026-11-22T00:00:00Z")));
    std::size_t others = 0;
    for (const auto& row : file.rows) {
        if (row.at("sales-channel") == "Non-Amazon") {
            ++others;
            CHECK(row.at("item-price") == "");
            CHECK(row.at("amazon-order-id").starts_with("S01-"));
            continue;
        }
        const UtcTime shipped = UtcTime::parse(row.at("shipment-date")).value();
        CHECK(shipped >= at("2026-11-20T00:00:00Z"));
        CHECK(shipped < at("2026-11-22T00:00:00Z"));
    }
    CHECK(others == 1);
}

TEST_CASE("an order of several parcels is partly shipped between them", "[reports][fba]") {
    Sandbox sandbox(small_world(), {});
    std::size_t seen = 0;
    for (const Order* order : sandbox.world().orders()) {
        if (order->shipments.size() < 2) continue;
        ++seen;
        const OrderState state = *order->at(order->shipments.front().shipped);
        CHECK(state.status == Status::PartiallyShipped);
        CHECK(order->at(order->shipments.back().shipped)->status == Status::Shipped);
        Amount principal;
        Amount whole;
        for (const Shipment& shipment : order->shipments)
            for (const ShippedPart& part : shipment.parts) principal += part.share.principal;
        for (const OrderLine& line : order->lines) whole += line.principal;
        CHECK(principal.net == whole.net);
        CHECK(principal.tax == whole.tax);
    }
    CHECK(seen > 10);
}

TEST_CASE("each store's file has its own encoding, and says so in Java's words",
          "[reports][encoding]") {
    Sandbox sandbox(small_world(), {});
    const auto file = [&](const char* account, const char* store, const char* type) {
        Reporter reporter(sandbox, account);
        const Json done = reporter.ended(Reporter::request(type, store, kMonth));
        return reporter.download(reporter.document(done["reportDocumentId"].text(), true));
    };
    const Response german = file("EU1", "DE", kShipping);
    CHECK(german.header("Content-Type") == "text/plain; charset=Cp1252");
    CHECK(gunzip(german.body)
              .find("stra\xdf"
                    "e") != std::string::npos);  // straße
    const Response japanese = file("FE1", "JP", kShipping);
    CHECK(japanese.header("Content-Type") == "text/plain; charset=windows-31j");
    CHECK(gunzip(japanese.body).find("\x93\x8c\x8b\x9e\x93\x73") != std::string::npos);  // 東京都
    REQUIRE(sandbox.switches().set("amazon.report_charset", "undeclared"));
    CHECK(file("EU1", "DE", kShipping).header("Content-Type") == "text/plain");
    REQUIRE(sandbox.switches().set("amazon.report_charset", "utf-8"));
    CHECK(gunzip(file("EU1", "DE", kShipping).body).find("straße") != std::string::npos);
}

TEST_CASE("lines end as the type has it, or as a switch wants", "[reports][contents]") {
    Sandbox sandbox(small_world(), {});
    Reporter reporter(sandbox);
    CHECK(reporter.bytes(Reporter::request(kShipping, "US", kMonth), true).find("\r\n") !=
          std::string::npos);
    CHECK(reporter.bytes(Reporter::request(kByUpdate, "US", kMonth)).find('\r') ==
          std::string::npos);
    REQUIRE(sandbox.switches().set("amazon.report_newline", "crlf"));
    CHECK(reporter.bytes(Reporter::request(kByUpdate, "US", kMonth)).ends_with("\r\n"));
}

TEST_CASE("columns can be fewer, more and differently spelt", "[reports][contents]") {
    Sandbox sandbox(small_world(), {});
    Reporter reporter(sandbox);
    const Json ask = Reporter::request(kByUpdate, "US", kMonth);
    const std::size_t typical = reporter.read(ask).columns.size();
    REQUIRE(sandbox.switches().set("amazon.report_columns", "reduced"));
    const File reduced = reporter.read(ask);
    CHECK(reduced.columns.size() < typical);
    CHECK(reduced.rows.front().contains("item-price"));
    REQUIRE(sandbox.switches().set("amazon.report_columns", "padded"));
    const File padded = reporter.read(ask);
    CHECK(padded.columns.size() == typical + 2);
    CHECK(padded.columns.front() == " amazon-order-id ");
}
