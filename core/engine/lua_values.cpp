// SPDX-License-Identifier: Apache-2.0
#include "core/engine/lua_values.hpp"

#include <algorithm>
#include <new>

namespace carrick::engine::lua {

namespace {

constexpr const char* kDecimal = "carrick.decimal";
constexpr const char* kView = "carrick.view";
constexpr int kMaxDepth = 32;

// Addresses serve as the sentinels' identities.
const char keep_sentinel = 'k';
const char null_sentinel = 'n';

const Decimal* decimal_userdata(lua_State* lua, int index) {
    return static_cast<const Decimal*>(luaL_testudata(lua, index, kDecimal));
}

class Puller {
public:
    Puller(lua_State* lua, std::size_t byte_limit) : lua_(lua), left_(byte_limit) {}

    Result<Json> pull(int index, int depth) {
        if (depth > kMaxDepth) return problem("the result is nested too deeply");
        if (const std::optional<Decimal> number = number_at(lua_, index)) return Json(*number);
        if (const std::optional<std::string_view> text = text_at(lua_, index)) {
            if (!spend(text->size())) return too_large();
            return Json(*text);
        }
        if (const Json* view = view_at(lua_, index)) {
            if (!spend(view->dump().size())) return too_large();
            return *view;
        }
        switch (lua_type(lua_, index)) {
            case LUA_TNIL: return Json();
            case LUA_TBOOLEAN: return Json(lua_toboolean(lua_, index) != 0);
            case LUA_TTABLE: return table(lua_absindex(lua_, index), depth);
            default: break;
        }
        if (is_null(lua_, index)) return Json();
        return problem("the result is a " + std::string(kind_at(lua_, index)) +
                       "; expected a text, number, true, false, list or object");
    }

private:
    Result<Json> table(int index, int depth) {
        const auto length = static_cast<lua_Integer>(lua_rawlen(lua_, index));
        Json result = length > 0 ? Json::array() : Json::object();
        for (lua_Integer i = 1; i <= length; ++i) {
            if (!spend(2)) return too_large();
            lua_rawgeti(lua_, index, i);
            Result<Json> item = pull(-1, depth + 1);
            lua_pop(lua_, 1);
            if (!item) return item;
            result.push_back(std::move(*item));
        }
        if (length > 0) return result;
        // Lua's own order of keys varies from run to run; the result must not.
        for (lua_pushnil(lua_); lua_next(lua_, index) != 0; lua_pop(lua_, 1)) {
            const std::optional<std::string_view> key = text_at(lua_, -2);
            if (!key) return problem("an object's keys must be texts");
            if (!spend(key->size() + 4)) return too_large();
            Result<Json> value = pull(-1, depth + 1);
            if (!value) return value;
            result.set(*key, std::move(*value));
        }
        Json::Object& members = *result.members_if();
        std::sort(members.begin(), members.end(),
                  [](const JsonMember& a, const JsonMember& b) { return a.key < b.key; });
        return result;
    }

    bool spend(std::size_t bytes) {
        if (bytes > left_) return false;
        left_ -= bytes;
        return true;
    }
    static Error problem(std::string message) {
        return rejected("mapping.evaluation", std::move(message));
    }
    static Error too_large() { return problem("the result is too large"); }

    lua_State* lua_;
    std::size_t left_;
};

int decimal_to_text(lua_State* lua) {
    const std::optional<Decimal> value = number_at(lua, 1);
    push_text(lua, value ? value->text() : std::string());
    return 1;
}

}  // namespace

void fail(lua_State* lua, const std::string& message) {
    lua_pushlstring(lua, message.data(), message.size());
    lua_error(lua);
    __builtin_unreachable();
}

void register_values(lua_State* lua) {
    luaL_newmetatable(lua, kDecimal);
    lua_pushcfunction(lua, decimal_to_text);
    lua_setfield(lua, -2, "__tostring");
    lua_pop(lua, 1);
    luaL_newmetatable(lua, kView);
    lua_pop(lua, 1);
}

void push_text(lua_State* lua, std::string_view text) {
    lua_pushlstring(lua, text.data(), text.size());
}

void push_number(lua_State* lua, const Decimal& value) {
    constexpr Decimal::Coefficient kMax = INT64_MAX;
    constexpr Decimal::Coefficient kMin = INT64_MIN;
    if (value.scale() == 0 && value.coefficient() <= kMax && value.coefficient() >= kMin) {
        lua_pushinteger(lua, static_cast<lua_Integer>(value.coefficient()));
        return;
    }
    void* memory = lua_newuserdatauv(lua, sizeof(Decimal), 0);
    new (memory) Decimal(value);
    luaL_setmetatable(lua, kDecimal);
}

void push_json(lua_State* lua, const Json& value) {
    if (value.is_null()) {
        lua_pushnil(lua);
    } else if (const std::optional<bool> boolean = value.bool_if()) {
        lua_pushboolean(lua, *boolean ? 1 : 0);
    } else if (const std::string* text = value.string_if()) {
        push_text(lua, *text);
    } else if (const std::string* token = value.number_if()) {
        const Result<Decimal> number = Decimal::parse_number_token(*token);
        if (!number) fail(lua, number.error().message);
        push_number(lua, *number);
    } else {
        // NOLINTNEXTLINE(bugprone-sizeof-expression): the view holds a pointer
        *static_cast<const Json**>(lua_newuserdatauv(lua, sizeof(const Json*), 0)) = &value;
        luaL_setmetatable(lua, kView);
    }
}

std::optional<Decimal> number_at(lua_State* lua, int index) {
    if (lua_isinteger(lua, index) != 0) return Decimal(lua_tointeger(lua, index));
    if (const Decimal* decimal = decimal_userdata(lua, index)) return *decimal;
    return std::nullopt;
}

std::optional<std::string_view> text_at(lua_State* lua, int index) {
    // lua_tolstring would turn a number into a text in place.
    if (lua_type(lua, index) != LUA_TSTRING) return std::nullopt;
    std::size_t length = 0;
    const char* data = lua_tolstring(lua, index, &length);
    return std::string_view(data, length);
}

const Json* view_at(lua_State* lua, int index) {
    const auto* view = static_cast<const Json* const*>(luaL_testudata(lua, index, kView));
    return view != nullptr ? *view : nullptr;
}

std::string_view kind_at(lua_State* lua, int index) {
    if (number_at(lua, index)) return "number";
    if (view_at(lua, index) != nullptr) return "list or object";
    if (is_keep(lua, index)) return "keep";
    if (is_null(lua, index)) return "null";
    switch (lua_type(lua, index)) {
        case LUA_TNIL:
        case LUA_TNONE: return "nil";
        case LUA_TBOOLEAN: return "boolean";
        case LUA_TSTRING: return "text";
        case LUA_TTABLE: return "list or object";
        case LUA_TFUNCTION: return "function";
        default: return "value of an unknown kind";
    }
}

int index_value(lua_State* lua) {
    if (const Json* view = view_at(lua, 1)) {
        if (const std::optional<std::string_view> key = text_at(lua, 2)) {
            push_json(lua, (*view)[*key]);
            return 1;
        }
        const lua_Integer position = lua_isinteger(lua, 2) != 0 ? lua_tointeger(lua, 2) : 0;
        if (position > 0)
            push_json(lua, (*view)[static_cast<std::size_t>(position - 1)]);
        else
            lua_pushnil(lua);
        return 1;
    }
    if (lua_type(lua, 1) == LUA_TTABLE && lua_type(lua, 2) != LUA_TNIL) {
        lua_pushvalue(lua, 2);
        lua_rawget(lua, 1);
        return 1;
    }
    lua_pushnil(lua);
    return 1;
}

int length_of(lua_State* lua) {
    if (const Json* view = view_at(lua, 1))
        lua_pushinteger(lua, static_cast<lua_Integer>(view->size()));
    else if (lua_type(lua, 1) == LUA_TTABLE)
        lua_pushinteger(lua, static_cast<lua_Integer>(lua_rawlen(lua, 1)));
    else if (lua_type(lua, 1) == LUA_TNIL)
        lua_pushinteger(lua, 0);
    else
        fail(lua, "# wants a list, found a " + std::string(kind_at(lua, 1)) +
                      "; for a text write length(text)");
    return 1;
}

Result<Json> json_at(lua_State* lua, int index, std::size_t byte_limit) {
    return Puller(lua, byte_limit).pull(lua_absindex(lua, index), 0);
}

void push_keep(lua_State* lua) {
    lua_pushlightuserdata(lua, const_cast<char*>(&keep_sentinel));
}
void push_null(lua_State* lua) {
    lua_pushlightuserdata(lua, const_cast<char*>(&null_sentinel));
}
bool is_keep(lua_State* lua, int index) {
    return lua_islightuserdata(lua, index) && lua_touserdata(lua, index) == &keep_sentinel;
}
bool is_null(lua_State* lua, int index) {
    return lua_islightuserdata(lua, index) && lua_touserdata(lua, index) == &null_sentinel;
}

}  // namespace carrick::engine::lua
