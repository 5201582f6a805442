// SPDX-License-Identifier: Apache-2.0
// The nearest valid spelling of a word that is not one.
#pragma once

#include <algorithm>
#include <numeric>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::plugin_host {

/// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
[[nodiscard]] inline std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before_last(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
        before_last.swap(last);
        last.swap(row);
    }
    return last[b.size()];
}

/// The candidate that is near enough to be what was meant (about one slip in three characters), or
/// "". Words over 64 characters have none: nobody meant those, and the search is quadratic.
template <std::ranges::input_range Candidates>
[[nodiscard]] std::string nearest(std::string_view word, const Candidates& candidates) {
    constexpr std::size_t kLongest = 64;
    if (word.size() > kLongest) return {};
    std::string best;
    std::size_t best_distance = std::max<std::size_t>(1, (word.size() + 1) / 3) + 1;
    for (const std::string_view candidate : candidates) {
        if (candidate.size() > kLongest) continue;
        const std::size_t distance = edit_distance(word, candidate);
        if (distance >= best_distance) continue;
        best_distance = distance;
        best = candidate;
    }
    return best;
}

/// `; did you mean "every"?`, or "".
template <std::ranges::input_range Candidates>
[[nodiscard]] std::string did_you_mean(std::string_view word, const Candidates& candidates) {
    const std::string near = nearest(word, candidates);
    return near.empty() ? std::string() : "; did you mean \"" + near + "\"?";
}

}  // namespace carrick::plugin_host
