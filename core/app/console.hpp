// SPDX-License-Identifier: Apache-2.0
// Tables on a terminal.
#pragma once

#include <string>
#include <vector>

namespace carrick::app {

/// Columns as wide as their widest cell (in characters, not bytes), two blanks between; the first
/// row is the heading. `right`: columns of numbers.
class Table {
public:
    Table(std::vector<std::string> heading, std::vector<bool> right);
    void add(std::vector<std::string> row);
    [[nodiscard]] std::string text() const;

private:
    std::vector<std::vector<std::string>> rows_;
    std::vector<bool> right_;
};

}  // namespace carrick::app
