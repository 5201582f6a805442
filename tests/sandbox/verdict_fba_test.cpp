// SPDX-License-Identifier: Apache-2.0
// The verdict on what flows make of FBA orders, of changes and of cancellations, as far as it is
// told that they cover them.
#include "tests/sandbox/perfect_netsuite.hpp"

using namespace carrick;
using namespace carrick::sandbox;
using namespace carrick::sandbox::test;
using namespace std::chrono_literals;

namespace {

struct FbaScene {
    explicit FbaScene(bool changes = false)
        : sandbox(
              [changes] {
                  SandboxOptions options = small_world(changes ? 600 : 500);
                  options.world.preexisting = false;
                  options.world.changes = changes;
                  return options;
              }(),
              {}),
          netsuite(sandbox) {}

    Verdict verdict(VerdictOptions options) { return judge(sandbox.world(), netsuite, options); }

    /// What a perfect FBA flow makes, one document per order or per reported parcel.
    void import_fba(const std::string& type, FbaGrain grain) {
        const UtcTime now = sandbox.clock().now();
        const WorldOptions& world = sandbox.world().options();
        const bool posting = type != "salesOrder";
        for (const Order* order : sandbox.world().orders()) {
            if (!order->amazon_fulfilled) continue;
            if (grain == FbaGrain::Shipment) {
                if (fba_rule(*order, now, world.go_live, world.start, false).import !=
                    Import::Required)
                    continue;
                for (const Shipment& shipment : order->shipments)
                    if (shipment.reported <= now)
                        (posting ? netsuite.posting : netsuite.documents)
                            .push_back(netsuite.document_of(truth_of(*order, shipment), type));
            } else if (fba_rule(*order, now, world.go_live, world.start, posting).import ==
                       Import::Required) {
                (posting ? netsuite.posting : netsuite.documents)
                    .push_back(netsuite.document_of(truth_of(*order), type));
            }
        }
    }

    /// A fulfilment of each reported parcel, from the sales orders that are there.
    void fulfil() {
        const UtcTime now = sandbox.clock().now();
        const std::vector<NetSuiteSalesOrder> orders = netsuite.documents;
        for (const Order* order : sandbox.world().orders())
            for (const Shipment& shipment : order->shipments)
                for (const NetSuiteSalesOrder& source : orders)
                    if (shipment.reported <= now && source.other_ref_num == order->id &&
                        (source.external_id.ends_with(order->id) ||
                         source.external_id.ends_with(shipment.id)))
                        netsuite.posting.push_back(fulfilment(*order, shipment, source));
    }
    static NetSuiteSalesOrder fulfilment(const Order& order, const Shipment& shipment,
                                         const NetSuiteSalesOrder& source) {
        NetSuiteSalesOrder made;
        made.type = "itemFulfillment";
        made.internal_id = "9" + source.internal_id;
        made.external_id =
            external_id(DocumentKind::ItemFulfillment, order.account, order.id, shipment.id)
                .value();
        made.created_from = source.internal_id;
        for (const ShippedPart& part : shipment.parts)
            made.lines.push_back({std::string(part.share.item->item), Decimal(part.share.quantity),
                                  Decimal(), Decimal(), "inventoryItem"});
        return made;
    }

    Sandbox sandbox;
    PerfectNetSuite netsuite;
};

VerdictOptions with(FbaDocuments fba, FbaGrain grain = FbaGrain::Order) {
    VerdictOptions options;
    options.fba = fba;
    options.fba_grain = grain;
    return options;
}

}  // namespace

TEST_CASE("FBA orders stand there once, in the chosen kind of document", "[verdict][fba]") {
    struct Kind {
        FbaDocuments fba;
        FbaGrain grain;
        const char* type;
    };
    for (const Kind& kind : {Kind{FbaDocuments::SalesOrder, FbaGrain::Order, "salesOrder"},
                             Kind{FbaDocuments::SalesOrder, FbaGrain::Shipment, "salesOrder"},
                             Kind{FbaDocuments::Invoice, FbaGrain::Order, "invoice"},
                             Kind{FbaDocuments::Invoice, FbaGrain::Shipment, "invoice"},
                             Kind{FbaDocuments::CashSale, FbaGrain::Shipment, "cashSale"}}) {
        INFO(kind.type << " " << static_cast<int>(kind.grain));
        FbaScene scene;
        scene.import_fba(kind.type, kind.grain);
        const Verdict verdict = scene.verdict(with(kind.fba, kind.grain));
        INFO(verdict.text());
        CHECK(verdict.adds_up);
        CHECK(verdict.fba_required > 40);
        CHECK(verdict.fba_imported == verdict.fba_required);
        // To flows that leave FBA alone, the same documents are a fault.
        const Codes unasked = codes_of(scene.verdict({}));
        CHECK(std::find(unasked.begin(), unasked.end(), "forbidden") != unasked.end());
    }
}

TEST_CASE("each wrong FBA document is found and named", "[verdict][fba]") {
    FbaScene scene;
    scene.import_fba("invoice", FbaGrain::Shipment);
    const VerdictOptions options = with(FbaDocuments::Invoice, FbaGrain::Shipment);
    std::vector<NetSuiteSalesOrder>& posting = scene.netsuite.posting;
    SECTION("a parcel is missing") {
        posting.pop_back();
        CHECK(codes_of(scene.verdict(options)) == Codes{"missing"});
    }
    SECTION("a parcel is there twice") {
        posting.push_back(posting.front());
        CHECK(codes_of(scene.verdict(options)) == Codes{"forbidden"});
    }
    SECTION("a cent is missing") {
        posting.front().total = posting.front().total.minus(Decimal::parse("0.01").value()).value();
        CHECK(codes_of(scene.verdict(options)) == Codes{"forbidden", "missing"});
    }
    SECTION("it is of the wrong kind") {
        posting.front().type = "cashSale";
        CHECK(codes_of(scene.verdict(options)) == Codes{"forbidden", "missing"});
    }
    SECTION("one document for the whole order where parcels were to have their own") {
        for (const Order* order : scene.sandbox.world().orders()) {
            if (order->shipments.size() < 2 ||
                order->shipments.back().reported > scene.sandbox.clock().now() ||
                order->created() < scene.sandbox.world().options().go_live)
                continue;
            std::erase_if(posting, [&](const NetSuiteSalesOrder& each) {
                return each.other_ref_num == order->id;
            });
            posting.push_back(scene.netsuite.document_of(truth_of(*order), "invoice"));
            break;
        }
        CHECK(codes_of(scene.verdict(options)) == Codes{"forbidden", "missing"});
    }
    SECTION("it stands for an order that nobody placed") {
        NetSuiteSalesOrder stray = posting.front();
        stray.external_id = "AMZ-IV-NA1-111-0000000-0000000";
        stray.other_ref_num = "";
        posting.push_back(stray);
        CHECK(codes_of(scene.verdict(options)) == Codes{"stray"});
    }
    SECTION("an invoice made from a sales order is that order's progress, not a second one") {
        NetSuiteSalesOrder bill = posting.front();
        bill.created_from = "77";
        posting.push_back(bill);
        CHECK(scene.verdict(options).adds_up);
    }
}

TEST_CASE("each parcel of a sales order has its fulfilment, where the flows fulfil",
          "[verdict][fba]") {
    for (const FbaGrain grain : {FbaGrain::Order, FbaGrain::Shipment}) {
        FbaScene scene;
        scene.import_fba("salesOrder", grain);
        VerdictOptions options = with(FbaDocuments::SalesOrder, grain);
        CHECK(scene.verdict(options).fulfilments_required == 0);
        options.fulfilled = true;
        CHECK(codes_of(scene.verdict(options)) == Codes{"not_fulfilled"});
        scene.fulfil();
        const Verdict right = scene.verdict(options);
        INFO(right.text());
        CHECK(right.adds_up);
        CHECK(right.fulfilments_required > 40);
        CHECK(right.fulfilments_right == right.fulfilments_required);

        std::vector<NetSuiteSalesOrder>& posting = scene.netsuite.posting;
        const std::vector<NetSuiteSalesOrder> good = posting;
        const auto fault = [&](const std::function<void()>& break_it) {
            posting = good;
            break_it();
            return codes_of(scene.verdict(options));
        };
        CHECK(fault([&] { posting.pop_back(); }) == Codes{"not_fulfilled"});
        CHECK(fault([&] { posting.push_back(posting.front()); }) == Codes{"fulfilled_twice"});
        CHECK(fault([&] { posting.front().lines.pop_back(); }) == Codes{"fulfilled_units"});
        CHECK(fault([&] { posting.front().created_from = posting.back().created_from; }) ==
              Codes{"fulfilled_from"});
        CHECK(fault([&] {
                  posting.push_back(posting.front());
                  posting.back().external_id += "X";
              }) == Codes{"fulfilled_nothing"});
    }
}

TEST_CASE("a cancelled order's document is to be closed, where the flows close it", "[verdict]") {
    FbaScene scene;
    scene.sandbox.clock().advance(72h);
    scene.netsuite.documents.clear();
    const WorldOptions& world = scene.sandbox.world().options();
    const UtcTime now = scene.sandbox.clock().now();
    for (const Order* order : scene.sandbox.world().orders()) {
        const ImportRule rule = import_rule(*order, now, world.go_live, world.start);
        if (rule.import == Import::Required || rule.reason == "cancelled_after_import")
            scene.netsuite.add(*order);
    }
    VerdictOptions options;
    CHECK(scene.verdict(options).adds_up);
    options.cancelled = Aftermath::Followed;
    CHECK(codes_of(scene.verdict(options)) == Codes{"not_closed"});
    for (NetSuiteSalesOrder& each : scene.netsuite.documents)
        if (scene.sandbox.world().find(each.other_ref_num)->at(now)->status == Status::Cancelled)
            each.status = "closed";
    CHECK(scene.verdict(options).adds_up);
}

TEST_CASE("a changed order may stand as it was, unless the flows follow changes",
          "[verdict][changes]") {
    FbaScene scene(true);
    scene.sandbox.clock().advance(72h);
    scene.netsuite.documents.clear();
    const WorldOptions& world = scene.sandbox.world().options();
    const UtcTime now = scene.sandbox.clock().now();
    std::vector<const Order*> changed;
    for (const Order* order : scene.sandbox.world().orders()) {
        if (import_rule(*order, now, world.go_live, world.start).import != Import::Required)
            continue;
        scene.netsuite.add(*order);
        if (!order->revisions.empty()) changed.push_back(order);
    }
    REQUIRE(changed.size() > 5);
    VerdictOptions options;
    CHECK(scene.verdict(options).adds_up);
    options.changed = Aftermath::Followed;
    CHECK_FALSE(scene.verdict(options).adds_up);
    for (NetSuiteSalesOrder& document : scene.netsuite.documents) {
        const Order* order = scene.sandbox.world().find(document.other_ref_num);
        if (order->recipe == "line_cancelled_late") {
            // Closed in NetSuite: the line stays, its amount is no longer owed.
            const Order after = revised(*order, now);
            NetSuiteSalesOrder shorter = scene.netsuite.document_of(truth_of(after), "salesOrder");
            NetSuiteSalesOrderLine gone = document.lines[1];
            gone.closed = true;
            shorter.total = shorter.total.plus(gone.amount).value();
            shorter.lines.push_back(gone);
            document = shorter;
        } else if (!order->revisions.empty()) {
            document = scene.netsuite.document_of(truth_of(revised(*order, now)), "salesOrder");
        }
    }
    const Verdict verdict = scene.verdict(options);
    INFO(verdict.text());
    CHECK(verdict.adds_up);
}
