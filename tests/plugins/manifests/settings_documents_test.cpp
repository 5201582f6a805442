// SPDX-License-Identifier: Apache-2.0
// What a plugin's README says of its settings against what its manifest has: a setting that nobody
// can read about is one that nobody uses, and one that is only written about does nothing.
#include <carrick/sdk/json.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace carrick;

namespace {

std::string text_of(const std::filesystem::path& file) {
    std::ifstream stream(file);
    INFO(file.string());
    REQUIRE(stream);
    return std::string(std::istreambuf_iterator<char>(stream), {});
}

/// "tax.codes" and the like. What stands inside a list's or a map's elements (`tax.codes[]`) is
/// told by the row of the list.
void collect(const Json& schema, const std::string& prefix, std::set<std::string>& settings) {
    for (const JsonMember& member : schema["properties"].members()) {
        const std::string path = prefix + member.key;
        if (member.value["properties"].is_object())
            collect(member.value, path + ".", settings);
        else
            settings.insert(path);
    }
}

/// The texts between backticks of a table row's first cell: "| `items.tax`, `.other` | ..." names
/// items.tax and items.other.
void read_row(const std::string& line, std::set<std::string>& named) {
    const std::string cell = line.substr(1, line.find('|', 1) - 1);
    std::string group;
    for (std::size_t at = cell.find('`'); at != std::string::npos; at = cell.find('`', at + 1)) {
        const std::size_t end = cell.find('`', at + 1);
        REQUIRE(end != std::string::npos);
        std::string name = cell.substr(at + 1, end - at - 1);
        if (name.starts_with('.')) name = group + name;
        group = name.substr(0, name.rfind('.'));
        named.insert(std::move(name));
        at = end;
    }
}

/// The settings that the table under "## Settings" names.
std::set<std::string> named_in(const std::string& readme) {
    std::set<std::string> named;
    std::istringstream lines(readme);
    bool among_settings = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("## ")) among_settings = line == "## Settings";
        if (among_settings && line.starts_with("| `")) read_row(line, named);
    }
    return named;
}

/// Which READMEs a plugin's settings stand in: its own, and that of the twin it refers to.
const std::map<std::string, std::string>& twins() {
    static const std::map<std::string, std::string> kTwins{
        {"fba_customer_import", "mfn_customer_import"}, {"fba_order_import", "mfn_order_import"}};
    return kTwins;
}

struct Plugin {
    std::string name;
    std::set<std::string> settings;  ///< of its manifest
    std::set<std::string> own;       ///< named in its README
    std::set<std::string> named;     ///< named in its README or its twin's
};

std::vector<Plugin> plugins() {
    const std::filesystem::path folder(CARRICK_PLUGINS_SOURCE);
    std::vector<Plugin> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (!std::filesystem::exists(entry.path() / "manifest.json")) continue;
        Plugin plugin{entry.path().filename().string(), {}, {}, {}};
        const Result<Json> manifest = Json::parse(text_of(entry.path() / "manifest.json"));
        INFO(plugin.name);
        REQUIRE(manifest);
        collect((*manifest)["settings"], "", plugin.settings);
        plugin.own = named_in(text_of(entry.path() / "README.md"));
        plugin.named = plugin.own;
        if (const auto twin = twins().find(plugin.name); twin != twins().end())
            plugin.named.merge(named_in(text_of(folder / twin->second / "README.md")));
        found.push_back(std::move(plugin));
    }
    return found;
}

}  // namespace

TEST_CASE("every setting of a plugin stands in its README", "[plugins][documents]") {
    CHECK(plugins().size() >= 7);
    for (const Plugin& plugin : plugins())
        for (const std::string& setting : plugin.settings) {
            INFO(plugin.name << " has the setting " << setting);
            CHECK(plugin.named.contains(setting));
        }
}

TEST_CASE("a README names no setting that its plugin does not have", "[plugins][documents]") {
    for (const Plugin& plugin : plugins())
        for (const std::string& setting : plugin.own) {
            INFO(plugin.name << " has no setting " << setting);
            CHECK(plugin.settings.contains(setting));
        }
}
