// SPDX-License-Identifier: Apache-2.0
#include "core/engine/lua_library.hpp"

#include "core/engine/lua_values.hpp"

#include <carrick/sdk/utc_time.hpp>

#include <algorithm>
#include <array>
#include <string>

namespace carrick::engine::lua {

namespace {

// ---- arguments ----------------------------------------------------------------------------------

Decimal number_argument(lua_State* lua, int index, std::string_view what) {
    if (const std::optional<Decimal> number = number_at(lua, index)) return *number;
    fail(lua, std::string(what) + " wants a number, found a " + std::string(kind_at(lua, index)) +
                  (text_at(lua, index) ? "; decimal(text) makes a number from a text" : ""));
}

std::string_view text_argument(lua_State* lua, int index, std::string_view what) {
    if (const std::optional<std::string_view> text = text_at(lua, index)) return *text;
    fail(lua, std::string(what) + " wants a text, found a " + std::string(kind_at(lua, index)) +
                  (number_at(lua, index) ? "; text(number) makes a text from a number" : ""));
}

int digits_argument(lua_State* lua, int index, std::string_view what) {
    const lua_Integer digits = lua_isinteger(lua, index) != 0 ? lua_tointeger(lua, index) : -1;
    if (digits < 0 || digits > Decimal::kMaxScale)
        fail(lua, std::string(what) + " wants a number of digits between 0 and 18");
    return static_cast<int>(digits);
}

int push_checked(lua_State* lua, const Result<Decimal>& value) {
    if (!value) fail(lua, value.error().message);
    push_number(lua, *value);
    return 1;
}

std::size_t text_limit(lua_State* lua) {
    return static_cast<std::size_t>(lua_tointeger(lua, lua_upvalueindex(1)));
}

int push_limited(lua_State* lua, std::string_view text) {
    if (text.size() > text_limit(lua))
        fail(lua, "a text of " + std::to_string(text.size()) + " bytes is too long");
    push_text(lua, text);
    return 1;
}

// ---- operators ----------------------------------------------------------------------------------

template <Result<Decimal> (Decimal::*operation)(const Decimal&) const>
int arithmetic(lua_State* lua) {
    const Decimal left = number_argument(lua, 1, "arithmetic");
    const Decimal right = number_argument(lua, 2, "arithmetic");
    return push_checked(lua, (left.*operation)(right));
}

int negate(lua_State* lua) {
    push_number(lua, number_argument(lua, 1, "-").negated());
    return 1;
}

// Floor division and its remainder, as Lua defines them, on whole numbers only.
template <bool kRemainder>
int whole_division(lua_State* lua) {
    const Decimal left = number_argument(lua, 1, kRemainder ? "%" : "//").normalized();
    const Decimal right = number_argument(lua, 2, kRemainder ? "%" : "//").normalized();
    if (left.scale() != 0 || right.scale() != 0)
        fail(lua, "// and % want whole numbers; write divide(a, b, digits)");
    if (right.is_zero()) fail(lua, "division by zero");
    Decimal::Coefficient quotient = left.coefficient() / right.coefficient();
    Decimal::Coefficient remainder = left.coefficient() % right.coefficient();
    if (remainder != 0 && (remainder < 0) != right.is_negative()) {
        --quotient;
        remainder += right.coefficient();
    }
    return push_checked(lua, Decimal::from_parts(kRemainder ? remainder : quotient, 0));
}

bool equal(lua_State* lua) {
    if (lua_type(lua, 1) == LUA_TNIL || lua_type(lua, 2) == LUA_TNIL)
        return lua_type(lua, 1) == lua_type(lua, 2);
    const std::optional<Decimal> left = number_at(lua, 1);
    const std::optional<Decimal> right = number_at(lua, 2);
    if (left && right) return *left == *right;
    const std::string_view kind = kind_at(lua, 1);
    if (kind != kind_at(lua, 2))
        fail(lua, "a " + std::string(kind) + " cannot be compared with a " +
                      std::string(kind_at(lua, 2)) +
                      "; decimal(text) makes a number, text(number) a text");
    if (const Json* view = view_at(lua, 1))
        if (const Json* other = view_at(lua, 2)) return *view == *other;
    return lua_rawequal(lua, 1, 2) != 0;
}

template <bool kExpected>
int equality(lua_State* lua) {
    lua_pushboolean(lua, equal(lua) == kExpected ? 1 : 0);
    return 1;
}

int order(lua_State* lua) {
    const std::optional<Decimal> left = number_at(lua, 1);
    const std::optional<Decimal> right = number_at(lua, 2);
    if (left && right) return *left < *right ? -1 : *left == *right ? 0 : 1;
    const std::optional<std::string_view> left_text = text_at(lua, 1);
    const std::optional<std::string_view> right_text = text_at(lua, 2);
    if (left_text && right_text) return left_text->compare(*right_text);
    fail(lua, "a " + std::string(kind_at(lua, 1)) + " and a " + std::string(kind_at(lua, 2)) +
                  " have no order");
}

template <class Predicate>
int compared(lua_State* lua, Predicate predicate) {
    lua_pushboolean(lua, predicate(order(lua)) ? 1 : 0);
    return 1;
}
int less(lua_State* lua) {
    return compared(lua, [](int o) { return o < 0; });
}
int less_or_equal(lua_State* lua) {
    return compared(lua, [](int o) { return o <= 0; });
}
int greater(lua_State* lua) {
    return compared(lua, [](int o) { return o > 0; });
}
int greater_or_equal(lua_State* lua) {
    return compared(lua, [](int o) { return o >= 0; });
}

std::string as_text(lua_State* lua, int index, std::string_view what) {
    if (const std::optional<Decimal> number = number_at(lua, index)) return number->text();
    if (lua_type(lua, index) == LUA_TBOOLEAN)
        return lua_toboolean(lua, index) != 0 ? "true" : "false";
    return std::string(text_argument(lua, index, what));
}

int concatenate(lua_State* lua) {
    return push_limited(lua, as_text(lua, 1, "..") + as_text(lua, 2, ".."));
}

// ---- numbers ------------------------------------------------------------------------------------

int to_decimal(lua_State* lua) {
    if (const std::optional<Decimal> number = number_at(lua, 1)) {
        push_number(lua, *number);
        return 1;
    }
    return push_checked(lua, Decimal::parse(text_argument(lua, 1, "decimal()")));
}

int divide(lua_State* lua) {
    const Decimal left = number_argument(lua, 1, "divide()");
    const Decimal right = number_argument(lua, 2, "divide()");
    return push_checked(lua, left.divided_by(right, digits_argument(lua, 3, "divide()")));
}

int round_number(lua_State* lua) {
    const Decimal number = number_argument(lua, 1, "round()");
    return push_checked(lua, number.rounded(digits_argument(lua, 2, "round()")));
}

int absolute(lua_State* lua) {
    push_number(lua, number_argument(lua, 1, "abs()").absolute());
    return 1;
}

int to_text(lua_State* lua) {
    return push_limited(lua, as_text(lua, 1, "text()"));
}

// ---- texts --------------------------------------------------------------------------------------

template <class Change>
int changed_bytes(lua_State* lua, std::string_view what, Change change) {
    std::string text(text_argument(lua, 1, what));
    std::transform(text.begin(), text.end(), text.begin(), change);
    return push_limited(lua, text);
}
// Only A-Z and a-z change: other alphabets stay as they are, in every locale.
int upper(lua_State* lua) {
    return changed_bytes(lua, "upper()", [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    });
}
int lower(lua_State* lua) {
    return changed_bytes(lua, "lower()", [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
}

int trim(lua_State* lua) {
    constexpr std::string_view kBlanks = " \t\r\n";
    const std::string_view text = text_argument(lua, 1, "trim()");
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return push_limited(lua, "");
    return push_limited(lua, text.substr(first, text.find_last_not_of(kBlanks) - first + 1));
}

bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

std::int64_t characters(std::string_view text) {
    return std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); });
}

/// The byte at which the character number `position` (from 0) begins.
std::size_t byte_of(std::string_view text, std::int64_t position) {
    std::size_t at = 0;
    for (; at < text.size() && position > 0; --position)
        for (++at; at < text.size() && is_continuation(text[at]); ++at) {
        }
    return at;
}

int length(lua_State* lua) {
    lua_pushinteger(lua, characters(text_argument(lua, 1, "length()")));
    return 1;
}

// sub(text, first[, last]): characters, counted from 1; negative from the end, as in Lua.
int substring(lua_State* lua) {
    const std::string_view text = text_argument(lua, 1, "sub()");
    const std::int64_t count = characters(text);
    std::int64_t first = luaL_optinteger(lua, 2, 1);
    std::int64_t last = luaL_optinteger(lua, 3, -1);
    if (first < 0) first = std::max<std::int64_t>(count + first + 1, 1);
    if (last < 0) last = count + last + 1;
    first = std::max<std::int64_t>(first, 1);
    last = std::min(last, count);
    if (first > last) return push_limited(lua, "");
    const std::size_t begin = byte_of(text, first - 1);
    const std::size_t end = byte_of(text, last);
    return push_limited(lua, text.substr(begin, end - begin));
}

// find(text, part): the place of the first occurrence in characters, or nil. No patterns.
int find(lua_State* lua) {
    const std::string_view text = text_argument(lua, 1, "find()");
    const std::size_t at = text.find(text_argument(lua, 2, "find()"));
    if (at == std::string_view::npos)
        lua_pushnil(lua);
    else
        lua_pushinteger(lua, characters(text.substr(0, at)) + 1);
    return 1;
}

template <class Predicate>
int text_question(lua_State* lua, std::string_view what, Predicate predicate) {
    const std::string_view text = text_argument(lua, 1, what);
    lua_pushboolean(lua, predicate(text, text_argument(lua, 2, what)) ? 1 : 0);
    return 1;
}
int contains(lua_State* lua) {
    return text_question(lua, "contains()", [](std::string_view text, std::string_view part) {
        return text.find(part) != text.npos;
    });
}
int starts_with(lua_State* lua) {
    return text_question(lua, "starts_with()", [](std::string_view text, std::string_view part) {
        return text.starts_with(part);
    });
}
int ends_with(lua_State* lua) {
    return text_question(lua, "ends_with()", [](std::string_view text, std::string_view part) {
        return text.ends_with(part);
    });
}

int replace(lua_State* lua) {
    const std::string_view text = text_argument(lua, 1, "replace()");
    const std::string_view part = text_argument(lua, 2, "replace()");
    const std::string_view by = text_argument(lua, 3, "replace()");
    if (part.empty()) fail(lua, "replace() wants something to look for");
    std::string result;
    std::size_t from = 0;
    for (std::size_t at; (at = text.find(part, from)) != std::string_view::npos;
         from = at + part.size()) {
        result.append(text, from, at - from).append(by);
        if (result.size() > text_limit(lua)) break;
    }
    return push_limited(lua, result.append(text, from));
}

int split(lua_State* lua) {
    const std::string_view text = text_argument(lua, 1, "split()");
    const std::string_view separator = text_argument(lua, 2, "split()");
    if (separator.empty()) fail(lua, "split() wants a separator");
    lua_newtable(lua);
    lua_Integer number = 0;
    std::size_t from = 0;
    for (bool last = false; !last;) {
        const std::size_t at = text.find(separator, from);
        last = at == std::string_view::npos;
        push_text(lua, text.substr(from, last ? at : at - from));
        lua_rawseti(lua, -2, ++number);
        from = at + separator.size();
    }
    return 1;
}

template <bool kLeft>
int pad(lua_State* lua) {
    const std::string_view text = text_argument(lua, 1, "pad");
    const lua_Integer width = luaL_checkinteger(lua, 2);
    const std::string filler =
        lua_isnoneornil(lua, 3) ? " " : std::string(text_argument(lua, 3, "pad"));
    if (characters(filler) != 1) fail(lua, "pad wants one character to fill up with");
    if (width > static_cast<lua_Integer>(text_limit(lua)))
        fail(lua, "a text of " + std::to_string(width) + " characters is too long");
    std::string fill;
    for (lua_Integer missing = width - characters(text); missing > 0; --missing) fill += filler;
    return push_limited(lua, kLeft ? fill + std::string(text) : std::string(text) + fill);
}

// ---- dates --------------------------------------------------------------------------------------

UtcTime time_argument(lua_State* lua, std::string_view what) {
    const std::string_view text = text_argument(lua, 1, what);
    if (const Result<UtcTime> time = UtcTime::parse(text)) return *time;
    const Result<LocalDate> date = LocalDate::parse(text);
    if (!date)
        fail(lua, std::string(what) + ": " + date.error().message + " or YYYY-MM-DDThh:mm:ssZ");
    return UtcTime::from_date(*date);
}

int date_of(lua_State* lua) {
    return push_limited(lua, time_argument(lua, "date()").utc_date().text());
}
int year_of(lua_State* lua) {
    lua_pushinteger(lua, time_argument(lua, "year()").utc_date().year);
    return 1;
}
int month_of(lua_State* lua) {
    lua_pushinteger(lua, time_argument(lua, "month()").utc_date().month);
    return 1;
}
int day_of(lua_State* lua) {
    lua_pushinteger(lua, time_argument(lua, "day()").utc_date().day);
    return 1;
}

// ---- tables -------------------------------------------------------------------------------------

// lookup(table, key[, default]): what the table says, else the default, else an error naming the
// key.
int lookup(lua_State* lua) {
    lua_settop(lua, 3);
    if (lua_type(lua, 1) != LUA_TTABLE && view_at(lua, 1) == nullptr)
        fail(lua, "lookup() wants a table, found a " + std::string(kind_at(lua, 1)));
    lua_pushcfunction(lua, index_value);
    lua_pushvalue(lua, 1);
    lua_pushvalue(lua, 2);
    lua_call(lua, 2, 1);
    if (lua_type(lua, -1) != LUA_TNIL) return 1;
    if (lua_type(lua, 3) == LUA_TNIL)
        fail(lua, "lookup(): the table has no entry for " +
                      (text_at(lua, 2) ? "\"" + std::string(*text_at(lua, 2)) + "\""
                                       : std::string(kind_at(lua, 2))));
    lua_pushvalue(lua, 3);
    return 1;
}

struct Function {
    const char* name;
    lua_CFunction function;
};

constexpr std::array<Function, 38> kFunctions{{
    {"__add", arithmetic<&Decimal::plus>},
    {"__sub", arithmetic<&Decimal::minus>},
    {"__mul", arithmetic<&Decimal::times>},
    {"__idiv", whole_division<false>},
    {"__mod", whole_division<true>},
    {"__unm", negate},
    {"__eq", equality<true>},
    {"__ne", equality<false>},
    {"__lt", less},
    {"__le", less_or_equal},
    {"__gt", greater},
    {"__ge", greater_or_equal},
    {"__concat", concatenate},
    {"__index", index_value},
    {"__len", length_of},
    {"decimal", to_decimal},
    {"divide", divide},
    {"round", round_number},
    {"abs", absolute},
    {"text", to_text},
    {"upper", upper},
    {"lower", lower},
    {"trim", trim},
    {"length", length},
    {"sub", substring},
    {"find", find},
    {"contains", contains},
    {"starts_with", starts_with},
    {"ends_with", ends_with},
    {"replace", replace},
    {"split", split},
    {"pad_left", pad<true>},
    {"pad_right", pad<false>},
    {"date", date_of},
    {"year", year_of},
    {"month", month_of},
    {"day", day_of},
    {"lookup", lookup},
}};

}  // namespace

void push_library(lua_State* lua, std::size_t limit) {
    lua_newtable(lua);
    for (const Function& entry : kFunctions) {
        lua_pushinteger(lua, static_cast<lua_Integer>(limit));
        lua_pushcclosure(lua, entry.function, 1);
        lua_setfield(lua, -2, entry.name);
    }
    push_keep(lua);
    lua_setfield(lua, -2, "keep");
    push_null(lua);
    lua_setfield(lua, -2, "null");
}

}  // namespace carrick::engine::lua
