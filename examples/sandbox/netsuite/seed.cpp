// SPDX-License-Identifier: Apache-2.0
// Seeds through the same rules that requests meet, in the default position of every switch.
#include "examples/sandbox/netsuite/seed.hpp"

#include "examples/sandbox/netsuite/record_api.hpp"
#include "examples/sandbox/netsuite/switch_table.hpp"
#include "examples/sandbox/world/world.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace carrick::sandbox::netsuite {

namespace {

Json ref(std::int64_t id) {
    return Json::object({{"id", std::to_string(id)}});
}
Json ref(std::string_view id) {
    return Json::object({{"id", std::string(id)}});
}
Json items(std::vector<Json> list) {
    return Json::object({{"items", Json::array(std::move(list))}});
}

struct CurrencyRow {
    std::string_view symbol;
    std::string_view name;
    std::string_view rate;  ///< into USD
    int digits;
};
constexpr std::array kCurrencies{CurrencyRow{"USD", "US Dollar", "1", 2},
                                 CurrencyRow{"CAD", "Canadian Dollar", "0.71", 2},
                                 CurrencyRow{"MXN", "Mexican Peso", "0.054", 2},
                                 CurrencyRow{"GBP", "British Pound", "1.31", 2},
                                 CurrencyRow{"EUR", "Euro", "1.15", 2},
                                 CurrencyRow{"JPY", "Japanese Yen", "0.0064", 0},
                                 CurrencyRow{"AUD", "Australian Dollar", "0.65", 2},
                                 CurrencyRow{"BRL", "Brazilian Real", "0.18", 2},
                                 CurrencyRow{"SEK", "Swedish Krona", "0.105", 2},
                                 CurrencyRow{"PLN", "Polish Zloty", "0.27", 2},
                                 CurrencyRow{"TRY", "Turkish Lira", "0.024", 2},
                                 CurrencyRow{"AED", "UAE Dirham", "0.2723", 2},
                                 CurrencyRow{"SAR", "Saudi Riyal", "0.2667", 2},
                                 CurrencyRow{"EGP", "Egyptian Pound", "0.021", 2},
                                 CurrencyRow{"INR", "Indian Rupee", "0.0113", 2},
                                 CurrencyRow{"ZAR", "South African Rand", "0.058", 2},
                                 CurrencyRow{"SGD", "Singapore Dollar", "0.77", 2}};

struct AccountRow {
    std::string_view number;
    std::string_view name;
    std::string_view type;
};
constexpr std::array kAccounts{AccountRow{"1000", "Checking", "Bank"},
                               AccountRow{"1100", "Accounts Receivable", "AcctRec"},
                               AccountRow{"1250", "Amazon Clearing", "OthCurrAsset"},
                               AccountRow{"1260", "Amazon Reserve", "OthCurrAsset"},
                               AccountRow{"1300", "Inventory Asset", "OthCurrAsset"},
                               AccountRow{"4000", "Sales", "Income"},
                               AccountRow{"4100", "Discounts", "Income"},
                               AccountRow{"4200", "Shipping Income", "Income"},
                               AccountRow{"5000", "Cost of Goods Sold", "COGS"},
                               AccountRow{"6000", "Amazon Fees", "Expense"},
                               AccountRow{"6900", "Rounding", "Expense"}};

struct TaxRow {
    std::string_view country;
    std::string_view code;
    std::string_view rate;
};
constexpr std::array kTaxes{TaxRow{"US", "US Sales Tax", "8.25"}, TaxRow{"CA", "GST/HST-CA", "13"},
                            TaxRow{"MX", "IVA-MX", "16"},         TaxRow{"GB", "VAT-UK:S-GB", "20"},
                            TaxRow{"DE", "VAT-DE:S-DE", "19"},    TaxRow{"FR", "VAT-FR:S-FR", "20"},
                            TaxRow{"IT", "VAT-IT:S-IT", "22"},    TaxRow{"ES", "VAT-ES:S-ES", "21"},
                            TaxRow{"JP", "CT-JP:10", "10"},       TaxRow{"AU", "GST-AU:TS", "10"},
                            TaxRow{"BR", "BR:None", "0"},         TaxRow{"NL", "VAT-NL:S-NL", "21"},
                            TaxRow{"SE", "VAT-SE:S-SE", "25"},    TaxRow{"PL", "VAT-PL:S-PL", "23"},
                            TaxRow{"BE", "VAT-BE:S-BE", "21"},    TaxRow{"IE", "VAT-IE:S-IE", "23"},
                            TaxRow{"TR", "KDV-TR:20", "20"},      TaxRow{"AE", "VAT-AE:5", "5"},
                            TaxRow{"SA", "VAT-SA:15", "15"},      TaxRow{"EG", "VAT-EG:14", "14"},
                            TaxRow{"IN", "GST-IN:18", "18"},      TaxRow{"ZA", "VAT-ZA:15", "15"},
                            TaxRow{"SG", "GST-SG:9", "9"}};
// What every account has; the rest is there where the world sells in that currency or country.
constexpr std::size_t kHomeCurrencies = 7;
constexpr std::size_t kHomeTaxes = 10;

class Seeder {
public:
    Seeder(RecordStore& store, const World& world, UtcTime now)
        : store_(store), world_(world), now_(now), api_(store, switches_, ledger_) {
        declare_switches(switches_);
    }

    void run() {
        lists();
        company();
        accounts();
        taxes();
        locations();
        goods();
        services();
        periods();
        customers();
        for (const Order* order : world_.preexisting_orders()) adopted_order(*order);
    }

private:
    std::int64_t add(std::string_view type, const Json& body) {
        Record record;
        record.type = store_.schema().find(type);
        assert(record.type != nullptr);
        record.from_seed = true;
        return api_.save(std::move(record), body, now_, Milliseconds(0));
    }

    void lists() {
        for (const char* name : {"Base Price", "Wholesale", "Amazon Price"})
            add("priceLevel", Json::object({{"name", name}}));
        for (const char* name : {"Net 15", "Net 30", "Due on receipt"})
            add("term", Json::object({{"name", name}}));
        // 13 is the standard id of "CUSTOMER-Closed Won".
        for (int i = 1; i <= 13; ++i)
            add("customerStatus",
                Json::object({{"name", i == 13 ? std::string("CUSTOMER-Closed Won")
                                               : "LEAD-Stage " + std::to_string(i)}}));
        for (const char* name : {"Marketplaces", "Wholesale"})
            add("classification", Json::object({{"name", name}}));
        for (const char* name : {"E-Commerce", "Administration"})
            add("department", Json::object({{"name", name}}));
        taxable_ = add("taxSchedule", Json::object({{"name", "Taxable"}, {"taxable", true}}));
        not_taxable_ =
            add("taxSchedule", Json::object({{"name", "Not Taxable"}, {"taxable", false}}));
        for (std::size_t i = 0; i < kCurrencies.size(); ++i) {
            const CurrencyRow& row = kCurrencies[i];
            if (i >= kHomeCurrencies && !sells_in(row.symbol, &Marketplace::currency)) continue;
            add("currency",
                Json::object({{"name", row.name},
                              {"symbol", row.symbol},
                              {"exchangeRate", Json::number_token(std::string(row.rate))},
                              {"currencyPrecision", row.digits},
                              {"isBaseCurrency", row.symbol == "USD"}}));
        }
    }

    [[nodiscard]] bool sells_in(std::string_view text, std::string_view Marketplace::*field) const {
        return std::any_of(world_.stores().begin(), world_.stores().end(),
                           [&](const Marketplace* store) { return store->*field == text; });
    }

    [[nodiscard]] std::int64_t currency(std::string_view symbol) const {
        const Record* record = store_.find_by("currency", "symbol", symbol);
        assert(record != nullptr);
        return record->id;
    }

    void company() {
        for (const Subsidiary& row : subsidiaries()) {
            Json body = Json::object({{"name", row.name},
                                      {"legalName", row.name},
                                      {"country", row.country},
                                      {"currency", ref(currency(row.currency))},
                                      {"isInactive", false}});
            if (!row.parent.empty()) body.set("parent", ref(row.parent));
            const std::int64_t id = add("subsidiary", body);
            assert(std::to_string(id) == row.id);
            static_cast<void>(id);
        }
    }

    void accounts() {
        for (const AccountRow& row : kAccounts)
            add("account", Json::object({{"acctNumber", row.number},
                                         {"acctName", row.name},
                                         {"acctType", ref(row.type)},
                                         {"isInactive", false}}));
        income_ = store_.find_by("account", "acctNumber", "4000")->id;
        inventory_ = store_.find_by("account", "acctNumber", "1300")->id;
        discounts_ = store_.find_by("account", "acctNumber", "4100")->id;
    }

    void taxes() {
        for (std::size_t i = 0; i < kTaxes.size(); ++i) {
            const TaxRow& row = kTaxes[i];
            if (i >= kHomeTaxes && !sells_in(row.country, &Marketplace::country)) continue;
            const std::int64_t type = add(
                "taxType", Json::object({{"name", std::string("Tax ") + std::string(row.country)},
                                         {"country", row.country}}));
            add("salesTaxItem", Json::object({{"itemId", row.code},
                                              {"country", row.country},
                                              {"rate", Json::number_token(std::string(row.rate))},
                                              {"taxType", ref(type)},
                                              {"isInactive", false}}));
        }
    }

    void locations() {
        // Amazon-fulfilled stock stands per marketplace; what the company ships itself per
        // subsidiary.
        for (const Subsidiary& row : subsidiaries())
            add("location",
                Json::object({{"name", row.id == "1" ? std::string("Main")
                                                     : "Main " + std::string(row.country)},
                              {"subsidiary", items({ref(row.id)})},
                              {"makeInventoryAvailable", true},
                              {"isInactive", false}}));
        for (const Marketplace* row : world_.stores())
            add("location", Json::object({{"name", "FBA-" + std::string(row->code)},
                                          {"subsidiary", items({ref(row->subsidiary)})},
                                          {"makeInventoryAvailable", true},
                                          {"isInactive", false}}));
    }

    /// Base price 90 % of the Amazon price at the marketplace's factor: a flow that lets the price
    /// level win is found out.
    [[nodiscard]] Json base_prices(std::int64_t us_cents) const {
        std::vector<Json> rows;
        std::vector<std::string_view> done;
        for (const Marketplace* each : world_.stores()) {
            const Marketplace& marketplace = *each;
            if (std::find(done.begin(), done.end(), marketplace.currency) != done.end()) continue;
            done.push_back(marketplace.currency);
            const bool yen = marketplace.currency == "JPY";
            const std::int64_t cents = us_cents * marketplace.price_factor / 1000 * 9 / 10;
            const Decimal price =
                yen ? Decimal(cents / 100) : Decimal::from_parts(cents, 2).value_or(Decimal());
            rows.push_back(Json::object({{"currencyPage", ref(currency(marketplace.currency))},
                                         {"priceLevel", ref(std::int64_t{1})},
                                         {"quantity", 0},
                                         {"price", price}}));
        }
        return items(std::move(rows));
    }

    [[nodiscard]] Json everywhere(std::string_view name) const {
        return Json::object({{"itemId", name},
                             {"subsidiary", items({ref(std::string_view("1"))})},
                             {"includeChildren", true},
                             {"isInactive", false},
                             {"incomeAccount", ref(income_)}});
    }

    void goods() {
        for (const Item& row : carrick::sandbox::items()) {
            if (row.record_type == "kitItem") continue;
            Json body = everywhere(row.item);
            body.set("displayName", row.title);
            body.set("salesDescription", row.title);
            body.set("taxSchedule", ref(taxable_));
            body.set("assetAccount", ref(inventory_));
            body.set("custitem_amz_asin", row.asin);
            body.set("price", base_prices(row.us_cents));
            add(row.record_type, body);
        }
        for (const Item& row : carrick::sandbox::items()) {
            if (row.record_type != "kitItem") continue;
            Json body = everywhere(row.item);
            body.set("displayName", row.title);
            body.set("taxSchedule", ref(taxable_));
            body.set("custitem_amz_asin", row.asin);
            body.set("price", base_prices(row.us_cents));
            std::vector<Json> members;
            std::int64_t number = 0;
            for (const char* part : {"FID-SET", "TWINE-WAX", "KNOTS-BOOK"})
                if (const Record* item = store_.find_by("inventoryItem", "itemId", part))
                    members.push_back(Json::object(
                        {{"item", ref(item->id)}, {"quantity", 1}, {"lineNumber", ++number}}));
            body.set("member", items(std::move(members)));
            add("kitItem", body);
        }
        Json retired = everywhere("ROPE-OLD-HEMP");
        retired.set("displayName", "Hemp rope, discontinued");
        retired.set("assetAccount", ref(inventory_));
        retired.set("isInactive", true);
        add("inventoryItem", retired);
    }

    void services() {
        for (const ServiceItem& row : service_items()) {
            Json body = everywhere(row.item);
            body.set("displayName", row.item);
            body.set("taxSchedule", ref(not_taxable_));
            if (row.record_type == "discountItem") body.set("account", ref(discounts_));
            add(row.record_type, body);
        }
        for (const char* name : {"Amazon Shipping", "Standard", "Expedited"})
            add("shipItem",
                Json::object({{"itemId", name}, {"displayName", name}, {"isInactive", false}}));
    }

    void add_period(const Json& body, bool closed) {
        const std::int64_t id = add("accountingPeriod", body);
        // What stays closed whatever the switches open again; no field of the record type.
        Record period = *store_.find("accountingPeriod", id);
        period.body.set("seedClosed", closed);
        store_.put(std::move(period));
    }

    void periods() {
        const int year = now_.utc_date().year;
        for (int month = -12; month <= 12; ++month) {
            const std::chrono::year_month at =
                std::chrono::year_month(std::chrono::year(year),
                                        std::chrono::month(now_.utc_date().month)) +
                std::chrono::months(month);
            const std::chrono::year_month_day_last last(at.year(),
                                                        std::chrono::month_day_last(at.month()));
            const LocalDate start{static_cast<int>(at.year()), static_cast<unsigned>(at.month()),
                                  1};
            const LocalDate end{start.year, start.month, static_cast<unsigned>(last.day())};
            const bool closed = month < -1;
            add_period(Json::object({{"periodName", start.text().substr(0, 7)},
                                     {"startDate", start.text()},
                                     {"endDate", end.text()},
                                     {"closed", closed},
                                     {"allLocked", closed},
                                     {"arLocked", closed},
                                     {"isQuarter", false},
                                     {"isYear", false},
                                     {"isAdjust", false}}),
                       closed);
        }
    }

    std::int64_t company_customer(const std::string& name, const Marketplace& marketplace) {
        return add("customer", Json::object({{"companyName", name},
                                             {"isPerson", false},
                                             {"subsidiary", ref(marketplace.subsidiary)},
                                             {"currency", ref(currency(marketplace.currency))}}));
    }

    void customers() {
        for (const Marketplace* row : world_.stores())
            if (!row->consolidated_customer.empty())
                company_customer(std::string(row->consolidated_customer), *row);
        Json retired = Json::object({{"companyName", "Retired Chandlery"},
                                     {"isPerson", false},
                                     {"subsidiary", ref(std::string_view("1"))},
                                     {"isInactive", true}});
        add("customer", retired);
    }

    /// The customer that the other tool used for a marketplace.
    std::int64_t other_tools_customer(const Marketplace& marketplace) {
        const std::string name = "eTail " + std::string(marketplace.name);
        if (const Record* known = store_.find_by("customer", "entityId", name)) return known->id;
        return company_customer(name, marketplace);
    }

    [[nodiscard]] Json line(std::string_view item_name, std::int64_t quantity,
                            const Decimal& amount) const {
        for (const auto& [id, item] : store_.family("item"))
            if (item.body["itemId"].text() == item_name)
                return Json::object({{"item", ref(id)},
                                     {"quantity", quantity},
                                     {"price", ref(std::string_view("-1"))},
                                     {"amount", amount}});
        return {};
    }

    void adopted_order(const Order& order) {
        const Truth truth = truth_of(order);
        std::vector<Json> lines;
        Decimal rest = truth.receivable;
        const auto add_line = [&](std::string_view item, std::int64_t quantity,
                                  const Decimal& amount, std::string_view order_item) {
            if (amount.is_zero() && order_item.empty()) return;
            Json made = line(item, quantity, amount);
            if (made.is_null()) return;
            if (!order_item.empty()) made.set("custcol_celigo_etail_order_line_id", order_item);
            lines.push_back(std::move(made));
            rest = rest.minus(amount).value_or(rest);
        };
        for (const ExpectedLine& expected : truth.lines)
            add_line(expected.item, expected.quantity, expected.net,
                     order.preexisting == Preexisting::ByMarketplaceOrderField
                         ? std::string_view(expected.order_item_id)
                         : std::string_view());
        if (lines.empty()) return;
        add_line(service("shipping"), 1, truth.shipping_net, {});
        add_line(service("gift_wrap"), 1, truth.gift_wrap_net, {});
        add_line(service("cod_fee"), 1, truth.cod_fee_net, {});
        add_line(service("tax"), 1, truth.tax_owed, {});
        // What is left is the promotions' net.
        add_line(service("discount_line"), 1, rest, {});

        Json body = Json::object({{"entity", ref(other_tools_customer(*truth.marketplace))},
                                  {"tranDate", order.created().utc_date().text()},
                                  {"orderStatus", ref(std::string_view("B"))},
                                  {"taxDetailsOverride", true},
                                  {"item", items(std::move(lines))}});
        switch (order.preexisting) {
            case Preexisting::ByMarketplaceOrderField:
                body.set("custbody_celigo_etail_order_id", truth.order_id);
                break;
            case Preexisting::ByConnectorField:
                body.set("custbody_fa_channel_order", truth.order_id);
                break;
            default: body.set("otherRefNum", truth.order_id); break;
        }
        add("salesOrder", body);
    }

    [[nodiscard]] static std::string_view service(std::string_view role) {
        for (const ServiceItem& row : service_items())
            if (row.role == role) return row.item;
        return {};
    }

    RecordStore& store_;
    const World& world_;
    UtcTime now_;
    Switches switches_;
    WriteLedger ledger_;
    RecordApi api_;
    std::int64_t taxable_ = 0;
    std::int64_t not_taxable_ = 0;
    std::int64_t income_ = 0;
    std::int64_t inventory_ = 0;
    std::int64_t discounts_ = 0;
};

}  // namespace

void seed_account(RecordStore& store, const World& world, UtcTime now) {
    Seeder(store, world, now).run();
}

}  // namespace carrick::sandbox::netsuite
