// SPDX-License-Identifier: Apache-2.0
// Problems: the list that everything reading flows.yaml adds to, so that all come at once.
#pragma once

#include "core/config/config.hpp"
#include "core/plugin_host/nearest.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carrick::config {

class Problems {
public:
    explicit Problems(std::string file) : file_(std::move(file)) {}

    void add(Mark mark, std::string key, std::string code, std::string message,
             std::string nearest = {});
    /// The candidate that was probably meant, or "". Looks no longer once nothing more is taken.
    template <std::ranges::input_range Candidates>
    [[nodiscard]] std::string nearest(std::string_view word, const Candidates& candidates) const {
        return problems_.size() < kMost ? plugin_host::nearest(word, candidates) : std::string();
    }
    [[nodiscard]] std::size_t count() const { return problems_.size(); }
    /// In the order of the file, each once.
    [[nodiscard]] std::vector<Problem> take();

private:
    // A hostile file may have a problem a byte; nobody reads more than this.
    static constexpr std::size_t kMost = 500;

    std::string file_;
    std::vector<Problem> problems_;
};

/// "flows" + "orders" -> "flows.orders"; an empty parent adds nothing.
[[nodiscard]] std::string join_key(std::string_view parent, std::string_view child);

}  // namespace carrick::config
