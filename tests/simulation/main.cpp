// SPDX-License-Identifier: Apache-2.0
// carrick_simulate --seeds N [--first S] [--trace]: many simulated lives; fails with the seed.
#include "core/base/log.hpp"
#include "tests/simulation/simulation.hpp"

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>

namespace {

using carrick::simulation::Verdict;

bool number_of(const char* text, std::uint64_t& number) {
    const char* end = text + std::strlen(text);
    return std::from_chars(text, end, number).ptr == end && end != text;
}

struct Options {
    std::uint64_t seeds = 500;
    std::uint64_t first = 1;
    bool trace = false;
};

bool read_options(int count, char** words, Options& options) {
    for (int i = 1; i < count; ++i) {
        const bool has_value = i + 1 < count;
        if (std::strcmp(words[i], "--trace") == 0)
            options.trace = true;
        else if (has_value && ((std::strcmp(words[i], "--seeds") == 0 &&
                                number_of(words[i + 1], options.seeds)) ||
                               (std::strcmp(words[i], "--first") == 0 &&
                                number_of(words[i + 1], options.first))))
            ++i;
        else
            return false;
    }
    return true;
}

int report(std::uint64_t seed, const Verdict& verdict) {
    for (const std::string& problem : verdict.problems)
        std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed), problem.c_str());
    std::printf("again: carrick_simulate --first %llu --seeds 1 --trace\n",
                static_cast<unsigned long long>(seed));
    return 1;
}

}  // namespace

int main(int count, char** words) {
    Options options;
    if (!read_options(count, words, options)) {
        std::fprintf(stderr, "usage: carrick_simulate [--seeds N] [--first S] [--trace]\n");
        return 2;
    }
    // Refusals and holds are what is simulated; only the verdict counts here.
    carrick::log::set_sink([&options](carrick::log::Level, const std::string& line) {
        if (options.trace) std::printf("%s\n", line.c_str());
    });
    const auto began = std::chrono::steady_clock::now();
    std::int64_t crashes = 0;
    std::int64_t steps = 0;
    std::int64_t orders = 0;
    std::int64_t twice = 0;
    for (std::uint64_t seed = options.first; seed < options.first + options.seeds; ++seed) {
        std::function<void(const std::string&)> log;
        if (options.trace) log = [](const std::string& line) { std::printf("%s\n", line.c_str()); };
        const Verdict verdict = carrick::simulation::simulate(seed, log);
        if (!verdict.problems.empty()) return report(seed, verdict);
        // One life in twenty is lived twice: the same seed must leave the same trace.
        if (seed % 20 == 0) {
            ++twice;
            Verdict again = carrick::simulation::simulate(seed);
            if (again.trace != verdict.trace) {
                again.problems.push_back("the same seed left another trace");
                return report(seed, again);
            }
        }
        crashes += verdict.crashes;
        steps += verdict.steps;
        orders += verdict.orders;
    }
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - began);
    std::printf(
        "%llu seeds from %llu: 0 failures; %lld orders, %lld steps, %lld crashes, %lld seeds run "
        "twice with equal traces; %lld ms\n",
        static_cast<unsigned long long>(options.seeds),
        static_cast<unsigned long long>(options.first), static_cast<long long>(orders),
        static_cast<long long>(steps), static_cast<long long>(crashes),
        static_cast<long long>(twice), static_cast<long long>(took.count()));
    return 0;
}
