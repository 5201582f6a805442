// SPDX-License-Identifier: Apache-2.0
// One engine per store: an exclusive lock on a file beside the database, and the refusal of file
// systems on which locks and shared memory cannot be trusted.
#pragma once

#include <carrick/sdk/result.hpp>

#include <filesystem>
#include <string_view>

namespace carrick::store::sqlite {

/// Holds `<database>.lock` until it is destroyed. The kernel lets go when the process dies, however
/// it dies; the text in the file (pid, boot id) is for people.
class EngineLock {
public:
    /// Errors: Misconfigured `store.locked` (with the holder's pid), `store.cannot_open`.
    [[nodiscard]] static Result<EngineLock> take(const std::filesystem::path& database);

    EngineLock(EngineLock&& other) noexcept;
    EngineLock& operator=(EngineLock&&) = delete;
    EngineLock(const EngineLock&) = delete;
    EngineLock& operator=(const EngineLock&) = delete;
    ~EngineLock();

private:
    explicit EngineLock(int file) : file_(file) {}
    int file_;
};

/// The name of the network file system with this statfs type; empty for a local one.
[[nodiscard]] std::string_view network_file_system(unsigned long type);

/// Errors: Misconfigured `store.network_file_system` when `folder` lies on one.
[[nodiscard]] Result<void> require_local(const std::filesystem::path& folder);

}  // namespace carrick::store::sqlite
