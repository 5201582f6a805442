// SPDX-License-Identifier: Apache-2.0
// The verdict must be able to fail: each kind of wrong document is found and named.
#include "tests/sandbox/perfect_netsuite.hpp"

#include <algorithm>
#include <memory>

using namespace carrick;
using namespace carrick::sandbox;
using namespace carrick::sandbox::test;
using namespace std::chrono_literals;

namespace {

/// What the control API judges: the documents of a PerfectNetSuite, behind the face of a service
/// that is never called.
class ServedNetSuite final : public NetSuiteService {
public:
    const NetSuiteView* view = nullptr;

    std::vector<NetSuiteSalesOrder> sales_orders() const override { return view->sales_orders(); }
    std::vector<NetSuiteSalesOrder> posting_documents() const override {
        return view->posting_documents();
    }
    std::vector<NetSuiteCustomer> customers() const override { return view->customers(); }
    std::string_view name() const override { return "netsuite"; }
    std::string operation(const Request&) const override { return "unknown"; }
    Response handle(const Request&) override { return {}; }
    Response by_hand(const Request&) override { return {}; }
    Response fault_response(Fault, const Request&) const override { return {}; }
    Json snapshot() const override { return {}; }
    Result<void> restore(const Json&) override { return {}; }
    void reset() override {}
    Json statistics() const override { return Json::object({}); }
    Json ledger() const override { return Json::array({}); }
};

struct Scene {
    ServedNetSuite* served = nullptr;  // the sandbox's own
    Sandbox sandbox{[] {
                        SandboxOptions options = small_world();
                        options.world.preexisting = false;
                        return options;
                    }(),
                    [this](const Environment&) {
                        auto service = std::make_unique<ServedNetSuite>();
                        served = service.get();
                        return service;
                    }};
    PerfectNetSuite netsuite{sandbox};

    Scene() { served->view = &netsuite; }

    Verdict verdict(VerdictOptions options = {}) {
        return judge(sandbox.world(), netsuite, options);
    }
    /// The first document of an order of this recipe.
    NetSuiteSalesOrder& document(const std::string& recipe) {
        for (NetSuiteSalesOrder& each : netsuite.documents)
            if (sandbox.world().find(each.other_ref_num)->recipe == recipe) return each;
        FAIL("no document of recipe " + recipe);
        return netsuite.documents.front();
    }
    const Order& order(const std::string& recipe) {
        for (const Order* each : sandbox.world().orders())
            if (each->recipe == recipe) return *each;
        FAIL("no order of recipe " + recipe);
        return *sandbox.world().orders().front();
    }
};

}  // namespace

TEST_CASE("a perfect run adds up", "[verdict]") {
    Scene scene;
    const Verdict verdict = scene.verdict();
    INFO(verdict.text());
    CHECK(verdict.adds_up);
    CHECK(verdict.imported == verdict.required);
    CHECK(verdict.required == scene.netsuite.documents.size());
    CHECK(verdict.checked == 500);
    CHECK(verdict.left_out.at("amazon_fulfilled") > 0);
    CHECK(verdict.text().starts_with("The world adds up."));
    CHECK(verdict.json()["adds_up"] == Json(true));
}

TEST_CASE("an empty NetSuite does not add up", "[verdict]") {
    Scene scene;
    scene.netsuite.documents.clear();
    CHECK(codes_of(scene.verdict()) == Codes{"missing"});
    CHECK(scene.verdict().text().starts_with("The world does NOT add up."));
}

TEST_CASE("each wrong document is found and named", "[verdict]") {
    Scene scene;
    SECTION("one is missing") {
        scene.netsuite.documents.pop_back();
        CHECK(codes_of(scene.verdict()) == Codes{"missing"});
        CHECK(scene.verdict().problems.size() == 1);
    }
    SECTION("one is there twice, under another external id") {
        NetSuiteSalesOrder twin = scene.document("plain");
        twin.internal_id = "9999";
        twin.external_id = "";
        scene.netsuite.documents.push_back(twin);
        CHECK(codes_of(scene.verdict()) == Codes{"doubled"});
    }
    SECTION("another tool's field names the same order") {
        NetSuiteSalesOrder twin;
        twin.internal_id = "9999";
        twin.marketplace_order_id = scene.document("plain").other_ref_num;
        scene.netsuite.documents.push_back(twin);
        CHECK(codes_of(scene.verdict()) == Codes{"doubled"});
    }
    SECTION("a cent too much") {
        NetSuiteSalesOrder& document = scene.document("plain");
        document.total = document.total.plus(Decimal::parse("0.01").value()).value();
        CHECK(codes_of(scene.verdict()) == Codes{"total"});
    }
    SECTION("the facilitator's tax was booked as ours") {
        // An American order: tax of every state with a sales tax is Amazon's to pay.
        for (NetSuiteSalesOrder& document : scene.netsuite.documents) {
            const Truth truth = truth_of(*scene.sandbox.world().find(document.other_ref_num));
            if (!truth.facilitator_tax.is_zero() && truth.delivery_tip.is_zero())
                document.total = truth.grand_total;
        }
        CHECK(codes_of(scene.verdict()) == Codes{"total"});
    }
    SECTION("another quantity") {
        scene.document("plain").lines[0].quantity = Decimal(77);
        CHECK(codes_of(scene.verdict()) == Codes{"lines"});
    }
    SECTION("another item") {
        scene.document("plain").lines[0].item = "SHACKLE-12";
        CHECK(codes_of(scene.verdict()) == Codes{"lines"});
    }
    SECTION("an item that nobody knows") {
        scene.document("plain").lines.push_back(
            {"Miscellaneous", Decimal(1), Decimal(), Decimal(), "x"});
        CHECK(codes_of(scene.verdict()) == Codes{"lines"});
    }
    SECTION("a cancelled line came along") {
        NetSuiteSalesOrder& document = scene.document("zero_line");
        document.lines.push_back(
            {"ROPE-10M-BLU", Decimal(1), Decimal(), Decimal(), "inventoryItem"});
        CHECK(codes_of(scene.verdict()) == Codes{"lines"});
    }
    SECTION("gift wrap was left out") {
        NetSuiteSalesOrder& document = scene.document("gift_wrap");
        std::erase_if(document.lines,
                      [](const auto& line) { return line.item == "Amazon Gift Wrap"; });
        CHECK(codes_of(scene.verdict()) == Codes{"lines"});
    }
    SECTION("another marketplace's customer") {
        NetSuiteSalesOrder& document = scene.document("plain");
        document.entity = document.entity == "c-DE" ? "c-IT" : "c-DE";
        CHECK(codes_of(scene.verdict()) == Codes{"customer"});
    }
    SECTION("no customer at all") {
        scene.document("plain").entity = "4711";
        CHECK(codes_of(scene.verdict()) == Codes{"customer"});
    }
    SECTION("another subsidiary and currency") {
        scene.document("plain").subsidiary = "99";
        scene.document("plain").currency = "CHF";
        CHECK(codes_of(scene.verdict()) == Codes{"currency", "subsidiary"});
    }
    SECTION("another external id") {
        scene.document("plain").external_id = "hand-made";
        CHECK(codes_of(scene.verdict()) == Codes{"external_id"});
    }
    SECTION("documents that must not be there") {
        for (const char* recipe : {"pending", "cancelled_unpaid", "cancelled_early", "fba", "old",
                                   "old_touched", "all_zero"})
            scene.netsuite.add(scene.order(recipe));
        CHECK(codes_of(scene.verdict()) == Codes{"forbidden"});
        CHECK(scene.verdict().problems.size() == 7);
    }
    SECTION("a document of no order") {
        NetSuiteSalesOrder stray;
        stray.internal_id = "1";
        stray.external_id = "AMZ-SO-NA1-111-9999999-9999999";
        scene.netsuite.documents.push_back(stray);
        CHECK(codes_of(scene.verdict()) == Codes{"stray"});
    }
    SECTION("one buyer became two customers") {
        scene.netsuite.customers_.push_back({"x1", "AMZ-C-NA1-A", "a", "a@b.c", "1"});
        scene.netsuite.customers_.push_back({"x2", "AMZ-C-NA1-B", "b", "a@b.c", "1"});
        CHECK(codes_of(scene.verdict()) == Codes{"doubled_customer"});
    }
}

TEST_CASE("sales orders that have nothing to do with Amazon do not matter", "[verdict]") {
    Scene scene;
    NetSuiteSalesOrder own;
    own.internal_id = "5";
    own.external_id = "WEB-1001";
    own.other_ref_num = "PO 77";
    scene.netsuite.documents.push_back(own);
    CHECK(scene.verdict().adds_up);
}

TEST_CASE("a buyer's own customer is right as well", "[verdict]") {
    Scene scene;
    NetSuiteSalesOrder& document = scene.document("plain");
    const Order& order = *scene.sandbox.world().find(document.other_ref_num);
    std::string shouted = order.buyer_email;
    shouted[0] =
        shouted[0] >= 'a' && shouted[0] <= 'z' ? static_cast<char>(shouted[0] - 32) : shouted[0];
    scene.netsuite.customers_.push_back(
        {"own", "AMZ-C-NA1-HASH", "Buyer", shouted, std::string(order.marketplace->subsidiary)});
    document.entity = "own";
    CHECK(scene.verdict().adds_up);
}

TEST_CASE("without stated tax, goods may stand at their gross amount", "[verdict]") {
    Scene scene;
    for (NetSuiteSalesOrder& document : scene.netsuite.documents) {
        const Order& order = *scene.sandbox.world().find(document.other_ref_num);
        if (order.marketplace->code != "DE" || order.recipe != "plain_shipped") continue;
        const Truth truth = truth_of(order);
        std::erase_if(document.lines, [](const auto& line) { return line.item == "Amazon Tax"; });
        document.lines[0].amount = truth.lines[0].net.plus(truth.lines[0].tax).value();
    }
    CHECK(scene.verdict().adds_up);
    // But not when the tax is stated besides.
    NetSuiteSalesOrder& document = scene.document("plain_shipped");
    const Truth truth = truth_of(*scene.sandbox.world().find(document.other_ref_num));
    document.lines[0].tax_amount = Decimal(1);
    document.lines[0].amount = document.lines[0].amount.plus(Decimal(1)).value();
    CHECK_FALSE(scene.verdict().adds_up);
}

TEST_CASE("what became importable just now may be on its way", "[verdict]") {
    Scene scene;
    const std::vector<std::string> placed = scene.sandbox.world().place(3);
    scene.sandbox.clock().advance(9min);
    CHECK(scene.verdict().adds_up);
    CHECK(scene.verdict().in_flight == 3);
    scene.netsuite.add(*scene.sandbox.world().find(placed[0]));
    CHECK(scene.verdict().in_flight == 2);
    scene.sandbox.clock().advance(1min);
    CHECK(codes_of(scene.verdict()) == Codes{"missing"});
    CHECK(scene.verdict({.grace = 1h}).adds_up);
}

TEST_CASE("an order cancelled after the start may be there or not, but once and right",
          "[verdict]") {
    Scene scene;
    scene.netsuite.add(scene.order("pending"));
    CHECK(codes_of(scene.verdict()) == Codes{"forbidden"});
    scene.netsuite.documents.pop_back();
    const Order& order = scene.order("cancelled_late");
    const auto documents = [&] {
        return std::count_if(scene.netsuite.documents.begin(), scene.netsuite.documents.end(),
                             [&](const auto& each) { return each.other_ref_num == order.id; });
    };
    CHECK(documents() == 1);
    scene.sandbox.clock().advance(72h);  // all late cancellations have happened
    const Verdict late = scene.verdict({.grace = 100h});
    INFO(late.text());
    CHECK(late.adds_up);
    CHECK(late.left_out.at("cancelled_after_import (imported before)") > 0);
}

namespace {
/// As a flow with the setting `tip: line` writes them.
void add_tip_lines(Scene& scene) {
    bool any = false;
    for (NetSuiteSalesOrder& document : scene.netsuite.documents) {
        const Truth truth = truth_of(*scene.sandbox.world().find(document.other_ref_num));
        if (truth.delivery_tip.is_zero()) continue;
        document.total = truth.receivable.plus(truth.delivery_tip).value();
        document.lines.push_back(
            {"Amazon Delivery Tip", Decimal(1), truth.delivery_tip, Decimal(), "x"});
        any = true;
    }
    REQUIRE(any);
}
}  // namespace

TEST_CASE("tips count when the policy says so", "[verdict]") {
    Scene scene;
    add_tip_lines(scene);
    CHECK(codes_of(scene.verdict()) == Codes{"total"});
    CHECK(scene.verdict({.tip_included = true}).adds_up);
}

TEST_CASE("the control API takes the policy on tips and refuses one it does not know",
          "[verdict][control]") {
    Scene scene;
    add_tip_lines(scene);
    const auto adds_up = [&](const std::string& query) {
        return body_of(control_call(scene.sandbox, "GET", "/verdict" + query, {}))["adds_up"];
    };
    CHECK(adds_up("") == Json(false));
    CHECK(adds_up("?tip=exclude") == Json(false));
    CHECK(adds_up("?tip=include") == Json(true));
    CHECK(control_call(scene.sandbox, "GET", "/verdict?tip=line", {}).status == 400);
}
