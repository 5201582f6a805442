// SPDX-License-Identifier: Apache-2.0
// A measured figure with its baseline and target, as one line for tests/bench.sh to put in a table.
#pragma once

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

namespace carrick::bench {

/// Several runs of one measurement. A double here is a time, a rate or a share, never an amount.
struct Sample {
    double median = 0;
    double least = 0;
    double most = 0;
};

[[nodiscard]] inline Sample sample_of(std::vector<double> runs) {
    if (runs.empty()) return {};
    std::sort(runs.begin(), runs.end());
    const std::size_t half = runs.size() / 2;
    const double median = runs.size() % 2 == 1 ? runs[half] : (runs[half - 1] + runs[half]) / 2;
    return {median, runs.front(), runs.back()};
}

struct Baseline {
    std::string name;
    Sample value;
};

struct Target {
    enum class Of { Value, Ratio } of = Of::Value;
    enum class Bound { AtLeast, AtMost, Below } bound = Bound::AtLeast;
    double limit = 0;

    [[nodiscard]] bool met_by(double figure) const {
        switch (bound) {
            case Bound::AtLeast: return figure >= limit;
            case Bound::AtMost: return figure <= limit;
            case Bound::Below: return figure < limit;
        }
        return false;
    }
};

[[nodiscard]] inline Target at_least(double limit) {
    return {Target::Of::Value, Target::Bound::AtLeast, limit};
}
[[nodiscard]] inline Target at_most(double limit) {
    return {Target::Of::Value, Target::Bound::AtMost, limit};
}
[[nodiscard]] inline Target below(double limit) {
    return {Target::Of::Value, Target::Bound::Below, limit};
}
[[nodiscard]] inline Target ratio_at_most(double limit) {
    return {Target::Of::Ratio, Target::Bound::AtMost, limit};
}

struct Figure {
    std::string name;
    Sample value;
    std::string unit;
    std::optional<Baseline> baseline{};
    std::optional<Target> target{};
};

/// Three digits that say something: 1234567 -> "1234567", 12.3, 1.23.
[[nodiscard]] inline std::string digits(double figure) {
    char text[48];
    const int places = figure >= 100 || figure <= -100 ? 0 : figure >= 10 ? 1 : 2;
    std::snprintf(text, sizeof text, "%.*f", places, figure);
    return text;
}

/// figure, name, value, unit, least..most, baseline, its value, ratio, target, verdict: by tabs.
inline void print(const Figure& figure) {
    std::string spread = "-", baseline = "-", baseline_value = "-", ratio = "-", target = "-",
                verdict = "-";
    double divided = 0;
    if (digits(figure.value.least) != digits(figure.value.most))
        spread = digits(figure.value.least) + ".." + digits(figure.value.most);
    if (figure.baseline) {
        baseline = figure.baseline->name;
        baseline_value = digits(figure.baseline->value.median);
        if (figure.baseline->value.median > 0) {
            divided = figure.value.median / figure.baseline->value.median;
            ratio = digits(divided);
        }
    }
    if (figure.target) {
        const bool of_ratio = figure.target->of == Target::Of::Ratio;
        static constexpr const char* kSigns[] = {">= ", "<= ", "< "};
        target = (of_ratio ? "ratio " : "") +
                 std::string(kSigns[static_cast<int>(figure.target->bound)]) +
                 digits(figure.target->limit);
        verdict = figure.target->met_by(of_ratio ? divided : figure.value.median) ? "meets"
                                                                                  : "below target";
    }
    std::printf("figure\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", figure.name.c_str(),
                digits(figure.value.median).c_str(), figure.unit.c_str(), spread.c_str(),
                baseline.c_str(), baseline_value.c_str(), ratio.c_str(), target.c_str(),
                verdict.c_str());
    std::fflush(stdout);
}

/// A sentence under the table.
inline void note(const std::string& text) {
    std::printf("note\t%s\n", text.c_str());
    std::fflush(stdout);
}

}  // namespace carrick::bench
