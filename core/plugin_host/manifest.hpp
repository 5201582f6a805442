// SPDX-License-Identifier: Apache-2.0
// Manifest: what a plugin says of itself in the file beside its library (NAME.json), read and
// validated before anything of the library runs.
#pragma once

#include <carrick/sdk/json.hpp>

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::plugin_host {

enum class PluginKind { Source, Transform, Sink, Command };

/// What starts a stream that has no schedule: a person who asks for a range of days, or for some
/// records by their keys.
enum class OnDemand { No, Range, Keys };

struct StreamDeclaration {
    std::string name;  ///< "api"
    int rank = 0;      ///< at equal record versions the higher rank wins
    OnDemand on_demand = OnDemand::No;
    std::string noun;  ///< Keys: what one is called on the command line, "order"
    std::string
        key_shape;  ///< Keys: 9 a digit, A a capital letter, X either, else itself; "" = any

    [[nodiscard]] bool is_key(std::string_view text) const;
};

struct WriteDeclaration {
    std::string name;         ///< payload type, the key of a mapping: "salesOrder"
    std::string record_type;  ///< "netsuite.salesOrder"; its schema checks the payload
    bool repeat_safe =
        false;  ///< the target enforces our external id and the plugin adopts a duplicate
    std::vector<std::string>
        identity_fields;  ///< paths that a mapping may not touch (also amounts)
};

struct LookupDeclaration {
    std::string name;
    std::string role;  ///< "target", "source"
    std::string
        operation;  ///< a look-up operation: {"keys": [...], <request>} -> {"found": {key: object}}
    Json request;   ///< the rest of the request; "${settings.x.y}" scalars are filled in
    bool missing_waits = false;  ///< missing -> waiting; else rejected, unless `missing_is_fine`
    bool missing_is_fine = false;
    /// Set where one of this flow's own writes makes what is looked up: in shadow, a key that a
    /// preview would have created is answered by a placeholder.
    std::string made_by_write;
};

/// One `carrick <noun> <verb>` that the plugin brings.
struct CommandDeclaration {
    struct Argument {
        std::string name;
        std::string help;
        bool positional = false;
        bool required = false;
        bool repeated = false;
        bool file = false;  ///< opened by the host and given as a stream
        bool yaml = false;  ///< a file that the host reads, and gives as JSON with marks
        bool flag = false;  ///< takes no value
    };
    std::string noun;
    std::string verb;
    std::string summary;
    std::vector<Argument> arguments;
    std::vector<std::string> posts;  ///< kinds of engine requests it may post
    bool reads_store = false;
};

/// One setting of the plugin, flattened from its JSON Schema: "customer.policy", or
/// "tax.codes[].rate" for a member of each object in a list.
struct SettingDeclaration {
    std::string path;
    std::string type;  ///< JSON Schema type
    std::string help;
    std::string
        reference;  ///< "netsuite.location": a name or an id, resolved at start; empty = none
    bool reference_map = false;  ///< an object whose values are such references
    bool secret = false;
    Json default_value;  ///< null = none
};

struct Manifest {
    std::filesystem::path file;     ///< where it was read
    std::filesystem::path library;  ///< NAME.so beside it
    std::string name;
    std::string version;
    std::string summary;
    std::string vendor;
    std::string licence;
    int abi_major = 0;
    int abi_minor = 0;
    PluginKind kind = PluginKind::Transform;
    std::vector<std::string> roles;  ///< connections it uses: "source", "target"
    std::vector<StreamDeclaration> streams;
    std::vector<std::string> input_types;  ///< "amazon.order/1"
    std::string output_type;               ///< empty: nothing passes downstream
    bool pass_skipped = false;
    /// One instance for all marketplaces of a connection: its records name their own partition.
    bool instance_per_connection = false;
    std::vector<WriteDeclaration> writes;
    std::vector<std::string> operations;  ///< all that it may call
    std::vector<LookupDeclaration> lookups;
    Json settings_schema;  ///< JSON Schema draft-07 of the settings object
    std::vector<SettingDeclaration> settings;
    Json default_mapping;          ///< {"salesOrder": {"memo": "r.orderId"}}
    std::string default_schedule;  ///< "5m"; empty: none
    std::vector<CommandDeclaration> commands;
    std::vector<std::string> personal_paths;

    [[nodiscard]] const WriteDeclaration* write(std::string_view wanted) const;
    [[nodiscard]] const LookupDeclaration* lookup(std::string_view wanted) const;
    /// Its stream of this kind, of which there is at most one; null where there is none.
    [[nodiscard]] const StreamDeclaration* stream_on(OnDemand demand) const;
};

/// Reads and validates one manifest file.
/// Errors   Misconfigured `plugin.manifest`: not JSON, an unknown or missing key (the nearest valid
///          one is named), a wrong type, a schema with a keyword we do not check, an ABI of another
///          major or minor (names both versions and which side to upgrade).
[[nodiscard]] Result<Manifest> read_manifest(const std::filesystem::path& file);
/// The same for text, for tests and fuzzing.
[[nodiscard]] Result<Manifest> parse_manifest(std::string_view text,
                                              const std::filesystem::path& file);

struct ManifestSet {
    std::vector<Manifest> manifests;  ///< by name
    std::vector<Error> problems;      ///< of files that could not be used; the others stay usable
    [[nodiscard]] const Manifest* find(std::string_view name) const;
};

/// Every NAME.json with a NAME.so beside it in these folders, in order. Two plugins of one name, or
/// two claimants of one command, are a problem that names both files, and neither is used.
[[nodiscard]] ManifestSet scan_plugins(std::span<const std::filesystem::path> folders);

}  // namespace carrick::plugin_host
