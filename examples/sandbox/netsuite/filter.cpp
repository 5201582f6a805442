// SPDX-License-Identifier: Apache-2.0
// Parses and evaluates q, and the user's date format that it needs.
#include "examples/sandbox/netsuite/filter.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <vector>

namespace carrick::sandbox::netsuite {

namespace {

Refusal bad_filter(const std::string& why) {
    Refusal refusal;
    refusal.code = "INVALID_PARAMETER";
    refusal.detail = "Invalid query parameter value: " + why;
    refusal.query_param = "q";
    return refusal;
}

struct Word {
    std::string text;
    bool quoted = false;
};

std::vector<Word> split_words(std::string_view q) {
    std::vector<Word> words;
    for (std::size_t i = 0; i < q.size();) {
        const char c = q[i];
        if (c == ' ') {
            ++i;
        } else if (c == '"' || c == '\'') {
            const std::size_t end = q.find(c, i + 1);
            if (end == std::string_view::npos) throw bad_filter("a quote is not closed.");
            words.push_back({std::string(q.substr(i + 1, end - i - 1)), true});
            i = end + 1;
        } else if (std::string_view("()[],").find(c) != std::string_view::npos) {
            words.push_back({std::string(1, c)});
            ++i;
        } else {
            const std::size_t end = std::min(q.find_first_of(" ()[],\"'", i), q.size());
            words.push_back({std::string(q.substr(i, end - i))});
            i = end;
        }
    }
    return words;
}

/// The comparable value of a field: text for everything but numbers.
struct Value {
    bool empty = true;
    std::string text;
    std::optional<Decimal> number;
};

Value value_of(const Record& record, const Field& field) {
    Value value;
    if (field.name == "id") {
        value = {false, std::to_string(record.id), Decimal(record.id)};
        return value;
    }
    if (field.name == "lastModifiedDate") return {false, record.modified.text(), {}};
    const Json& stored = record.body[field.name];
    if (stored.is_null()) return value;
    value.empty = false;
    if (stored.is_object())
        value.text = stored["id"].text();
    else if (const std::optional<bool> flag = stored.bool_if())
        value.text = *flag ? "true" : "false";
    else if (stored.is_number())
        value.text = *stored.number_if();
    else
        value.text = stored.text();
    if (Result<Decimal> number = Decimal::parse(value.text)) value.number = *number;
    return value;
}

using Test = std::function<bool(const Value&, const std::vector<std::string>&)>;

bool holds(const std::string& text, const std::string& part) {
    return lower(text).find(lower(part)) != std::string::npos;
}

int compare_numbers(const Value& value, const std::string& operand) {
    const Result<Decimal> number = Decimal::parse(operand);
    if (!number) throw bad_filter("'" + operand + "' is not a number.");
    if (!value.number) return -2;
    return *value.number < *number ? -1 : *value.number > *number ? 1 : 0;
}

struct Operator {
    std::string_view name;
    std::size_t operands;
    bool (*test)(const Value&, const std::vector<std::string>&);
};

constexpr std::size_t kList = 99;

const Operator kOperators[] = {
    {"EMPTY", 0, [](const Value& v, const std::vector<std::string>&) { return v.empty; }},
    {"IS", 1,
     [](const Value& v, const std::vector<std::string>& o) {
         return !v.empty && same_name(v.text, o[0]);
     }},
    {"CONTAIN", 1,
     [](const Value& v, const std::vector<std::string>& o) { return holds(v.text, o[0]); }},
    {"START_WITH", 1,
     [](const Value& v, const std::vector<std::string>& o) {
         return lower(v.text).starts_with(lower(o[0]));
     }},
    {"END_WITH", 1,
     [](const Value& v, const std::vector<std::string>& o) {
         return lower(v.text).ends_with(lower(o[0]));
     }},
    {"ENDWITH", 1,
     [](const Value& v, const std::vector<std::string>& o) {
         return lower(v.text).ends_with(lower(o[0]));
     }},
    {"EQUAL", 1,
     [](const Value& v, const std::vector<std::string>& o) {
         return compare_numbers(v, o[0]) == 0;
     }},
    {"GREATER", 1,
     [](const Value& v, const std::vector<std::string>& o) {
         return compare_numbers(v, o[0]) == 1;
     }},
    {"GREATER_OR_EQUAL", 1,
     [](const Value& v, const std::vector<std::string>& o) {
         return compare_numbers(v, o[0]) >= 0;
     }},
    {"LESS", 1,
     [](const Value& v, const std::vector<std::string>& o) {
         return compare_numbers(v, o[0]) == -1;
     }},
    {"LESS_OR_EQUAL", 1,
     [](const Value& v, const std::vector<std::string>& o) {
         const int order = compare_numbers(v, o[0]);
         return order == -1 || order == 0;
     }},
    {"BETWEEN", 2,
     [](const Value& v, const std::vector<std::string>& o) {
         const int high = compare_numbers(v, o[1]);
         return compare_numbers(v, o[0]) >= 0 && (high == -1 || high == 0);
     }},
    {"ANY_OF", kList,
     [](const Value& v, const std::vector<std::string>& o) {
         return std::any_of(o.begin(), o.end(),
                            [&](const std::string& one) { return v.text == one; });
     }},
    {"ON", 1,
     [](const Value& v, const std::vector<std::string>& o) {
         return v.text.substr(0, 10) == o[0];
     }},
    {"AFTER", 1,
     [](const Value& v, const std::vector<std::string>& o) { return v.text.substr(0, 10) > o[0]; }},
    {"BEFORE", 1,
     [](const Value& v, const std::vector<std::string>& o) {
         return !v.empty && v.text.substr(0, 10) < o[0];
     }},
    {"ON_OR_AFTER", 1,
     [](const Value& v, const std::vector<std::string>& o) {
         return v.text.substr(0, 10) >= o[0];
     }},
    {"ON_OR_BEFORE", 1,
     [](const Value& v,
        const std::vector<std::string>& o) { return !v.empty && v.text.substr(0, 10) <= o[0]; }},
};

const Operator* find_operator(std::string_view name) {
    for (const Operator& row : kOperators)
        if (row.name == name) return &row;
    return nullptr;
}

class Parser {
public:
    Parser(std::vector<Word> words, const RecordType& type, const std::string& date_format)
        : words_(std::move(words)), type_(type), date_format_(date_format) {}

    RecordFilter parse() {
        RecordFilter filter = any_of();
        if (at_ < words_.size()) throw bad_filter("unexpected '" + words_[at_].text + "'.");
        return filter;
    }

private:
    [[nodiscard]] bool take(std::string_view word) {
        if (at_ >= words_.size() || words_[at_].quoted || !same_name(words_[at_].text, word))
            return false;
        ++at_;
        return true;
    }
    [[nodiscard]] std::string next() {
        if (at_ >= words_.size()) throw bad_filter("the condition ends too early.");
        return words_[at_++].text;
    }

    RecordFilter any_of() {
        RecordFilter left = all_of();
        while (take("OR")) {
            RecordFilter right = all_of();
            left = [left, right](const Record& r) { return left(r) || right(r); };
        }
        return left;
    }
    RecordFilter all_of() {
        RecordFilter left = condition();
        while (take("AND")) {
            RecordFilter right = condition();
            left = [left, right](const Record& r) { return left(r) && right(r); };
        }
        return left;
    }

    RecordFilter condition() {
        if (take("(")) {
            RecordFilter inner = any_of();
            if (!take(")")) throw bad_filter("a parenthesis is not closed.");
            return inner;
        }
        const std::string name = next();
        const Field* field = type_.field(name);
        if (field == nullptr || field->kind == FieldKind::Sublist ||
            field->kind == FieldKind::Address)
            throw bad_filter("the field '" + name + "' cannot be used in a filter.");
        std::string word = next();
        std::transform(word.begin(), word.end(), word.begin(),
                       [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
        bool negated = false;
        if (word.ends_with("_NOT")) {
            negated = true;
            word.resize(word.size() - 4);
        }
        const Operator* op = find_operator(word);
        if (op == nullptr) throw bad_filter("unknown operator '" + word + "'.");
        std::vector<std::string> operands = read_operands(op->operands, *field);
        return [field, op, negated, operands](const Record& record) {
            return op->test(value_of(record, *field), operands) != negated;
        };
    }

    std::vector<std::string> read_operands(std::size_t count, const Field& field) {
        std::vector<std::string> operands;
        if (take("[")) {
            while (!take("]")) {
                operands.push_back(operand(field));
                static_cast<void>(take(","));
            }
            if (count != kList && operands.size() != count)
                throw bad_filter("the operator takes " + std::to_string(count) + " values.");
            return operands;
        }
        if (count == kList) count = 1;
        for (std::size_t i = 0; i < count; ++i) {
            operands.push_back(operand(field));
            if (count == 2 && i == 0) static_cast<void>(take("AND"));
        }
        return operands;
    }

    std::string operand(const Field& field) {
        std::string text = next();
        if (field.kind != FieldKind::Date && field.kind != FieldKind::DateTime) return text;
        Result<LocalDate> day = parse_user_date(text, date_format_);
        if (!day)
            throw bad_filter("'" + text + "' is not a date in the format " + date_format_ + ".");
        return day->text();
    }

    std::vector<Word> words_;
    std::size_t at_ = 0;
    const RecordType& type_;
    const std::string& date_format_;
};

}  // namespace

RecordFilter parse_filter(std::string_view q, const RecordType& type,
                          const std::string& date_format) {
    return Parser(split_words(q), type, date_format).parse();
}

Result<LocalDate> parse_user_date(std::string_view text, std::string_view format) {
    std::vector<std::string> parts(1);
    for (const char c : text.substr(0, text.find(' '))) {
        if (c >= '0' && c <= '9')
            parts.back() += c;
        else
            parts.emplace_back();
    }
    const auto pad = [](const std::string& part) { return part.size() == 1 ? "0" + part : part; };
    if (parts.size() != 3) return LocalDate::parse(text);
    if (format == "YYYY-MM-DD")
        return LocalDate::parse(parts[0] + "-" + pad(parts[1]) + "-" + pad(parts[2]));
    if (format == "M/D/YYYY")
        return LocalDate::parse(parts[2] + "-" + pad(parts[0]) + "-" + pad(parts[1]));
    return LocalDate::parse(parts[2] + "-" + pad(parts[1]) + "-" + pad(parts[0]));
}

std::string format_user_date(const LocalDate& day, std::string_view format) {
    char buffer[48];
    if (format == "YYYY-MM-DD") return day.text();
    if (format == "DD.MM.YYYY")
        std::snprintf(buffer, sizeof buffer, "%02u.%02u.%04d", day.day, day.month, day.year);
    else if (format == "D/M/YYYY")
        std::snprintf(buffer, sizeof buffer, "%u/%u/%04d", day.day, day.month, day.year);
    else
        std::snprintf(buffer, sizeof buffer, "%u/%u/%04d", day.month, day.day, day.year);
    return buffer;
}

}  // namespace carrick::sandbox::netsuite
