// SPDX-License-Identifier: Apache-2.0
// Money: an exact amount with its currency. Neither takes nor gives a double, and has no `/`.
#pragma once

#include <carrick/sdk/decimal.hpp>

#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <vector>

namespace carrick {

/// An ISO 4217 currency code, such as USD.
class Currency {
public:
    /// Three capital letters. Errors: `money.currency`.
    [[nodiscard]] static Result<Currency> parse(std::string_view code);

    [[nodiscard]] std::string_view code() const { return {code_.data(), code_.size()}; }
    /// Digits behind the point: 2, but 0 for JPY and a few others, 3 for the dinars.
    [[nodiscard]] int exponent() const;

    auto operator<=>(const Currency&) const = default;

private:
    std::array<char, 3> code_{'X', 'X', 'X'};
};

/// An amount in a currency, kept at the currency's own number of digits.
class Money {
public:
    /// Source: SP-API Money {amount, currencyCode}. Errors: `decimal.syntax`; `money.precision`
    /// when the text has more significant digits than the currency knows ("1.005" USD, "10.5" JPY).
    [[nodiscard]] static Result<Money> parse(std::string_view amount, Currency currency);
    [[nodiscard]] static Result<Money> parse(std::string_view amount, std::string_view currency);
    [[nodiscard]] static Result<Money> of(const Decimal& amount, Currency currency);
    /// Rounds half away from zero to the currency's digits (for a computed tax, say).
    [[nodiscard]] static Result<Money> rounded(const Decimal& amount, Currency currency);
    [[nodiscard]] static Money zero(Currency currency);

    [[nodiscard]] const Decimal& amount() const { return amount_; }
    [[nodiscard]] Currency currency() const { return currency_; }
    [[nodiscard]] bool is_zero() const { return amount_.is_zero(); }
    [[nodiscard]] bool is_negative() const { return amount_.is_negative(); }
    [[nodiscard]] Money negated() const;
    [[nodiscard]] Money absolute() const { return is_negative() ? negated() : *this; }

    /// Errors: `money.currency_mismatch`; adding two currencies is an error, not a guess.
    [[nodiscard]] Result<Money> plus(const Money& other) const;
    [[nodiscard]] Result<Money> minus(const Money& other) const { return plus(other.negated()); }
    [[nodiscard]] Result<Money> times(std::int64_t quantity) const;

    /// Splits into parts in proportion to `weights` that add up to the whole, to the last cent
    /// (largest remainder; among equal remainders the earlier part wins).
    /// Errors: `money.weights` for no weights, a negative one, or all zero.
    [[nodiscard]] Result<std::vector<Money>> allocate(std::span<const std::int64_t> weights) const;

    /// "19.99", "-0.05", "2500" for yen.
    [[nodiscard]] std::string amount_text() const { return amount_.text(); }
    /// "19.99 USD"
    [[nodiscard]] std::string text() const {
        return amount_.text() + " " + std::string(currency_.code());
    }

    bool operator==(const Money&) const = default;

private:
    Decimal amount_;
    Currency currency_;
};

inline Result<Currency> Currency::parse(std::string_view code) {
    Currency currency;
    if (code.size() != currency.code_.size() ||
        !std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; }))
        return rejected("money.currency",
                        "\"" + std::string(code.substr(0, 20)) +
                            "\" is not a currency; expected three capital letters such as USD");
    std::copy(code.begin(), code.end(), currency.code_.begin());
    return currency;
}

inline int Currency::exponent() const {
    // ISO 4217 minor units, where they differ from 2.
    static constexpr std::array<std::string_view, 16> kNoDigits{
        "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW",
        "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF"};
    static constexpr std::array<std::string_view, 7> kThreeDigits{"BHD", "IQD", "JOD", "KWD",
                                                                  "LYD", "OMR", "TND"};
    if (std::find(kNoDigits.begin(), kNoDigits.end(), code()) != kNoDigits.end() || code() == "XPF")
        return 0;
    if (std::find(kThreeDigits.begin(), kThreeDigits.end(), code()) != kThreeDigits.end()) return 3;
    return 2;
}

inline Result<Money> Money::of(const Decimal& amount, Currency currency) {
    Result<Decimal> exact = amount.with_scale(currency.exponent());
    if (!exact)
        return rejected("money.precision", amount.text() + " " + std::string(currency.code()) +
                                               ": this currency has " +
                                               std::to_string(currency.exponent()) +
                                               " digits behind the point");
    Money money;
    money.amount_ = *exact;
    money.currency_ = currency;
    return money;
}

inline Result<Money> Money::parse(std::string_view amount, Currency currency) {
    Result<Decimal> value = Decimal::parse(amount);
    if (!value) return value.error();
    return of(*value, currency);
}

inline Result<Money> Money::parse(std::string_view amount, std::string_view currency) {
    Result<Currency> parsed = Currency::parse(currency);
    if (!parsed) return parsed.error();
    return parse(amount, *parsed);
}

inline Result<Money> Money::rounded(const Decimal& amount, Currency currency) {
    Result<Decimal> value = amount.rounded(currency.exponent());
    if (!value) return value.error();
    return of(*value, currency);
}

inline Money Money::zero(Currency currency) {
    Money money;
    money.currency_ = currency;
    money.amount_ = Decimal().with_scale(currency.exponent()).value();
    return money;
}

inline Money Money::negated() const {
    Money money = *this;
    money.amount_ = amount_.negated();
    return money;
}

inline Result<Money> Money::plus(const Money& other) const {
    if (currency_ != other.currency_)
        return rejected("money.currency_mismatch",
                        text() + " and " + other.text() + " cannot be added; convert one first");
    Result<Decimal> sum = amount_.plus(other.amount_);
    if (!sum) return sum.error();
    return of(*sum, currency_);
}

inline Result<Money> Money::times(std::int64_t quantity) const {
    Result<Decimal> product = amount_.times(Decimal(quantity));
    if (!product) return product.error();
    return of(*product, currency_);
}

inline Result<std::vector<Money>> Money::allocate(std::span<const std::int64_t> weights) const {
    using Wide = Decimal::Coefficient;
    Wide total = 0;
    for (const std::int64_t weight : weights) {
        if (weight < 0)
            return rejected("money.weights",
                            "a weight of " + std::to_string(weight) + " is negative");
        total += weight;
    }
    if (total == 0)
        return rejected("money.weights",
                        "the weights to split " + text() + " by add up to nothing");

    const Wide whole = is_negative() ? -amount_.coefficient() : amount_.coefficient();
    std::vector<Wide> parts(weights.size());
    std::vector<Wide> remainders(weights.size());
    Wide given = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        Wide product = 0;
        if (__builtin_mul_overflow(whole, Wide{weights[i]}, &product))
            return rejected("decimal.range", text() + " is too large to be split by these weights");
        parts[i] = product / total;
        remainders[i] = product % total;
        given += parts[i];
    }
    std::vector<std::size_t> order(weights.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
    for (std::size_t i = 0; given < whole; ++i, ++given) ++parts[order[i]];

    std::vector<Money> result;
    result.reserve(parts.size());
    for (const Wide part : parts) {
        Result<Decimal> amount = Decimal::from_parts(is_negative() ? -part : part, amount_.scale());
        if (!amount) return amount.error();
        Money money;
        money.amount_ = *amount;
        money.currency_ = currency_;
        result.push_back(money);
    }
    return result;
}

}  // namespace carrick
