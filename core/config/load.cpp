// SPDX-License-Identifier: Apache-2.0
// From the bytes of a flows.yaml to a Config: YAML, references, sections, graph, settings, in this
// order, each adding what it finds wrong.
#include "core/config/books_zone.hpp"
#include "core/config/marketplaces.hpp"
#include "core/config/reading.hpp"
#include "core/config/references.hpp"
#include "core/config/settings.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

namespace carrick::config {

namespace {

constexpr KeySpec kTopKeys[] = {
    {"version"},          {"store"},         {"archive"},        {"secrets"},     {"engine"},
    {"connections"},      {"defaults"},      {"marketplaces"},   {"flows"},       {"admin", false},
    {"dashboard", false}, {"alerts", false}, {"metrics", false}, {"nodes", false}};
constexpr KeySpec kStoreKeys[] = {{"driver"}, {"path"}, {"url", false}, {"encryption", false}};
constexpr KeySpec kArchiveKeys[] = {{"path"}, {"encryption", false}};
constexpr KeySpec kSecretsKeys[] = {{"dir"}};
constexpr KeySpec kEngineKeys[] = {{"workers"},    {"page"},       {"retention"},  {"history"},
                                   {"lookup_ttl"}, {"schema_ttl"}, {"lookup_wait"}};

struct DurationDefault {
    std::string_view key;
    std::int64_t milliseconds;
};
constexpr DurationDefault kEngineDurations[] = {{"retention", 7LL * 86'400'000},
                                                {"history", 90LL * 86'400'000},
                                                {"lookup_ttl", 600'000},
                                                {"schema_ttl", 86'400'000},
                                                {"lookup_wait", 300'000}};

class FileReader {
public:
    FileReader(Node root, Reading& reading) : root_(std::move(root)), reading_(reading) {}

    void read() {
        if (root_.is_null()) root_.kind = Node::Kind::Map;
        resolve();
        Section top(root_, "", kTopKeys, reading_.problems);
        if (!root_.is_map()) return;
        if (top.require("version", "version: 1")) (void)top.choice("version", {"1"});
        read_store(top);
        read_engine(top);
        read_levels(top);
        if (top.require("connections", "the connections by name"))
            if (const Node* node = top.value("connections")) read_connections(*node, reading_);
        note_marks();
        if (top.require("flows", "the flows by name"))
            if (const Node* node = top.value("flows")) read_flows(*node, reading_);
        check_shared_levels(top);
        check_graph(reading_);
        if (reading_.depth == Depth::Whole)
            check_effective_settings(reading_.config, reading_.partitions, reading_.problems);
    }

private:
    void resolve() {
        ReferenceSources sources{
            reading_.config.file.parent_path(), {}, reading_.options.environment};
        // Where secrets are must be known before the first one is asked for.
        if (Node* dir = scalar_at("secrets", "dir")) {
            resolve_reference(*dir, "secrets.dir", sources, reading_.problems);
            if (dir->is_scalar() && !dir->broken && !dir->text.empty())
                sources.secrets_dir = sources.base / dir->text;
        }
        if (reading_.depth == Depth::Whole)
            return resolve_references(root_, sources, reading_.problems);
        if (Node* path = scalar_at("store", "path"))
            resolve_reference(*path, "store.path", sources, reading_.problems);
        resolve_environment(root_, sources, reading_.problems);
    }

    Node* scalar_at(std::string_view section, std::string_view key) {
        for (NodeEntry& entry : root_.entries)
            if (entry.key == section && entry.value.is_map())
                for (NodeEntry& inner : entry.value.entries)
                    if (inner.key == key) return &inner.value;
        return nullptr;
    }

    void read_store(Section& top) {
        static const Node kEmpty = [] {
            Node node;
            node.kind = Node::Kind::Map;
            return node;
        }();
        const Node* given = top.map("store");
        Section store(given != nullptr ? *given : kEmpty, "store", kStoreKeys, reading_.problems);
        const Node* driver = store.value("driver");
        if (driver != nullptr && driver->is_scalar() && driver->text == "postgres")
            reading_.problems.add(driver->mark, "store.driver", "config.not_in_this_version",
                                  "postgres is documented, but not in this version; use sqlite");
        else
            (void)store.choice("driver", {"sqlite"});
        const std::string path = store.text("path").value_or("var/carrick.db");
        reading_.config.store =
            Json::object({{"driver", "sqlite"}, {"path", Json(reading_.beside(path))}});
        // Beside the store, so that one folder holds all that must be backed up.
        std::string archive =
            (std::filesystem::path(path).parent_path() / "archive").generic_string();
        if (const Node* node = top.map("archive")) {
            Section section(*node, "archive", kArchiveKeys, reading_.problems);
            archive = section.text("path").value_or(archive);
        }
        reading_.config.archive = Json::object({{"path", Json(reading_.beside(archive))}});
        if (const Node* secrets = top.map("secrets")) {
            Section section(*secrets, "secrets", kSecretsKeys, reading_.problems);
            (void)section.text("dir");
        }
    }

    void read_engine(Section& top) {
        Json engine = Json::object({{"workers", Json(8)}, {"page", Json(1000)}});
        for (const DurationDefault& row : kEngineDurations)
            engine.set(row.key, Json(row.milliseconds));
        if (const Node* node = top.map("engine")) {
            Section section(*node, "engine", kEngineKeys, reading_.problems);
            if (const auto workers = section.count("workers", 1, 64))
                engine.set("workers", Json(*workers));
            if (const auto page = section.count("page", 1, 10'000)) engine.set("page", Json(*page));
            for (const DurationDefault& row : kEngineDurations)
                if (const auto span = section.duration(row.key))
                    engine.set(row.key, Json(std::int64_t{span->count()}));
        }
        reading_.config.engine = std::move(engine);
    }

    void read_levels(Section& top) {
        Config& config = reading_.config;
        config.defaults = Json::object();
        config.marketplaces = Json::object();
        if (const Node* node = top.map("defaults"))
            config.defaults = read_level(*node, "defaults", config);
        if (const Node* node = top.map("marketplaces"))
            config.marketplaces =
                read_level(by_marketplace(*node, "marketplaces", reading_), "marketplaces", config);
        config.engine.set("books_zone", Json(config.defaults["books_zone"].text_or("UTC")));
    }

    /// Keys of the levels that all flows share must be known to some plugin.
    void check_shared_levels(Section& top) {
        static const Json kCore = Json::object(
            {{"properties", Json::object({{"books_zone", Json::object({{"type", "string"}})}})}});
        SchemaView view;
        for (const plugin_host::Manifest& manifest : reading_.plugins.manifests)
            view.add(manifest.settings_schema);
        view.add(kCore);
        const auto check = [&](const Node* node, const std::string& key) {
            if (node == nullptr || !node->is_map()) return;
            check_known_keys(*node, key, view, reading_.problems);
            check_zone(*node, key);
        };
        const auto check_each = [&](const Node* node, const std::string& key) {
            if (node == nullptr) return;
            for (const NodeEntry& entry : node->entries) {
                const std::string inner = join_key(key, normalised_marketplace(entry.key));
                if (!entry.value.is_map() && !entry.value.is_null() && !entry.value.broken)
                    reading_.problems.add(
                        entry.value.mark, inner, "config.type",
                        "expected a map of settings, found " + entry.value.found());
                check(&entry.value, inner);
            }
        };
        check(top.value("defaults"), "defaults");
        check_each(top.value("marketplaces"), "marketplaces");
        const Node* connections = top.value("connections");
        for (const NodeEntry& entry :
             connections != nullptr ? connections->entries : std::vector<NodeEntry>()) {
            const std::string key = "connections." + entry.key;
            if (const NodeEntry* settings = entry.value.find("settings"))
                check(&settings->value, key + ".settings");
            if (const NodeEntry* markets = entry.value.find("marketplaces"))
                check_each(&markets->value, key + ".marketplaces");
        }
        const Node* flows = top.value("flows");
        for (const NodeEntry& entry : flows != nullptr ? flows->entries : std::vector<NodeEntry>())
            if (const NodeEntry* settings = entry.value.find("settings"))
                check_zone(settings->value, "flows." + entry.key + ".settings");
    }

    void check_zone(const Node& level, const std::string& key) {
        const NodeEntry* zone = level.find("books_zone");
        if (zone == nullptr || zone->value.broken || zone->value.is_null()) return;
        const Result<UtcTime> any = start_of_day(LocalDate{2026, 1, 1}, zone->value.text);
        if (any.ok() && zone->value.is_scalar()) return;
        reading_.problems.add(
            zone->value.mark, join_key(key, "books_zone"), "config.zone",
            "expected an IANA time zone such as America/Los_Angeles, found " + zone->value.found());
    }

    /// Places of what the graph reports on.
    void note_marks() {
        const NodeEntry* flows = root_.find("flows");
        if (flows == nullptr) return;
        for (const NodeEntry& flow : flows->value.entries)
            for (const char* key : {"plugin", "source", "target", "from", "marketplaces", "where"})
                if (const NodeEntry* entry = flow.value.find(key))
                    reading_.config.marks["flows." + flow.key + "." + key] = entry->value.mark;
    }

    Node root_;
    Reading& reading_;
};

}  // namespace

std::string Reading::marketplace(const NamedMark& code, const std::string& key) {
    std::string normalised = normalised_marketplace(code.text);
    if (!region_of(normalised).empty()) return normalised;
    std::vector<std::string_view> known;
    known.reserve(std::size(amazon::kMarketplaces));
    for (const amazon::Marketplace& one : amazon::kMarketplaces) known.push_back(one.code);
    problems.add(code.mark, key, "config.marketplace",
                 "\"" + code.text.substr(0, 40) +
                     "\" is not a marketplace code; expected one such as US, UK or DE",
                 problems.nearest(code.text, known));
    return normalised;
}

const plugin_host::Manifest* Reading::plugin(std::string_view name) const {
    const auto at =
        std::find_if(plugins.manifests.begin(), plugins.manifests.end(),
                     [&](const plugin_host::Manifest& manifest) { return manifest.name == name; });
    return at == plugins.manifests.end() ? nullptr : &*at;
}

std::string Reading::beside(const std::string& path) const {
    return (config.file.parent_path() / path).lexically_normal().string();
}

void check_name(const NodeEntry& entry, const std::string& key, Problems& problems) {
    constexpr std::size_t kLongest = 64;
    const bool plain = entry.key.find_first_not_of(
                           "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrst"
                           "uvwxyz0123456789_-") == std::string::npos;
    if (!plain || entry.key.size() > kLongest)
        problems.add(entry.mark, key.substr(0, 100), "config.name",
                     "a name has at most 64 letters, digits, _ and -");
}

Node by_marketplace(const Node& node, const std::string& key, Reading& reading) {
    Node result = node;
    std::vector<NodeEntry> entries;
    for (NodeEntry& entry : result.entries) {
        const std::string written = entry.key;
        entry.key = reading.marketplace({written, entry.mark}, join_key(key, written));
        const bool twice = std::any_of(entries.begin(), entries.end(), [&](const NodeEntry& other) {
            return other.key == entry.key;
        });
        if (twice)
            reading.problems.add(entry.mark, join_key(key, written), "config.duplicate_key",
                                 "GB and UK are the same marketplace; keep one");
        else
            entries.push_back(std::move(entry));
    }
    result.entries = std::move(entries);
    return result;
}

std::optional<Config> read_config(std::string_view text, const std::filesystem::path& file,
                                  const plugin_host::ManifestSet& plugins,
                                  const LoadOptions& options, Depth depth, Problems& problems) {
    try {
        std::optional<Node> root = read_yaml(text, problems);
        if (!root) return std::nullopt;
        Config config;
        config.file = file;
        Reading reading{plugins, options, problems, config};
        reading.depth = depth;
        FileReader(std::move(*root), reading).read();
        return config;
    } catch (const std::exception& e) {
        // Nothing above throws by design; what does all the same must not take the program along.
        problems.add({}, "", "config.internal", "reading failed: " + std::string(e.what()));
        return std::nullopt;
    }
}

Loaded parse_config(std::string_view text, const std::filesystem::path& file,
                    const plugin_host::ManifestSet& plugins, const LoadOptions& options) {
    Problems problems(file.string());
    Loaded loaded;
    loaded.config = read_config(text, file, plugins, options, Depth::Whole, problems);
    if (problems.count() > 0) loaded.config.reset();
    loaded.problems = problems.take();
    return loaded;
}

FileText read_file(const std::filesystem::path& file) {
    const auto fail = [&](const char* code, std::string message) {
        return FileText{std::nullopt, {file.string(), {}, "", code, std::move(message), ""}};
    };
    namespace fs = std::filesystem;
    std::error_code error;
    const fs::file_status status = fs::status(file, error);
    switch (status.type()) {
        case fs::file_type::regular: break;
        case fs::file_type::not_found: return fail("config.file", "there is no such file");
        case fs::file_type::directory:
            return fail("config.file", "is a folder; name the file in it, such as " +
                                           (file / "flows.yaml").string());
        case fs::file_type::fifo: return fail("config.file", "is a pipe; expected a file");
        case fs::file_type::socket: return fail("config.file", "is a socket; expected a file");
        case fs::file_type::character:
        case fs::file_type::block: return fail("config.file", "is a device; expected a file");
        default:
            return fail("config.file",
                        "cannot be looked at: " + (error ? error.message() : "unknown kind"));
    }
    const std::uintmax_t size = fs::file_size(file, error);
    // Before a byte is read: nobody's memory is filled by a file that is refused anyway.
    if (error || size > YamlLimits{}.bytes)
        return fail("config.too_large", "the file has " + std::to_string(size) +
                                            " bytes; at most " +
                                            std::to_string(YamlLimits{}.bytes) + " are read");
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    std::stringstream text;
    text << stream.rdbuf();
    if (!stream.good() && size > 0)
        return fail("config.file",
                    errno == 0 ? "cannot be read"
                               : "cannot be read: " + std::generic_category().message(errno));
    return {text.str(), {}};
}

Loaded load_config(const std::filesystem::path& file, const plugin_host::ManifestSet& plugins,
                   const LoadOptions& options) {
    FileText read = read_file(file);
    if (!read.text) return {std::nullopt, {std::move(read.problem)}};
    return parse_config(*read.text, file, plugins, options);
}

}  // namespace carrick::config
