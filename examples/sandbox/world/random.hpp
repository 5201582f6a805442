// SPDX-License-Identifier: Apache-2.0
// Seeded chance, the same on every machine: no std distribution, whose results are not portable.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace carrick::sandbox {

/// splitmix64: one step, well mixed. Also a hash of its argument.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t value) {
    value += 0x9e3779b97f4a7c15U;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31);
}
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    return mix(mix(a) ^ (b * 0x9e3779b97f4a7c15U));
}
[[nodiscard]] constexpr std::uint64_t mix_text(std::uint64_t seed, std::string_view text) {
    std::uint64_t hash = mix(seed);
    for (const char c : text) hash = mix(hash ^ static_cast<unsigned char>(c));
    return hash;
}

/// A stream of chance of its own, so that adding a draw for one order changes no other order.
class Chance {
public:
    explicit constexpr Chance(std::uint64_t seed) : state_(seed) {}

    constexpr std::uint64_t next() {
        state_ += 0x9e3779b97f4a7c15U;
        return mix(state_);
    }
    /// Uniform in [0, bound).
    constexpr std::int64_t below(std::int64_t bound) {
        return bound <= 0 ? 0
                          : static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(bound));
    }
    /// Uniform in [low, high].
    constexpr std::int64_t between(std::int64_t low, std::int64_t high) {
        return low + below(high - low + 1);
    }
    constexpr bool one_in(std::int64_t n) { return below(n) == 0; }
    template <class T, std::size_t N>
    constexpr const T& pick(std::span<const T, N> from) {
        return from[static_cast<std::size_t>(below(static_cast<std::int64_t>(from.size())))];
    }

private:
    std::uint64_t state_;
};

}  // namespace carrick::sandbox
