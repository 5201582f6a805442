// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/program.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <thread>

namespace carrick::bench {

Program::Program(const std::vector<std::string>& command,
                 const std::vector<std::string>& environment, const std::filesystem::path& log) {
    std::vector<char*> arguments;
    for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    std::vector<char*> variables;
    for (const std::string& text : environment)
        variables.push_back(const_cast<char*>(text.c_str()));
    for (char** each = environ; *each != nullptr; ++each) variables.push_back(*each);
    variables.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(),
                                     O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    started_ = std::chrono::steady_clock::now();
    const int failed =
        posix_spawn(&process_, arguments[0], &actions, nullptr, arguments.data(), variables.data());
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) {
        std::fprintf(stderr, "program_bench: cannot start %s: %s\n", arguments[0],
                     std::strerror(failed));
        std::exit(1);
    }
}

Program::~Program() {
    kill();
}

void Program::kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    int status = 0;
    ::waitpid(process_, &status, 0);
    process_ = -1;
}

// Not ru_maxrss: that one begins with the memory of the process that started it.
double Program::high_water_mark() const {
    std::ifstream status("/proc/" + std::to_string(process_) + "/status");
    std::string line;
    while (std::getline(status, line))
        if (line.starts_with("VmHWM:")) return std::strtod(line.c_str() + 6, nullptr) / 1024;
    return 0;
}

Taken Program::wait(std::chrono::seconds limit) {
    Taken taken;
    for (;;) {
        taken.peak_mebibytes = std::max(taken.peak_mebibytes, high_water_mark());
        int status = 0;
        rusage usage{};
        const pid_t ended = ::wait4(process_, &status, WNOHANG, &usage);
        const auto now = std::chrono::steady_clock::now();
        if (ended == process_) {
            const auto seconds = [](const timeval& time) {
                return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
            };
            process_ = -1;
            taken.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
            taken.wall_seconds = std::chrono::duration<double>(now - started_).count();
            taken.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
            return taken;
        }
        if (now - started_ > limit) {
            kill();
            return taken;
        }
        // Short programs are timed more finely.
        const bool young = now - started_ < std::chrono::milliseconds(200);
        std::this_thread::sleep_for(std::chrono::milliseconds(young ? 1 : 10));
    }
}

}  // namespace carrick::bench
