// SPDX-License-Identifier: Apache-2.0
// Loading: each thing that can be wrong with a library has its own error, and the good ones run.
#include "tests/core/plugin_host/support.hpp"

#include <catch2/catch.hpp>

#include <dlfcn.h>
#include <elf.h>

#include <cstring>

using namespace carrick;
using namespace carrick::plugin_host;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

Manifest manifest_for(const fs::path& library) {
    Result<Manifest> manifest =
        parse_manifest(manifest_text(library.stem().string(), "sink", R"(,"input":["a.b/1"])"),
                       library.parent_path() / (library.stem().string() + ".json"));
    REQUIRE(manifest);
    return *std::move(manifest);
}

Error load_error(const fs::path& library) {
    const auto loaded = load_plugin(manifest_for(library));
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().error_class == ErrorClass::Misconfigured);
    CHECK_THAT(loaded.error().message, Contains(library.string()));
    return loaded.error();
}

std::string elf_header(unsigned char elf_class, unsigned machine, unsigned type) {
    Elf64_Ehdr header{};
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = elf_class;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_ident[EI_VERSION] = EV_CURRENT;
    header.e_machine = static_cast<Elf64_Half>(machine);
    header.e_type = static_cast<Elf64_Half>(type);
    return {reinterpret_cast<const char*>(&header), sizeof header};
}

Result<std::unique_ptr<FlowInstance>> instance_of(const fs::path& folder, const std::string& plugin,
                                                  const std::string& flow) {
    const Result<Manifest> manifest = read_manifest(folder / (plugin + ".json"));
    REQUIRE(manifest);
    Result<std::shared_ptr<LoadedPlugin>> loaded = load_plugin(*manifest);
    REQUIRE(loaded);
    return (*loaded)->create(config_of(flow));
}

}  // namespace

TEST_CASE("a file that is no library is refused before it is loaded") {
    const TempFolder folder;
    CHECK(load_error(folder.path / "absent.so").code == "plugin.not_a_library");
    const Error text = load_error(folder.write("text.so", "just a text, renamed"));
    CHECK(text.code == "plugin.not_a_library");
    CHECK_THAT(text.message, Contains("not an ELF file"));
    CHECK(load_error(folder.write("empty.so", "")).code == "plugin.not_a_library");
    const Error program =
        load_error(folder.write("program.so", elf_header(ELFCLASS64, EM_X86_64, ET_EXEC)));
    CHECK_THAT(program.message, Contains("no shared library"));
    const Error cut = load_error(folder.write("cut.so", elf_header(ELFCLASS64, EM_X86_64, ET_DYN)));
    CHECK(cut.code == "plugin.not_a_library");
    CHECK_THAT(cut.message, Contains("cut short; copy it again, whole"));
}

TEST_CASE("a half-copied library is refused, mapping it would end the program") {
    const TempFolder folder;
    std::ifstream stream(fs::path(TEST_HANDSHAKES) / "right.so", std::ios::binary);
    std::stringstream whole;
    whole << stream.rdbuf();
    for (const std::size_t quarters : {1U, 2U, 3U}) {
        const std::string half = whole.str().substr(0, whole.str().size() * quarters / 4);
        const Error error = load_error(folder.write("half.so", half));
        CHECK(error.code == "plugin.not_a_library");
        CHECK_THAT(error.message, Contains("cut short; copy it again, whole"));
    }
}

TEST_CASE("a library for another machine is refused by both names") {
    const TempFolder folder;
    const Error arm =
        load_error(folder.write("arm.so", elf_header(ELFCLASS64, EM_AARCH64, ET_DYN)));
    CHECK(arm.code == "plugin.wrong_architecture");
    CHECK_THAT(arm.message, Contains("built for AArch64, this engine runs on x86-64"));
    CHECK_THAT(load_error(folder.write("old.so", elf_header(ELFCLASS32, EM_386, ET_DYN))).message,
               Contains("i386"));
}

TEST_CASE("a handshake that fails names both sides and the way out") {
    const fs::path folder = TEST_HANDSHAKES;
    CHECK(load_plugin(manifest_for(folder / "right.so")));
    const Error no_entry = load_error(folder / "no_entry.so");
    CHECK(no_entry.code == "plugin.no_entry");
    CHECK_THAT(no_entry.message, Contains("carrick_plugin_v0"));
    const Error minor = load_error(folder / "newer_minor.so");
    CHECK(minor.code == "plugin.version");
    CHECK_THAT(minor.message, Contains("ABI 0.2, this engine offers 0.1; upgrade the engine"));
    const Error major = load_error(folder / "newer_major.so");
    CHECK(major.code == "plugin.version");
    CHECK_THAT(major.message, Contains("ABI 1"));
    const Error name = load_error(folder / "other_name.so");
    CHECK(name.code == "plugin.name");
    CHECK_THAT(name.message, Contains("\"somebody_else\"") && Contains("\"other_name\""));
    CHECK_THAT(load_error(folder / "other_version.so").message,
               Contains("is version 2.0.0, its manifest says 1.0.0"));
}

TEST_CASE("a symbol that nobody defines is found when loading, and the message has its name") {
    const Error error = load_error(fs::path(TEST_HANDSHAKES) / "unresolved.so");
    CHECK(error.code == "plugin.not_a_library");
    CHECK_THAT(error.message, Contains("nobody_defines_this"));
}

TEST_CASE("a library stays loaded when its plugin is gone, and keeps its symbols to itself") {
    // A copy of its own: the library itself may have been loaded by another test, for good.
    const TempFolder folder;
    const fs::path library = folder.path / "right.so";
    fs::copy_file(fs::path(TEST_HANDSHAKES) / "right.so", library);
    const auto is_loaded = [&] {
        // NOLOAD: a handle if it is there already, and one reference more, given back at once.
        void* const handle = dlopen(library.c_str(), RTLD_LAZY | RTLD_NOLOAD);
        if (handle != nullptr) dlclose(handle);
        return handle != nullptr;
    };
    REQUIRE_FALSE(is_loaded());
    REQUIRE(load_plugin(manifest_for(library)));
    CHECK(is_loaded());
    // Two plugins have entries of the same name; neither may be found in the other's place.
    CHECK(dlsym(RTLD_DEFAULT, CARRICK_ENTRY_SYMBOL) == nullptr);
    // Not even somebody who drops every reference unloads it (NODELETE).
    void* const handle = dlopen(library.c_str(), RTLD_LAZY | RTLD_NOLOAD);
    for (int references = 0; references < 10; ++references)
        if (dlclose(handle) != 0) break;
    CHECK(is_loaded());
}

TEST_CASE("exceptions end as bugs, with the glue and without it") {
    for (const std::string plugin : {"throwing_bare", "throwing_glue"}) {
        INFO(plugin);
        auto instance = instance_of(TEST_PLUGINS, plugin, "flow");
        REQUIRE(instance);
        FakeGateway gateway;
        gateway.offer("amazon.orders.search", connectors::OperationKind::Read);
        for (const std::string stream : {"error", "number", "reply"}) {
            const ExtractPage page = (*instance)->extract(gateway, stream, "");
            REQUIRE(page.end.status == CallStatus::Failed);
            CHECK(page.end.error.error_class == ErrorClass::Bug);
            CHECK(page.end.error.code == "plugin.exception");
            CHECK_THAT(page.end.error.message,
                       Contains(stream == "error"    ? "thrown from extract"
                                : stream == "number" ? "no std::exception"
                                                     : "thrown from a reply handler"));
        }
        const auto refused = instance_of(TEST_PLUGINS, plugin, "refuse");
        REQUIRE_FALSE(refused);
        CHECK_THAT(refused.error().message, Contains("thrown from create"));
    }
}

TEST_CASE("the example flows run: a source in C++ feeds a sink in C") {
    FakeGateway gateway;
    auto source = instance_of(HELLO_PLUGINS, "hello_flow", "hello");
    auto sink = instance_of(HELLO_PLUGINS, "hello_count", "count");
    REQUIRE(source);
    REQUIRE(sink);
    CHECK((*source)->offers(Stage::Extract));
    CHECK_FALSE((*source)->offers(Stage::Deliver));
    std::string checkpoint;
    std::vector<store::Record> greetings;
    int page_end = CARRICK_PAGE_MORE;
    while (page_end == CARRICK_PAGE_MORE) {
        ExtractPage page = (*source)->extract(gateway, "greetings", checkpoint);
        REQUIRE(page.end.status == CallStatus::Ok);
        for (store::Record& record : page.records) greetings.push_back(std::move(record));
        checkpoint = *page.checkpoint;
        page_end = page.page_end;
    }
    REQUIRE(greetings.size() == 3);
    CHECK(greetings[2].body == R"({"greeting":"Hello","number":3})");
    std::vector<const store::Record*> page;
    for (const store::Record& record : greetings) page.push_back(&record);
    DeliverBoard board;
    CHECK((*sink)->deliver(gateway, board, page, {}, {}).status == CallStatus::Ok);
    for (const auto& outcome : board.outcomes)
        CHECK(outcome->details().learnt == R"({"arrived":true})");
    CHECK((*source)->extract(gateway, "greetings", "nonsense").end.error.code ==
          "hello_flow.checkpoint");
}
