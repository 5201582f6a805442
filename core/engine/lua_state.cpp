// SPDX-License-Identifier: Apache-2.0
#include "core/engine/lua_state.hpp"

#include "core/engine/expression_translator.hpp"
#include "core/engine/lua_library.hpp"
#include "core/engine/lua_values.hpp"

#include <cstdlib>

namespace carrick::engine::lua {

namespace {

// Lua needs this much before the first expression; below it a state could not even be made.
constexpr std::size_t kSmallestMemory = std::size_t{256} * 1024;

struct Run {
    int reference;
    int environment;
    const ExpressionInputs* inputs;
    const Json* line;
    std::size_t output_limit;
    Result<Evaluated> result{Evaluated{}};
};

void set_view(lua_State* lua, const char* name, const Json* value) {
    if (value != nullptr)
        push_json(lua, *value);
    else
        lua_pushnil(lua);
    lua_setfield(lua, -2, name);
}

}  // namespace

State::State(const ExpressionLimits& limits) : limits_(limits) {
    if (limits_.memory_bytes < kSmallestMemory) limits_.memory_bytes = kSmallestMemory;
    lua_ = lua_newstate(allocate, this);
    if (lua_ == nullptr) return;
    lua_pushcfunction(lua_, set_up);
    lua_pushlightuserdata(lua_, this);
    if (lua_pcall(lua_, 1, 0, 0) != LUA_OK) {
        lua_close(lua_);
        lua_ = nullptr;
    }
}

State::~State() {
    if (lua_ != nullptr) lua_close(lua_);
}

void* State::allocate(void* state, void* block, std::size_t old_size, std::size_t new_size) {
    State& self = *static_cast<State*>(state);
    const std::size_t before = block != nullptr ? old_size : 0;
    if (new_size == 0) {
        std::free(block);
        self.used_ -= before;
        return nullptr;
    }
    if (new_size > before && self.used_ + (new_size - before) > self.limits_.memory_bytes)
        return nullptr;
    void* grown = std::realloc(block, new_size);
    if (grown != nullptr) self.used_ = self.used_ - before + new_size;
    return grown;
}

void State::stop_after_limit(lua_State* lua, lua_Debug*) {
    fail(lua, "it takes too many steps");
}

int State::set_up(lua_State* lua) {
    State& self = *static_cast<State*>(lua_touserdata(lua, 1));
    register_values(lua);
    push_library(lua, self.limits_.output_bytes);
    self.environment_ = luaL_ref(lua, LUA_REGISTRYINDEX);
    return 0;
}

Result<int> State::compile(std::string_view expression) {
    if (lua_ == nullptr) return transient("mapping.memory", "no memory for a mapping expression");
    Result<std::string> source = translate_expression(expression);
    if (!source) return source.error();
    const std::string chunk = "return " + *source;
    int status = luaL_loadbufferx(lua_, chunk.data(), chunk.size(), "=expression", "t");
    if (status != LUA_OK)
        return misconfigured("mapping.syntax",
                             "`" + std::string(expression.substr(0, 80)) + "`: " + failure(status));
    lua_rawgeti(lua_, LUA_REGISTRYINDEX, environment_);
    lua_setupvalue(lua_, -2, 1);  // _ENV: our functions and nothing else
    return luaL_ref(lua_, LUA_REGISTRYINDEX);
}

int State::run(lua_State* lua) {
    Run& run = *static_cast<Run*>(lua_touserdata(lua, 1));
    lua_rawgeti(lua, LUA_REGISTRYINDEX, run.environment);
    set_view(lua, "r", run.inputs->record);
    set_view(lua, "payload", run.inputs->payload);
    set_view(lua, "settings", run.inputs->settings);
    set_view(lua, "lookups", run.inputs->lookups);
    set_view(lua, "line", run.line);
    lua_rawgeti(lua, LUA_REGISTRYINDEX, run.reference);
    lua_call(lua, 0, 1);
    if (is_null(lua, -1)) {
        run.result = Evaluated{Evaluated::Kind::Null, {}};
    } else if (lua_type(lua, -1) == LUA_TNIL || is_keep(lua, -1)) {
        run.result = Evaluated{Evaluated::Kind::Keep, {}};
    } else {
        Result<Json> value = json_at(lua, -1, run.output_limit);
        if (value)
            run.result = Evaluated{Evaluated::Kind::Value, std::move(*value)};
        else
            run.result = value.error();
    }
    return 0;
}

Result<Evaluated> State::evaluate(int reference, const ExpressionInputs& inputs, const Json* line) {
    Run job{reference, environment_, &inputs, line, limits_.output_bytes, Evaluated{}};
    lua_sethook(lua_, stop_after_limit, LUA_MASKCOUNT, limits_.instructions);
    lua_pushcfunction(lua_, run);
    lua_pushlightuserdata(lua_, &job);
    const int status = lua_pcall(lua_, 1, 0, 0);
    lua_sethook(lua_, nullptr, 0, 0);
    if (status != LUA_OK) return rejected("mapping.evaluation", failure(status));
    return std::move(job.result);
}

std::string State::failure(int status) {
    std::string message =
        status == LUA_ERRMEM ? "it needs too much memory" : "it cannot be evaluated";
    if (status != LUA_ERRMEM)
        if (const std::optional<std::string_view> text = text_at(lua_, -1)) message = *text;
    lua_pop(lua_, 1);
    return message;
}

}  // namespace carrick::engine::lua
