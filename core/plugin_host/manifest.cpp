// SPDX-License-Identifier: Apache-2.0
// Reads and validates manifests; docs/manifest.md has the grammar.
#include "core/plugin_host/manifest.hpp"

#include "core/plugin_host/manifest_reader.hpp"
#include "core/plugin_host/settings_schema.hpp"

#include <carrick/abi/carrick_plugin.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

namespace carrick::plugin_host {
namespace {

constexpr std::size_t kLargestFile = std::size_t{1} << 20;
constexpr std::size_t kDeepest = 32;

using Keys = std::span<const std::string_view>;

constexpr std::string_view kManifestKeys[] = {
    "name",    "version",  "summary", "vendor",   "licence",      "abi",    "kind",
    "roles",   "streams",  "input",   "output",   "pass_skipped", "writes", "operations",
    "lookups", "settings", "mapping", "schedule", "commands",     "pii",    "instance_per"};
constexpr std::string_view kStreamKeys[] = {"name", "rank", "on_demand", "noun", "key_shape"};
constexpr std::string_view kWriteKeys[] = {"name", "record_type", "repeat", "identity_fields"};
constexpr std::string_view kLookupKeys[] = {"name",    "role",    "operation",
                                            "request", "missing", "made_by_write"};
constexpr std::string_view kCommandKeys[] = {"noun",      "verb",  "summary",
                                             "arguments", "posts", "reads_store"};
constexpr std::string_view kArgumentKeys[] = {"name",     "help", "positional", "required",
                                              "repeated", "file", "yaml",       "flag"};

constexpr std::string_view kKinds[] = {"source", "transform", "sink", "command"};
constexpr std::string_view kRoles[] = {"source", "target"};
constexpr std::string_view kRepeats[] = {"unsafe", "safe"};
constexpr std::string_view kMissing[] = {"rejected", "waiting", "fine"};
constexpr std::string_view kOnDemand[] = {"no", "range", "keys"};
constexpr std::string_view kInstancePer[] = {"marketplace", "connection"};

bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// "mfn_order_import": the name of a plugin, stream, look-up, command.
bool is_name(std::string_view text, char extra = '_') {
    return !text.empty() && text.size() <= 64 && is_lower(text[0]) &&
           std::ranges::all_of(
               text, [extra](char c) { return is_lower(c) || is_digit(c) || c == extra; });
}

/// "salesOrder": letters and digits.
bool is_payload_name(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
        return is_lower(c) || is_digit(c) || c == '_' || (c >= 'A' && c <= 'Z');
    });
}

/// "amazon.order/1".
bool is_record_type(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos || slash == 0 || slash + 1 == text.size()) return false;
    return std::ranges::all_of(
               text.substr(0, slash),
               [](char c) { return is_lower(c) || is_digit(c) || c == '.' || c == '_'; }) &&
           std::ranges::all_of(text.substr(slash + 1), is_digit) && text.size() <= 64;
}

/// "netsuite.records.create": at least two parts between dots.
bool is_dotted(std::string_view text) {
    return text.find('.') != std::string_view::npos && text.front() != '.' && text.back() != '.' &&
           text.find("..") == std::string_view::npos && text.size() <= 100 &&
           std::ranges::all_of(text, [](char c) {
               return is_lower(c) || is_digit(c) || c == '.' || c == '_' || (c >= 'A' && c <= 'Z');
           });
}

/// "1.2.3" or "1.2.3-rc.1".
bool is_version(std::string_view text) {
    const std::string_view core = text.substr(0, text.find('-'));
    const bool digits_and_dots =
        std::ranges::all_of(core, [](char c) { return is_digit(c) || c == '.'; });
    return digits_and_dots && std::ranges::count(core, '.') == 2 && core.front() != '.' &&
           core.back() != '.' && core.find("..") == std::string_view::npos && text.size() <= 64;
}

/// "90s", "5m", "1h", "1d".
bool is_duration(std::string_view text) {
    return text.size() >= 2 && text.size() <= 8 &&
           std::string_view("smhd").find(text.back()) != std::string_view::npos && text[0] != '0' &&
           std::ranges::all_of(text.substr(0, text.size() - 1), is_digit);
}

class ManifestParser {
public:
    ManifestParser(const Json& json, Problems& problems)
        : problems_(problems), top_(json, "", kManifestKeys, problems) {}

    Manifest read() {
        identity();
        abi();
        manifest_.roles = roles();
        streams();
        records();
        writes();
        operations();
        lookups();
        SettingsSchema settings = read_settings_schema(top_.object("settings"), problems_);
        manifest_.settings_schema = std::move(settings.schema);
        manifest_.settings = std::move(settings.settings);
        mapping();
        schedule();
        commands();
        manifest_.personal_paths = top_.texts("pii");
        manifest_.instance_per_connection =
            top_.choice("instance_per", Presence::Optional, kInstancePer) == 1;
        what_the_kind_needs();
        return std::move(manifest_);
    }

private:
    void identity() {
        manifest_.name = top_.text("name", Presence::Required);
        if (!manifest_.name.empty() && !is_name(manifest_.name))
            top_.problem("name", in_quotes(manifest_.name) +
                                     ": expected a small letter, then small letters, digits and _, "
                                     "at most 64");
        manifest_.version = top_.text("version", Presence::Required);
        if (!manifest_.version.empty() && !is_version(manifest_.version))
            top_.problem("version",
                         in_quotes(manifest_.version) + ": expected three numbers, as 1.0.2");
        manifest_.summary = top_.text("summary", Presence::Required);
        manifest_.vendor = top_.text("vendor", Presence::Required);
        manifest_.licence = top_.text("licence", Presence::Required);
        manifest_.kind = static_cast<PluginKind>(top_.choice("kind", Presence::Required, kKinds));
    }

    void abi() {
        const std::string text = top_.text("abi", Presence::Required);
        if (text.empty()) return;
        const std::string ours =
            std::to_string(CARRICK_ABI_MAJOR) + "." + std::to_string(CARRICK_ABI_MINOR);
        const std::size_t dot = text.find('.');
        const auto number = [](std::string_view part) {
            return !part.empty() && part.size() <= 4 && std::ranges::all_of(part, is_digit)
                       ? std::stoi(std::string(part))
                       : -1;
        };
        const int major =
            dot == std::string::npos ? -1 : number(std::string_view(text).substr(0, dot));
        const int minor =
            dot == std::string::npos ? -1 : number(std::string_view(text).substr(dot + 1));
        if (major < 0 || minor < 0)
            return top_.problem("abi",
                                in_quotes(text) + ": expected major.minor, as \"" + ours + "\"");
        manifest_.abi_major = major;
        manifest_.abi_minor = minor;
        if (major == CARRICK_ABI_MAJOR && minor == CARRICK_ABI_MINOR) return;
        const bool plugin_is_newer =
            major > CARRICK_ABI_MAJOR || (major == CARRICK_ABI_MAJOR && minor > CARRICK_ABI_MINOR);
        top_.problem("abi", "the plugin is made for ABI " + text + ", this engine offers " + ours +
                                (plugin_is_newer ? "; upgrade the engine"
                                                 : "; upgrade the plugin, or build it again with "
                                                   "this engine's SDK"));
    }

    std::vector<std::string> roles() {
        std::vector<std::string> all = top_.texts("roles");
        for (const std::string& role : all)
            if (std::ranges::find(kRoles, role) == std::end(kRoles))
                top_.problem("roles", in_quotes(role) + " is not one of source, target");
        return all;
    }

    void streams() {
        each("streams", kStreamKeys, [this](const ObjectReader& item) {
            StreamDeclaration stream;
            stream.name = name(item, "name");
            stream.rank = item.integer("rank", 0, 0, 1000);
            stream.on_demand =
                static_cast<OnDemand>(item.choice("on_demand", Presence::Optional, kOnDemand));
            on_demand(stream, item);
            add(manifest_.streams, std::move(stream), item);
        });
    }

    void on_demand(StreamDeclaration& stream, const ObjectReader& item) {
        const bool keys = stream.on_demand == OnDemand::Keys;
        stream.noun = item.text("noun", keys ? Presence::Required : Presence::Optional);
        stream.key_shape = item.text("key_shape", Presence::Optional);
        if (!stream.noun.empty() && !is_name(stream.noun, '-'))
            item.problem("noun", in_quotes(stream.noun) +
                                     ": expected a small letter, then small letters, digits and -, "
                                     "at most 64");
        if (!keys && !(stream.noun.empty() && stream.key_shape.empty()))
            item.problem("on_demand", "only a stream of \"keys\" has a noun and a key_shape");
        if (stream.on_demand != OnDemand::No && manifest_.stream_on(stream.on_demand) != nullptr)
            item.problem("on_demand", "there is a stream of this kind already");
    }

    void records() {
        manifest_.input_types = top_.texts("input");
        for (const std::string& type : manifest_.input_types) record_type("input", type);
        manifest_.output_type = top_.text("output", Presence::Optional);
        if (!manifest_.output_type.empty()) record_type("output", manifest_.output_type);
        manifest_.pass_skipped = top_.flag("pass_skipped");
        if (manifest_.pass_skipped && manifest_.output_type.empty())
            top_.problem("pass_skipped", "nothing can pass without an \"output\"");
    }

    void record_type(std::string_view key, const std::string& type) {
        if (!is_record_type(type))
            top_.problem(key, in_quotes(type) + ": expected a record type, as amazon.order/1");
    }

    void writes() {
        each("writes", kWriteKeys, [this](const ObjectReader& item) {
            WriteDeclaration write;
            write.name = item.text("name", Presence::Required);
            if (!write.name.empty() && !is_payload_name(write.name))
                item.problem("name", in_quotes(write.name) + ": expected letters, digits and _");
            write.record_type = item.text("record_type", Presence::Required);
            if (!write.record_type.empty() && !is_dotted(write.record_type))
                item.problem("record_type", in_quotes(write.record_type) +
                                                ": expected system.type, as netsuite.salesOrder");
            write.repeat_safe = item.choice("repeat", Presence::Optional, kRepeats) == 1;
            write.identity_fields = item.texts("identity_fields");
            add(manifest_.writes, std::move(write), item);
        });
    }

    void operations() {
        manifest_.operations = top_.texts("operations");
        for (const std::string& operation : manifest_.operations)
            if (!is_dotted(operation))
                top_.problem("operations", in_quotes(operation) +
                                               ": expected an operation, as amazon.orders.get");
    }

    void lookups() {
        each("lookups", kLookupKeys, [this](const ObjectReader& item) {
            LookupDeclaration lookup;
            lookup.name = name(item, "name");
            lookup.role = item.text("role", Presence::Required);
            if (!lookup.role.empty() &&
                std::ranges::find(manifest_.roles, lookup.role) == manifest_.roles.end())
                item.problem("role",
                             in_quotes(lookup.role) + " is not among the plugin's \"roles\"");
            lookup.operation = item.text("operation", Presence::Required);
            if (!lookup.operation.empty() && !is_dotted(lookup.operation))
                item.problem("operation", in_quotes(lookup.operation) +
                                              ": expected an operation, as netsuite.lookup");
            lookup.request = item.object("request");
            const std::size_t missing = item.choice("missing", Presence::Optional, kMissing);
            lookup.missing_waits = missing == 1;
            lookup.missing_is_fine = missing == 2;
            lookup.made_by_write = item.text("made_by_write", Presence::Optional);
            if (!lookup.made_by_write.empty() && manifest_.write(lookup.made_by_write) == nullptr)
                item.problem("made_by_write", in_quotes(lookup.made_by_write) +
                                                  " is not among the plugin's \"writes\"");
            add(manifest_.lookups, std::move(lookup), item);
        });
    }

    void mapping() {
        manifest_.default_mapping = top_.object("mapping");
        for (const JsonMember& write : manifest_.default_mapping.members()) {
            const std::string key = "mapping." + write.key;
            if (manifest_.write(write.key) == nullptr) problems_.add(key, "there is no such write");
            if (!write.value.is_object()) problems_.add(key, "expected field path: expression");
            for (const JsonMember& field : write.value.members())
                if (!field.value.is_string())
                    problems_.add(key + "." + field.key, "expected an expression as text");
        }
    }

    void schedule() {
        manifest_.default_schedule = top_.text("schedule", Presence::Optional);
        if (!manifest_.default_schedule.empty() && !is_duration(manifest_.default_schedule))
            top_.problem("schedule", in_quotes(manifest_.default_schedule) +
                                         ": expected a duration, as 90s, 5m, 1h or 1d");
    }

    void commands() {
        each("commands", kCommandKeys, [this](const ObjectReader& item) {
            CommandDeclaration command;
            command.noun = word(item, "noun");
            command.verb = word(item, "verb");
            command.summary = item.text("summary", Presence::Required);
            arguments(item, command);
            command.posts = item.texts("posts");
            command.reads_store = item.flag("reads_store");
            const bool twice = std::ranges::any_of(manifest_.commands, [&](const auto& other) {
                return other.noun == command.noun && other.verb == command.verb;
            });
            if (twice) item.problem("verb", "the command stands there twice");
            manifest_.commands.push_back(std::move(command));
        });
    }

    void arguments(const ObjectReader& command_item, CommandDeclaration& command) {
        std::size_t number = 0;
        bool positional_repeated = false;
        bool positional_optional = false;
        for (const Json& json : command_item.items("arguments")) {
            const ObjectReader item(
                json, command_item.place("arguments[" + std::to_string(number++) + "]"),
                kArgumentKeys, problems_);
            CommandDeclaration::Argument argument;
            argument.name = word(item, "name");
            argument.help = item.text("help", Presence::Required);
            argument.positional = item.flag("positional");
            argument.required = item.flag("required");
            argument.repeated = item.flag("repeated");
            argument.file = item.flag("file");
            argument.yaml = item.flag("yaml");
            argument.flag = item.flag("flag");
            if (argument.name == "help") item.problem("name", "\"help\" is the host's own option");
            if (argument.flag &&
                (argument.positional || argument.required || argument.repeated || argument.file))
                item.problem("flag", "a flag is neither positional, required, repeated nor a file");
            if (argument.yaml && (!argument.file || argument.repeated))
                item.problem("yaml", "what is read as YAML is one file");
            // Otherwise nobody could say which value belongs to which argument.
            if (argument.positional && positional_repeated)
                item.problem("positional", "nothing positional can follow a repeated one");
            if (argument.positional && argument.required && positional_optional)
                item.problem("required", "it follows a positional argument that is optional");
            positional_repeated |= argument.positional && argument.repeated;
            positional_optional |= argument.positional && !argument.required;
            add(command.arguments, std::move(argument), item);
        }
    }

    /// What the rest of the house takes for granted of each kind.
    void what_the_kind_needs() {
        const PluginKind kind = manifest_.kind;
        if (!problems_.empty()) return;
        if (kind == PluginKind::Command) {
            if (manifest_.commands.empty())
                top_.problem("commands", "a command plugin has at least one");
            if (!manifest_.streams.empty() || !manifest_.input_types.empty() ||
                !manifest_.output_type.empty() || !manifest_.writes.empty())
                top_.problem("kind", "a command plugin has no streams, input, output or writes");
            return;
        }
        const bool source = kind == PluginKind::Source;
        if (source && manifest_.streams.empty())
            top_.problem("streams", "a source has at least one stream");
        if (source && !manifest_.input_types.empty())
            top_.problem("input", "a source reads no records; that is a transform");
        if (source && !manifest_.writes.empty())
            top_.problem("writes", "a source writes nothing; that is a transform or a sink");
        if (source && manifest_.output_type.empty())
            top_.problem("output", "a source has one: the type of its records");
        if (!source && manifest_.input_types.empty())
            top_.problem("input", "a transform or sink has at least one: the records it reads");
        if (!source && manifest_.instance_per_connection)
            top_.problem("instance_per", "only a source can read all marketplaces of a connection");
        if (!source && !manifest_.streams.empty())
            top_.problem("streams", "only a source has streams");
        if (kind == PluginKind::Transform && manifest_.output_type.empty())
            top_.problem("output", "a transform has one; without it that is a sink");
        if (kind == PluginKind::Sink && !manifest_.output_type.empty())
            top_.problem("output", "a sink passes nothing on; with an output that is a transform");
    }

    std::string name(const ObjectReader& item, std::string_view key) {
        std::string text = item.text(key, Presence::Required);
        if (!text.empty() && !is_name(text))
            item.problem(key, in_quotes(text) +
                                  ": expected a small letter, then small letters, digits "
                                  "and _, at most 64");
        return text;
    }
    /// As on a command line.
    std::string word(const ObjectReader& item, std::string_view key) {
        std::string text = item.text(key, Presence::Required);
        if (!text.empty() && !is_name(text, '-'))
            item.problem(key, in_quotes(text) +
                                  ": expected a small letter, then small letters, digits "
                                  "and -, at most 64");
        return text;
    }

    template <class Read>
    void each(std::string_view key, Keys keys, Read&& read) {
        std::size_t number = 0;
        for (const Json& json : top_.items(key))
            read(ObjectReader(json, std::string(key) + "[" + std::to_string(number++) + "]", keys,
                              problems_));
    }
    template <class Declaration>
    static void add(std::vector<Declaration>& all, Declaration one, const ObjectReader& item) {
        if (!one.name.empty() && std::ranges::any_of(all, [&](const Declaration& other) {
                return other.name == one.name;
            }))
            item.problem("name", in_quotes(one.name) + " stands there twice");
        all.push_back(std::move(one));
    }

    Problems& problems_;
    ObjectReader top_;
    Manifest manifest_;
};

Error manifest_error(const std::filesystem::path& file, const std::string& what) {
    return misconfigured("plugin.manifest", file.string() + ": " + what);
}

}  // namespace

const WriteDeclaration* Manifest::write(std::string_view wanted) const {
    const auto found = std::ranges::find(writes, wanted, &WriteDeclaration::name);
    return found == writes.end() ? nullptr : &*found;
}

const StreamDeclaration* Manifest::stream_on(OnDemand demand) const {
    const auto found = std::ranges::find(streams, demand, &StreamDeclaration::on_demand);
    return found == streams.end() ? nullptr : &*found;
}

bool StreamDeclaration::is_key(std::string_view text) const {
    if (text.empty() || text.size() > 200) return false;
    if (key_shape.empty()) return true;
    return std::ranges::equal(text, key_shape, [](char c, char shape) {
        const bool capital = c >= 'A' && c <= 'Z';
        if (shape == '9') return is_digit(c);
        if (shape == 'A') return capital;
        return shape == 'X' ? is_digit(c) || capital : c == shape;
    });
}

const LookupDeclaration* Manifest::lookup(std::string_view wanted) const {
    const auto found = std::ranges::find(lookups, wanted, &LookupDeclaration::name);
    return found == lookups.end() ? nullptr : &*found;
}

Result<Manifest> read_manifest(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        return manifest_error(file, "cannot be opened; check that it exists and may be read");
    // One byte more than is allowed tells a file that is too long from one that just fits.
    std::string text(kLargestFile + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (stream.bad()) return manifest_error(file, "cannot be read");
    return parse_manifest(text, file);
}

Result<Manifest> parse_manifest(std::string_view text, const std::filesystem::path& file) {
    if (text.size() > kLargestFile) return manifest_error(file, "is longer than 1 MiB");
    Result<Json> json = Json::parse(text, {.depth = kDeepest, .bytes = kLargestFile});
    if (!json) return manifest_error(file, "not a JSON object: " + json.error().message);
    Problems problems;
    Manifest manifest = ManifestParser(*json, problems).read();
    if (!problems.empty()) return manifest_error(file, problems.text());
    manifest.file = file;
    manifest.library = file.parent_path() / (manifest.name + ".so");
    return manifest;
}

}  // namespace carrick::plugin_host
