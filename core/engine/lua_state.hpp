// SPDX-License-Identifier: Apache-2.0
// LuaState: one closed Lua 5.4 state with limits on instructions and memory. Private to mapping.
#pragma once

#include "core/engine/mapping.hpp"

#include <lua.hpp>

#include <string>
#include <string_view>

namespace carrick::engine::lua {

/// What one evaluation gave.
struct Evaluated {
    enum class Kind { Value, Keep, Null } kind = Kind::Keep;
    Json value;
};

/// Owns a state that holds nothing but our own functions. One thread at a time.
class State {
public:
    explicit State(const ExpressionLimits& limits);
    ~State();
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    /// Compiles one expression; returns its reference for `evaluate`.
    [[nodiscard]] Result<int> compile(std::string_view expression);
    /// `line`: the sublist line an expression is for, or null. nil reads as `keep`.
    [[nodiscard]] Result<Evaluated> evaluate(int reference, const ExpressionInputs& inputs,
                                             const Json* line);

private:
    static void* allocate(void* state, void* block, std::size_t old_size, std::size_t new_size);
    static void stop_after_limit(lua_State* lua, lua_Debug*);
    static int set_up(lua_State* lua);
    static int run(lua_State* lua);
    [[nodiscard]] std::string failure(int status);

    ExpressionLimits limits_;
    std::size_t used_ = 0;
    lua_State* lua_ = nullptr;
    int environment_ = LUA_NOREF;
};

}  // namespace carrick::engine::lua
