// SPDX-License-Identifier: Apache-2.0
// Decimal: an exact decimal number, from the text an API sent to the text we send. Never a double.
#pragma once

#include <carrick/sdk/result.hpp>

#include <compare>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace carrick {

/// An exact decimal: coefficient × 10^-scale, with at most 36 digits and a scale of 0 to 18.
/// Scale is kept as written ("12.50" stays "12.50"); comparison is by value ("12.5" == "12.50").
/// Every operation that could leave the range answers an error instead of wrapping or rounding.
class Decimal {
public:
    __extension__ using Coefficient = __int128;
    static constexpr int kMaxScale = 18;

    constexpr Decimal() = default;
    explicit constexpr Decimal(std::int64_t whole) : coefficient_(whole) {}

    /// Reads "-12.50": an optional sign, digits, optionally a point and digits. Nothing else:
    /// no exponent, no blank, no thousands mark. Source: SP-API Money.amount is such a string.
    [[nodiscard]] static Result<Decimal> parse(std::string_view text);
    /// Reads a JSON number token, which may carry an exponent ("1.5e3").
    [[nodiscard]] static Result<Decimal> parse_number_token(std::string_view token);
    /// coefficient × 10^-scale. Errors: `decimal.range`.
    [[nodiscard]] static Result<Decimal> from_parts(Coefficient coefficient, int scale);

    [[nodiscard]] constexpr Coefficient coefficient() const { return coefficient_; }
    [[nodiscard]] constexpr int scale() const { return scale_; }
    [[nodiscard]] constexpr bool is_zero() const { return coefficient_ == 0; }
    [[nodiscard]] constexpr bool is_negative() const { return coefficient_ < 0; }
    [[nodiscard]] constexpr Decimal negated() const {
        Decimal result = *this;
        result.coefficient_ = -result.coefficient_;
        return result;
    }
    [[nodiscard]] constexpr Decimal absolute() const { return is_negative() ? negated() : *this; }

    [[nodiscard]] Result<Decimal> plus(const Decimal& other) const;
    [[nodiscard]] Result<Decimal> minus(const Decimal& other) const {
        return plus(other.negated());
    }
    [[nodiscard]] Result<Decimal> times(const Decimal& other) const;
    /// Half away from zero at `scale` digits: the one place in the house that rounds.
    [[nodiscard]] Result<Decimal> rounded(int scale) const;
    /// this ÷ divisor, rounded half away from zero at `scale` digits. Errors:
    /// `decimal.division_by_zero`.
    [[nodiscard]] Result<Decimal> divided_by(const Decimal& divisor, int scale) const;
    /// The same value with exactly `scale` digits; an error if digits other than 0 would be lost.
    [[nodiscard]] Result<Decimal> with_scale(int scale) const;
    /// The same value without trailing zeros behind the point.
    [[nodiscard]] Decimal normalized() const;

    /// The shortest text that keeps the scale: "12.50", "-0.05", "7".
    [[nodiscard]] std::string text() const;

    friend bool operator==(const Decimal& a, const Decimal& b) { return compare(a, b) == 0; }
    friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) {
        const int order = compare(a, b);
        return order < 0   ? std::strong_ordering::less
               : order > 0 ? std::strong_ordering::greater
                           : std::strong_ordering::equal;
    }

private:
    static constexpr int kMaxDigits = 36;
    [[nodiscard]] static constexpr Coefficient power_of_ten(int exponent) {
        Coefficient power = 1;
        for (int i = 0; i < exponent; ++i) power *= 10;
        return power;
    }
    [[nodiscard]] static constexpr Coefficient limit() { return power_of_ten(kMaxDigits); }
    [[nodiscard]] static constexpr bool in_range(Coefficient c) {
        return c < limit() && c > -limit();
    }
    [[nodiscard]] static Error range_error(std::string_view what) {
        return rejected(
            "decimal.range",
            std::string(what) + ": a decimal holds at most 36 digits, 18 of them behind the point");
    }
    [[nodiscard]] static Error syntax_error(std::string_view text);
    [[nodiscard]] static int compare(const Decimal& a, const Decimal& b);
    [[nodiscard]] static Coefficient round_quotient(Coefficient dividend, Coefficient divisor);

    Coefficient coefficient_ = 0;
    int scale_ = 0;
};

inline Error Decimal::syntax_error(std::string_view text) {
    constexpr std::size_t kShown = 40;
    std::string shown(text.substr(0, kShown));
    if (text.size() > kShown) shown += "...";
    return rejected(
        "decimal.syntax",
        "\"" + shown +
            "\" is not a decimal number; expected digits with at most one point, such as -12.50");
}

inline Result<Decimal> Decimal::parse(std::string_view text) {
    std::string_view rest = text;
    bool negative = false;
    if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) {
        negative = rest.front() == '-';
        rest.remove_prefix(1);
    }
    Coefficient coefficient = 0;
    int scale = 0;
    bool point = false;
    bool digit_after_point = true;
    bool any_digit = false;
    for (const char c : rest) {
        if (c == '.') {
            if (point || !any_digit) return syntax_error(text);
            point = true;
            digit_after_point = false;
            continue;
        }
        if (c < '0' || c > '9') return syntax_error(text);
        any_digit = true;
        digit_after_point = true;
        if (point && ++scale > kMaxScale) return range_error(text.substr(0, 60));
        coefficient = coefficient * 10 + (c - '0');
        if (!in_range(coefficient)) return range_error(text.substr(0, 60));
    }
    if (!any_digit || !digit_after_point) return syntax_error(text);
    Decimal result;
    result.coefficient_ = negative ? -coefficient : coefficient;
    result.scale_ = scale;
    return result;
}

inline Result<Decimal> Decimal::parse_number_token(std::string_view token) {
    const std::size_t mark = token.find_first_of("eE");
    if (mark == std::string_view::npos) return parse(token);
    Result<Decimal> mantissa = parse(token.substr(0, mark));
    if (!mantissa) return syntax_error(token);
    std::string_view digits = token.substr(mark + 1);
    bool negative = false;
    if (!digits.empty() && (digits.front() == '-' || digits.front() == '+')) {
        negative = digits.front() == '-';
        digits.remove_prefix(1);
    }
    if (digits.empty()) return syntax_error(token);
    int exponent = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return syntax_error(token);
        exponent = exponent * 10 + (c - '0');
        if (exponent > 100) {
            if (mantissa->is_zero()) return Decimal();
            return range_error(token.substr(0, 60));
        }
    }
    const int scale = mantissa->scale_ + (negative ? exponent : -exponent);
    if (scale >= 0) return from_parts(mantissa->coefficient_, scale);
    if (mantissa->is_zero()) return Decimal();
    if (-scale > kMaxDigits) return range_error(token.substr(0, 60));
    Coefficient coefficient = mantissa->coefficient_;
    for (int i = 0; i < -scale; ++i) {
        coefficient *= 10;
        if (!in_range(coefficient)) return range_error(token.substr(0, 60));
    }
    return from_parts(coefficient, 0);
}

inline Result<Decimal> Decimal::from_parts(Coefficient coefficient, int scale) {
    while (scale > kMaxScale && coefficient % 10 == 0) {
        coefficient /= 10;
        --scale;
    }
    if (scale < 0 || scale > kMaxScale || !in_range(coefficient)) return range_error("value");
    Decimal result;
    result.coefficient_ = coefficient;
    result.scale_ = scale;
    return result;
}

inline Result<Decimal> Decimal::plus(const Decimal& other) const {
    const int scale = scale_ > other.scale_ ? scale_ : other.scale_;
    Coefficient a = 0;
    Coefficient b = 0;
    Coefficient sum = 0;
    if (__builtin_mul_overflow(coefficient_, power_of_ten(scale - scale_), &a) ||
        __builtin_mul_overflow(other.coefficient_, power_of_ten(scale - other.scale_), &b) ||
        __builtin_add_overflow(a, b, &sum))
        return range_error(text() + " + " + other.text());
    return from_parts(sum, scale);
}

inline Result<Decimal> Decimal::times(const Decimal& other) const {
    Coefficient product = 0;
    if (__builtin_mul_overflow(coefficient_, other.coefficient_, &product))
        return range_error(text() + " * " + other.text());
    return from_parts(product, scale_ + other.scale_);
}

inline Decimal::Coefficient Decimal::round_quotient(Coefficient dividend, Coefficient divisor) {
    Coefficient quotient = dividend / divisor;
    Coefficient remainder = dividend % divisor;
    const bool negative = (dividend < 0) != (divisor < 0);
    if (remainder < 0) remainder = -remainder;
    const Coefficient size = divisor < 0 ? -divisor : divisor;
    if (remainder >= size - remainder) quotient += negative ? -1 : 1;
    return quotient;
}

inline Result<Decimal> Decimal::rounded(int scale) const {
    if (scale < 0 || scale > kMaxScale) return range_error("scale " + std::to_string(scale));
    if (scale >= scale_) return *this;
    return from_parts(round_quotient(coefficient_, power_of_ten(scale_ - scale)), scale);
}

inline Result<Decimal> Decimal::divided_by(const Decimal& divisor, int scale) const {
    if (divisor.is_zero()) return rejected("decimal.division_by_zero", text() + " / 0");
    if (scale < 0 || scale > kMaxScale) return range_error("scale " + std::to_string(scale));
    Coefficient dividend = coefficient_;
    Coefficient size = divisor.coefficient_;
    const int shift = scale + divisor.scale_ - scale_;
    if (shift > kMaxDigits || -shift > kMaxDigits)
        return range_error(text() + " / " + divisor.text());
    Coefficient& grows = shift >= 0 ? dividend : size;
    if (__builtin_mul_overflow(grows, power_of_ten(std::abs(shift)), &grows))
        return range_error(text() + " / " + divisor.text());
    return from_parts(round_quotient(dividend, size), scale);
}

inline Result<Decimal> Decimal::with_scale(int scale) const {
    if (scale < 0 || scale > kMaxScale) return range_error("scale " + std::to_string(scale));
    if (scale >= scale_) {
        Coefficient coefficient = 0;
        if (__builtin_mul_overflow(coefficient_, power_of_ten(scale - scale_), &coefficient))
            return range_error(text());
        return from_parts(coefficient, scale);
    }
    const Coefficient divisor = power_of_ten(scale_ - scale);
    if (coefficient_ % divisor != 0)
        return rejected("decimal.precision", text() + " has more than " + std::to_string(scale) +
                                                 " digits behind the point");
    return from_parts(coefficient_ / divisor, scale);
}

inline Decimal Decimal::normalized() const {
    Decimal result = *this;
    while (result.scale_ > 0 && result.coefficient_ % 10 == 0) {
        result.coefficient_ /= 10;
        --result.scale_;
    }
    return result;
}

inline std::string Decimal::text() const {
    Coefficient rest = coefficient_ < 0 ? -coefficient_ : coefficient_;
    std::string reversed;
    int digits = 0;
    do {
        reversed.push_back(static_cast<char>('0' + static_cast<int>(rest % 10)));
        rest /= 10;
        if (++digits == scale_) reversed.push_back('.');
    } while (rest != 0 || digits <= scale_);
    if (coefficient_ < 0) reversed.push_back('-');
    return {reversed.rbegin(), reversed.rend()};
}

inline int Decimal::compare(const Decimal& a, const Decimal& b) {
    if (a.scale_ == b.scale_)
        return a.coefficient_ < b.coefficient_ ? -1 : a.coefficient_ > b.coefficient_ ? 1 : 0;
    if (a.is_negative() != b.is_negative()) return a.is_negative() ? -1 : 1;
    // Whole parts first, so that bringing both to one scale cannot overflow.
    const Coefficient whole_a = a.coefficient_ / power_of_ten(a.scale_);
    const Coefficient whole_b = b.coefficient_ / power_of_ten(b.scale_);
    if (whole_a != whole_b) return whole_a < whole_b ? -1 : 1;
    const Coefficient part_a =
        (a.coefficient_ % power_of_ten(a.scale_)) * power_of_ten(kMaxScale - a.scale_);
    const Coefficient part_b =
        (b.coefficient_ % power_of_ten(b.scale_)) * power_of_ten(kMaxScale - b.scale_);
    return part_a < part_b ? -1 : part_a > part_b ? 1 : 0;
}

}  // namespace carrick
