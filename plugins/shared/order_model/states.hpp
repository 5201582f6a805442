// SPDX-License-Identifier: Apache-2.0
// States, provinces, prefectures and emirates: from any spelling to the one that NetSuite takes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace carrick::plugins {

struct State {
    std::string_view country;
    std::string_view code;        ///< ISO 3166-2 without the country; empty for British counties
    std::string_view short_name;  ///< in NetSuite's own list; empty where it has none
    std::string_view name;        ///< as an English text has it; Spanish, Italian: the local one
    std::string_view also;        ///< further spellings, separated by |
};

/// By code ("wa", "US-WA", "JP-47"), English or local name, without regard to case, accents, blanks
/// and dots, with or without a word such as Prefecture, -ken, Provincia de; null = not known.
[[nodiscard]] const State* find_state(std::string_view country, std::string_view text);

enum class StateForm { AsSent, Code, Name, ShortName };

/// How a state goes into NetSuite's field.
struct StateStyle {
    StateForm form = StateForm::AsSent;
    /// NetSuite has a list of this country's states and may refuse one that is not on it.
    bool closed = false;
};

/// What a NetSuite account does that nobody has changed; `states.cpp` says how sure that is.
/// Closed, by the short name: US, CA, MX, AU, JP, GB; CN, of which no state is known here.
/// Open, by the code: BR, IT; by the name: IN, AE, SA, EG, ES. All others: as sent.
[[nodiscard]] StateStyle default_state_style(std::string_view country);

/// The text for NetSuite's field; none where the list is closed and does not have it.
[[nodiscard]] std::optional<std::string> netsuite_state(std::string_view country,
                                                        std::string_view text, StateStyle style);

}  // namespace carrick::plugins
