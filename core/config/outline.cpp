// SPDX-License-Identifier: Apache-2.0
// The outline of a flows.yaml: as much as can be relied on, however much else is wrong.
#include "core/config/reading.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace carrick::config {

namespace {

/// The sections that the outline is read from.
constexpr std::array<std::string_view, 3> kOutlineSections{"store", "secrets", "flows"};

struct Line {
    std::string_view text;  ///< without its end
    std::string_view key;   ///< of the top level, where one begins here
};

std::vector<Line> lines_of(std::string_view text) {
    std::vector<Line> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        Line line{text.substr(0, end), {}};
        const std::size_t key_end = line.text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_");
        if (key_end != 0 && key_end != std::string_view::npos && line.text[key_end] == ':')
            line.key = line.text.substr(0, key_end);
        lines.push_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

/// Lines [begin, end) at their own place in an otherwise empty text, so that marks stay right.
std::string alone(const std::vector<Line>& lines, std::size_t begin, std::size_t end) {
    std::string text(begin, '\n');
    for (std::size_t i = begin; i < end; ++i) {
        text += lines[i].text;
        text += '\n';
    }
    return text;
}

/// The text with those sections whose YAML can be read by itself; of the others the key is left,
/// with nothing behind it. Nothing where the section `store` cannot be read.
std::optional<std::string> readable_part(std::string_view text, const std::string& file) {
    const std::vector<Line> lines = lines_of(text);
    std::string part;
    std::set<std::string_view> seen;
    for (std::size_t begin = 0; begin < lines.size();) {
        std::size_t end = begin + 1;
        while (end < lines.size() && lines[end].key.empty()) ++end;
        const std::string_view key = lines[begin].key;
        // A second section of a name is a problem whatever stands in it.
        const bool wanted = std::find(kOutlineSections.begin(), kOutlineSections.end(), key) !=
                                kOutlineSections.end() &&
                            seen.insert(key).second;
        Problems of_section(file);
        if (wanted && read_yaml(alone(lines, begin, end), of_section)) {
            for (std::size_t i = begin; i < end; ++i) part += std::string(lines[i].text) + '\n';
        } else {
            if (key == "store") return std::nullopt;
            part += key.empty() ? std::string() : std::string(key) + ":";
            part += std::string(end - begin, '\n');
        }
        begin = end;
    }
    return part;
}

/// A slip here could mean another store than the one that is wanted.
bool is_about_the_store(const Problem& problem) {
    return problem.key == "store" || problem.key.starts_with("store.") ||
           (problem.nearest == "store" && problem.key.find('.') == std::string::npos);
}

Outline outline_of(std::optional<Config> config, std::vector<Problem> problems) {
    Outline outline;
    const bool doubtful = std::any_of(problems.begin(), problems.end(), is_about_the_store);
    if (config && !doubtful) {
        outline.store = config->store["path"].text();
        outline.flows = std::move(config->order);
    }
    if (doubtful)
        std::erase_if(problems, [](const Problem& one) { return !is_about_the_store(one); });
    outline.problems = std::move(problems);
    return outline;
}

}  // namespace

Outline parse_outline(std::string_view text, const std::filesystem::path& file,
                      const plugin_host::ManifestSet& plugins, const LoadOptions& options) {
    Problems problems(file.string());
    std::optional<Config> config =
        read_config(text, file, plugins, options, Depth::Outline, problems);
    std::vector<Problem> found = problems.take();
    if (config) return outline_of(std::move(config), std::move(found));
    if (text.size() > YamlLimits{}.bytes) return {std::nullopt, {}, std::move(found)};

    const std::optional<std::string> part = readable_part(text, file.string());
    if (!part) return {std::nullopt, {}, std::move(found)};
    Problems of_part(file.string());
    config = read_config(*part, file, plugins, options, Depth::Outline, of_part);
    // What the part lacks is no news beside what made it a part; only the store matters.
    for (Problem& problem : of_part.take())
        if (is_about_the_store(problem)) found.push_back(std::move(problem));
    return outline_of(std::move(config), std::move(found));
}

Outline load_outline(const std::filesystem::path& file, const plugin_host::ManifestSet& plugins,
                     const LoadOptions& options) {
    FileText read = read_file(file);
    if (!read.text) return {std::nullopt, {}, {std::move(read.problem)}};
    return parse_outline(*read.text, file, plugins, options);
}

}  // namespace carrick::config
