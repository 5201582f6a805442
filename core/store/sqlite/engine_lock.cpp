// SPDX-License-Identifier: Apache-2.0
#include "core/store/sqlite/engine_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>

namespace carrick::store::sqlite {

namespace {

struct NetworkFileSystem {
    unsigned long type;
    std::string_view name;
};

// statfs(2) and linux/magic.h.
constexpr std::array kNetworkFileSystems{
    NetworkFileSystem{0x6969, "NFS"},        NetworkFileSystem{0x517b, "SMB"},
    NetworkFileSystem{0xff534d42, "CIFS"},   NetworkFileSystem{0xfe534d42, "SMB2"},
    NetworkFileSystem{0x01021997, "9P"},     NetworkFileSystem{0x00c36400, "Ceph"},
    NetworkFileSystem{0x5346414f, "AFS"},    NetworkFileSystem{0x73757245, "Coda"},
    NetworkFileSystem{0x0bd00bd0, "Lustre"}, NetworkFileSystem{0x7461636f, "OCFS2"},
    NetworkFileSystem{0x01161970, "GFS2"},   NetworkFileSystem{0x47504653, "GPFS"},
    NetworkFileSystem{0x564c, "NCP"},
};

std::string first_line(const char* path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

std::string holder(int file) {
    std::array<char, 128> text{};
    const ssize_t size = ::pread(file, text.data(), text.size(), 0);
    if (size <= 0) return "another process";
    const std::string_view line(text.data(), static_cast<std::size_t>(size));
    return "process " + std::string(line.substr(0, line.find_first_of(" \n")));
}

}  // namespace

Result<EngineLock> EngineLock::take(const std::filesystem::path& database) {
    const std::string path = database.string() + ".lock";
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0)
        return misconfigured("store.cannot_open",
                             path + ": " + std::strerror(errno) +
                                 "; check that its folder exists and may be written");
    EngineLock lock(file);
    int locked = -1;
    do locked = ::flock(file, LOCK_EX | LOCK_NB);
    while (locked != 0 && errno == EINTR);
    if (locked != 0)
        return misconfigured("store.locked", database.string() + " is in use by " + holder(file) +
                                                 "; stop that engine, or give this one its own "
                                                 "`store.path`");
    const std::string text =
        std::to_string(::getpid()) + " " + first_line("/proc/sys/kernel/random/boot_id") + "\n";
    if (::ftruncate(file, 0) != 0 ||
        ::pwrite(file, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
        return transient("store.full", path + " cannot be written: " + std::strerror(errno));
    return lock;
}

EngineLock::EngineLock(EngineLock&& other) noexcept : file_(other.file_) {
    other.file_ = -1;
}

EngineLock::~EngineLock() {
    // The file stays: removing it would let a third process lock a new file of the same name while
    // a second one still waits on the old.
    if (file_ >= 0) ::close(file_);
}

std::string_view network_file_system(unsigned long type) {
    for (const NetworkFileSystem& known : kNetworkFileSystems)
        if (known.type == type) return known.name;
    return {};
}

Result<void> require_local(const std::filesystem::path& folder) {
    struct statfs about {};
    if (::statfs(folder.c_str(), &about) != 0)
        return misconfigured("store.cannot_open", folder.string() + ": " + std::strerror(errno));
    // The field is signed or not, 32 or 64 bits wide, as the platform likes.
    const auto type = static_cast<unsigned long>(about.f_type) & 0xffffffffUL;
    if (const std::string_view name = network_file_system(type); !name.empty())
        return misconfigured("store.network_file_system",
                             folder.string() + " lies on " + std::string(name) +
                                 ", where locks cannot be trusted; put `store.path` on a local "
                                 "disk");
    return {};
}

}  // namespace carrick::store::sqlite
