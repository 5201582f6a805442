// SPDX-License-Identifier: Apache-2.0
// The overlay of flows.yaml: one Lua 5.4 expression per field, in a closed environment with
// limits on instructions, memory and output. Numbers are integers or exact decimals.
#pragma once

#include <carrick/sdk/json.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::engine {

struct ExpressionLimits {
    int instructions = 100'000;                  ///< per evaluation
    std::size_t memory_bytes = 4 * 1024 * 1024;  ///< of one Lua state
    std::size_t output_bytes = 64 * 1024;        ///< of one result
};

/// What an expression sees, read-only. Null pointers read as nil.
struct ExpressionInputs {
    const Json* record = nullptr;    ///< `r`: the record's body
    const Json* payload = nullptr;   ///< `payload`
    const Json* settings = nullptr;  ///< `settings`
    const Json* lookups = nullptr;   ///< `lookups`: name -> key -> body
};

/// `where:` of a flow.
class Filter {
public:
    /// Errors: Misconfigured `mapping.syntax` with the position inside the expression.
    [[nodiscard]] static Result<Filter> compile(std::string_view expression,
                                                const ExpressionLimits& limits = {});
    /// Errors: Rejected `mapping.evaluation`: not true or false, over a limit, a text compared with
    /// a number. Thread-safe.
    [[nodiscard]] Result<bool> matches(const ExpressionInputs& inputs) const;

private:
    struct State;
    explicit Filter(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
};

/// The overlay of one write: field path -> expression, in the order of the file.
class Overlay {
public:
    /// `mapping`: {"memo": "r.orderId", "item.items[].location": "line.location"}.
    /// `closed_paths`: identity fields and amounts, which cannot be mapped.
    /// Errors: Misconfigured `mapping.syntax`, `mapping.closed_field`.
    [[nodiscard]] static Result<Overlay> compile(const Json& mapping,
                                                 std::span<const std::string> closed_paths,
                                                 const ExpressionLimits& limits = {});
    [[nodiscard]] bool empty() const;
    /// Changes `payload` in place; `inputs.payload` is what it was before. A result of `keep`
    /// leaves the default, `null` clears the field. Errors: Rejected `mapping.evaluation` with the
    /// field and the reason. Thread-safe.
    [[nodiscard]] Result<void> apply(Json& payload, const ExpressionInputs& inputs) const;

private:
    struct State;
    explicit Overlay(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
};

}  // namespace carrick::engine
