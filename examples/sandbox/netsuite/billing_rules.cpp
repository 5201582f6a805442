// SPDX-License-Identifier: Apache-2.0
// Documents that post: invoices, cash sales and fulfilments, their accounts, periods and locations.
#include "examples/sandbox/netsuite/rules.hpp"

#include <algorithm>

namespace carrick::sandbox::netsuite {

namespace {

Json id_ref(std::string_view id) {
    return Json::object({{"id", id}});
}

bool is_goods(const Json& line) {
    return line["itemType"].text() == "InvtPart" || line["itemType"].text() == "Kit";
}

Refusal outside_period() {
    return user_error(
        "The transaction date you specified is not within the date range of your accounting "
        "period.",
        "tranDate");
}

const Record* period_of(const std::string& date, const RecordStore& store) {
    for (const auto& [id, period] : store.family("accountingPeriod"))
        if (!period.is_true("isQuarter") && !period.is_true("isYear") &&
            period.body["startDate"].text() <= date && date <= period.body["endDate"].text())
            return &period;
    return nullptr;
}

void check_period(const Record* period, bool receivables) {
    if (period == nullptr || period->is_true("closed") || period->is_true("allLocked"))
        throw outside_period();
    if (receivables && period->is_true("arLocked"))
        throw user_error("The accounting period " + period->body["periodName"].text() +
                             " is locked for A/R transactions.",
                         "postingPeriod");
}

/// The account a document posts to; the customer's, then the account's standard one.
void choose_account(Record& draft, std::initializer_list<std::string_view> kinds,
                    const SaveContext& context) {
    Json& body = draft.body;
    if (body["account"].is_null()) return;
    const Record* account = context.store.find("account", draft.ref("account"));
    const bool fits =
        account != nullptr && !account->is_true("isInactive") &&
        std::find(kinds.begin(), kinds.end(), account->ref("acctType")) != kinds.end();
    const bool wrong_currency = account != nullptr && !account->body["currency"].is_null() &&
                                account->ref("currency") != draft.ref("currency");
    if (!fits || wrong_currency) throw invalid_value(draft.ref("account"), "account", "account");
}

void finish_invoice(Record& draft, const Record* before, const SaveContext& context) {
    Json& body = draft.body;
    if (body["account"].is_null()) {
        const Record* customer = context.store.find("entity", draft.ref("entity"));
        if (customer != nullptr && !customer->body["receivablesAccount"].is_null())
            body.set("account", customer->body["receivablesAccount"]);
        else if (const Record* standard = context.store.find_by("account", "acctNumber", "1100"))
            body.set("account", id_ref(std::to_string(standard->id)));
    }
    choose_account(draft, {"AcctRec"}, context);
    if (body["approvalStatus"].is_null())
        body.set("approvalStatus",
                 id_ref(context.switches.is("netsuite.invoice_approval", "on") ? "1" : "2"));
    if (body["dueDate"].is_null()) body.set("dueDate", body["tranDate"]);
    if (before == nullptr) body.set("amountPaid", 0);
    const Decimal total = body["total"].decimal_if().value_or(Decimal());
    const Decimal settled = body["amountPaid"].decimal_if().value_or(Decimal());
    const Decimal left = total.minus(settled).value_or(total);
    body.set("amountRemaining", left);
    body.set("status", id_ref(left.is_zero() && !total.is_zero() ? "B" : "A"));
    body.set("posting", draft.ref("approvalStatus") == "2");
}

void finish_cash_sale(Record& draft, const SaveContext& context) {
    Json& body = draft.body;
    const bool undeposited = draft.ref("undepFunds") == "T";
    if (undeposited && !body["account"].is_null())
        throw invalid_value(draft.ref("account"), "account", "account");
    if (body["account"].is_null() && body["undepFunds"].is_null())
        body.set("undepFunds", id_ref("T"));
    else if (body["undepFunds"].is_null())
        body.set("undepFunds", id_ref("F"));
    choose_account(draft, {"Bank", "OthCurrAsset"}, context);
    body.set("status", id_ref(draft.ref("undepFunds") == "T" ? "B" : "C"));
    body.set("posting", true);
}

}  // namespace

void post_into_period(Record& draft, const Record* before, bool receivables,
                      const SaveContext& context) {
    const RecordStore& store = context.store;
    // What stands in a closed period does not change any more.
    if (before != nullptr)
        check_period(store.find("accountingPeriod", before->ref("postingPeriod")), receivables);
    const Record* by_date = period_of(draft.body["tranDate"].text(), store);
    const bool same_date = before != nullptr && before->body["tranDate"] == draft.body["tranDate"];
    const bool follows = before != nullptr && !same_date &&
                         before->ref("postingPeriod") == draft.ref("postingPeriod");
    if (draft.body["postingPeriod"].is_null() || follows) {
        check_period(by_date, receivables);
        draft.body.set("postingPeriod", id_ref(std::to_string(by_date->id)));
        return;
    }
    const Record* named = store.find("accountingPeriod", draft.ref("postingPeriod"));
    check_period(named, receivables);
    if (named != by_date && context.switches.is("netsuite.date_outside_period", "refuse"))
        throw outside_period();
}

void require_locations(const Record& draft, const SaveContext& context, const char* label) {
    if (!context.switches.is("netsuite.location_required", "on")) return;
    std::size_t index = 0;
    for (const Json& line : draft.body["item"]["items"].items()) {
        const std::string path = "item.items[" + std::to_string(index++) + "].location";
        if (!is_goods(line) || !line["location"].is_null()) continue;
        Refusal refusal = missing_values({label});
        refusal.path = path;
        throw refusal;
    }
}

void apply_billing_rules(Record& draft, const Record* before, const Json& sent,
                         SaveContext& context) {
    price_sale(draft, before, sent, context);
    require_locations(draft, context, "Location");
    const bool invoice = draft.type->name == "invoice";
    post_into_period(draft, before, invoice, context);
    if (invoice)
        finish_invoice(draft, before, context);
    else
        finish_cash_sale(draft, context);
}

void apply_fulfillment_rules(Record& draft, const Record* before, SaveContext& context) {
    Json& body = draft.body;
    if (draft.ref("createdFrom").empty())
        throw user_error(
            "An item fulfillment is made from a sales order: use "
            "salesOrder/ID/!transform/itemFulfillment.");
    if (body["item"]["items"].items().empty())
        throw user_error("You must enter at least one line item for this transaction.", "item");
    if (body["tranDate"].is_null()) body.set("tranDate", context.today);
    const bool staged = context.switches.is("netsuite.pick_pack_ship", "on");
    if (body["shipStatus"].is_null()) body.set("shipStatus", id_ref(staged ? "A" : "C"));
    if (!staged) body.set("shipStatus", id_ref("C"));
    require_locations(draft, context, "Items list: Location");
    const bool shipped = draft.ref("shipStatus") == "C";
    post_into_period(draft, before, false, context);
    if (shipped && body["shippedDate"].is_null()) body.set("shippedDate", body["tranDate"]);
    body.set("status", body["shipStatus"]);
    body.set("posting", shipped);
    if (before != nullptr) {
        body.set("tranId", before->body["tranId"]);
        return;
    }
    body.set("tranId", "IF" + std::to_string(100000 + context.document_number));
    body.set("createdDate", context.now.text());
}

}  // namespace carrick::sandbox::netsuite
