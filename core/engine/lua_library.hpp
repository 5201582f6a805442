// SPDX-License-Identifier: Apache-2.0
// The functions and operators that a mapping expression may use; there are no others.
#pragma once

#include <lua.hpp>

#include <cstddef>

namespace carrick::engine::lua {

/// Leaves a table with all functions on the stack. No text that they make is longer than
/// `text_limit` bytes.
void push_library(lua_State* lua, std::size_t text_limit);

}  // namespace carrick::engine::lua
