// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/order_import/document_lines.hpp"

#include "plugins/shared/order_import/tax_rules.hpp"

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace carrick::plugins {

namespace {

Json reference(const std::string& id) {
    return Json::object({{"id", Json(id)}});
}

/// Sums that cannot fail: all amounts of one order are in one currency and far from the range's
/// end.
Money operator+(const Money& a, const Money& b) {
    return a.plus(b).value();
}

/// One charge of an order line with the promotions on it and its tax.
struct Charge {
    const char* key;  ///< under `items`
    const char* words;
    const std::string OrderSettings::Items::*item;
    Money LineProceeds::*amount;
    Money LineProceeds::*discount;  ///< null: promotions are not told apart for it
    Money TaxParts::*tax;
};

using Items = OrderSettings::Items;
constexpr Charge kGoods{
    "", "goods", nullptr, &LineProceeds::item, &LineProceeds::item_discount, &TaxParts::item};
constexpr std::array kCharges{
    Charge{"shipping", "shipping", &Items::shipping, &LineProceeds::shipping,
           &LineProceeds::shipping_discount, &TaxParts::shipping},
    Charge{"gift_wrap", "gift wrap", &Items::gift_wrap, &LineProceeds::gift_wrap, nullptr,
           &TaxParts::gift_wrap},
    Charge{"cod_fee", "cash on delivery", &Items::cod_fee, &LineProceeds::cod_fee, nullptr,
           &TaxParts::cod_fee},
    Charge{"other", "other charges", &Items::other, &LineProceeds::other, nullptr,
           &TaxParts::other},
};

/// Builds the lines; the first problem ends it.
class LineBuilder {
public:
    LineBuilder(const Order& order, const OrderReferences& references,
                const OrderSettings& settings, TaxStatement statement)
        : order_(order),
          references_(references),
          settings_(settings),
          statement_(statement),
          location_(settings.location_of(order.shipment ? order.shipment->centre : "")) {}

    Result<DocumentLines> build() {
        for (const OrderLine& line : order_.lines)
            if (line.quantity > 0) add_order_line(line);
        for (const Charge& charge : kCharges) add_charge_line(charge);
        if (settings_.tip_is_ours)
            add_plain("delivery_tip", settings_.items.delivery_tip, order_.delivery_tip);
        add_tax_lines();
        add_facilitator_lines();
        add_rounding();
        if (problem_) return *problem_;
        result_.discount =
            sum(&LineProceeds::item_discount) + sum(&LineProceeds::shipping_discount);
        return std::move(result_);
    }

private:
    /// What falls under one rule at one rate.
    struct Taxed {
        const TaxRule* rule = nullptr;
        Decimal rate;
        TaxedAmount amount;
        std::string where;  ///< "DE to AT"
    };

    [[nodiscard]] Money sum(Money LineProceeds::*part) const {
        Money total = Money::zero(order_.currency);
        for (const OrderLine& line : order_.lines)
            if (line.quantity > 0) total = total + line.proceeds.*part;
        return total;
    }

    void add_order_line(const OrderLine& line) {
        const auto item = references_.items.find(line.sku.text);
        if (item == references_.items.end())
            return fail(
                rejected("order.unknown_sku",
                         "order " + order_.id.text + ": NetSuite has no active item \"" +
                             settings_.item_name(line.sku.text) + "\" for SKU \"" + line.sku.text +
                             "\"; create the item, or name the right one in sku_aliases, and retry",
                         "item"));
        Json& added = add_line(item->second, line.quantity, line.proceeds.item);
        if (!line.title.empty()) added.set("description", Json(line.title));
        if (!settings_.order_item_id_field.empty())
            added.set(settings_.order_item_id_field, Json(line.id.text));
        // What the giver writes names people.
        if (!settings_.gift_message_field.empty() && !line.gift_message.empty() &&
            settings_.personal_data == PersonalData::Keep)
            added.set(settings_.gift_message_field, Json(line.gift_message));
        state_tax(added, {&line, 1}, kGoods);
        if (!settings_.discount_per_order)
            add_discount("discount", settings_.items.discount, line.proceeds.item_discount,
                         promotions_of(line));
    }

    static std::string promotions_of(const OrderLine& line) {
        std::string text;
        for (const std::string& promotion : line.promotions)
            text += (text.empty() ? "" : ", ") + promotion;
        return text;
    }

    void add_charge_line(const Charge& charge) {
        const Money amount = sum(charge.amount);
        const std::string& item = settings_.items.*charge.item;
        if (!amount.is_zero()) {
            if (!has_item(charge.key, item, amount)) return;
            state_tax(add_line(item, 1, amount), order_.lines, charge);
        }
        if (charge.discount != nullptr && !settings_.discount_per_order)
            add_discount("ship_discount", settings_.items.ship_discount, sum(charge.discount));
    }

    Json& add_line(const std::string& item, std::int64_t quantity, const Money& amount) {
        Json line = Json::object({{"item", reference(item)},
                                  {"quantity", Json(quantity)},
                                  {"price", reference("-1")},
                                  {"amount", Json(amount.amount())}});
        // A rate only where quantity x rate is the amount to the cent; else NetSuite would drift.
        if (const Result<Decimal> rate =
                amount.amount().divided_by(Decimal(quantity), order_.currency.exponent()))
            if (rate->times(Decimal(quantity)).value() == amount.amount())
                line.set("rate", Json(*rate));
        if (!location_.empty()) line.set("location", reference(location_));
        if (!settings_.department.empty()) line.set("department", reference(settings_.department));
        if (!settings_.class_id.empty()) line.set("class", reference(settings_.class_id));
        return result_.lines.push_back(std::move(line)).items_if()->back();
    }

    void add_plain(const char* key, const std::string& item, const Money& amount) {
        if (amount.is_zero() || !has_item(key, item, amount)) return;
        add_line(item, 1, amount);
    }

    void add_discount(const char* key, const std::string& item, const Money& amount,
                      const std::string& why = {}) {
        if (amount.is_zero() || !has_item(key, item, amount)) return;
        // A discount item's line applies to the line above it and has no quantity of its own.
        Json line = Json::object({{"item", reference(item)},
                                  {"price", reference("-1")},
                                  {"rate", Json(amount.amount())},
                                  {"amount", Json(amount.amount())}});
        if (!why.empty()) line.set("description", Json(why));
        result_.lines.push_back(std::move(line));
    }

    /// Notes what a charge of these lines is taxed with: in the details of `document_line`, or for
    /// the tax lines at the end.
    void state_tax(Json& document_line, std::span<const OrderLine> lines, const Charge& charge) {
        const bool details = statement_ == TaxStatement::Details;
        if (!details && statement_ != TaxStatement::Line) return;
        std::vector<Taxed> of_line;
        for (const OrderLine& line : lines) {
            if (line.quantity == 0) continue;
            const TaxedAmount amount = taxed_amount(line, charge);
            if (amount.tax.is_zero() && (!details || amount.net.is_zero())) continue;
            add_taxed(details ? of_line : taxed_, line, charge, amount);
        }
        if (of_line.empty()) return;
        const std::string name = "L" + std::to_string(result_.lines.size());
        document_line.set("taxDetailsReference", Json(name));
        for (const Taxed& taxed : of_line)
            result_.tax_details.push_back(
                Json::object({{"taxDetailsReference", reference(name)},
                              {"taxCode", reference(taxed.rule->code)},
                              {"taxBasis", Json(taxed.amount.net.amount())},
                              {"taxRate", Json(taxed.rate)},
                              {"taxAmount", Json(taxed.amount.tax.amount())}}));
    }

    [[nodiscard]] TaxedAmount taxed_amount(const OrderLine& line, const Charge& charge) const {
        TaxedAmount amount{line.proceeds.*charge.amount, line.proceeds.tax_parts.*charge.tax,
                           line.quantity};
        if (charge.discount != nullptr) amount.net = amount.net + line.proceeds.*charge.discount;
        if (line.facilitator) amount.tax = Money::zero(order_.currency);
        return amount;
    }

    /// Without a table all tax is one; with one, each rule's apart.
    void add_taxed(std::vector<Taxed>& all, const OrderLine& line, const Charge& charge,
                   const TaxedAmount& amount) {
        Taxed taxed{nullptr, {}, amount, {}};
        if (!settings_.tax.codes.empty()) {
            const TaxCase wanted = tax_case(order_, line, settings_.tax);
            const Result<const TaxRule*> rule = find_tax_rule(
                settings_.tax, wanted, amount,
                "order " + order_.id.text + ", line " + line.id.text + ", " + charge.words);
            if (!rule) return fail(rule.error());
            taxed.rule = *rule;
            taxed.rate = stated_rate(**rule, amount);
            taxed.where = wanted.ship_from + " to " +
                          (wanted.ship_to.empty() ? "unknown" : wanted.ship_to.back());
        }
        for (Taxed& known : all) {
            if (known.rule != taxed.rule || (taxed.rule != nullptr && known.rate != taxed.rate))
                continue;
            known.amount.net = known.amount.net + amount.net;
            known.amount.tax = known.amount.tax + amount.tax;
            return;
        }
        all.push_back(std::move(taxed));
    }

    void add_tax_lines() {
        for (const Taxed& taxed : taxed_) {
            if (taxed.amount.tax.is_zero()) continue;
            const bool own_item = taxed.rule != nullptr && !taxed.rule->item.empty();
            const std::string& item = own_item ? taxed.rule->item : settings_.items.tax;
            if (!has_item("tax", item, taxed.amount.tax)) return;
            Json& line = add_line(item, 1, taxed.amount.tax);
            if (taxed.rule != nullptr)
                line.set("description", Json(taxed.rate.text() + " % of " +
                                             taxed.amount.net.text() + ", " + taxed.where));
        }
    }

    void add_facilitator_lines() {
        const Money facilitator = facilitator_tax(order_);
        if (!settings_.tax.facilitator_in_and_out || facilitator.is_zero()) return;
        add_plain("facilitator_tax", settings_.items.facilitator_tax, facilitator);
        add_plain("facilitator_tax", settings_.items.facilitator_tax, facilitator.negated());
    }

    void add_rounding() {
        const Money rounding = rounding_of(order_);
        if (rounding.absolute().amount() > settings_.tax.max_rounding)
            return fail(rejected("order.rounding",
                                 "order " + order_.id.text +
                                     ": the residues of its lines and its total add up to " +
                                     rounding.text() + ", and tax.max_rounding is " +
                                     settings_.tax.max_rounding.text() +
                                     "; compare the order with Seller Central and retry",
                                 "tax.max_rounding"));
        // The engine's own residue goes onto this line once NetSuite's total is known. It is there
        // from the start, because a line that is added later could be added twice.
        if (statement_ == TaxStatement::Engine && !settings_.tax.max_rounding.is_zero() &&
            !settings_.items.rounding.empty())
            add_line(settings_.items.rounding, 1, rounding);
        else
            add_plain("rounding", settings_.items.rounding, rounding);
    }

    bool has_item(const char* key, const std::string& item, const Money& amount) {
        if (!item.empty()) return true;
        fail(rejected("order.item_setting",
                      "order " + order_.id.text + ": " + amount.text() +
                          " need the setting items." + std::string(key) +
                          ", which is missing; name a NetSuite item there and retry",
                      "items." + std::string(key)));
        return false;
    }

    void fail(Error error) {
        if (!problem_) problem_ = std::move(error);
    }

    const Order& order_;
    const OrderReferences& references_;
    const OrderSettings& settings_;
    TaxStatement statement_;
    std::string location_;
    DocumentLines result_;
    std::vector<Taxed> taxed_;  ///< for lines of their own, in the order in which they came up
    std::optional<Error> problem_;
};

}  // namespace

Money tax_of_ours(const Order& order) {
    Money total = Money::zero(order.currency);
    for (const OrderLine& line : order.lines)
        if (!line.facilitator && line.quantity > 0) total = total + line.proceeds.tax;
    return total;
}

Money facilitator_tax(const Order& order) {
    Money total = Money::zero(order.currency);
    for (const OrderLine& line : order.lines)
        if (line.facilitator && line.quantity > 0) total = total + line.proceeds.tax;
    return total;
}

Result<TaxStatement> tax_statement(const Order& order, const TaxSettings& settings) {
    switch (settings.mode) {
        case TaxMode::LineItem: return TaxStatement::Line;
        case TaxMode::SuiteTax: return TaxStatement::Details;
        case TaxMode::None: return TaxStatement::None;
        case TaxMode::NetSuite: break;
    }
    bool amazons = false;
    bool ours = false;
    for (const OrderLine& line : order.lines)
        if (line.quantity > 0) (line.facilitator ? amazons : ours) = true;
    if (!amazons) return TaxStatement::Engine;
    if (!settings.codes.empty()) return TaxStatement::Details;
    if (!ours) return TaxStatement::None;
    return rejected("order.tax_mixed",
                    "order " + order.id.text +
                        ": Amazon collects the tax of some lines and not of others, and NetSuite "
                        "can compute tax for all lines or for none; give tax.codes the rules under "
                        "which Amazon's amounts go into the tax details, and retry",
                    "tax.codes");
}

Result<DocumentLines> build_lines(const Order& order, const OrderReferences& references,
                                  const OrderSettings& settings) {
    const Result<TaxStatement> statement = tax_statement(order, settings.tax);
    if (!statement) return statement.error();
    if (const Money ours = tax_of_ours(order); *statement == TaxStatement::None && !ours.is_zero())
        return rejected("order.tax_not_configured",
                        "order " + order.id.text + ": it has " + ours.text() +
                            " of tax that we owe, and tax.mode is none; set it to line_item",
                        "tax.mode");
    return LineBuilder(order, references, settings, *statement).build();
}

}  // namespace carrick::plugins
