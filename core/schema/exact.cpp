// SPDX-License-Identifier: Apache-2.0
// Exact judgements on numbers, values, patterns and formats.
#include "core/schema/exact.hpp"

#include <carrick/sdk/utc_time.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

namespace carrick::schema {

namespace {

/// A number as 0.DIGITS × 10^exponent, without zeros at either end; zero has no digits.
struct Scientific {
    bool negative = false;
    std::string digits;
    std::int64_t exponent = 0;
};

/// Exponents are held to a range that no sum of lengths can leave.
constexpr std::int64_t kExponentLimit = 1'000'000'000'000;

std::int64_t read_exponent(std::string_view text) {
    bool negative = false;
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
        negative = text.front() == '-';
        text.remove_prefix(1);
    }
    std::int64_t value = 0;
    for (const char c : text) value = std::min(value * 10 + (c - '0'), kExponentLimit);
    return negative ? -value : value;
}

Scientific read_number(std::string_view token) {
    Scientific number;
    if (!token.empty() && (token.front() == '-' || token.front() == '+')) {
        number.negative = token.front() == '-';
        token.remove_prefix(1);
    }
    if (const std::size_t mark = token.find_first_of("eE"); mark != std::string_view::npos) {
        number.exponent = read_exponent(token.substr(mark + 1));
        token = token.substr(0, mark);
    }
    const std::size_t point = std::min(token.find('.'), token.size());
    number.exponent += static_cast<std::int64_t>(point);
    number.digits = token.substr(0, point);
    if (point < token.size()) number.digits += token.substr(point + 1);
    const std::size_t leading =
        std::min(number.digits.find_first_not_of('0'), number.digits.size());
    number.digits.erase(0, leading);
    number.exponent -= static_cast<std::int64_t>(leading);
    number.digits.erase(number.digits.find_last_not_of('0') + 1);
    if (number.digits.empty()) return {};
    return number;
}

std::strong_ordering compare_sizes(const Scientific& a, const Scientific& b) {
    if (a.digits.empty() || b.digits.empty()) return a.digits.size() <=> b.digits.size();
    if (a.exponent != b.exponent) return a.exponent <=> b.exponent;
    // Without zeros at the end, a prefix is the smaller number, as in a dictionary.
    return a.digits.compare(b.digits) <=> 0;
}

// Annotations only: what they say is not checked, and the list says so openly.
constexpr std::array<std::string_view, 26> kAnnotationFormats{
    "int32", "int64", "float", "double", "decimal-string", "byte", "binary", "password", "email",
    "idn-email", "hostname", "ip", "ipv4", "ipv6", "uri", "uri-reference", "url", "uuid", "regex",
    "json-pointer", "time", "uri-template", "marketplace-id", "currency", "html",
    // A slip in Amazon's own outbound model, which puts a pattern where a format belongs.
    "[A-Z]{2}"};

bool is_rfc3339(std::string_view text) {
    if (text.size() < 20 || text[10] != 'T') return false;
    const bool utc = text.back() == 'Z';
    const bool offset = text.size() > 24 && text[text.size() - 3] == ':';
    return (utc || offset) && UtcTime::parse(text).ok();
}

bool is_duration(std::string_view text) {
    static constexpr std::array<std::string_view, 5> kUnits{"ms", "s", "m", "h", "d"};
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    return digits > 0 && digits <= 15 &&
           std::find(kUnits.begin(), kUnits.end(), text.substr(digits)) != kUnits.end();
}

}  // namespace

std::strong_ordering compare_numbers(std::string_view a, std::string_view b) {
    const Scientific left = read_number(a);
    const Scientific right = read_number(b);
    if (left.negative != right.negative)
        return left.negative ? std::strong_ordering::less : std::strong_ordering::greater;
    return left.negative ? compare_sizes(right, left) : compare_sizes(left, right);
}

bool is_whole(std::string_view token) {
    const Scientific number = read_number(token);
    return number.digits.empty() ||
           number.exponent >= static_cast<std::int64_t>(number.digits.size());
}

std::optional<bool> is_multiple(std::string_view value, std::string_view divisor) {
    const Result<Decimal> number = Decimal::parse_number_token(value);
    const Result<Decimal> unit = Decimal::parse_number_token(divisor);
    if (!number || !unit || unit->is_zero()) return std::nullopt;
    // Both as whole numbers of the finer scale; the remainder is then exact.
    const Decimal a = number->normalized();
    const Decimal b = unit->normalized();
    const int scale = std::max(a.scale(), b.scale());
    const Result<Decimal> whole_a = a.with_scale(scale);
    const Result<Decimal> whole_b = b.with_scale(scale);
    if (!whole_a || !whole_b) return std::nullopt;
    return whole_a->coefficient() % whole_b->coefficient() == 0;
}

bool equal_values(const Json& a, const Json& b) {
    if (a.is_number() && b.is_number())
        return compare_numbers(*a.number_if(), *b.number_if()) == std::strong_ordering::equal;
    if (a.is_array() && b.is_array())
        return std::equal(a.items().begin(), a.items().end(), b.items().begin(), b.items().end(),
                          equal_values);
    if (a.is_object() && b.is_object())
        return a.size() == b.size() &&
               std::all_of(a.members().begin(), a.members().end(), [&](const JsonMember& member) {
                   const Json* other = b.find(member.key);
                   return other != nullptr && equal_values(member.value, *other);
               });
    return a == b;
}

std::size_t count_characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

Result<std::regex> compile_pattern(const std::string& pattern) {
    // libstdc++'s usual matcher recurses once a character and needs exponential time for some
    // patterns; with __polynomial it does neither, and refuses back references instead.
    constexpr std::size_t kLongest = 1000;
    if (pattern.size() > kLongest)
        return misconfigured("schema.syntax", "a pattern has more than 1000 characters");
    try {
        return std::regex(pattern, std::regex::ECMAScript | std::regex_constants::__polynomial);
    } catch (const std::regex_error& e) {
        return misconfigured("schema.syntax",
                             "the pattern \"" + pattern + "\" cannot be compiled: " + e.what());
    }
}

std::optional<bool> contains_pattern(const std::string& text, const std::regex& pattern) {
    constexpr std::size_t kLongest = std::size_t{64} * 1024;
    if (text.size() > kLongest) return std::nullopt;
    return std::regex_search(text, pattern);
}

FormatSupport format_support(std::string_view format) {
    if (format == "date" || format == "date-time" || format == "decimal" || format == "duration")
        return FormatSupport::Checked;
    return std::find(kAnnotationFormats.begin(), kAnnotationFormats.end(), format) !=
                   kAnnotationFormats.end()
               ? FormatSupport::Annotation
               : FormatSupport::Unknown;
}

bool has_format(std::string_view text, std::string_view format) {
    if (format == "date") return LocalDate::parse(text).ok();
    if (format == "date-time") return is_rfc3339(text);
    if (format == "decimal") return Decimal::parse(text).ok();
    if (format == "duration") return is_duration(text);
    return true;
}

}  // namespace carrick::schema
