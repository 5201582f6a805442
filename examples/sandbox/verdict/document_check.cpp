// SPDX-License-Identifier: Apache-2.0
// Identity, customer, money, lines.
#include "examples/sandbox/verdict/document_check.hpp"

#include <carrick/sdk/ids.hpp>

#include <algorithm>

namespace carrick::sandbox {
namespace {

Decimal sum(const Decimal& a, const Decimal& b) {
    return a.plus(b).value();
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return text;
}

DocumentKind kind_of(std::string_view type) {
    if (type == "invoice") return DocumentKind::Invoice;
    return type == "cashSale" ? DocumentKind::CashSale : DocumentKind::SalesOrder;
}

class Check {
public:
    Check(const Order& order, const Truth& truth, const NetSuiteSalesOrder& document)
        : order_(order), truth_(truth), document_(document) {}

    void identity();
    void customer(const NetSuiteCustomer* customer);
    void money(const VerdictOptions& options);
    void goods();
    void charges();

    std::vector<Problem> problems;

private:
    void problem(std::string code, const std::string& message) {
        problems.push_back({std::move(code), truth_.order_id,
                            "order " + truth_.order_id + " (" + title_of(document_.type) + " " +
                                document_.internal_id + "): " + message});
    }
    /// Tax that the document states, as line tax or as a tax item.
    [[nodiscard]] Decimal stated_tax() const;
    [[nodiscard]] bool amount_fits(const ExpectedLine& expected, const Decimal& amount) const;

    const Order& order_;
    const Truth& truth_;
    const NetSuiteSalesOrder& document_;
};

std::string_view role_of(std::string_view item) {
    for (const ServiceItem& service : service_items())
        if (service.item == item) return service.role;
    return {};
}

bool is_goods(std::string_view name) {
    return std::any_of(items().begin(), items().end(),
                       [&](const Item& item) { return item.item == name; });
}

void Check::identity() {
    if (order_.preexisting != Preexisting::No) return;  // somebody else named it
    const Result<std::string> expected =
        external_id(kind_of(document_.type), truth_.account, truth_.order_id);
    // Which of an order's parcels a document is for stands behind the order's id. Two parcels may
    // be alike to a cent, so nothing else tells them apart.
    const std::string wanted =
        truth_.shipment_id.empty() ? *expected : *expected + "-" + truth_.shipment_id;
    if (document_.external_id != wanted)
        problem("external_id",
                "has the external id \"" + document_.external_id + "\"; expected " + wanted);
    if (!document_.other_ref_num.empty() && document_.other_ref_num != truth_.order_id)
        problem("reference",
                "names another order in otherRefNum: \"" + document_.other_ref_num + "\"");
}

/// The marketplace's customer, or one of its numbered successors: AMZ-C-NA1-US, AMZ-C-NA1-US-2.
bool is_or_follows(const std::string& external_id, const std::string& first) {
    if (external_id == first) return true;
    if (!external_id.starts_with(first + "-")) return false;
    const std::string number = external_id.substr(first.size() + 1);
    return !number.empty() && number.find_first_not_of("0123456789") == std::string::npos;
}

void Check::customer(const NetSuiteCustomer* customer) {
    if (document_.subsidiary != truth_.subsidiary)
        problem("subsidiary", "is in subsidiary " + document_.subsidiary + "; " +
                                  std::string(truth_.marketplace->code) + " belongs to " +
                                  truth_.subsidiary);
    if (customer == nullptr) {
        problem("customer", "its entity " + document_.entity + " is no customer");
        return;
    }
    if (order_.preexisting != Preexisting::No) return;
    const Result<std::string> consolidated =
        external_id(DocumentKind::Customer, truth_.account, truth_.marketplace->code);
    const bool of_marketplace = is_or_follows(customer->external_id, *consolidated) ||
                                (!truth_.marketplace->consolidated_customer.empty() &&
                                 customer->entity_id == truth_.marketplace->consolidated_customer);
    const bool of_buyer =
        !customer->email.empty() && lower(customer->email) == lower(truth_.buyer_email);
    if (!of_marketplace && !of_buyer)
        problem("customer", "belongs to customer " + customer->internal_id + " (external id \"" +
                                customer->external_id + "\"), neither the one of marketplace " +
                                std::string(truth_.marketplace->code) + " nor the buyer's");
}

void Check::money(const VerdictOptions& options) {
    if (document_.currency != truth_.currency)
        problem("currency", "is in " + document_.currency + "; expected " + truth_.currency);
    const Decimal expected =
        options.tip_included ? sum(truth_.receivable, truth_.delivery_tip) : truth_.receivable;
    if (document_.total != expected)
        problem("total", "its total is " + document_.total.text() + " " + document_.currency +
                             "; the expected receivable is " + expected.text() + " " +
                             truth_.currency);
    if (const Decimal tax = stated_tax(); !tax.is_zero() && tax != truth_.tax_owed)
        problem("tax", "states " + tax.text() + " " + document_.currency + " of tax; expected " +
                           truth_.tax_owed.text());
}

Decimal Check::stated_tax() const {
    Decimal tax;
    for (const NetSuiteSalesOrderLine& line : document_.lines) {
        tax = sum(tax, line.tax_amount);
        if (role_of(line.item) == "tax") tax = sum(tax, line.amount);
    }
    return tax;
}

/// Goods stand at their net amount; with their tax inside only where the document states no tax.
///
/// Of a parcel the report states the tax that a promotion left, not how much of it the goods held
/// before: which side of the promotion the last cent stands on, nobody can read there. What goods
/// and promotion come to together is exact all the same, by the total and the tax.
bool Check::amount_fits(const ExpectedLine& expected, const Decimal& amount) const {
    if (amount == expected.net) return true;
    if (!truth_.shipment_id.empty() && truth_.marketplace->prices_include_tax &&
        !truth_.discount_net.is_zero()) {
        const Decimal off = amount.minus(expected.net).value();
        const Decimal cent = in_currency(1, truth_.currency);
        if (off == cent || off == cent.negated()) return true;
    }
    return stated_tax().is_zero() && amount == sum(expected.net, expected.tax);
}

void Check::goods() {
    std::vector<const NetSuiteSalesOrderLine*> open;
    for (const NetSuiteSalesOrderLine& line : document_.lines) {
        if (is_goods(line.item)) {
            open.push_back(&line);
        } else if (role_of(line.item).empty()) {
            problem("lines", "holds \"" + line.item + "\", which nobody ordered");
        }
    }
    for (const ExpectedLine& expected : truth_.lines) {
        const auto fits = [&](const NetSuiteSalesOrderLine* line) {
            return line->item == expected.item && line->quantity == Decimal(expected.quantity) &&
                   amount_fits(expected, line->amount);
        };
        const auto found = std::find_if(open.begin(), open.end(), fits);
        if (found != open.end()) {
            open.erase(found);
            continue;
        }
        problem("lines", "lacks " + std::to_string(expected.quantity) + " x " + expected.item +
                             " for " + expected.net.text() + " net");
    }
    for (const NetSuiteSalesOrderLine* line : open)
        problem("lines", "holds " + line->quantity.text() + " x " + line->item + " for " +
                             line->amount.text() + ", which does not fit any ordered line");
}

void Check::charges() {
    struct Charge {
        std::string_view role;
        const Decimal& net;
    };
    for (const Charge& charge :
         {Charge{"shipping", truth_.shipping_net}, Charge{"gift_wrap", truth_.gift_wrap_net},
          Charge{"cod_fee", truth_.cod_fee_net}}) {
        Decimal amount;
        for (const NetSuiteSalesOrderLine& line : document_.lines)
            if (role_of(line.item) == charge.role) amount = sum(amount, line.amount);
        // Where the document states no tax, the charge holds its tax and the total alone decides.
        if (amount == charge.net || (stated_tax().is_zero() && amount > charge.net)) continue;
        problem("lines", std::string(charge.role) + " is " + amount.text() + "; expected " +
                             charge.net.text() + " net");
    }
}

}  // namespace

std::string title_of(std::string_view type) {
    if (type == "invoice") return "invoice";
    if (type == "cashSale") return "cash sale";
    return type == "itemFulfillment" ? "item fulfilment" : "sales order";
}

std::vector<Problem> check_document(const Order& order, const Truth& truth,
                                    const NetSuiteSalesOrder& document,
                                    const NetSuiteCustomer* customer,
                                    const VerdictOptions& options) {
    Check check(order, truth, document);
    check.identity();
    check.customer(customer);
    check.money(options);
    check.goods();
    check.charges();
    return std::move(check.problems);
}

}  // namespace carrick::sandbox
