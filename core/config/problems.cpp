// SPDX-License-Identifier: Apache-2.0
// Problems of a flows.yaml, collected and put in the order of the file.
#include "core/config/problems.hpp"

#include <algorithm>
#include <tuple>

namespace carrick::config {

std::string Problem::text() const {
    std::string text = file;
    if (mark.line > 0) text += ":" + std::to_string(mark.line) + ":" + std::to_string(mark.column);
    text += ": ";
    if (!key.empty()) text += key + ": ";
    text += message;
    if (!nearest.empty()) text += "; did you mean \"" + nearest + "\"?";
    return text;
}

void Problems::add(Mark mark, std::string key, std::string code, std::string message,
                   std::string nearest) {
    if (problems_.size() >= kMost) return;
    problems_.push_back(
        {file_, mark, std::move(key), std::move(code), std::move(message), std::move(nearest)});
}

std::vector<Problem> Problems::take() {
    std::stable_sort(problems_.begin(), problems_.end(), [](const Problem& a, const Problem& b) {
        return std::tie(a.mark.line, a.mark.column) < std::tie(b.mark.line, b.mark.column);
    });
    const auto same = [](const Problem& a, const Problem& b) { return a.text() == b.text(); };
    problems_.erase(std::unique(problems_.begin(), problems_.end(), same), problems_.end());
    return std::move(problems_);
}

std::string join_key(std::string_view parent, std::string_view child) {
    std::string key(parent);
    if (!key.empty()) key += '.';
    key += child;
    return key;
}

}  // namespace carrick::config
