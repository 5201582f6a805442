// SPDX-License-Identifier: Apache-2.0
// Policies of a marketplace: which orders, how much of a buyer, whose numbers, which ship method.
#include "tests/plugins/mfn_order_import/mapped_orders.hpp"
#include "tests/plugins/mfn_order_import/order_bench.hpp"

using namespace carrick;
using namespace carrick::plugins;
using namespace carrick::plugins::testing;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

Json replacement() {
    Json json = order();
    json.set("associatedOrders",
             Json::array({Json::object({{"orderId", Json("111-1")},
                                        {"associationType", Json("REPLACEMENT_ORIGINAL_ID")}})}));
    return json;
}

Json with_service_level(const char* level) {
    Json json = order();
    json.find("fulfillment")->set("fulfillmentServiceLevel", Json(level));
    return json;
}

Json business_order(const char* number) {
    Json json = order();
    json.find("buyer")->set("buyerPurchaseOrderNumber", Json(number));
    json.set("tax", Json::object({{"taxRegistrations",
                                   Json::array({Json::object(
                                       {{"entityType", Json("BUYER")},
                                        {"taxRegistrationType", Json("VAT")},
                                        {"taxRegistrationNumber", Json("DE123456789")}})})}}));
    return json;
}

Json gift() {
    Json json = order();
    (*json.find("orderItems")->items_if())[0]
        .member("fulfillment")
        .member("packing")
        .member("giftOption")
        .set("giftMessage", Json("Happy birthday, Ann"));
    return json;
}

}  // namespace

TEST_CASE("orders are imported in the statuses that are named", "[order_policy]") {
    Orders shipped(R"({"statuses":["shipped"],"pending_days":10})");
    const Passed early = shipped.run({with_status(order(), "PARTIALLY_SHIPPED")});
    CHECK(early.of(0).kind == OutcomeKind::Waiting);
    CHECK(early.reason() == "not in a status that is imported yet");
    CHECK(shipped.run({with_status(order(), "SHIPPED")}).of(0).kind == OutcomeKind::Done);

    Orders open(R"({"statuses":["unshipped"]})");
    CHECK(open.run({order()}).of(0).kind == OutcomeKind::Done);
    const Passed late = open.run({with_status(order("112-0000000-0000002"), "SHIPPED")});
    CHECK(late.of(0).kind == OutcomeKind::Skipped);
    CHECK(late.reason() == "past the statuses that are imported");
}

TEST_CASE("orders placed before go-live are skipped, by the calendar of their store",
          "[order_policy][go_live]") {
    const auto placed = [](const char* time, const char* status = "UNSHIPPED") {
        Json json = with_status(order(), status);
        json.set("createdTime", Json(time));
        return json;
    };
    Orders flow(R"({"go_live":"2026-11-15"})");
    // Midnight in Seattle is 08:00 in London, whatever the zone of the books.
    const Passed before = flow.run({placed("2026-11-15T07:59:59Z")});
    CHECK(before.reason() == "placed before go-live");
    CHECK(before.lookups.empty());
    CHECK(flow.run({placed("2026-11-15T08:00:00Z")}).of(0).kind == OutcomeKind::Done);
    // An order of before does not wait for its payment either.
    const Passed pending = flow.run({placed("2026-11-01T12:00:00Z", "PENDING")});
    CHECK(pending.of(0).kind == OutcomeKind::Skipped);
    CHECK(Orders("{}").run({placed("2019-01-01T00:00:00Z")}).of(0).kind == OutcomeKind::Done);
}

TEST_CASE("replacements are imported, or skipped where that is the policy", "[order_policy]") {
    CHECK(Orders().run({replacement()}).of(0).kind == OutcomeKind::Done);
    Orders flow(R"({"replacements":"skip"})");
    const Passed passed = flow.run({replacement(), order("112-0000000-0000002")});
    CHECK(passed.reason(0) == "a replacement");
    CHECK(passed.of(1).kind == OutcomeKind::Done);
}

TEST_CASE("without personal data only the area goes into NetSuite, or nothing", "[order_policy]") {
    const char* const field = R"("fields":{"gift_message":"custcol_gift"})";
    const auto with = [&](const char* policy) {
        return order_settings(
            ("{\"personal_data\":\"" + std::string(policy) + "\"," + field + "}").c_str());
    };
    const Json kept = mapped_order(gift(), with("keep"));
    CHECK(kept["shippingAddress"]["addressee"].text() == "Ann Buyer");
    CHECK(kept["item"]["items"][0]["custcol_gift"].text() == "Happy birthday, Ann");

    const Json area = mapped_order(gift(), with("area"));
    CHECK(area["shippingAddress"] ==
          Json::parse(R"({"city":"Seattle","state":"WA","zip":"98101","country":{"id":"US"}})")
              .value());
    const Json none = mapped_order(gift(), with("omit"));
    CHECK_FALSE(none.contains("shippingAddress"));
    for (const Json& json : {area, none}) {
        CHECK(json.dump().find("Ann") == std::string::npos);
        CHECK(json.dump().find("Main St") == std::string::npos);
    }
}

TEST_CASE("a business order's own number may be the document's reference", "[order_policy]") {
    const char* const by_number = R"({"other_ref_num":"purchase_order",
        "fields":{"order_id":"custbody_amz","vat_id":"custbody_vat"}})";
    const Json json = mapped_order(business_order("PO-4711"), order_settings(by_number));
    CHECK(json["otherRefNum"].text() == "PO-4711");
    CHECK(json["custbody_amz"].text() == "112-1234567-1234567");
    CHECK(json["custbody_vat"].text() == "DE123456789");
    // A private buyer has none.
    CHECK(mapped_order(order(), order_settings(by_number))["otherRefNum"].text() ==
          "112-1234567-1234567");
    const Json plain =
        mapped_order(business_order("PO-4711"),
                     order_settings(R"({"fields":{"purchase_order":"custbody_po"}})"));
    CHECK(plain["otherRefNum"].text() == "112-1234567-1234567");
    CHECK(plain["custbody_po"].text() == "PO-4711");
    CHECK_THAT(refusal(business_order(std::string(46, '7').c_str()), order_settings(by_number)),
               StartsWith("order.purchase_order: order 112-1234567-1234567"));
}

TEST_CASE("Amazon's service level becomes a ship method, whoever spells it", "[order_policy]") {
    const char* const map = R"({"ship_methods":{"SECOND_DAY":"31","default":"30"}})";
    for (const char* level : {"SECOND_DAY", "SecondDay", "Second Day"}) {
        const Json json = mapped_order(with_service_level(level), order_settings(map));
        CHECK(json["shipMethod"]["id"].text() == "31");
        // Shipping stands on a line; the method's own price is none of the buyer's.
        CHECK(*json["shippingCost"].number_if() == "0.00");
    }
    CHECK(mapped_order(with_service_level("STANDARD"), order_settings(map))["shipMethod"]["id"]
              .text() == "30");
    CHECK_FALSE(mapped_order(order(), order_settings()).contains("shipMethod"));
    CHECK_THAT(refusal(with_service_level("STANDARD"),
                       order_settings(R"({"ship_methods":{"SECOND_DAY":"31"}})")),
               StartsWith("order.ship_method: order 112-1234567-1234567: ship_methods has neither "
                          "\"STANDARD\" nor a default"));
}

TEST_CASE("states and territories are written as the account has them", "[order_policy]") {
    const auto address = [](const char* settings) {
        return mapped_order(order(), order_settings(settings))["shippingAddress"];
    };
    CHECK(address("{}")["state"].text() == "WA");
    CHECK(address(R"({"address":{"states":{"US":{"form":"name"}}}})")["state"].text() ==
          "Washington");
    Json canary = order();
    canary.find("recipient")
        ->set("deliveryAddress", Json::parse(R"({"name":"Ann","addressLine1":"C 1",
            "city":"Las Palmas","stateOrRegion":"Las Palmas","postalCode":"35001",
            "countryCode":"ES"})")
                                     .value());
    const auto country = [&](const char* settings) {
        return mapped_order(canary, order_settings(settings))["shippingAddress"]["country"]["id"]
            .text();
    };
    CHECK(country("{}") == "ES");
    CHECK(country(R"({"address":{"territories":"also_outside_vat"}})") == "IC");
}
