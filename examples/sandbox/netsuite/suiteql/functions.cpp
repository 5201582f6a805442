// SPDX-License-Identifier: Apache-2.0
// Each function is small; sums are exact decimals, not floats.
#include "examples/sandbox/netsuite/suiteql/functions.hpp"

#include "examples/sandbox/netsuite/filter.hpp"
#include "examples/sandbox/netsuite/suiteql/oracle_dates.hpp"
#include "examples/sandbox/netsuite/user_time.hpp"

#include <carrick/sdk/decimal.hpp>

#include <sqlite3.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace carrick::sandbox::netsuite::suiteql {

namespace {

struct Surroundings {
    const RecordStore& store;
    const Mirror::Settings& settings;
};

Cell text_of(sqlite3_value* value) {
    if (sqlite3_value_type(value) == SQLITE_NULL) return std::nullopt;
    const unsigned char* bytes = sqlite3_value_text(value);
    std::string text(reinterpret_cast<const char*>(bytes),
                     static_cast<std::size_t>(sqlite3_value_bytes(value)));
    if (sqlite3_value_type(value) == SQLITE_FLOAT && text.ends_with(".0"))
        text.resize(text.size() - 2);
    return text;
}

void give(sqlite3_context* context, const Cell& cell) {
    if (!cell || cell->empty())
        sqlite3_result_null(context);
    else
        sqlite3_result_text(context, cell->data(), static_cast<int>(cell->size()),
                            SQLITE_TRANSIENT);
}

void fail(sqlite3_context* context, const std::string& text) {
    sqlite3_result_error(context, text.c_str(), static_cast<int>(text.size()));
}

const Surroundings& around(sqlite3_context* context) {
    return *static_cast<const Surroundings*>(sqlite3_user_data(context));
}

bool is_date(const std::string& text) {
    return text.size() == 20 && text.front() == kDateMark;
}

/// What a value looks like when it is joined to a text.
Cell as_text(const Cell& cell, const Surroundings& all) {
    if (!cell || !is_date(*cell)) return cell;
    const Result<LocalDate> day = LocalDate::parse(std::string_view(*cell).substr(1, 10));
    return day ? Cell(format_user_date(*day, all.settings.date_format)) : cell;
}

void ns_text(sqlite3_context* context, int, sqlite3_value** arguments) {
    give(context, as_text(text_of(arguments[0]), around(context)));
}

void ns_now(sqlite3_context* context, int, sqlite3_value**) {
    const Mirror::Settings& settings = around(context).settings;
    give(context, marked_date(local_text(settings.now, settings.view.zone)));
}

void ns_to_char(sqlite3_context* context, int count, sqlite3_value** arguments) {
    const Cell value = text_of(arguments[0]);
    const Cell format = count > 1 ? text_of(arguments[1]) : std::nullopt;
    if (!value) return give(context, value);
    if (!format) return give(context, as_text(value, around(context)));
    if (!is_date(*value)) {
        // A number model such as FM990.00: only the digits behind the point matter here.
        const std::size_t point = format->find('.');
        const Result<Decimal> number = Decimal::parse(*value);
        if (!number) return fail(context, "TO_CHAR: a text has no format");
        const int digits = point == std::string::npos
                               ? 0
                               : static_cast<int>(std::count_if(
                                     format->begin() + static_cast<std::ptrdiff_t>(point),
                                     format->end(), [](char c) { return c == '0' || c == '9'; }));
        const Result<Decimal> rounded = number->rounded(digits);
        return give(context,
                    rounded ? Cell(rounded->with_scale(digits).value_or(*rounded).text()) : value);
    }
    const std::optional<std::string> text = to_char(*value, *format);
    if (!text) return fail(context, "date format not recognized: " + *format);
    give(context, text);
}

void ns_to_date(sqlite3_context* context, int count, sqlite3_value** arguments) {
    const Cell value = text_of(arguments[0]);
    if (!value || is_date(*value)) return give(context, value);
    if (count < 2) {
        const Result<LocalDate> day = parse_user_date(*value, around(context).settings.date_format);
        if (!day) return fail(context, "the text is not a date in the user's format");
        return give(context, marked_date(day->text()));
    }
    const Cell format = text_of(arguments[1]);
    const std::optional<std::string> date = format ? to_date(*value, *format) : std::nullopt;
    if (!date) return fail(context, "the text does not match the date format");
    give(context, date);
}

void ns_user_date(sqlite3_context* context, int, sqlite3_value** arguments) {
    ns_to_date(context, 1, arguments);
}

void ns_trunc_date(sqlite3_context* context, int, sqlite3_value** arguments) {
    const Cell value = text_of(arguments[0]);
    give(context, value ? Cell(marked_date(std::string_view(*value).substr(1, 10))) : value);
}

/// Days, also parts of a day such as 10/1440, exact to the second.
void ns_add_days(sqlite3_context* context, int, sqlite3_value** arguments) {
    const Cell value = text_of(arguments[0]);
    const Cell days = text_of(arguments[1]);
    if (!value || !days) return give(context, std::nullopt);
    const Result<Decimal> number = Decimal::parse_number_token(*days);
    if (!number || !is_date(*value))
        return fail(context, "date arithmetic needs a date and a number");
    const Result<Decimal> seconds = number->times(Decimal(86400));
    const Result<Decimal> whole = seconds ? seconds->rounded(0) : seconds;
    if (!whole) return fail(context, "the date is out of range");
    give(context, add_seconds(*value, static_cast<std::int64_t>(whole->coefficient())));
}

void ns_add_months(sqlite3_context* context, int, sqlite3_value** arguments) {
    const Cell value = text_of(arguments[0]);
    if (!value || !is_date(*value)) return give(context, std::nullopt);
    give(context, add_months(*value, sqlite3_value_int64(arguments[1])));
}

void ns_days_between(sqlite3_context* context, int, sqlite3_value** arguments) {
    const Cell left = text_of(arguments[0]);
    const Cell right = text_of(arguments[1]);
    if (!left || !right) return give(context, std::nullopt);
    const Decimal seconds(seconds_of(*left) - seconds_of(*right));
    const Result<Decimal> days = seconds.divided_by(Decimal(86400), 10);
    give(context, days ? Cell(days->normalized().text()) : std::nullopt);
}

void ns_mod(sqlite3_context* context, int, sqlite3_value** arguments) {
    const std::int64_t divisor = sqlite3_value_int64(arguments[1]);
    const std::int64_t dividend = sqlite3_value_int64(arguments[0]);
    sqlite3_result_int64(context, divisor == 0 ? dividend : dividend % divisor);
}

void ns_display(sqlite3_context* context, int, sqlite3_value** arguments) {
    const Cell target = text_of(arguments[0]);
    const Cell value = text_of(arguments[1]);
    const Cell type_code = text_of(arguments[2]);
    if (!value) return give(context, value);
    const RecordStore& store = around(context).store;
    for (const RecordType& type : store.schema().types()) {
        if (*target == "type" && type.code == *value) return give(context, type.title);
        if (*target == "status" && type_code && type.code == *type_code)
            if (const Field* status = type.field("status"))
                return give(context, type.title + " : " + status->label_of(*value));
    }
    if (*target == "priceLevel" && *value == "-1") return give(context, Cell("Custom"));
    const Record* record = store.find(Schema::family_of(*target, store.schema()), *value);
    give(context, record != nullptr ? Cell(record->display_name()) : value);
}

/// Aggregates keep their state behind a pointer that SQLite zeroes for the first row.
template <class State>
State* state_of(sqlite3_context* context, bool create) {
    auto** slot = static_cast<State**>(
        sqlite3_aggregate_context(context, create ? static_cast<int>(sizeof(State*)) : 0));
    if (slot == nullptr) return nullptr;
    if (*slot == nullptr && create) *slot = std::make_unique<State>().release();
    return *slot;
}

struct Sum {
    Decimal total;
};
void sum_step(sqlite3_context* context, int, sqlite3_value** arguments) {
    const Cell value = text_of(arguments[0]);
    if (!value) return;
    const Result<Decimal> number = Decimal::parse_number_token(*value);
    if (!number) return fail(context, "SUM needs numbers");
    Sum* sum = state_of<Sum>(context, true);
    const Result<Decimal> total = sum->total.plus(*number);
    if (!total) return fail(context, "SUM is out of range");
    sum->total = *total;
}
void sum_final(sqlite3_context* context) {
    const std::unique_ptr<Sum> sum(state_of<Sum>(context, false));
    give(context, sum ? Cell(sum->total.normalized().text()) : std::nullopt);
}

struct List {
    struct Entry {
        std::string value;
        Cell order;
    };
    std::vector<Entry> entries;
    std::string separator;
    bool descending = false;
};
void list_step(sqlite3_context* context, int, sqlite3_value** arguments) {
    const Cell value = as_text(text_of(arguments[0]), around(context));
    if (!value) return;
    List* list = state_of<List>(context, true);
    list->entries.push_back({*value, text_of(arguments[2])});
    list->separator = text_of(arguments[1]).value_or("");
    list->descending = sqlite3_value_int(arguments[3]) != 0;
}
bool comes_before(const Cell& a, const Cell& b) {
    const Result<Decimal> left = Decimal::parse(a.value_or(""));
    const Result<Decimal> right = Decimal::parse(b.value_or(""));
    return left && right ? *left < *right : a < b;
}
void list_final(sqlite3_context* context) {
    const std::unique_ptr<List> list(state_of<List>(context, false));
    if (!list) return give(context, std::nullopt);
    std::stable_sort(list->entries.begin(), list->entries.end(),
                     [&](const List::Entry& a, const List::Entry& b) {
                         return list->descending ? comes_before(b.order, a.order)
                                                 : comes_before(a.order, b.order);
                     });
    std::string text;
    for (std::size_t i = 0; i < list->entries.size(); ++i)
        text += (i > 0 ? list->separator : "") + list->entries[i].value;
    give(context, text);
}

using Plain = void (*)(sqlite3_context*, int, sqlite3_value**);

}  // namespace

void register_functions(sqlite3* database, const RecordStore& store,
                        const Mirror::Settings& settings) {
    const auto scalar = [&](const char* name, int arguments, Plain function) {
        auto* all = std::make_unique<Surroundings>(Surroundings{store, settings}).release();
        const int done = sqlite3_create_function_v2(
            database, name, arguments, SQLITE_UTF8, all, function, nullptr, nullptr,
            [](void* data) { delete static_cast<Surroundings*>(data); });
        if (done != SQLITE_OK) throw std::runtime_error("cannot define an SQL function");
    };
    scalar("ns_text", 1, ns_text);
    scalar("ns_now", 0, ns_now);
    scalar("ns_to_char", 1, ns_to_char);
    scalar("ns_to_char", 2, ns_to_char);
    scalar("ns_to_date", 1, ns_to_date);
    scalar("ns_to_date", 2, ns_to_date);
    scalar("ns_user_date", 1, ns_user_date);
    scalar("ns_trunc_date", 1, ns_trunc_date);
    scalar("ns_add_days", 2, ns_add_days);
    scalar("ns_add_months", 2, ns_add_months);
    scalar("ns_days_between", 2, ns_days_between);
    scalar("ns_mod", 2, ns_mod);
    scalar("ns_display", 3, ns_display);
    const auto aggregate = [&](const char* name, int arguments, Plain step,
                               void (*final)(sqlite3_context*)) {
        auto* all = std::make_unique<Surroundings>(Surroundings{store, settings}).release();
        sqlite3_create_function_v2(database, name, arguments, SQLITE_UTF8, all, nullptr, step,
                                   final,
                                   [](void* data) { delete static_cast<Surroundings*>(data); });
    };
    aggregate("ns_sum", 1, sum_step, sum_final);
    aggregate("ns_listagg", 4, list_step, list_final);
}

}  // namespace carrick::sandbox::netsuite::suiteql
