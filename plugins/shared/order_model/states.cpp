// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/order_model/states.hpp"

#include "plugins/shared/order_model/address_text.hpp"
#include "plugins/shared/order_model/state_tables.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace carrick::plugins {

namespace {

struct CountryStyle {
    std::string_view country;
    StateStyle style;
};

// Certain (Oracle's help, "Setting State Values"): where NetSuite has a list, a value is a short
// name of Setup > Company > States/Provinces/Counties, and country and state must match.
// Likely (state_tables.hpp): which countries have a list in an account that nobody changed.
// Unknown: whether REST takes another text there; nothing is lost by putting it into a line.
// Where NetSuite has no list its field is free text and the form is ours: codes where people write
// addresses with them; names else, one spelling each, because returns are filed by them (GST in
// India by state, VAT in the Emirates by emirate).
constexpr std::array<CountryStyle, 14> kStyles{{
    {"US", {StateForm::ShortName, true}},
    {"CA", {StateForm::ShortName, true}},
    {"MX", {StateForm::ShortName, true}},
    {"AU", {StateForm::ShortName, true}},
    {"JP", {StateForm::ShortName, true}},
    {"GB", {StateForm::ShortName, true}},
    {"CN", {StateForm::ShortName, true}},
    {"BR", {StateForm::Code, false}},
    {"IT", {StateForm::Code, false}},
    {"IN", {StateForm::Name, false}},
    {"AE", {StateForm::Name, false}},
    {"SA", {StateForm::Name, false}},
    {"EG", {StateForm::Name, false}},
    {"ES", {StateForm::Name, false}},
}};

/// What kind of state it is, as addresses say it before or behind the name; folded.
struct KindWord {
    std::string_view country;  ///< empty = in any
    std::string_view word;
    bool behind;
};

constexpr std::array<KindWord, 22> kKindWords{{
    {"JP", "PREFECTURE", true},   {"JP", "KEN", true},
    {"JP", "FU", true},           {"JP", "TO", true},
    {"", "STATE", true},          {"", "PROVINCE", true},
    {"", "REGION", true},         {"", "GOVERNORATE", true},
    {"", "EMIRATE", true},        {"", "STATEOF", false},
    {"", "PROVINCEOF", false},    {"", "EMIRATEOF", false},
    {"ES", "PROVINCIADE", false}, {"ES", "COMUNIDADDE", false},
    {"IT", "PROVINCIADI", false}, {"IT", "CITTAMETROPOLITANADI", false},
    {"MX", "ESTADODE", false},    {"BR", "ESTADODE", false},
    {"BR", "ESTADODO", false},    {"", "محافظه", false},
    {"", "منطقه", false},         {"", "اماره", false},
}};

using Spellings = std::unordered_map<std::string, const State*>;

std::string key(std::string_view country, std::string_view folded_text) {
    return std::string(country).append(":").append(folded_text);
}

/// A number alone is more often something else than a prefecture: only "JP-13".
bool is_number(std::string_view code) {
    return !code.empty() && code.front() >= '0' && code.front() <= '9';
}

void add(Spellings& spellings, const State& state, std::string_view spelling) {
    const std::string name = folded(spelling);
    if (!name.empty()) spellings.emplace(key(state.country, name), &state);
}

void add_all(Spellings& spellings, std::span<const State> states) {
    for (const State& state : states) {
        if (!is_number(state.code)) add(spellings, state, state.code);
        if (!state.code.empty())
            add(spellings, state, std::string(state.country).append("-").append(state.code));
        add(spellings, state, state.short_name);
        add(spellings, state, state.name);
        std::string_view also = state.also;
        while (!also.empty()) {
            const std::size_t end = std::min(also.find('|'), also.size());
            add(spellings, state, also.substr(0, end));
            also.remove_prefix(std::min(end + 1, also.size()));
        }
    }
}

const Spellings& known_spellings() {
    static const Spellings known = [] {
        Spellings result;
        add_all(result, american_states());
        add_all(result, asian_and_african_states());
        add_all(result, european_states());
        return result;
    }();
    return known;
}

const State* find_folded(std::string_view country, std::string_view name) {
    const auto found = known_spellings().find(key(country, name));
    return found == known_spellings().end() ? nullptr : found->second;
}

}  // namespace

const State* find_state(std::string_view country, std::string_view text) {
    const std::string name = folded(text);
    if (name.empty()) return nullptr;
    if (const State* state = find_folded(country, name)) return state;
    for (const KindWord& kind : kKindWords) {
        if (!kind.country.empty() && kind.country != country) continue;
        if (name.size() <= kind.word.size()) continue;
        const std::size_t rest = name.size() - kind.word.size();
        const std::string_view view = name;
        const bool there = view.substr(kind.behind ? rest : 0, kind.word.size()) == kind.word;
        if (!there) continue;
        const std::string_view bare =
            kind.behind ? view.substr(0, rest) : view.substr(kind.word.size());
        if (const State* state = find_folded(country, bare)) return state;
    }
    return nullptr;
}

StateStyle default_state_style(std::string_view country) {
    const auto* found =
        std::find_if(kStyles.begin(), kStyles.end(),
                     [&](const CountryStyle& known) { return known.country == country; });
    return found == kStyles.end() ? StateStyle{} : found->style;
}

std::optional<std::string> netsuite_state(std::string_view country, std::string_view text,
                                          StateStyle style) {
    if (style.form == StateForm::AsSent && !style.closed) return std::string(text);
    const State* state = find_state(country, text);
    if (state == nullptr)
        return style.closed ? std::nullopt : std::optional<std::string>(std::string(text));
    std::string_view result = text;
    if (style.form == StateForm::Code) result = state->code;
    if (style.form == StateForm::Name) result = state->name;
    if (style.form == StateForm::ShortName) result = state->short_name;
    // A form that this country has no text for: a British county has no code.
    return std::string(result.empty() ? state->name : result);
}

}  // namespace carrick::plugins
