// SPDX-License-Identifier: Apache-2.0
// How values cross between Json and Lua: scalars are copied, arrays and objects become read-only
// views, numbers are integers or exact decimals, never floats.
#pragma once

#include <carrick/sdk/json.hpp>

#include <lua.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace carrick::engine::lua {

/// Stops the evaluation with a reason for people.
[[noreturn]] void fail(lua_State* lua, const std::string& message);

/// Makes the metatables; once a state.
void register_values(lua_State* lua);

void push_json(lua_State* lua, const Json& value);
void push_number(lua_State* lua, const Decimal& value);
void push_text(lua_State* lua, std::string_view text);

[[nodiscard]] std::optional<Decimal> number_at(lua_State* lua, int index);
[[nodiscard]] std::optional<std::string_view> text_at(lua_State* lua, int index);
/// The JSON that a view at `index` shows, or null.
[[nodiscard]] const Json* view_at(lua_State* lua, int index);
/// "text", "number", "nil", "list or object" ...: for messages.
[[nodiscard]] std::string_view kind_at(lua_State* lua, int index);

/// `value.key` and `value[1]`; nil where there is nothing, however deep.
int index_value(lua_State* lua);
int length_of(lua_State* lua);

/// The value at `index` as Json, or an error for what JSON cannot hold or what is too large.
[[nodiscard]] Result<Json> json_at(lua_State* lua, int index, std::size_t byte_limit);

/// The sentinels `keep` and `null`.
void push_keep(lua_State* lua);
void push_null(lua_State* lua);
[[nodiscard]] bool is_keep(lua_State* lua, int index);
[[nodiscard]] bool is_null(lua_State* lua, int index);

}  // namespace carrick::engine::lua
