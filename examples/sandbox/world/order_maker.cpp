// SPDX-License-Identifier: Apache-2.0
// The recipes and how an order is made from one.
#include "examples/sandbox/world/order_maker.hpp"

#include "examples/sandbox/world/changes.hpp"
#include "examples/sandbox/world/people.hpp"
#include "examples/sandbox/world/random.hpp"
#include "examples/sandbox/world/recipes.hpp"
#include "examples/sandbox/world/restless.hpp"
#include "examples/sandbox/world/shipments.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace carrick::sandbox {
namespace {

using namespace std::chrono_literals;

// What the control API goes round: all importable.
constexpr std::array<std::string_view, 6> kOnDemand{"plain",     "several_lines", "promotion",
                                                    "gift_wrap", "business",      "facilitator"};

const Recipe& recipe_named(std::string_view name) {
    const std::span<const Recipe> all = recipes(true);
    return *std::find_if(all.begin(), all.end(),
                         [&](const Recipe& recipe) { return recipe.name == name; });
}

const Recipe& recipe_of(const OrderPlan& plan) {
    const std::size_t stores = plan.stores.size();
    const std::uint64_t round = plan.number / stores;
    const std::span<const Recipe> list = recipes(plan.changes);
    if (plan.era == Era::OnDemand) return recipe_named(kOnDemand[round % kOnDemand.size()]);
    // Shifted by marketplace, so that the start of a small world is not one recipe ten times.
    return list[(round + plan.number % stores * 5) % list.size()];
}

// ---- money ------------------------------------------------------------------------------------

constexpr std::int64_t kWhole = 10'000;  // rates are in hundredths of a percent

std::int64_t rounded_quotient(std::int64_t dividend, std::int64_t divisor) {
    return (dividend + divisor / 2) / divisor;
}

/// Splits an amount as the store displays it into net and tax.
Amount amount_of(const Marketplace& store, std::int64_t displayed, std::int64_t rate) {
    if (!store.prices_include_tax) return {displayed, rounded_quotient(displayed * rate, kWhole)};
    const std::int64_t net = rounded_quotient(displayed * kWhole, kWhole + rate);
    return {net, displayed - net};
}

/// A US price in the store's money, ending as prices do.
std::int64_t local_price(const Marketplace& store, std::int64_t us_cents) {
    const std::int64_t hundredths = us_cents * store.price_factor / 1000;
    if (store.currency == "JPY") return hundredths / 100 / 10 * 10 + 8;
    return hundredths / 10 * 10 + 9;
}

std::int64_t country_tax(std::string_view code, bool reduced) {
    struct Rate {
        std::string_view code;
        std::int64_t normal, reduced;
    };
    static constexpr std::array kRates{
        Rate{"MX", 1600, 0},    Rate{"UK", 2000, 0},    Rate{"DE", 1900, 700},
        Rate{"FR", 2000, 550},  Rate{"IT", 2200, 400},  Rate{"ES", 2100, 400},
        Rate{"JP", 1000, 800},  Rate{"AU", 1000, 1000}, Rate{"NL", 2100, 900},
        Rate{"SE", 2500, 600},  Rate{"PL", 2300, 500},  Rate{"BE", 2100, 600},
        Rate{"IE", 2300, 0},    Rate{"TR", 2000, 100},  Rate{"AE", 500, 500},
        Rate{"SA", 1500, 1500}, Rate{"EG", 1400, 0},    Rate{"IN", 1800, 500},
        Rate{"ZA", 1500, 1500}, Rate{"SG", 900, 900}};
    for (const Rate& rate : kRates)
        if (rate.code == code) return reduced ? rate.reduced : rate.normal;
    return 0;
}

// ---- people -----------------------------------------------------------------------------------

std::string hex(std::uint64_t value, int digits) {
    char buffer[24];
    std::snprintf(buffer, sizeof buffer, "%016llx", static_cast<unsigned long long>(value));
    return std::string(buffer).substr(0, static_cast<std::size_t>(digits));
}

void add_people(Order& order, const Place& place, const Recipe& recipe, Chance& chance) {
    const std::string_view code = order.marketplace->code;
    order.buyer_name = chance.pick(names_in(code));
    order.buyer_email =
        hex(chance.next(), 15) + "@marketplace." + std::string(order.marketplace->domain.substr(4));
    Address& address = order.address;
    // Now and then a present: another name on the parcel than on the account.
    address.name = recipe.gift ? chance.pick(names_in(code)) : std::string_view(order.buyer_name);
    address.line1 = place.line1;
    address.line2 = place.line2;
    address.line3 = place.line3;
    address.city = place.city;
    address.district = place.district;
    address.state = place.state;
    address.postal_code = place.postal_code;
    address.country = place.country;
    address.phone = place.phone;
    if (!recipe.business) return;
    order.buyer_company = chance.pick(companies_in(code));
    address.company = order.buyer_company;
    address.type = "COMMERCIAL";
    order.purchase_order_number = "PO-" + std::to_string(chance.between(1000, 99999));
    order.programs.emplace_back("AMAZON_BUSINESS");
    if (order.marketplace->region == "eu" && place.country.size() == 2)
        order.vat_number =
            std::string(place.country) + std::to_string(chance.between(100'000'000, 999'999'999));
}

// ---- lines ------------------------------------------------------------------------------------

struct LineRules {
    const Marketplace& store;
    const Recipe& recipe;
    const Place& place;
    bool reverse_charge;  ///< a business of another country with a VAT number: no tax
};

std::int64_t tax_rate(const LineRules& rules, const Item& item) {
    if (rules.reverse_charge) return 0;
    return rules.place.tax_rate >= 0 ? rules.place.tax_rate
                                     : country_tax(rules.store.code, item.reduced_tax);
}

bool has_facilitator(const LineRules& rules, std::size_t index, Chance& chance) {
    const std::string_view code = rules.store.code;
    if (code == "US") return true;  // every state with a sales tax has such a law
    if (code == "JP" || code == "MX") return false;
    if (rules.recipe.facilitator) return index == 0;  // the second line of "mixed" is the seller's
    const std::int64_t one_in = code == "CA" ? 3 : code == "AU" ? 4 : 20;
    return chance.one_in(one_in);
}

OrderLine make_line(const LineRules& rules, const Item& item, std::size_t index, Chance& chance) {
    const Marketplace& store = rules.store;
    OrderLine line;
    line.item = &item;
    line.quantity = rules.recipe.big ? chance.between(2, 12) : chance.between(1, 2);
    line.unit_price = local_price(store, item.us_cents);
    if (rules.recipe.business && chance.below(3) != 0) {
        line.unit_price = local_price(store, item.us_cents * 93 / 100);
        line.business_price = true;
    }
    line.tax_rate = tax_rate(rules, item);
    line.facilitator = has_facilitator(rules, index, chance) && line.tax_rate != 0;
    if (rules.recipe.replacement) return line;  // goods without a price

    const auto amount = [&](std::int64_t displayed) {
        return amount_of(store, displayed, line.tax_rate);
    };
    const std::int64_t goods = line.unit_price * line.quantity;
    line.principal = amount(goods);
    const bool pays_shipping =
        rules.recipe.shipping_promotion || (!rules.recipe.fba && chance.below(3) != 0);
    const std::int64_t shipping = pays_shipping ? local_price(store, chance.between(299, 899)) : 0;
    line.shipping = amount(shipping);
    if (rules.recipe.shipping_promotion) line.shipping_discount = line.shipping;
    if (rules.recipe.gift && index % 2 == 0) {
        line.gift_wrap = amount(local_price(store, 399));
        line.gift_level = "Classic";
        line.gift_message = store.code == "JP" ? "お誕生日おめでとう！"
                            : store.code == "DE" ? "Alles Gute zum Geburtstag – Grüße aus München"
                            : store.code == "FR"
                                ? "Joyeux anniversaire, à très bientôt !"
                                : "Fair winds & following seas!\nYours, \"the crew\"";
    }
    if (rules.recipe.promotion) {
        static constexpr std::array<std::int64_t, 4> kPercent{5, 10, 15, 33};
        std::int64_t off = rounded_quotient(goods * chance.pick(std::span(kPercent)), 100);
        line.promotion_ids.push_back("PAWS-V2-" + hex(chance.next(), 12));
        if (rules.recipe.second_promotion) {
            off += rounded_quotient(goods * 7, 100);
            line.promotion_ids.push_back("Sailors' Week " + std::to_string(chance.between(10, 99)) +
                                         "%");
        }
        line.item_discount = amount(off);
    }
    if (rules.recipe.shipping_promotion)
        line.promotion_ids.push_back("Core Free Shipping " + hex(chance.next(), 8));
    if (rules.recipe.local_extra && store.code == "JP") {
        if (index == 0) line.cod_fee = amount(330);
        line.points = goods / 100;
    }
    return line;
}

void add_lines(Order& order, const OrderPlan& plan, const Recipe& recipe, const Place& place,
               Chance& chance) {
    const bool reverse_charge = !order.vat_number.empty() && chance.one_in(3);
    const LineRules rules{*order.marketplace, recipe, place, reverse_charge};
    const std::int64_t first = chance.below(static_cast<std::int64_t>(items().size()));
    for (int i = 0; i < recipe.lines; ++i) {
        const auto index = static_cast<std::size_t>(i);
        // Steps of 5 through 24 items: all different within an order of up to 24 lines.
        const Item* item = &items()[(static_cast<std::size_t>(first) + index * 5) % items().size()];
        if (plan.unknown_sku && i == 0) item = &chance.pick(unknown_items());
        OrderLine line = make_line(rules, *item, index, chance);
        char id[24];
        std::snprintf(id, sizeof id, "%08llu%04llu%02d",
                      static_cast<unsigned long long>(10'000'000 + plan.number % 90'000'000),
                      static_cast<unsigned long long>(chance.next() % 10'000), i + 1);
        line.order_item_id = id;
        if (line.tax_rate != 0 && order.marketplace->region == "eu" &&
            place.country != order.marketplace->country && place.country == "AT")
            line.reporting_scheme = "UOSS";
        order.lines.push_back(std::move(line));
    }
    if (recipe.zero_line) drop_line(order.lines[1]);
    if (recipe.all_zero)
        for (OrderLine& line : order.lines) drop_line(line);
}

// ---- life -------------------------------------------------------------------------------------

// No event of the past lies close to the start and none of the future close behind it, so that what
// a first run finds does not depend on how fast it begins.
constexpr Milliseconds kQuiet = 45min;

UtcTime keep_clear_of(UtcTime start, UtcTime time) {
    return time > start - kQuiet && time < start + kQuiet
               ? start + kQuiet + (time - (start - kQuiet))
               : time;
}

UtcTime placed_before_start(const OrderPlan& plan, Life life, Chance& chance) {
    const auto within = [&](UtcTime from, UtcTime to) {
        return from + Milliseconds(chance.below((to - from).count()));
    };
    if (life == Life::Old || life == Life::OldTouched)
        return within(plan.go_live - 30 * 24h, plan.go_live - 5 * 24h);
    if (life == Life::PendingNow) return within(plan.start - 8h, plan.start - 1h);
    const UtcTime earliest = std::max(plan.go_live + 1h, plan.start - 20 * 24h);
    return within(earliest, plan.start - 6h);
}

void add_life(Order& order, const OrderPlan& plan, Life life, Chance& chance) {
    const bool initial = plan.era == Era::Initial;
    const UtcTime placed = initial ? placed_before_start(plan, life, chance) : plan.placed;
    const auto later = [&](UtcTime time, Milliseconds low, Milliseconds high) {
        const UtcTime then = time + Milliseconds(chance.between(low.count(), high.count()));
        return initial ? keep_clear_of(plan.start, then) : then;
    };
    const auto add = [&](Happening what, UtcTime time) { order.events.push_back({time, what}); };

    add(Happening::Placed, placed);
    if (plan.era == Era::OnDemand) {
        add(Happening::Confirmed, placed);
        return;
    }
    const UtcTime paid = life == Life::PendingNow
                             ? later(initial ? plan.start + kQuiet : placed, 10min, 48h)
                             : later(placed, 1min, initial ? 90min : 10min);
    switch (life) {
        case Life::Open:
        case Life::PendingNow: add(Happening::Confirmed, paid); break;
        case Life::Shipped:
        case Life::Old:
            add(Happening::Confirmed, paid);
            add(Happening::Shipped, later(paid, 5h, 60h));
            break;
        case Life::PartlyShipped:
            add(Happening::Confirmed, paid);
            add(Happening::PartlyShipped, later(paid, 1h, 3h));
            add(Happening::Shipped, later(initial ? plan.start + kQuiet : paid, 24h, 60h));
            break;
        case Life::CancelledUnpaid: add(Happening::Cancelled, paid); break;
        case Life::CancelledEarly:
            add(Happening::Confirmed, paid);
            // At most 6 h after being placed less the quiet time: before the start for sure.
            add(Happening::Cancelled, paid + Milliseconds(chance.between(60'000, 3 * 3'600'000)));
            break;
        case Life::CancelledLate:
            add(Happening::Confirmed, paid);
            add(Happening::Cancelled, later(initial ? plan.start + kQuiet : paid, 5min, 40h));
            break;
        case Life::TouchedLate:
            add(Happening::Confirmed, paid);
            add(Happening::Touched, later(initial ? plan.start + kQuiet : paid, 5min, 5h));
            add(Happening::Touched, later(order.events.back().time, 10min, 5h));
            break;
        case Life::OldTouched:
            add(Happening::Confirmed, paid);
            add(Happening::Shipped, later(paid, 5h, 60h));
            // Between go-live and the start, which are at least two days apart.
            add(Happening::Touched, later(initial ? plan.go_live : paid, 1h, 40h));
            break;
        case Life::ChangedLate:
            add(Happening::Confirmed, paid);
            add(Happening::Revised, later(initial ? plan.start + kQuiet : paid, 5min, 5h));
            add(Happening::Shipped, later(order.events.back().time, 48h, 96h));
            break;
        case Life::ShipsLater:
            add(Happening::Confirmed, paid);
            add(Happening::Shipped, later(initial ? plan.start + kQuiet : paid, 24h, 60h));
            break;
    }
}

// ---- changes ----------------------------------------------------------------------------------

void add_change(Order& order, const Recipe& recipe, Chance& chance) {
    if (recipe.change == Change::None) return;
    Revision revision;
    // Amazon's own orders change soon after they were paid, the merchant's at their event.
    revision.time =
        order.time_of(Happening::Revised).value_or(*order.time_of(Happening::Confirmed) + 1s);
    revision.lines = order.lines;
    revision.address = order.address;
    switch (recipe.change) {
        case Change::None: break;
        case Change::Quantity: cut_quantity(revision.lines.front()); break;
        case Change::Line: drop_line(revision.lines[1]); break;
        case Change::Address:
            move_house(revision.address, chance.pick(places_in(order.marketplace->code)));
            break;
    }
    if (!order.time_of(Happening::Revised))
        order.events.push_back({revision.time, Happening::Revised});
    order.revisions.push_back(std::move(revision));
}

}  // namespace

std::string order_id_of(std::uint64_t seed, std::uint64_t number, std::string_view store_code) {
    struct Prefix {
        std::string_view code;
        std::int64_t low, high;
    };
    static constexpr std::array kPrefixes{
        Prefix{"US", 111, 114}, Prefix{"CA", 701, 701}, Prefix{"MX", 702, 702},
        Prefix{"UK", 202, 206}, Prefix{"DE", 302, 306}, Prefix{"FR", 402, 402},
        Prefix{"IT", 403, 403}, Prefix{"ES", 404, 404}, Prefix{"JP", 249, 250},
        Prefix{"AU", 251, 251}, Prefix{"BR", 703, 703}, Prefix{"NL", 405, 405},
        Prefix{"SE", 407, 407}, Prefix{"PL", 408, 408}, Prefix{"BE", 406, 406},
        Prefix{"IE", 207, 207}, Prefix{"TR", 409, 409}, Prefix{"AE", 521, 521},
        Prefix{"SA", 522, 522}, Prefix{"EG", 523, 523}, Prefix{"IN", 171, 171},
        Prefix{"ZA", 524, 524}, Prefix{"SG", 253, 253}};
    const Prefix& prefix =
        *std::find_if(kPrefixes.begin(), kPrefixes.end(),
                      [&](const Prefix& each) { return each.code == store_code; });
    Chance chance(mix(seed, number ^ 0x1d));
    // 7919 has no factor in common with 10^7, so no two numbers below 10^7 share the middle group.
    const std::uint64_t middle = (number * 7919 + mix(seed) % 10'000'000) % 10'000'000;
    char id[40];
    std::snprintf(id, sizeof id, "%03lld-%07llu-%07lld",
                  static_cast<long long>(chance.between(prefix.low, prefix.high)),
                  static_cast<unsigned long long>(middle),
                  static_cast<long long>(chance.below(10'000'000)));
    return id;
}

Order make_order(const OrderPlan& plan) {
    const Recipe& recipe = recipe_of(plan);
    Chance chance(mix(plan.seed, plan.number));
    Order order;
    order.number = plan.number;
    order.marketplace = plan.stores[plan.number % plan.stores.size()];
    order.id = order_id_of(plan.seed, plan.number, order.marketplace->code);
    order.account = plan.linked ? seller_of_region(order.marketplace->region).account
                                : order.marketplace->account;
    order.recipe = recipe.name;
    order.amazon_fulfilled = recipe.fba;

    const Place& place = chance.pick(places_in(order.marketplace->code));
    add_people(order, place, recipe, chance);
    add_lines(order, plan, recipe, place, chance);
    const bool restless = plan.restless && plan.era == Era::Live;
    if (restless) {
        add_restless_life(order, plan.placed, chance);
    } else {
        add_life(order, plan, recipe.life, chance);
        add_change(order, recipe, chance);
    }
    add_shipments(order, plan.seed, plan.start, kQuiet, restless);

    const std::size_t stores = plan.stores.size();
    if (recipe.replacement && plan.number >= stores)
        order.replacement_of =
            order_id_of(plan.seed, plan.number - stores, order.marketplace->code);
    if (recipe.fba || chance.one_in(4)) order.programs.emplace_back("PRIME");
    if (chance.one_in(3)) {
        order.service_level = "EXPEDITED";
        order.seller_order_id = "BB-" + std::to_string(100'000 + plan.number);
    }
    order.payment_method = "CreditCard";
    if (recipe.business) order.payment_method = "Invoice";
    if (recipe.local_extra && order.marketplace->code == "JP")
        order.payment_method = "CashOnDelivery";
    if (recipe.local_extra && order.marketplace->code == "US")
        order.delivery_tip = chance.between(100, 500);
    if (recipe.cancel_request)
        order.events.push_back({order.events.back().time + 30min, Happening::CancelRequested});
    if (plan.preexisting && plan.era == Era::Initial) order.preexisting = recipe.preexisting;
    std::stable_sort(order.events.begin(), order.events.end(),
                     [](const Event& a, const Event& b) { return a.time < b.time; });
    return order;
}

}  // namespace carrick::sandbox
