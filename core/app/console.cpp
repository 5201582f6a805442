// SPDX-License-Identifier: Apache-2.0
#include "core/app/console.hpp"

#include "core/app/application.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <system_error>

namespace carrick::app {

namespace {

/// Why the first write failed that did.
std::atomic<int> output_error{0};

void note_failure() {
    int none = 0;
    output_error.compare_exchange_strong(none, errno);
}

/// What wrote last may not have kept its errno (a plugin's command writes to std::cout).
bool reader_is_gone() {
    pollfd output{STDOUT_FILENO, 0, 0};
    return output_error == EPIPE ||
           (::poll(&output, 1, 0) == 1 && (output.revents & (POLLERR | POLLHUP)) != 0);
}

std::size_t width_of(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

}  // namespace

void guard_standard_streams() {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(stream, F_GETFD) == -1)
            // The lowest free number is this one. Opened the wrong way round, it fails every use.
            (void)::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, nullptr);
}

void print(std::string_view text) {
    errno = 0;
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) note_failure();
}

void flush_output() {
    errno = 0;
    if (std::fflush(stdout) != 0) note_failure();
}

void print_line(std::string_view text) {
    print(std::string(text) + "\n");
    flush_output();
}

int finish_output(int code) {
    flush_output();  // first: std::cout would flush the same buffer, and keep no reason
    std::cout.flush();
    if ((std::ferror(stdout) == 0 && output_error == 0 && std::cout.good()) || reader_is_gone())
        return code;
    const std::string reason = output_error == 0 ? "it did not take everything"
                                                 : std::generic_category().message(output_error);
    std::fprintf(stderr, "error: standard output is not complete: %s (output.failed)\n",
                 reason.c_str());
    return code == kOk ? kFailed : code;
}

Table::Table(std::vector<std::string> heading, std::vector<bool> right) : right_(std::move(right)) {
    rows_.push_back(std::move(heading));
}

void Table::add(std::vector<std::string> row) {
    rows_.push_back(std::move(row));
}

std::string Table::text() const {
    std::vector<std::size_t> widths(right_.size(), 0);
    for (const std::vector<std::string>& row : rows_)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], width_of(row[i]));
    std::string text;
    for (const std::vector<std::string>& row : rows_) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string blanks(widths[i] - width_of(row[i]), ' ');
            line += (i == 0 ? "" : "  ") + (right_[i] ? blanks + row[i] : row[i] + blanks);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

}  // namespace carrick::app
