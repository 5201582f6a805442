// SPDX-License-Identifier: Apache-2.0
// The state file.
#include "examples/sandbox/state_file.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace carrick::sandbox {
namespace {

constexpr const char* kFile = "sandbox.json";

Error problem(const std::string& message) {
    return misconfigured("sandbox.state", message);
}

}  // namespace

Result<std::optional<Json>> load_state(const std::string& directory) {
    const std::filesystem::path path = std::filesystem::path(directory) / kFile;
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) return std::optional<Json>();
    std::ifstream file(path, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(file)),
                           std::istreambuf_iterator<char>());
    Result<Json> json = Json::parse(text);
    if (!json)
        return problem(path.string() + " is not JSON (" + json.error().message +
                       "); remove it to begin anew");
    return std::optional<Json>(std::move(*json));
}

Result<void> write_whole_file(const std::string& path, const std::string& text) {
    const std::string beside = path + ".new";
    {
        std::ofstream file(beside, std::ios::binary | std::ios::trunc);
        file << text;
        file.flush();
        if (!file) return problem("cannot write " + beside);
    }
    std::error_code error;
    std::filesystem::rename(beside, path, error);
    if (error) return problem("cannot rename " + beside + ": " + error.message());
    return {};
}

Result<void> save_state(const std::string& directory, const Json& state) {
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (error) return problem("cannot make " + directory + ": " + error.message());
    return write_whole_file((std::filesystem::path(directory) / kFile).string(), state.dump());
}

}  // namespace carrick::sandbox
