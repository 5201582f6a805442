// SPDX-License-Identifier: Apache-2.0
// Ten thousand lines whose truth is known, told in each of the ways that Amazon may tell them; and
// ten thousand of which nothing is true.
#include "plugins/shared/order_model/proceeds.hpp"
#include "tests/plugins/support/amazon_orders.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdint>

using namespace carrick;
using namespace carrick::plugins;
using namespace carrick::plugins::testing;

namespace {

/// The same numbers on every machine (a linear congruential generator, Knuth's constants).
class Numbers {
public:
    explicit Numbers(std::uint64_t seed) : state_(seed) {}
    /// 0 to `end` - 1.
    std::int64_t below(std::int64_t end) {
        state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<std::int64_t>((state_ >> 33) % static_cast<std::uint64_t>(end));
    }
    bool coin() { return below(2) == 1; }

private:
    std::uint64_t state_;
};

/// An amount and the tax on it, in cents.
struct Taxed {
    std::int64_t net = 0;
    std::int64_t tax = 0;
};

struct Truth {
    Taxed item, shipping, gift_wrap, item_off, shipping_off;  ///< what is off is positive here
    [[nodiscard]] std::int64_t tax() const {
        return item.tax + shipping.tax + gift_wrap.tax - item_off.tax - shipping_off.tax;
    }
    [[nodiscard]] std::int64_t total() const {
        return item.net + shipping.net + gift_wrap.net - item_off.net - shipping_off.net + tax();
    }
};

Truth random_truth(Numbers& numbers) {
    const std::int64_t percent =
        std::array<std::int64_t, 5>{0, 7, 10, 19, 25}[static_cast<std::size_t>(numbers.below(5))];
    const auto taxed = [&](std::int64_t net) { return Taxed{net, (net * percent + 50) / 100}; };
    Truth truth;
    truth.item = taxed(1 + numbers.below(100'000));
    if (numbers.coin()) truth.shipping = taxed(1 + numbers.below(1'000));
    if (numbers.coin()) truth.gift_wrap = taxed(1 + numbers.below(500));
    if (numbers.coin()) truth.item_off = taxed(numbers.below(truth.item.net));
    if (truth.shipping.net > 0 && numbers.coin()) truth.shipping_off = truth.shipping;
    return truth;
}

std::string cents(std::int64_t value) {
    return Decimal::from_parts(value, 2)->text();
}

/// How a store may word it: prices with tax or without, discounts as positive numbers or negative,
/// the tax in its parts or not.
struct Wording {
    bool gross, positive, parts;
};

Json worded(const Truth& truth, const Wording& how) {
    const auto shown = [&](const Taxed& amount) {
        return amount.net + (how.gross ? amount.tax : 0);
    };
    const std::int64_t sign = how.positive ? 1 : -1;
    std::vector<Part> parts{{"ITEM", cents(shown(truth.item))}};
    if (truth.shipping.net > 0) parts.push_back({"SHIPPING", cents(shown(truth.shipping))});
    if (truth.gift_wrap.net > 0) parts.push_back({"GIFT_WRAP", cents(shown(truth.gift_wrap))});
    const std::int64_t off = shown(truth.item_off) + shown(truth.shipping_off);
    if (off > 0)
        parts.push_back({"DISCOUNT",
                         cents(sign * off),
                         {{"ITEM", cents(sign * shown(truth.item_off))},
                          {"SHIPPING", cents(sign * shown(truth.shipping_off))}}});
    if (truth.tax() != 0) {
        Part tax{"TAX", cents(truth.tax())};
        if (how.parts)
            tax.details = {
                {"ITEM", cents(truth.item.tax)},
                {"SHIPPING", cents(truth.shipping.tax)},
                {"GIFT_WRAP", cents(truth.gift_wrap.tax)},
                {"DISCOUNT", cents(sign * (truth.item_off.tax + truth.shipping_off.tax))}};
        parts.push_back(std::move(tax));
    }
    return proceeds("EUR", cents(truth.total()), parts);
}

bool adds_up(const LineProceeds& line) {
    const TaxParts& parts = line.tax_parts;
    Money tax = parts.item;
    for (const Money& part : {parts.shipping, parts.gift_wrap, parts.cod_fee, parts.other})
        tax = tax.plus(part).value();
    return line.net().plus(line.tax).value() == line.total && tax == line.tax;
}

std::int64_t in_cents(const Money& money) {
    return static_cast<std::int64_t>(money.amount().coefficient());
}

}  // namespace

TEST_CASE("a line that is true is read as it is, however it is told", "[order_model][proceeds]") {
    const Currency euro = Currency::parse("EUR").value();
    Numbers numbers(20261123);
    for (int round = 0; round < 10'000; ++round) {
        const Truth truth = random_truth(numbers);
        const Wording how{numbers.coin(), numbers.coin(), numbers.coin()};
        const Json json = worded(truth, how);
        const Result<LineProceeds> line = parse_line_proceeds(json, euro, "line");
        if (!line) FAIL(json.dump() << "\n" << line.error().message);
        const bool exact = !how.gross || how.parts;
        const std::int64_t off = in_cents(line->item_discount) + in_cents(line->shipping_discount);
        const std::int64_t net_off = truth.item_off.net + truth.shipping_off.net;
        // Without parts one rate is assumed; the cent that rounding moved in the total counts as
        // often as the total fits into the goods.
        const std::int64_t allowed = exact ? 0 : 3 + 2 * truth.item.net / (truth.total() + 1);
        const auto close = [&](std::int64_t read, std::int64_t told) {
            return read - told <= allowed && told - read <= allowed;
        };
        const bool right =
            adds_up(*line) && in_cents(line->total) == truth.total() &&
            in_cents(line->tax) == truth.tax() && close(in_cents(line->item), truth.item.net) &&
            close(in_cents(line->shipping), truth.shipping.net) &&
            close(in_cents(line->gift_wrap), truth.gift_wrap.net) && close(off, -net_off) &&
            !line->item_discount.is_negative() == line->item_discount.is_zero() &&
            !line->shipping_discount.is_negative() == line->shipping_discount.is_zero();
        if (!right) FAIL(json.dump());
    }
}

TEST_CASE("whatever is told, a line is refused or adds up", "[order_model][proceeds]") {
    const Currency euro = Currency::parse("EUR").value();
    const std::vector<std::string> types{"ITEM", "SHIPPING", "GIFT_WRAP", "COD_FEE", "OTHER",
                                         "TAX",  "DISCOUNT", "",          "NEW"};
    Numbers numbers(7);
    int read = 0;
    for (int round = 0; round < 10'000; ++round) {
        const auto type = [&] {
            return types[static_cast<std::size_t>(
                numbers.below(static_cast<std::int64_t>(types.size())))];
        };
        std::vector<Part> parts;
        std::int64_t total = 0;
        for (std::int64_t n = 1 + numbers.below(5); n > 0; --n) {
            // Small numbers, so that sums meet by chance.
            Part part{type(), cents(numbers.below(9) - 3)};
            for (std::int64_t details = numbers.below(3); details > 0; --details)
                part.details.emplace_back(type(), cents(numbers.below(5) - 1));
            if (part.type != "TAX" || numbers.coin())
                total += static_cast<std::int64_t>(
                    Decimal::parse(part.value)->with_scale(2)->coefficient());
            parts.push_back(std::move(part));
        }
        const Json json = proceeds("EUR", cents(total), parts);
        const Result<LineProceeds> line = parse_line_proceeds(json, euro, "line");
        if (!line) {
            if (line.error().code != "order.proceeds_unbalanced") FAIL(json.dump());
            continue;
        }
        ++read;
        if (!adds_up(*line)) FAIL(json.dump());
    }
    CHECK(read > 5'000);
}
