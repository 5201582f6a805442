// SPDX-License-Identifier: Apache-2.0
// carrick_interleavings --worlds N --orders N [--first S] [--trace]: many worlds of restless
// orders; fails with the seed.
#include "core/base/log.hpp"
#include "tests/interleavings/crossing.hpp"

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>

namespace {

using carrick::interleavings::Judgement;
using carrick::interleavings::Weather;

struct Options {
    std::uint64_t worlds = 20;
    std::uint64_t orders = 500;
    std::uint64_t first = 1;
    bool trace = false;
};

bool number_of(const char* text, std::uint64_t& number) {
    const char* end = text + std::strlen(text);
    return std::from_chars(text, end, number).ptr == end && end != text;
}

bool read_options(int count, char** words, Options& options) {
    for (int i = 1; i < count; ++i) {
        const auto takes = [&](const char* name, std::uint64_t& number) {
            return std::strcmp(words[i], name) == 0 && i + 1 < count &&
                   number_of(words[i + 1], number) && ++i > 0;
        };
        if (std::strcmp(words[i], "--trace") == 0)
            options.trace = true;
        else if (!takes("--worlds", options.worlds) && !takes("--orders", options.orders) &&
                 !takes("--first", options.first))
            return false;
    }
    return true;
}

}  // namespace

int main(int count, char** words) {
    Options options;
    if (!read_options(count, words, options)) {
        std::fprintf(
            stderr,
            "usage: carrick_interleavings [--worlds N] [--orders N] [--first S] [--trace]\n");
        return 2;
    }
    std::function<void(const std::string&)> log;
    if (options.trace) log = [](const std::string& line) { std::printf("%s\n", line.c_str()); };
    carrick::log::set_sink([&log](carrick::log::Level, const std::string& line) {
        if (log) log(line);
    });
    const auto began = std::chrono::steady_clock::now();
    Judgement all;
    for (std::uint64_t seed = options.first; seed < options.first + options.worlds; ++seed) {
        const Weather weather = Weather::of(seed, options.orders);
        const Judgement one = carrick::interleavings::cross(weather, log);
        for (const std::string& problem : one.problems)
            std::printf("world %llu (%s): %s\n", static_cast<unsigned long long>(seed),
                        weather.text().c_str(), problem.c_str());
        if (!one.problems.empty()) {
            std::printf(
                "again: carrick_interleavings --first %llu --worlds 1 --orders %llu --trace\n",
                static_cast<unsigned long long>(seed),
                static_cast<unsigned long long>(options.orders));
            return 1;
        }
        all.orders += one.orders;
        all.events += one.events;
        all.documents += one.documents;
        all.told += one.told;
        all.crashes += one.crashes;
    }
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - began);
    std::printf(
        "%llu worlds from %llu: 0 failures; %llu orders, %llu events, %llu documents, %llu left to "
        "people, %d crashes; %lld ms\n",
        static_cast<unsigned long long>(options.worlds),
        static_cast<unsigned long long>(options.first), static_cast<unsigned long long>(all.orders),
        static_cast<unsigned long long>(all.events), static_cast<unsigned long long>(all.documents),
        static_cast<unsigned long long>(all.told), all.crashes,
        static_cast<long long>(took.count()));
    return 0;
}
