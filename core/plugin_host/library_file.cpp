// SPDX-License-Identifier: Apache-2.0
// Reads the ELF header: the dynamic loader's own words for these mistakes help nobody.
#include "core/plugin_host/library_file.hpp"

#include <elf.h>

#include <array>
#include <cstring>
#include <fstream>

namespace carrick::plugin_host {
namespace {

#if defined(__x86_64__)
constexpr unsigned kOurMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr unsigned kOurMachine = EM_AARCH64;
#else
#error "state this machine's ELF number here"
#endif

struct Machine {
    unsigned number;
    const char* name;
};
constexpr std::array kMachines{
    Machine{EM_X86_64, "x86-64"},  Machine{EM_AARCH64, "AArch64"}, Machine{EM_386, "i386"},
    Machine{EM_ARM, "32-bit ARM"}, Machine{EM_RISCV, "RISC-V"},    Machine{EM_PPC64, "POWER"},
    Machine{EM_S390, "IBM Z"},
};

std::string machine_name(unsigned number) {
    for (const Machine& machine : kMachines)
        if (machine.number == number) return machine.name;
    return "machine " + std::to_string(number);
}

Error not_a_library(const std::filesystem::path& file, const std::string& why) {
    return misconfigured("plugin.not_a_library", file.string() + ": " + why +
                                                     "; a plugin is a shared library built with "
                                                     "carrick_add_flow");
}

Error wrong_architecture(const std::filesystem::path& file, const std::string& theirs) {
    return misconfigured("plugin.wrong_architecture",
                         file.string() + ": built for " + theirs + ", this engine runs on " +
                             machine_name(kOurMachine) + "; build the plugin for this machine");
}

/// A half-copied library would be mapped beyond its end, and the first touch there ends the
/// program.
Result<void> check_whole(const std::filesystem::path& file, std::ifstream& stream,
                         const Elf64_Ehdr& header) {
    std::error_code failed;
    const std::uint64_t size = std::filesystem::file_size(file, failed);
    if (failed) return not_a_library(file, failed.message());
    const auto fits = [size](std::uint64_t offset, std::uint64_t length) {
        return offset <= size && length <= size - offset;
    };
    const auto cut = [&] { return not_a_library(file, "cut short; copy it again, whole"); };
    if (header.e_phentsize != sizeof(Elf64_Phdr) ||
        !fits(header.e_phoff, std::uint64_t{header.e_phnum} * sizeof(Elf64_Phdr)) ||
        !fits(header.e_shoff, std::uint64_t{header.e_shnum} * header.e_shentsize))
        return cut();
    stream.clear();
    stream.seekg(static_cast<std::streamoff>(header.e_phoff));
    for (unsigned i = 0; i < header.e_phnum; ++i) {
        std::array<char, sizeof(Elf64_Phdr)> bytes{};
        stream.read(bytes.data(), bytes.size());
        if (!stream) return cut();
        Elf64_Phdr segment{};
        std::memcpy(&segment, bytes.data(), bytes.size());
        if (!fits(segment.p_offset, segment.p_filesz)) return cut();
    }
    return {};
}

}  // namespace

Result<void> check_library_file(const std::filesystem::path& file) {
    std::error_code failed;
    if (!std::filesystem::is_regular_file(file, failed))
        return not_a_library(file, failed ? failed.message() : "no such file");
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return not_a_library(file, "cannot be opened");
    std::array<char, sizeof(Elf64_Ehdr)> bytes{};
    stream.read(bytes.data(), bytes.size());
    // e_machine stands at the same place in both classes, so a 32-bit library can be named too.
    Elf64_Ehdr header{};
    std::memcpy(&header, bytes.data(), bytes.size());
    if (stream.gcount() < static_cast<std::streamsize>(EI_NIDENT + 4) ||
        std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
        return not_a_library(file, "not an ELF file");
    if (header.e_ident[EI_DATA] != ELFDATA2LSB)
        return wrong_architecture(file, "a big-endian machine");
    if (header.e_machine != kOurMachine)
        return wrong_architecture(file, machine_name(header.e_machine));
    if (header.e_ident[EI_CLASS] != ELFCLASS64) return wrong_architecture(file, "a 32-bit machine");
    if (header.e_type != ET_DYN) return not_a_library(file, "an ELF file, but no shared library");
    if (Result<void> whole = check_whole(file, stream, header); !whole) return whole;
    return {};
}

}  // namespace carrick::plugin_host
