// SPDX-License-Identifier: Apache-2.0
// What a command was given: its settlements, and the rules to read them by.
#pragma once

#include "plugins/shared/settlement/settlement_file.hpp"
#include "plugins/shared/settlement/settlement_rules.hpp"

#include <carrick/sdk/command.hpp>

namespace carrick::plugins {

/// Exit codes of this plugin's commands.
constexpr int kProven = 0;
constexpr int kNotProven = 1;
constexpr int kUnreadable = 2;

struct GivenSettlements {
    std::vector<Settlement> settlements;  ///< each once, and after its predecessor
    int code = kProven;
};

/// Reads all files of the call. What is wrong with one is told, sets the code, and leaves the
/// others; a cancelled reading leaves none.
[[nodiscard]] GivenSettlements read_given(sdk::CommandIo& io, const SettlementReading& reading);

/// `map`: an argument that is declared YAML, or null: the default map alone.
/// Errors   those of SettlementRules::with.
[[nodiscard]] Result<SettlementRules> rules_in(const Json& map);

/// Tells why a command cannot be carried out as it was given.
[[nodiscard]] int refused(sdk::CommandIo& io, const Error& error);

}  // namespace carrick::plugins
