// SPDX-License-Identifier: Apache-2.0
// Turns one mapping expression into the Lua source that runs it.
//
// Why not hand the text to Lua as it is: Lua divides two integers into a float, wraps integers
// around, and answers `false` when a text is compared with a number. So arithmetic, comparison and
// concatenation become calls of our own exact functions, and what is no expression (statements,
// functions, `/` and `^`) is refused with a reason before Lua sees it.
#pragma once

#include <carrick/sdk/result.hpp>

#include <string>
#include <string_view>

namespace carrick::engine {

/// Errors: Misconfigured `mapping.syntax` with the column inside the expression.
[[nodiscard]] Result<std::string> translate_expression(std::string_view expression);

}  // namespace carrick::engine
