// SPDX-License-Identifier: Apache-2.0
// Finds the plugins in the folders of the plugin path.
#include "core/plugin_host/manifest.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace carrick::plugin_host {
namespace {

namespace fs = std::filesystem;

/// Why a link or a file that the disk lists cannot be followed, or "". A file that is not there at
/// all is no trouble: not every NAME.json is a manifest.
std::string trouble_of(const fs::path& file) {
    std::error_code failed;
    const fs::file_status status = fs::status(file, failed);
    if (status.type() == fs::file_type::none) return failed.message();
    std::error_code ignored;
    if (status.type() == fs::file_type::not_found && fs::is_symlink(file, ignored))
        return "the link points to nothing";
    return {};
}

/// NAME.json with a NAME.so beside it, sorted, so that the order does not depend on the disk.
std::vector<fs::path> manifest_files(const fs::path& folder, std::vector<Error>& problems) {
    std::vector<fs::path> files;
    std::error_code failed;
    for (fs::directory_iterator at(folder, failed), end; !failed && at != end;
         at.increment(failed)) {
        const fs::path file = at->path();
        if (file.extension() != ".json") continue;
        fs::path library = file;
        library.replace_extension(".so");
        std::string trouble;
        for (const fs::path& one : {file, library})
            if (trouble.empty() && !(trouble = trouble_of(one)).empty())
                problems.push_back(misconfigured(
                    "plugin.manifest",
                    one.string() + ": " + trouble + "; repair it, or take it off the plugin path"));
        std::error_code ignored;
        if (trouble.empty() && fs::is_regular_file(file, ignored) && fs::exists(library, ignored))
            files.push_back(file);
    }
    if (failed)
        problems.push_back(
            misconfigured("plugin.folder",
                          folder.string() + ": " + failed.message() + "; check the plugin path"));
    std::ranges::sort(files);
    return files;
}

/// Takes out every manifest that shares a claim with another, and says so once per claim.
template <class ClaimsOf>
void refuse_shared(ManifestSet& set, std::string_view code, std::string_view what,
                   ClaimsOf&& claims_of) {
    std::map<std::string, std::vector<std::size_t>> claimants;
    for (std::size_t i = 0; i < set.manifests.size(); ++i)
        for (const std::string& claim : claims_of(set.manifests[i])) claimants[claim].push_back(i);
    std::set<std::size_t> refused;
    for (const auto& [claim, who] : claimants) {
        if (who.size() < 2) continue;
        std::string files;
        for (const std::size_t i : who)
            files += (files.empty() ? "" : " and ") + set.manifests[i].file.string();
        set.problems.push_back(misconfigured(
            std::string(code), std::string(what) + " \"" + claim + "\" is claimed by " + files +
                                   "; none of them is used until one is removed"));
        refused.insert(who.begin(), who.end());
    }
    std::vector<Manifest> kept;
    for (std::size_t i = 0; i < set.manifests.size(); ++i)
        if (!refused.contains(i)) kept.push_back(std::move(set.manifests[i]));
    set.manifests = std::move(kept);
}

}  // namespace

const Manifest* ManifestSet::find(std::string_view name) const {
    const auto found = std::ranges::find(manifests, name, &Manifest::name);
    return found == manifests.end() ? nullptr : &*found;
}

ManifestSet scan_plugins(std::span<const fs::path> folders) {
    ManifestSet set;
    std::set<fs::path> seen;  // a folder that stands in the path twice is no second claimant
    for (const fs::path& folder : folders) {
        std::error_code failed;
        const fs::path real = fs::canonical(folder, failed);
        if (!failed && !seen.insert(real).second) continue;
        for (const fs::path& file : manifest_files(folder, set.problems)) {
            Result<Manifest> manifest = read_manifest(file);
            if (!manifest)
                set.problems.push_back(manifest.error());
            else if (manifest->name != file.stem())
                set.problems.push_back(misconfigured(
                    "plugin.name", file.string() + ": the manifest names the plugin \"" +
                                       manifest->name + "\"; the file must be " + manifest->name +
                                       ".json and the library " + manifest->name + ".so"));
            else
                set.manifests.push_back(*std::move(manifest));
        }
    }
    refuse_shared(set, "plugin.duplicate_name", "the plugin name",
                  [](const Manifest& manifest) { return std::vector{manifest.name}; });
    refuse_shared(set, "plugin.duplicate_command", "the command", [](const Manifest& manifest) {
        std::vector<std::string> claims;
        for (const CommandDeclaration& command : manifest.commands)
            claims.push_back(command.noun + " " + command.verb);
        return claims;
    });
    std::ranges::sort(set.manifests, {}, &Manifest::name);
    return set;
}

}  // namespace carrick::plugin_host
