// SPDX-License-Identifier: Apache-2.0
// Standard output: tables, and whether what was printed arrived.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace carrick::app {

/// Where a standard stream is closed, something that refuses every use of it takes its number: a
/// database opened later must not become "standard output". Also turns SIGPIPE off, which a socket
/// could raise as well as a pipe. First of all in main.
void guard_standard_streams();

/// To standard output; whole texts of several threads do not mix.
void print(std::string_view text);
/// The same, and out of the buffer at once.
void print_line(std::string_view text);
void flush_output();

/// Called last: the exit code, which is a failure with a line on standard error where standard
/// output could not take everything. A reader that has gone (`| head`) has what it wanted.
[[nodiscard]] int finish_output(int code);

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
